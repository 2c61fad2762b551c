#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Records the lab anew: every recipe, or those that are named.  Needs root; says what is missing.
# usage: record.sh [-o FOLDER] [RECIPE...]
#
# All of it takes two and a half hours (the recipes idle and others one each).  Raw recordings
# stay in FOLDER/raw (default: /var/tmp/porchlight-lab), what is shipped goes to recordings/.
set -eu
cd "$(dirname "$0")"
raw=/var/tmp/porchlight-lab
if [ "${1:-}" = -o ]; then
	raw=$2
	shift 2
fi
[ $# -gt 0 ] || set -- idle others first second slow six gro large hourly

# Debian's Python is the one that has aiortc.
python=/usr/bin/python3
mkdir -p recordings
for recipe in "$@"; do
	printf '== recording %s\n' "$recipe"
	rm -rf "${raw:?}/$recipe"
	"$python" record.py "$recipe" "$raw/$recipe"
	if [ "$recipe" = hourly ]; then
		rm -rf "$raw/stills"
		"$python" rewrite.py "$raw/$recipe" "$raw/stills" stills
		for capture in "$raw/stills/"*.pcapng.zst; do
			"$python" derive.py hourly "$capture" recordings
		done
	else
		"$python" rewrite.py "$raw/$recipe" recordings "$recipe"
	fi
done

for row in vlan:blink-camera vlan:lumora-doorbell snap60:ring-doorbell \
	up-only:plainview-camera; do
	capture=recordings/${row#*:}-simulated-first.pcapng.zst
	[ ! -f "$capture" ] || "$python" derive.py "${row%%:*}" "$capture" recordings
done
