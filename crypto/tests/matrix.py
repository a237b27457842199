#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is docs/CRYPTO-TESTS.md true? Exit code 1, and what is wrong, if not.

Every PSA_WANT_ option stands in exactly one row; every `program.test` is a cmocka test of crypto/**/program.c that a
CMakeLists.txt builds, and every other name a count of bench/crypto; every row has what its column asks for, or says why not.
"""
import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PAGE = TOP / "docs/CRYPTO-TESTS.md"
COLUMNS = ["algorithm", "options", "known answers", "by", "beside OpenSSL", "refused", "boards"]


def rows():
    lines = [line for line in PAGE.read_text().split("\n") if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == COLUMNS, f"{PAGE}: the columns are {cells[0]}, not {COLUMNS}"
    return [dict(zip(COLUMNS, row, strict=True)) for row in cells[2:]]


def names(cell):
    return re.findall(r"`([^`]+)`", cell)


def options():
    text = (TOP / "crypto/psa/include/psa/crypto_config.h").read_text()
    return set(re.findall(r"#define PSA_WANT_([A-Z0-9_]+)", text))


def tests():
    """program -> the functions that its main runs"""
    built = "\n".join(path.read_text() for path in TOP.glob("crypto/**/CMakeLists.txt"))
    sweeps = re.search(r"foreach\(what ([a-z ]+)\)\s*mico_test\(crypto_refused_", built)
    found = {}
    for path in TOP.glob("crypto/**/*_test.c"):
        swept = sweeps and path.name in [f"refused_{what}_test.c" for what in sweeps[1].split()]
        if swept or re.search(rf"(mico_test|mico_board_test)\([^)]*\b{re.escape(path.name)}\b", built):
            found[path.stem] = set(re.findall(r"(?:cmocka_unit_test(?:_\w+)?|CASE)\(\s*(\w+)", path.read_text()))
    return found


def counts():
    text = "".join((TOP / "bench/crypto" / name).read_text() for name in ("board.c", "board_psa.c"))
    return set(re.findall(r'\{"([a-z0-9-]+)",\s+\d+,', text))


def wrong():
    wanted, known_tests, known_counts = options(), tests(), counts()
    seen = []
    for row in rows():
        who = row["algorithm"]
        seen += names(row["options"])
        if not names(row["by"]) and row["known answers"] not in ("none published", "a key is random"):
            yield f"{who}: no test has its known answers"
        if not names(row["beside OpenSSL"]) and "OpenSSL" not in row["beside OpenSSL"]:
            yield f"{who}: nothing compares it with OpenSSL"
        for column in ("by", "beside OpenSSL", "refused"):
            for name in names(row[column]):
                program, _, test = name.partition(".")
                if program not in known_tests:
                    yield f"{who}: no program {program} is built"
                elif test and test not in known_tests[program]:
                    yield f"{who}: {program} runs no test {test}"
        for name in names(row["boards"]):
            if name not in known_counts:
                yield f"{who}: the boards do not count {name}"
    for option in sorted(wanted - set(seen)):
        yield f"no row has the option {option}"
    for option in sorted(set(seen) - wanted):
        yield f"{option} is no option"
    for option in sorted({option for option in seen if seen.count(option) > 1}):
        yield f"{option} is in more than one row"
    for count in sorted(known_counts - {name for row in rows() for name in names(row["boards"])}):
        yield f"the boards count {count}, which no row has"


errors = list(wrong())
for error in errors:
    print(f"docs/CRYPTO-TESTS.md: {error}", file=sys.stderr)
sys.exit(1 if errors else 0)
