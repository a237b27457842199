#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/PSA-REFERENCE.md from the comments of psa/*.h: every function, type and macro of the API.

reference.py           writes the page
reference.py --check   says whether it is up to date (exit code 1 if not)

A function without a comment of its own is an error. The headers' order is the page's.
"""
import re
import sys
from pathlib import Path

HEADERS = ["crypto.h", "crypto_symmetric.h", "crypto_asymmetric.h", "crypto_derivation.h", "crypto_pake.h",
           "crypto_types.h", "error.h", "crypto_values.h", "crypto_algorithms.h", "crypto_sizes.h", "crypto_config.h", "internal_trusted_storage.h", "protected_storage.h",
           "storage_common.h", "initial_attestation.h"]
TITLES = {"crypto.h": "Library, attributes, keys", "crypto_symmetric.h": "Hashes, MACs, ciphers, AEAD, key wrapping",
          "crypto_asymmetric.h": "Signatures, public-key encryption, agreement", "crypto_derivation.h": "Key derivation",
          "crypto_pake.h": "Password-authenticated key exchange", "crypto_types.h": "Types", "error.h": "Status codes", "crypto_values.h": "Numbers",
          "crypto_algorithms.h": "Algorithms", "crypto_sizes.h": "Sizes", "crypto_config.h": "Options", "internal_trusted_storage.h": "Internal Trusted Storage",
          "protected_storage.h": "Protected Storage", "storage_common.h": "What both storage services share", "initial_attestation.h": "Attestation"}
HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs/PSA-REFERENCE.md"


def plain(comment):
    """The text of a comment, one paragraph a line; indented drawings stay as they are."""
    lines = [re.sub(r"^\s*\*? ?", "", line) for line in comment.strip().removesuffix("*/").split("\n")]
    lines[0] = re.sub(r"^/\*\*? ?", "", comment.strip().split("\n")[0]).removesuffix("*/")
    out, drawing, item = [], False, False
    for line in lines:
        indented = line.startswith("  ") and line.strip() != "" and not item
        item = line.startswith("- ") or (item and line.startswith("  "))
        if indented and not drawing:
            out += ["", "```"]
        if drawing and not indented and line.strip():
            out += ["```", ""]
        drawing = indented if line.strip() else drawing
        out.append(line.rstrip())
    if drawing:
        out.append("```")
    return "\n".join(out).strip()


def cell(text):
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def tokens(text):
    """Comments and declarations of a header, in order: ('comment', text), ('macro', name, value, remark),
    ('code', text, remark)."""
    pattern = re.compile(r"(?P<comment>^/\*.*?\*/)|(?P<macro>^#define [^\n]*?(?:\\\n[^\n]*)*$)"
                         r"|(?P<code>^(?:typedef|psa_status_t|void|uint32_t|static inline|struct)[^;{]*[;{])", re.S | re.M)
    for match in pattern.finditer(text):
        yield match.lastgroup, match.group(0), text[match.end():text.find("\n", match.end())]


def macro_row(definition, remark):
    body = definition.replace("\\\n", " ")
    comment = re.search(r"/\*(.*?)\*/", body)
    body = re.sub(r"/\*.*?\*/", "", body)
    name, value = re.match(r"#define (\w+(?:\([^)]*\))?)\s*(.*)", body, re.S).groups()
    if len(value) > 90:
        value = "(an expression)"
    return f"| `{cell(name)}` | {'`' + cell(value) + '`' if value else ''} | {cell(comment.group(1) if comment else '')} |"


def section(header):
    text = (HERE / "include/psa" / header).read_text()
    out, rows, note, doc = [f"## {TITLES[header]}", "", f"`psa/{header}`", ""], [], None, None

    def flush():
        if rows:
            out.extend(["| name | value | meaning |", "|---|---|---|", *rows, ""])
            rows.clear()

    first = True
    for kind, match, rest in tokens(text):
        if kind == "comment":
            if "SPDX" in match:
                continue
            if match.startswith("/**"):
                doc = plain(match)
            else:
                flush()
                out.extend([plain(match), ""])
            first = False
        elif kind == "macro":
            name = re.match(r"#define (\w+)", match).group(1)
            if re.fullmatch(r"PSA_\w+_H", name):
                continue
            rows.append(macro_row(match, rest))
        else:
            declaration = re.sub(r"\s+", " ", match.rstrip("{;")).strip()
            if declaration.startswith("typedef"):
                name = declaration.split()[-1]
                remark = re.search(r"/\*(.*?)\*/", rest)
                rows.append(f"| `{name}` | `{cell(declaration.removeprefix('typedef ').rsplit(' ', 1)[0])}` | "
                            f"{cell(remark.group(1)) if remark else ''} |")
            elif "(" in declaration:
                flush()
                name = re.search(r"(\w+)\(", declaration).group(1)
                if doc is None:
                    sys.exit(f"psa/{header}: {name} has no comment")
                out.extend([f"### {name}", "", "```c", declaration.removeprefix("static inline ") + ";", "```", "", doc, ""])
                doc = None
    flush()
    return "\n".join(out)


def page():
    head = ("# PSA reference\n\nEvery function, type and macro of MiCO's `psa/crypto.h`, made from the headers' comments by\n"
            "`crypto/psa/reference.py`; a test checks that it is up to date. [CRYPTO.md](CRYPTO.md) is the introduction.\n\n")
    return re.sub(r"\n{3,}", "\n\n", head + "\n".join(section(h) for h in HEADERS)).rstrip() + "\n"


def missing_sizes():
    """The options and families that docs/CRYPTO.md's tables of sizes have no row for."""
    table = (HERE.parent.parent / "docs/CRYPTO.md").read_text()
    config = (HERE / "include/psa/crypto_config.h").read_text()
    families = (HERE / "option_families.txt").read_text().splitlines()
    names = [f"`{option}`" for option in re.findall(r"^#define PSA_WANT_(\w+)", config, re.M)]
    names += [line.split(":")[0] for line in families]
    return [name for name in names if not re.search(rf"^\| {re.escape(name)} \| -?\d+ \|", table, re.M)]


def main():
    if sys.argv[1:] == ["--check"]:
        if missing_sizes():
            print("docs/CRYPTO.md says not what these cost (./mico bench psa-sizes --json | bench/psa/table.py): " + ", ".join(missing_sizes()),
                  file=sys.stderr)
            return 1
        if not PAGE.exists() or PAGE.read_text() != page():
            print("docs/PSA-REFERENCE.md is not what crypto/psa/reference.py makes of the headers; run it", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(page())
    return 0


sys.exit(main())
