#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make one of Mbed TLS's PSA test suites ready for MiCO's psa/crypto.h.

prepare.py MBEDTLS SUITE DATA OUT EXCLUSIONS

Takes test functions and cases out that EXCLUSIONS names with their reason, and generates the suite's C file in OUT with
Mbed TLS's own generator. Nothing of Mbed TLS is kept outside of OUT. Prints how many cases went, and why.

EXCLUSIONS has blocks: a line '[reason]', then lines 'function NAME', 'case REGULAR EXPRESSION of the description' or
'data REGULAR EXPRESSION of the arguments'.
"""
import re
import subprocess
import sys
from pathlib import Path


def read_exclusions(path):
    reason, functions, cases, data = None, {}, [], []
    for line in path.read_text().splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            reason = line.strip("[]")
        elif line.startswith("function "):
            functions[line.split(" ", 1)[1]] = reason
        elif line.startswith("case "):
            cases.append((re.compile(line.split(" ", 1)[1]), reason))
        elif line.startswith("data "):
            data.append((re.compile(line.split(" ", 1)[1]), reason))
        else:
            sys.exit(f"{path}: '{line}' is no [reason], function, case or data")
    return functions, cases, data


def without_functions(text, functions):
    """The .function file without the blocks of test functions that are excluded."""
    def keep(match):
        name = re.search(r"^void (\w+)\(", match.group(0), re.M)
        return "" if name and name.group(1) in functions else match.group(0)

    text = re.sub(r"/\* BEGIN_CASE.*?/\* END_CASE \*/\n", keep, text, flags=re.S)
    # an operation that is spoilt on purpose, and what conformance.h says for itself: is an operation set up?
    text = text.replace("operation.id = UINT_MAX;", "operation.alg = UINT_MAX;")
    # The suites count on every error's aborting the operation, as their library does. The specification has it enter an
    # error state, from which only abort leads, and has a set-up that fails change nothing: so abort is called before each
    # set-up that shall succeed, and an operation is still active after a second one.
    text = re.sub(r"PSA_ASSERT\((psa_(hash|mac|cipher|aead)_(?:\w+_)?setup\((&\w+))",
                  r"PSA_ASSERT(psa_\2_abort(\3)); PSA_ASSERT(\1", text)
    text = re.sub(r"(setup\(&operation[^;]*PSA_ERROR_BAD_STATE\);\s*ASSERT_OPERATION_IS_)INACTIVE", r"\1ACTIVE", text)
    return re.sub(r"^#define ASSERT_OPERATION_IS_(IN)?ACTIVE.*\n", "", text, flags=re.M)


def without_cases(text, functions, cases, data):
    """The .data file without the cases that are excluded; and how many went for each reason."""
    kept, gone = [], {}
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if len(lines) < 2:
            continue
        call = lines[-1].split(":", 1)[0]
        reason = functions.get(call)
        for pattern, why in cases:
            if reason is None and pattern.search(lines[0]):
                reason = why
        for pattern, why in data:
            if reason is None and pattern.search(lines[-1]):
                reason = why
        if reason is None:
            kept.append("\n".join(lines))
        else:
            gone[reason] = gone.get(reason, 0) + 1
    return "\n\n".join(kept) + "\n", gone


def main():
    mbedtls, suite, data, out, exclusions = (Path(a) for a in sys.argv[1:6])
    functions, cases, arguments = read_exclusions(exclusions)
    suites = mbedtls / "tests/suites"
    base = f"test_suite_{suite}"
    out.mkdir(parents=True, exist_ok=True)
    function_file, data_file = out / f"{base}.function", out / f"test_suite_{data}.data"
    function_file.write_text(without_functions((suites / f"{base}.function").read_text(), functions))
    kept, gone = without_cases((suites / f"test_suite_{data}.data").read_text(), functions, cases, arguments)
    data_file.write_text(kept)
    subprocess.run([sys.executable, mbedtls / "framework/scripts/generate_test_code.py", "-f", function_file,
                    "-d", data_file, "-t", suites / "main_test.function", "-s", suites,
                    "--helpers-file", suites / "helpers.function", "-p", suites / "host_test.function", "-o", out],
                   check=True)
    (out / f"{data}.excluded").write_text("".join(f"{n:5} {why}\n" for why, n in sorted(gone.items())))


main()
