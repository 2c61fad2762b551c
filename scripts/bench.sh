#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures what the rules cost: a look-up among 100,000 suffixes, loading what ships, and
# loading a list of 100,000 domains.
# Builds an optimised program in build/bench; needs nothing that building does not need.
# Five minutes at most to measure.  Exits with 1 when a figure is over its limit.
# usage: scripts/bench.sh
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
. scripts/packages.sh

say "Benchmark of porchlight: packages, optimised build (2 jobs), figures"
need_build_packages

[ -f build/bench/CMakeCache.txt ] || set -- -G Ninja
say "Configuring build/bench"
cmake -S . -B build/bench "$@" -D CMAKE_BUILD_TYPE=RelWithDebInfo -D PORCHLIGHT_HARDEN=ON \
	-D PORCHLIGHT_BUILD_BENCH=ON -D PORCHLIGHT_BUILD_TESTS=OFF
say "Building build/bench"
cmake --build build/bench --parallel 2 --target bench_rules

say "Measuring the rules"
exec timeout 300 build/bench/tests/bench/bench_rules rules
