#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SECRETS.md is whole and true: every function of PSA and every command of the chip is in one row, with cases that exist and call
it; every case is named.

secrets_test.py SOURCE CONSTANT_TIME     CONSTANT_TIME: the program, which lists its cases
"""
import re
import subprocess
import sys
from pathlib import Path


def rows(text):
    """[(cells' first, cases)]"""
    found = []
    for line in text.split("\n"):
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 2 and not set(cells[0]) <= set("-") and not cells[1].startswith("case"):
            found.append((cells[0], [] if cells[1] == "-" else cells[1].split()))
    return found


def judge(what, declared, listed, faults):
    """listed: {name: cases}"""
    faults += [f"{what} {name} is in no row" for name in sorted(declared - listed.keys())]
    faults += [f"{what} {name} is in a row, and does not exist" for name in sorted(listed.keys() - declared)]


def gather(table, pattern, faults):
    listed = {}
    for cell, cases in table:
        for name in re.findall(pattern, cell):
            if name in listed:
                faults.append(f"{name} is in two rows")
            listed[name] = cases
    return listed


def main():
    source, program = Path(sys.argv[1]), sys.argv[2]
    text = (source / "crypto/tests/SECRETS.md").read_text()
    psa_text, chip_text = text.split("## The chip's commands")
    faults = []

    headers = [*sorted((source / "crypto/psa/include/psa").glob("*.h")), source / "crypto/psa/mico_psa.h"]
    declared = set()
    for header in headers:
        declared |= set(re.findall(r"^(?:psa_status_t|void|bool|uint32_t) ((?:psa|mico_psa)_\w+)\(", header.read_text(), re.M))
    functions = gather(rows(psa_text), r"`(\w+)`", [])
    for name, cases in gather([r for r in rows(psa_text) if r[1]], r"`(\w+)`", faults).items():
        functions[name] = cases
    judge("function", declared, functions, faults)

    cases = set(subprocess.run([program, "list"], capture_output=True, text=True, check=True).stdout.split())
    calls = "".join(p.read_text() for p in sorted((source / "crypto/tests").glob("constant_time_*.c")))
    for name, of in functions.items():
        faults += [f"case {case} of {name} does not exist" for case in of if case not in cases]
        if of and not re.search(rf"\b{name}\(", calls):
            faults.append(f"{name}: no case calls it")
    named = set(re.findall(r"[a-z0-9][a-z0-9-]*", psa_text))
    faults += [f"case {case} is not named" for case in sorted(cases) if case not in named]
    cmake = (source / "crypto/tests/CMakeLists.txt").read_text()
    faults += [f"case {case} is not run" for case in sorted(cases) if not re.search(rf"[( ]{case}[ )\n]", cmake)]

    commands = re.findall(r"^    MSCP_(\w+) = 0x", (source / "mscp/protocol/mscp.h").read_text().split("MSCP_OK")[0], re.M)
    chip = (source / "mscp/chip/constant_time.c").read_text()
    listed = {}
    for cell, of in rows(chip_text):
        for name in re.findall(r"\b[A-Z]+(?:_[A-Z0-9]+)*\b", cell.split(": ")[-1]):
            listed[name] = of
    judge("command", set(commands), listed, faults)
    run = (source / "mscp/chip/CMakeLists.txt").read_text()
    for name, of in listed.items():
        faults += [f"case {case} of {name} does not exist or is not run" for case in of if f'{{"{case}",' not in chip or case not in run]
        if of and f"MSCP_{name}," not in chip:
            faults.append(f"{name}: no case runs it")

    print(f"{len(declared)} functions of PSA, {len(cases)} cases, {len(commands)} commands of the chip")
    print("".join(f"{fault}\n" for fault in faults), end="")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
