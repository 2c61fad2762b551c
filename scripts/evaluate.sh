#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds the verdicts to the labelled captures and writes docs/evaluation.md: installs what that
# needs, builds a release, teaches the model with each maker and each capture left out in turn.
# Some minutes.
# usage: scripts/evaluate.sh [--check | --ship | --select] [--corpus FOLDER]...
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
. scripts/packages.sh

say "Evaluation of porchlight: packages, a release build, teaching and judging. 20 minutes at most"
need_build_packages
if command -v apt-get >/dev/null; then
	need python3
	want zstd python3-numpy python3-sklearn
fi
configure release -D PORCHLIGHT_BUILD_TESTS=OFF
say "Building build/release"
cmake --build --preset release --parallel 2

# Debian's, which has the forest of the baselines, where another one comes first.
python=/usr/bin/python3
[ -x "$python" ] || python=python3
say "Teaching and judging"
PORCHLIGHT="$PWD/build/release/porchlight" PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 \
	exec "$python" tests/evaluation/evaluate.py "$@"
