#!/bin/sh
# Status 1: a departure of severity error; status 2: the log or the settings are wrong.
set -eu
: "${1:?usage: check.sh LOG [REPORT.json]}"
execcheck check "$1" --fail-on error --format json --output "${2:-report.json}"
