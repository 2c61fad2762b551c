#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Validates a JSON file, or with --lines each line of it, against a JSON Schema.

usage: check_schema.py SCHEMA FILE [--lines]
Exit status: 0 valid, 1 not, 2 wrong usage, 77 the jsonschema module is not installed.
"""
import json
import sys


def refuse_twice(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return members


def main(arguments):
    lines = "--lines" in arguments
    files = [argument for argument in arguments if argument != "--lines"]
    if len(files) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        import jsonschema
    except ImportError:
        print("skipped: the Python module jsonschema is not installed")
        return 77
    with open(files[0], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    with open(files[1], encoding="utf-8", newline="\n") as file:
        documents = file.read().splitlines() if lines else [file.read()]
    if not documents:
        print(f"{files[1]}: empty")
        return 1
    faults = 0
    for number, text in enumerate(documents, 1):
        try:
            document = json.loads(text, object_pairs_hook=refuse_twice)
        except ValueError as error:
            print(f"{files[1]}:{number}: {error}")
            faults += 1
            continue
        for error in validator.iter_errors(document):
            print(f"{files[1]}:{number}: {error.json_path}: {error.message[:300]}")
            faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
