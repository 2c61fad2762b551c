#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the program of libporchlight(3) on a capture and sees that it answers in one line.
# usage: run_replay20.sh PROGRAM SOURCE
set -eu
program=$1
source=$2

for capture in "$source"/captures/*.pcap*; do
	[ -f "$capture" ] || continue
	lines=$("$program" "$source/rules" "$capture" | wc -l)
	[ "$lines" -eq 1 ] && exit 0
	echo "expected one line of verdict for $capture, got $lines" >&2
	exit 1
done
echo "no capture in captures/: nothing to run on"
exit 77
