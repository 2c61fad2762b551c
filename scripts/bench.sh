#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures porchlight against its peers and writes docs/benchmarks.md.
# Installs what it lacks of ndpiReader, tcpdump, softflowd, nfpcapd and tshark (without one its
# line is missing), builds an optimised program in build/bench, makes captures in
# build/bench/inputs (5 GB at most at a time, removed at the end; the same for everybody) and
# runs everything in turns.  Half an hour on a quiet machine; a busy one shows in the spread.
# Exits with 1 when something cannot be measured.
# usage: scripts/bench.sh [limits]    with the word, only what has limits, the rules, the page of
#                                     a report and watching: a quarter of an hour, and 1 when one is over
#   RUNS=7                            rounds of each comparison
#   CAPTURES=../shared/captures/public   a folder of recorded captures, for the mix
#   COPIES=14                            of each of them
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
. scripts/packages.sh

only=${1:-}
runs=${RUNS:-7}
recorded=${CAPTURES:-../shared/captures/public}
copies=${COPIES:-14}
built=build/bench
made=$built/inputs
programs=$built/tests/bench
page=docs/benchmarks.md

say "Benchmark of porchlight: packages, optimised build (2 jobs), figures"
need_build_packages

set --
[ -f $built/CMakeCache.txt ] || set -- -G Ninja
say "Configuring $built"
cmake -S . -B $built "$@" -D CMAKE_BUILD_TYPE=RelWithDebInfo -D PORCHLIGHT_HARDEN=ON -D PORCHLIGHT_LTO=ON \
	-D BUILD_SHARED_LIBS=ON -D PORCHLIGHT_BUILD_BENCH=ON -D PORCHLIGHT_BUILD_TESTS=OFF
say "Building $built"
cmake --build $built --parallel 2

# Measures a watch in a namespace: without root it says so, and is left out.
watching() {
	PORCHLIGHT=$built/porchlight timeout 900 python3 -B tests/watch/"$1".py || {
		status=$?
		[ $status -eq 77 ] || return $status
	}
}

if [ "$only" = limits ]; then
	say "Measuring the rules, and the page of a report"
	timeout 300 $programs/bench_rules rules
	timeout 300 $programs/bench_page rules
	say "Measuring reports of a week's history"
	timeout 300 $programs/bench_history rules 300
	timeout 300 $programs/bench_history rules 20000
	want tcpreplay iproute2 zstd
	say "Watching at the rates that a router has to bear"
	watching measure
	say "How soon an upload is known, at its own pace"
	watching timing
	exit
fi

want libndpi-bin tcpdump softflowd nfdump tshark tcpreplay iproute2 zstd
mkdir -p $made/out
trap 'rm -rf $made' EXIT

# porchlight as it is measured: all that it knows, one JSON document.
porchlight() {
	printf '%s ' $built/porchlight replay --quiet --json --rules rules \
		--rules captures/doorvue.rules "$@"
}

# Rows of measure's lines: time and memory, then ratios to the first line.
rows() {
	awk -F '\t' '
	{
		printf "| %s | %.0f | %.0f | %.1f | %.2f (%.2f-%.2f) | %.2f (%.2f-%.2f) |\n",
			$1, $2, $5, $8 / 1024, $11, $12, $13, $14, $15, $16
	}'
}

head_of_rows() {
	printf '| %s | CPU ms | wall ms | peak MiB | CPU, ratio | wall, ratio |\n' "$1"
	echo '| --- | --- | --- | --- | --- | --- |'
}

