#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what building needs (Debian 12 and 13, Ubuntu 24.04 and later; root or sudo), builds
# a release, and shows what a made-up doorbell sent in a day.
# usage: scripts/demo.sh [REPORT_FOLDER]
set -eu
case ${1:-} in
'' | /*) out=${1:-} ;;
*) out=$PWD/$1 ;;
esac
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
. scripts/packages.sh
out=${out:-$PWD/build/demo-report}
capture=captures/doorbell-day.pcapng.gz

say "porchlight in a minute or two: packages, a release build, one capture"
need_build_packages
configure release -D PORCHLIGHT_BUILD_TESTS=OFF
say "Building build/release"
cmake --build --preset release --parallel 2

say "Replaying $capture, a day of a made-up doorbell (captures/README.md)"
echo
build/release/porchlight replay --rules rules --rules captures/doorvue.rules --out "$out" "$capture"
echo
say "The report folder: $out"
ls "$out"
say "With a capture of your own: build/release/porchlight replay FILE"
