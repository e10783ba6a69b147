#!/bin/sh
# Greets whoever is named.
set -eu
echo "Hello, ${1:?name somebody to greet}!"
