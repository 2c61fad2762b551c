#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails if clang-format 14 would change a C file.  Other versions format a little differently.
# usage: check_format.sh SOURCE_DIR
set -eu
cd "$1"
for tool in clang-format-14 clang-format; do
	if "$tool" --version 2>/dev/null | grep -q 'version 14\.'; then
		find src include tests -name '*.[ch]' -exec "$tool" --dry-run -Werror {} +
		exit 0
	fi
done
echo "clang-format 14 is not installed"
exit 77
