#!/bin/sh
# Stands for a deployment; needs DEPLOY_KEY and the name of a region.
set -eu
if [ "$1" = --back ]; then
  echo "rolled back"
  exit 0
fi
: "${DEPLOY_KEY:?is not set}"
echo "version $(cat VERSION) is live in $1"
