#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Lints one kind of text.  usage: check_docs.sh man|spelling|shell SOURCE_DIR
set -eu
kind=$1
cd "$2"

tool() {
	command -v "$1" >/dev/null || {
		echo "$1 is not installed"
		exit 77
	}
}

case $kind in
man)
	tool mandoc
	pages=$(find docs -name '*.[1-8]' 2>/dev/null || true)
	[ -n "$pages" ] || {
		echo "no manual pages"
		exit 77
	}
	# shellcheck disable=SC2086 # names of files hold no blanks
	mandoc -T lint -W warning $pages
	;;
spelling)
	tool codespell
	# Captures and corpora are bytes; rules, address tables and licences are other people's words.
	codespell --skip='./build,./.git,./LICENSES,./LICENSE,*.gz,*.pcap,*.pcapng,*.zst,./captures/lab/styles,./captures/lab/recordings,./tests/fuzz/corpus,./rules/addresses,./rules/vendors,./rules/lists,./rules/trackers,./rules/context,./rules/utilities.json,./tests/rules/table.csv,./tests/rules/near.txt,./src/words/de*.def,./tests/sink/golden/live-de.txt,./src/words/countries.def,./tests/web/package-lock.json,./tests/recipes/package-lock.json' \
		--ignore-words-list=ba,ue,caf,nd,te,fo,hel,unparseable,ans,inout,mapp,doubleclick .
	;;
shell)
	tool shellcheck
	# shellcheck disable=SC2046 # names of files hold no blanks
	shellcheck -x .ci/run $(find scripts tests packaging -name '*.sh' -o -name '*.init' 2>/dev/null)
	;;
*)
	echo "usage: check_docs.sh man|spelling|shell SOURCE_DIR" >&2
	exit 2
	;;
esac
