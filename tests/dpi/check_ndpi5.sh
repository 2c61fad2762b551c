#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Proves that what asks nDPI compiles against its version 5, which no package has here: finds
# out the stub's shape as a build would, and compiles the one file that includes it.
# usage: check_ndpi5.sh SOURCE_DIR CMAKE CC
set -eu
source_dir=$1
cmake=$2
cc=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/CMakeLists.txt" <<CMAKE
cmake_minimum_required(VERSION 3.25)
project(shape LANGUAGES C)
set(NDPI_STUB $source_dir/tests/dpi/stub-ndpi5)
include($source_dir/src/dpi/ndpi.cmake)
CMAKE
"$cmake" -S "$folder" -B "$folder/build" -D CMAKE_C_COMPILER="$cc" >"$folder/log" || {
	cat "$folder/log" >&2
	exit 1
}
shape=$folder/build/ndpi/ndpi_shape.h
for wanted in NDPI_HAS_CONTEXT NDPI_HAS_INPUT_INFO NDPI_HAS_STATE NDPI_HAS_CONFIG \
	NDPI_HAS_NESTED_PROTOCOL NDPI_HAS_JA4 NDPI_FINALIZES_WITH_RESULT; do
	grep -q "^#define $wanted\$" "$shape" || {
		echo "$wanted was not found out" >&2
		exit 1
	}
done
! grep -Eq '^#define NDPI_(HAS_BITMASK|HAS_OPEN_MODULE|COUNTS_STUN|GUESSES_ON_GIVEUP|TELLS_GUESS)$' "$shape" || {
	echo "something was found that version 5 does not have" >&2
	exit 1
}
"$cc" -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Wall -Wextra -Werror \
	-I"$folder/build/ndpi" -I"$source_dir/tests/dpi/stub-ndpi5" -I"$source_dir/src" \
	-I"$source_dir/include" -c "$source_dir/src/dpi/dpi_ndpi.c" -o "$folder/ndpi.o"
