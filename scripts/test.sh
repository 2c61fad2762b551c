#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what the tests need (Debian 12 and 13, Ubuntu 24.04 and later; root or sudo),
# builds with every check on, and runs every test but the long ones.
# usage: scripts/test.sh
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
. scripts/packages.sh

say "Tests of porchlight: packages, build (2 jobs), tests. 25 minutes at most; seconds the second time"
need_build_packages
if command -v apt-get >/dev/null; then
	need libcmocka-dev python3 binutils
	want tshark python3-jsonschema clang-format-14 mandoc codespell shellcheck valgrind
	want openssh-client python3-pyte python3-yaml python3-pandas r-base-core # signatures, a terminal, recipes
	want chromium fonts-noto-core poppler-utils
	want systemd busybox # what starts the service: its unit is rated, OpenWrt's script is run
	command -v npm >/dev/null || want nodejs npm
	# One scenario is recorded in network namespaces, with real servers: captures/lab.
	want zstd iproute2 nftables ethtool tcpreplay util-linux dnsmasq-base nginx-light mosquitto mosquitto-clients tcpdump udhcpc ffmpeg \
		curl openssl python3-aiortc
fi
want_promtool
want_browser_modules
want_recipe_modules

configure dev
say "Building build/dev: warnings are errors, ASan and UBSan on"
cmake --build --preset dev --parallel 2

# Peak memory means nothing under ASan: the flood test measures this program.
configure release -D PORCHLIGHT_BUILD_TESTS=OFF
say "Building build/release: for what is measured"
cmake --build --preset release --parallel 2

say "Running the tests"
exec ctest --preset dev --label-exclude long --parallel 2
