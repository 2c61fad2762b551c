#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails if the shared library exports anything but what include/porchlight declares with
# PORCH_EXPORT, or lacks one of those.
# usage: check_exports.sh LIBRARY INCLUDE
set -eu
command -v nm >/dev/null || {
	echo "nm is not installed (package binutils)"
	exit 77
}
[ -s "$1" ] || {
	echo "no library at $1"
	exit 77
}

# A declaration may go on over lines: join them, then take the name before the bracket.
declared=$(cat "$2"/porchlight/*.h | grep -v '^#' | tr '\n' ' ' | tr ';' '\n' |
	sed -n 's/.*PORCH_EXPORT[^(]*[ *]\(porch_[a-z0-9_]*\)(.*/\1/p' | sort -u)
exported=$(nm -D --defined-only "$1" | awk '$2 ~ /[TBDRVW]/ {print $3}' |
	sed 's/@.*//' | grep -vE '^(_init|_fini|__odr_asan.*|__asan.*|__ubsan.*|__gcov.*|__llvm.*)$' | sort -u || true)

if [ "$declared" = "$exported" ] && [ -n "$declared" ]; then
	exit 0
fi
echo "the exports are not those that the public headers declare with PORCH_EXPORT" >&2
echo "declared:" "$declared" >&2
echo "exported:" "$exported" >&2
exit 1
