#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/CRYPTO.md's tables of what PSA's options cost, from the figures of the bench:

    ./mico bench psa-sizes --json | bench/psa/table.py

An option's row has what it saves alone, and with which families (crypto/psa/option_families.txt) it saves more.
"""
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs/CRYPTO.md"
BEGIN, END = "<!-- bench/psa/table.py: begin -->\n", "<!-- bench/psa/table.py: end -->\n"


def families():
    lines = (HERE.parent.parent / "crypto/psa/option_families.txt").read_text().splitlines()
    return {name: options.split() for name, options in (line.split(": ", 1) for line in lines)}


def tables(figures):
    of = families()
    whole = figures.pop("everything")
    out = [f"The whole is {whole} bytes.", "", "| option | bytes alone | with the others of |", "|---|---|---|"]
    for option in [name for name in figures if name not in of]:
        shared = [f"{name}: {figures[name]}" for name, options in of.items() if option in options]
        out.append(f"| `{option}` | {figures[option]} | {', '.join(shared)} |")
    out += ["", "| family, left out as one | bytes | is |", "|---|---|---|"]
    out += [f"| {name} | {figures[name]} | {' '.join(f'`{option}`' for option in options)} |" for name, options in of.items()]
    return "\n".join(out) + "\n"


def main():
    figures = {row["name"]: round(row["value"]) for row in json.load(sys.stdin)["rows"]}
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(before + BEGIN + tables(figures) + END + after)


main()