# compare WHAT NAME COMMAND [NAME COMMAND]...: a table; the first line is what others are
# compared with.  A command is one word of words without blanks inside; peers that are not
# installed are left out.
compare() {
	what=$1
	shift
	set -- "$@" end
	list=
	while [ "$1" != end ]; do
		if command -v "${2%% *}" >/dev/null; then
			list="$list -- $1 $2"
		fi
		shift 2
	done
	head_of_rows "$what"
	# shellcheck disable=SC2086 # lists of words
	$programs/measure "$runs" ${list# -- } | tr '~' ' ' | rows
	echo
}

# A section of the page that is written by hand, as it was: what its figures are of stands there.
kept() {
	awk -v head="## $1" '/^## / { on = $0 == head } on' $page
}

say "Making captures: a day of a home, 1.5 GB"
quic=tests/fuzz/corpus/quic/initial_v1
$programs/make_home 1 24 $quic $made/home.pcap
cat $made/home.pcap >/dev/null

exec 3>$made/page
exec 4>&1 >&3
cat <<TEXT
# Benchmarks

Written by \`scripts/bench.sh\`, which anybody can run; it makes the captures, the same for everybody.
Times are of one machine; the ratios are what to compare.  Each comparison runs its commands in turns,
$runs rounds after one that is not counted.  CPU is user and system time of the whole process tree, peak
the resident memory of its largest process.  Figures are medians; a ratio is the median of the ratios of
each round, with the least and the greatest of them.

| machine | $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo) |
| --- | --- |
| system | $(. /etc/os-release; echo "$PRETTY_NAME"), Linux $(uname -r) |
| compiler | $(cc --version | head -n 1) |
| porchlight | $($built/porchlight --version | head -n 1) |
$(for package in libndpi-bin tcpdump softflowd nfdump tshark; do
	printf '| %s | %s |\n' "$package" "$(dpkg-query -W -f '${Version}' $package 2>/dev/null || echo 'not installed')"
done)
| large pages | $(cat /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null || echo none) |
| load before | $(cut -d ' ' -f 1-3 /proc/loadavg) (1, 5, 15 minutes) |

porchlight is \`$(porchlight)CAPTURE\`, and \`-j 1\` unless a line says otherwise.

$(kept "Against the limits set")

## A day of a home

Made up: 40 devices, 3 of them doorbells that send a clip of 4 to 12 MB every hour; $(du -m $made/home.pcap | cut -f 1) MiB, almost
all of it in packets of 1,500 bytes, as video is.

TEXT
say "A day of a home against peers" >&4
compare "against ndpiReader" \
	ndpiReader "ndpiReader -q -i $made/home.pcap" \
	"porchlight,~--no-hashes" "$(porchlight -j 1 --no-hashes $made/home.pcap)" \
	"porchlight,~--no-hashes,~-j~2" "$(porchlight -j 2 --no-hashes $made/home.pcap)" \
	"porchlight,~--no-hashes~--no-dpi" "$(porchlight -j 1 --no-hashes --no-dpi $made/home.pcap)" \
	"porchlight,~with~SHA-256" "$(porchlight -j 1 $made/home.pcap)" \
	"porchlight,~with~SHA-256,~-j~2" "$(porchlight -j 2 $made/home.pcap)"
compare "against softflowd, which only counts" \
	softflowd "softflowd -d -r $made/home.pcap" \
	"porchlight,~--no-hashes" "$(porchlight -j 1 --no-hashes $made/home.pcap)"
compare "against a loop of pcap_next_ex() that does nothing" \
	pcap_next_ex "$programs/pcap_loop $made/home.pcap" \
	"porchlight,~--no-hashes" "$(porchlight -j 1 --no-hashes $made/home.pcap)"
compare "other peers, against porchlight" \
	"porchlight,~--no-hashes" "$(porchlight -j 1 --no-hashes $made/home.pcap)" \
	"tcpdump~-w~/dev/null" "tcpdump -r $made/home.pcap -w /dev/null" \
	nfpcapd "nfpcapd -r $made/home.pcap -l $made/out" \
	"cat" "cat $made/home.pcap"
if command -v tshark >/dev/null; then
	many=$runs runs=1
	compare "tshark, one run" \
		"porchlight,~--no-hashes" "$(porchlight -j 1 --no-hashes $made/home.pcap)" \
		"tshark~-z~conv,tcp" "tshark -n -q -z conv,tcp -r $made/home.pcap"
	runs=$many
fi

say "Four times the input" >&4
$programs/make_home 1 6 $quic $made/quarter.pcap
echo "## Four times the input"
echo
compare "a day against its first six hours" \
	"6~h" "$(porchlight -j 1 --no-hashes $made/quarter.pcap)" \
	"24~h" "$(porchlight -j 1 --no-hashes $made/home.pcap)"
rm $made/quarter.pcap $made/home.pcap

say "Several captures side by side" >&4
eight=
for seed in 1 2 3 4 5 6 7 8; do
	$programs/make_home $seed 3 $quic $made/part$seed.pcap
	eight="$eight $made/part$seed.pcap"
done
echo "## Eight captures side by side"
echo
# shellcheck disable=SC2086 # a list of words
compare "without advice" \
	"-j~1" "$(porchlight --no-hashes --no-dpi -j 1 $eight)" \
	"-j~2" "$(porchlight --no-hashes --no-dpi -j 2 $eight)"
# shellcheck disable=SC2086 # a list of words
compare "with advice" \
	"-j~1,~one~core" "taskset -c 0 $(porchlight --no-hashes -j 1 $eight)" \
	"-j~2" "$(porchlight --no-hashes -j 2 $eight)"
rm -f $made/part*.pcap

if [ -d "$recorded" ]; then
	say "Recorded captures, mixed" >&4
	find "$recorded" -name '*.pcap' -o -name '*.pcapng' | LC_ALL=C sort |
		xargs $programs/make_mix "$copies" $made/mix.pcap 2>$made/left
	cat <<TEXT
## Recorded captures, mixed

$(find "$recorded" -name '*.pcap' -o -name '*.pcapng' | wc -l) captures, less $(wc -l <$made/left) that are none of Ethernet, $copies copies of each with other addresses, side by
side; $(du -m $made/mix.pcap | cut -f 1) MiB.  Many are made to break parsers; small packets, many protocols.

TEXT
	compare "against ndpiReader" \
		ndpiReader "ndpiReader -q -i $made/mix.pcap" \
		"porchlight,~--no-hashes" "$(porchlight -j 1 --no-hashes $made/mix.pcap)" \
		"porchlight,~--no-hashes~--no-dpi" "$(porchlight -j 1 --no-hashes --no-dpi $made/mix.pcap)" \
		"porchlight,~with~SHA-256" "$(porchlight -j 1 $made/mix.pcap)"
	rm $made/mix.pcap
fi

say "Floods" >&4
cat <<TEXT
## Floods

Flows of one device, five packets each, one after the other, all with names of their own.  The table of
flows keeps its default size: what is idle longest makes room, and is counted.

TEXT
for flows in 1000 10000 100000 1000000; do
	$programs/make_flood $flows $made/flood.pcap
	[ $flows -lt 1000000 ] || many=$runs
	[ $flows -lt 1000000 ] || runs=3
	compare "$flows flows" \
		softflowd "softflowd -d -r $made/flood.pcap" \
		"porchlight,~--no-hashes" "$(porchlight -j 1 --no-hashes $made/flood.pcap)"
	runs=${many:-$runs}
	rm $made/flood.pcap
done

say "Watching" >&4
cat <<TEXT
## Watching

What the processes of \`porchlight watch\` take of one core at the rates that a router has to bear, in a network
namespace, for 30 s each.  At most 35 % together and 24 MiB of the one that counts, and no frame dropped:
\`scripts/bench.sh limits\` ends with 1 otherwise.

TEXT
watching measure
cat <<TEXT

How soon it knows of an upload: recordings of eight makes, each played into a network of its own at its own
pace.  At most 1.5 s in the median and 4 s for 95 of 100 clips until the first line tells of it, and 3 s after the
last frame until it is told that it may have ended; a state is told every second.

TEXT
watching timing
echo
kept "A busy home"

say "Start" >&4
$programs/make_flood 1 $made/one.pcap
echo "## Start"
echo
echo "A capture of five packets, from the command to the end of the result: more than start to first packet."
echo
compare "one flow" "porchlight" "$(porchlight -j 1 $made/one.pcap)" \
	"porchlight~--no-dpi" "$(porchlight -j 1 --no-dpi $made/one.pcap)"

say "Parts" >&4
cat <<TEXT
## Parts of a packet's way

Nanoseconds, caches warm, medians of many rounds with the least.  The last line is what a slot of the table of flows takes;
the names and fingerprints of flows are kept once for all that share them.

| part | median | least |
| --- | --- | --- |
TEXT
$programs/bench_parts | awk -F '\t' '{printf "| %s | %s | %s |\n", $1, $2, $3}'
cat <<TEXT

What the rules and the page of a report cost, as \`scripts/bench.sh limits\` checks it:

\`\`\`
$(timeout 300 $programs/bench_rules rules)
$(timeout 300 $programs/bench_page rules)
\`\`\`

What the report of a week's history costs, in processor time, by how many uploads it holds:

\`\`\`
$(timeout 300 $programs/bench_history rules 300)
$(timeout 300 $programs/bench_history rules 20000)
\`\`\`

Load at the end: $(cut -d ' ' -f 1-3 /proc/loadavg).

$(kept "The live page")
TEXT
exec >&4 3>&-
mv $made/page $page
say "Written: $page"
