#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails if the program that libporchlight.3 shows is not tests/public/replay20.c.
# usage: check_manual_program.sh SOURCE
set -eu
cd "$1"

shown=$(sed -n '/^\.Bd -literal/,/^\.Ed/p' docs/libporchlight.3 |
	sed -e '/^\.Bd/d' -e '/^\.Ed/,$d' -e 's/^\\&//' -e 's/\\e/\\/g')
kept=$(sed 1d tests/public/replay20.c)
[ "$shown" = "$kept" ] && exit 0
echo "the program in docs/libporchlight.3 is not tests/public/replay20.c" >&2
exit 1
