#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails if a room of src/ includes from a room it may not know, or a library that is not its.
# usage: check_layers.sh SRC
set -eu
cd "$1"

bad=0
blame() {
	echo "$*" >&2
	bad=1
}

# A room, and the rooms it may include besides itself.
while read -r room allowed; do
	[ -d "$room" ] || continue
	files=$(find "$room" -name '*.[ch]')
	[ -n "$files" ] || continue
	# shellcheck disable=SC2013,SC2086 # names of files hold no blanks
	for seen in $(sed -n 's,^# *include "\([a-z]*\)/.*,\1,p' $files | sort -u); do
		case " $room $allowed " in
		*" $seen "*) ;;
		*) blame "$room/ may not include $seen/: $(grep -l "^# *include \"$seen/" $files | tr '\n' ' ')" ;;
		esac
	done
done <<ROOMS
base
crypto base
parse base
words base
source base crypto
dpi base parse home
home base crypto parse
rules base crypto
judge base parse home rules words
redact base crypto parse rules
score base rules
web
sink base crypto words web
store base crypto
cli base crypto parse source dpi home rules judge redact score sink store words
ROOMS

# judge/ knows packets, not parsers.
if grep -n '^# *include "parse/' judge/*.[ch] 2>/dev/null | grep -v '"parse/packet\.h"' >&2; then
	blame "judge/ may include of parse/ only packet.h"
fi

# Only the corridor and cli/ see engine.h's inside; only cli/ sees cli/.
if grep -ln '^# *include "engine' ./*/*.[ch] 2>/dev/null | grep -v '^\./cli/' >&2; then
	blame "a room may not include the corridor"
fi

# A foreign library, and the rooms it may be included in.
while read -r library allowed; do
	# shellcheck disable=SC2013 # names of files hold no blanks
	for file in $(grep -lE "^# *include <$library" -r . --include='*.[ch]' || true); do
		room=${file#./}
		room=${room%%/*}
		case " $allowed " in
		*" $room "*) ;;
		*) blame "$file may not include <$library...>: only $allowed may" ;;
		esac
	done
done <<LIBRARIES
pcap source
zlib source
zstd source
gcrypt crypto
jansson rules score sink
libpsl rules
maxminddb rules
ndpi dpi
sqlite3 store
mosquitto sink
microhttpd sink
gnutls sink
qrencode sink
curl sink
seccomp cli
sys/capability cli
linux/landlock cli
LIBRARIES

exit $bad
