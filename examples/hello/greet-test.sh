#!/bin/sh
# The tests of greet.sh.
set -eu
expect() {
  if [ "$2" = "$3" ]; then
    echo "ok: $1"
  else
    echo "not ok: $1: expected '$2', got '$3'"
    exit 1
  fi
}
expect "greets by name" "Hello, Ada!" "$(sh ./greet.sh Ada)"
if sh ./greet.sh 2>/dev/null; then
  echo "not ok: refuses to greet nobody"
  exit 1
fi
echo "ok: refuses to greet nobody"
