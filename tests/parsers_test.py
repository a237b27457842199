#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PARSERS.md is whole and true: every file that reads bytes from outside is in a row with a fuzzer, every fuzzer is in a row.

parsers_test.py SOURCE
"""
import re
import sys
from pathlib import Path

ROOMS = "base boot crypto identity mscp pairing os/sdk os/crash".split()
# Whoever calls one of these reads what someone else has written.
READS = re.compile(r"\b(mico_reader_of|der_read_sequence|jsmn_parse|cJSON_Parse\w*|mscp_tlvs_parse|mscp_attributes_parse|mico_tlv8_parse"
                   r"|mico_cbor_(map|array|int|uint|bytes|text)|gnutls_x509_\w*import\w*|gnutls_base64_decode\w*|BufferLoadCRL"
                   r"|wolfSSL_CTX_load\w*|wolfSSL_d2i\w*)\(")
NOT_PRODUCT = re.compile(r"_test\.c$|/test_|_fuzz\.c$|fuzz\w*\.c$|/tests/|/conformance/|/model/|_model\.c$|bench|forge\.c$")


def main():
    source = Path(sys.argv[1])
    text = (source / "tests/PARSERS.md").read_text()
    faults, listed, fuzzers = [], set(re.findall(r"`([\w/]+\.c)`", text)), set()
    for line in text.split("\n"):
        cells = [c.strip() for c in line.strip("| ").split("|")]
        if line.startswith("|") and len(cells) == 4 and cells[0] not in ("what", "---"):
            listed |= set(cells[1].split())
            fuzzers |= set(cells[2].split())
            if cells[3] not in ("edits", "files", "found"):
                faults.append(f"{cells[0]}: seeds are not edits, files or found")
    targets = {}
    for path in source.rglob("CMakeLists.txt"):
        if "build" not in path.relative_to(source).parts:
            for name, rest in re.findall(r"\bmico_fuzz\((\w+)([^)]*)\)", path.read_text()):
                targets[name] = rest
    faults += [f"{name}: no such file" for name in sorted(listed) if not (source / name).exists()]
    faults += [f"{name}: no such fuzzer" for name in sorted(fuzzers - targets.keys())]
    faults += [f"{name}: a fuzzer that stands in no row" for name in sorted(targets.keys() - fuzzers)]
    for line in text.split("\n"):
        cells = [c.strip() for c in line.strip("| ").split("|")]
        if len(cells) == 4 and cells[3] == "files":
            faults += [f"{f}: has no CORPUS" for f in cells[2].split() if "CORPUS" not in targets.get(f, "CORPUS")]
    read = 0
    for room in ROOMS:
        for path in sorted((source / room).rglob("*.c")):
            name = str(path.relative_to(source))
            if not NOT_PRODUCT.search(name) and READS.search(path.read_text()):
                read += 1
                if name not in listed:
                    faults.append(f"{name}: reads bytes from outside, and stands in no row")
    print(f"{read} files that read, {len(targets)} fuzzers")
    print("".join(f"{fault}\n" for fault in faults), end="")
    return 1 if faults or read < 30 else 0


if __name__ == "__main__":
    sys.exit(main())
