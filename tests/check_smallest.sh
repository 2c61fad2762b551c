#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds without every library that a small router may lack, and runs what came out of it.
# usage: check_smallest.sh SOURCE_DIR CMAKE FOLDER   (FOLDER is kept: the second time is quick)
set -eu
source=$1
cmake=$2
folder=$3

command -v ninja >/dev/null || {
	echo "ninja is not installed"
	exit 77
}
log=$folder.log
"$cmake" -S "$source" -B "$folder" -G Ninja -D CMAKE_BUILD_TYPE=Debug -D PORCHLIGHT_BUILD_TESTS=OFF \
	-D PORCHLIGHT_NDPI=OFF -D PORCHLIGHT_SQLITE=OFF -D PORCHLIGHT_CURL=OFF \
	-D PORCHLIGHT_MOSQUITTO=OFF -D PORCHLIGHT_MICROHTTPD=OFF -D PORCHLIGHT_QRENCODE=OFF \
	-D CMAKE_C_FLAGS="-O0 -g0 -Werror" >"$log" 2>&1 || {
	cat "$log"
	exit 1
}
"$cmake" --build "$folder" --parallel 2 >>"$log" 2>&1 || {
	tail -40 "$log"
	exit 1
}

for program in "$folder/porchlight" "$folder"/porchlight-*; do
	[ -x "$program" ] || continue
	! ldd "$program" | grep -E 'ndpi|sqlite|curl|mosquitto|microhttpd|gnutls|qrencode' || {
		echo "$program links what it was built without"
		exit 1
	}
done
"$folder/porchlight" version | grep 'packet inspection: none'
"$folder/porchlight" replay --quiet -R "$source/rules" -R "$source/captures/doorvue.rules" \
	"$source/captures/doorbell-day.pcapng.gz" | grep 'footage left this home'
