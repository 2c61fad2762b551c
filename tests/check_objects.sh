#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails if an object file shows what the sources may not do: parse/ allocates or does I/O, a
# room other than source/ and cli/ asks for the time, anything keeps writable globals, the
# library prints or exits.
# usage: check_objects.sh OBJECT...   (paths hold src/ROOM/FILE.c.o)
set -eu
if ! command -v nm >/dev/null || ! command -v objdump >/dev/null; then
	echo "nm and objdump are not installed (package binutils)"
	exit 77
fi

bad=0
blame() {
	echo "$*" >&2
	bad=1
}

# Prints which of the functions of a pattern an object calls.
calls() {
	nm -u "$1" | awk '{print $NF}' | grep -xE "$2" | tr '\n' ' ' || true
}

heap='malloc|calloc|realloc|reallocarray|free|strdup|strndup|asprintf|posix_memalign|aligned_alloc'
io='f?open|f?read|f?write|close|fclose|printf|fprintf|puts|fputs|putchar|perror|__[a-z]*printf_chk'
clocks='time|gettimeofday|clock|clock_gettime|localtime(_r)?|mktime|ftime'
exits='exit|_exit|abort|printf|puts|putchar|perror|__printf_chk|setlocale|getenv|secure_getenv'

seen=0
for object in "$@"; do
	name=${object##*/src/}
	room=${name%%/*}
	[ "$room" != "$name" ] || room=engine
	seen=$((seen + 1))
	found=
	case $room in
	parse) found=$(calls "$object" "$heap|$io|$clocks|$exits") ;;
	source) found=$(calls "$object" "$exits") ;;
	# The processor time of the process it watches is no time of day.
	dpi) found=$(calls "$object" "$clocks|$exits" | sed 's/^clock_gettime $//') ;;
	cli) ;;
	*) found=$(calls "$object" "$clocks|$exits") ;;
	esac
	[ -z "$found" ] || blame "$name may not call: $found"
	# What lies in .data.rel.ro is written once, by the loader; `once` is pthread_once()'s mark.  The sanitizers keep their own.
	globals=$(objdump -t "$object" | awk '
	    $0 ~ /[ \t]O[ \t]/ && $0 ~ /[ \t](\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ &&
	    $0 !~ /\.data\.rel\.ro/ && $NF !~ /^(once$|__odr_asan|\.L|__gcov|__llvm|__sancov)/ {print $NF}' | tr '\n' ' ')
	[ -z "$globals" ] || [ "$room" = cli ] || blame "$name keeps writable globals: $globals"
done
[ "$seen" -gt 0 ] || blame "no objects were given"
exit $bad
