# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts beside it: installs Debian packages, and only those that are missing.

say() {
	printf '== %s\n' "$*"
}

# Prints the words that are no installed packages.
missing_packages() {
	for package in "$@"; do
		state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
		[ "$state" = installed ] || printf '%s ' "$package"
	done
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		say "This needs root or sudo: $*" >&2
		return 1
	fi
}

apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
}

# Reads the package lists, once a run.
apt_update() {
	[ -z "${apt_updated:-}" ] || return 0
	apt_updated=yes
	as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
}

# need PACKAGE...: stops when one cannot be installed.
need() {
	lacking=$(missing_packages "$@")
	[ -n "$lacking" ] || return 0
	say "Installing: $lacking"
	apt_update
	# shellcheck disable=SC2086 # a list of words
	apt_install $lacking
}

# want PACKAGE...: goes on without; the tests that need one skip and say so.
want() {
	lacking=$(missing_packages "$@")
	[ -n "$lacking" ] || return 0
	apt_update || say "No package lists from the network"
	for package in $lacking; do
		# --simulate: not every release has every package, and the network may be away.
		if apt-get install -q --simulate "$package" >/dev/null 2>&1; then
			say "Installing: $package"
			apt_install "$package" || say "Going on without $package"
		else
			say "Going on without $package: not to be had here"
		fi
	done
}

# What building needs.
need_build_packages() {
	command -v apt-get >/dev/null || {
		say "No apt-get here: taking for granted that the packages of README.md are installed"
		return 0
	}
	need gcc libc6-dev cmake ninja-build pkgconf libpcap-dev libjansson-dev libgcrypt20-dev \
		zlib1g-dev libzstd-dev libpsl-dev libmaxminddb-dev
	want libndpi-dev # without it, nobody is asked what flows are
	want libcurl4-openssl-dev libmosquitto-dev # without them, no webhook and no MQTT
	want libsqlite3-dev # without it, no history is kept
	want libmicrohttpd-dev libqrencode-dev # without them, no live page is served, and no QR code shown
}

# want_modules FOLDER WHAT PACKAGE: npm modules of the versions in tests/FOLDER's lock file.
want_modules() {
	command -v npm >/dev/null || {
		say "Going on without what $2: no npm here"
		return 0
	}
	mkdir -p "build/$1"
	cmp -s "tests/$1/package-lock.json" "build/$1/package-lock.json" && [ -d "build/$1/node_modules" ] && return 0
	cp "tests/$1/package.json" "tests/$1/package-lock.json" "build/$1/"
	say "Installing what $2: $3"
	npm ci --prefix "build/$1" --no-audit --no-fund --ignore-scripts >/dev/null 2>&1 || {
		rm -rf "build/$1/node_modules" "build/$1/package-lock.json"
		say "Going on without what $2: npm could not install it"
	}
}

want_browser_modules() {
	want_modules web "drives the browser" "playwright-core, axe-core"
}

want_recipe_modules() {
	want_modules recipes "runs the recipes for DuckDB" "@duckdb/node-api"
}

# Puts promtool into build: its package would start a server here.
want_promtool() {
	if command -v promtool >/dev/null || [ -x build/promtool ] || ! command -v apt-get >/dev/null; then
		return 0
	fi
	say "Fetching promtool, which checks figures"
	mkdir -p build/prometheus
	if (cd build/prometheus && apt-get download -q prometheus >/dev/null 2>&1 && dpkg -x prometheus_*.deb .); then
		cp build/prometheus/usr/bin/promtool build/promtool
	else
		say "Going on without promtool"
	fi
	rm -rf build/prometheus
}

# configure PRESET [OPTION...]: names the generator the first time only, so that a folder
# made with another one goes on working.
configure() {
	preset=$1
	shift
	[ -f "build/$preset/CMakeCache.txt" ] || set -- -G Ninja "$@"
	say "Configuring build/$preset"
	cmake --preset "$preset" "$@"
}
