#!/bin/sh
# Stands for the tests of a service.
set -eu
echo "checked on $1"
