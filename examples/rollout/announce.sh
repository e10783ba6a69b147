#!/bin/sh
set -eu
echo "version $(cat VERSION) is live everywhere"
