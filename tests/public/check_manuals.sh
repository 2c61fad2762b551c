#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The program that libporchlight.3 shows is tests/public/replay20.c, and mandoc finds no
# fault in the manuals.
# usage: check_manuals.sh SOURCE
set -eu
cd "$1"

shown=$(sed -n '/^\.Bd -literal/,/^\.Ed/p' docs/libporchlight.3 |
	sed -e '/^\.Bd/d' -e '/^\.Ed/,$d' -e 's/^\\&//' -e 's/\\e/\\/g')
kept=$(sed 1d tests/public/replay20.c)
if [ "$shown" != "$kept" ]; then
	echo "the program in docs/libporchlight.3 is not tests/public/replay20.c" >&2
	exit 1
fi
if ! command -v mandoc >/dev/null; then
	echo "mandoc is not installed: the manuals were not linted"
	exit 77
fi
mandoc -T lint -W warning docs/*.[1-9]
