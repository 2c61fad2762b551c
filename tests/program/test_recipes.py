#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The recipes of docs/recipes.md, run as they stand, and their numbers held against the report."""
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys

import porch

MODULES = porch.SOURCE / "build/recipes/node_modules"
RUNNER = porch.SOURCE / "tests/recipes/duckdb.mjs"


def recipes():
    """(title, language, text) of every fenced block."""
    title = ""
    text = (porch.SOURCE / "docs/recipes.md").read_text()
    for match in re.finditer(r"^## ([^\n]*)$|^```(\w+)\n(.*?)^```$", text, re.M | re.S):
        if match.group(1):
            title = match.group(1)
        else:
            yield title, match.group(2), match.group(3)


def python_with_pandas():
    for python in (sys.executable, "/usr/bin/python3"):
        if os.access(python, os.X_OK) and subprocess.run(
                [python, "-c", "import pandas"], capture_output=True, check=False).returncode == 0:
            return [python, "-"]
    return None


def tool(language):
    """The command that runs a text on standard input; None where it is not installed."""
    if language == "python":
        return python_with_pandas()
    if language == "r":
        return ["Rscript", "--vanilla", "-"] if shutil.which("Rscript") else None
    if shutil.which("node") and (MODULES / "@duckdb/node-api").is_dir():
        return ["node", str(RUNNER), str(MODULES)]
    return None


class Recipes(porch.Test):
    def setUp(self):
        super().setUp()
        self.report = self.folder / "report"
        porch.run("replay", "--quiet", *porch.DOORVUE, "--out", self.report, porch.DAY)
        self.document = json.loads((self.report / "report.json").read_bytes())

    def footage_by_receiver(self):
        to = {d["id"]: d for d in self.document["destinations"]}
        table = {}
        for episode in self.document["episodes"]:
            receiver = to[episode["destination"]]
            if episode["footage"] != "yes" or receiver["party"] == "local":
                continue
            key = (receiver["organisation"] or receiver["name"] or "not known", receiver["party"])
            row = table.setdefault(key, [0, 0])
            row[0] += 1
            row[1] += episode["bytes_up"]
        return {(*key, *map(str, row)) for key, row in table.items()}

    def uploads_by_hour(self):
        table = {}
        for episode in self.document["episodes"]:
            row = table.setdefault(episode["start"][:13].replace("T", " ") + ":00:00", [0, 0])
            row[0] += 1
            row[1] += episode["bytes_up"]
        return {(hour, *map(str, row)) for hour, row in table.items()}

    def several(self):
        episodes = self.document["episodes"]
        return {("1", str(len(episodes)), str(sum(e["bytes_up"] for e in episodes)))}

    def test_each_recipe_gives_the_numbers_of_the_report(self):
        expected = {"Footage by receiver": self.footage_by_receiver(),
                    "Uploads by hour": self.uploads_by_hour(),
                    "Several reports at once": self.several()}
        missing, ran = set(), 0
        for title, language, text in recipes():
            command = tool(language)
            if not command:
                missing.add(language)
                continue
            done = subprocess.run(command, input=text.encode(), capture_output=True, check=False,
                                  cwd=self.report, timeout=120)
            self.expect(0, done.returncode, f"{title} ({language}): {done.stderr.decode()[-2000:]}")
            rows = [tuple(row) for row in csv.reader(io.StringIO(done.stdout.decode())) if row]
            self.assertEqual(expected[title], set(rows[1:]), f"{title} ({language})")
            ran += 1
        for language in sorted(missing):
            print(f"skipped: what runs the {language} recipes is not installed")
        if ran == 0:
            self.skipTest("nothing that runs recipes is installed")

    def test_there_is_one_for_every_tool(self):
        self.assertEqual({"sql", "python", "r"}, {language for _, language, _ in recipes()})


if __name__ == "__main__":
    porch.main()
