#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""On the emulated boards, what the processor does is the same for all secrets: every instruction's address, every address that
is read or written.

trace_test.py BUILD BOARD PLUGIN FIRMWARE ...     BUILD: of BOARD; FIRMWARE: trace_board or trace_small, of crypto/tests

QEMU runs the firmware (trace_board.c) with the plugin (trace_plugin.c). trace.allow names the functions whose doings may
depend on secrets, or on what is no secret but changes between the runs, each with a reason; one that is left out without need
fails. Divisions, whose time depends on their operands, fail outside of functions that are listed as dividing. The controls
are cases that must differ. functions.txt says why each function of ours that ran in no case did not.
"""
import bisect
import fnmatch
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOMS = {"base": "base.dir", "crypto/primitives": "crypto_primitives.dir", "crypto/psa": "crypto_psa.dir", "crypto/srp": "crypto_srp.dir"}
NOT_OURS_HERE = {"cbor.c", "log.c", "err.c"}  # of base: no secrets come there
CONTROLS = {"branch", "index", "compare"}
OWN = {"secret": "the test's own: makes the secrets", "choice": "the test's own: takes a key", "mico_entropy": "the test's own: random numbers",
       "ct_rsa_der": "the test's own: copies a key"}
PATIENCE_S = 570  # on a loaded machine; alone it takes 30


def read_allowed(path):
    """{("skip" or "divides", function): reason}"""
    allowed = {}
    for line in path.read_text().split("\n"):
        found = re.match(r"(skip|divides) ([^:\s]+): (.+)$", line)
        if found:
            allowed[found[1], found[2]] = found[3]
        elif line and not line.startswith("#"):
            sys.exit(f"error: {path}: not understood: {line}")
    return allowed


class Symbols:
    def __init__(self, elf):
        text = subprocess.run(["arm-none-eabi-nm", "-n", elf], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in text.split("\n")]
        rows = [(int(r[0], 16), r[2]) for r in rows if len(r) == 3 and r[1] in "tTwW" and not re.match(r"[$]|L_", r[2])]
        self.starts, self.names = [r[0] for r in rows], [r[1] for r in rows]

    def at(self, address):
        i = bisect.bisect_right(self.starts, address) - 1
        return f"{self.names[i]} ({address:x})" if i >= 0 else f"{address:x}"

    def addresses(self, name):
        """Of the function and of what the compiler made of it."""
        return [a for a, n in zip(self.starts, self.names) if plain(n) == name]


def run(board, elf, plugin, symbols, skips, directory):
    """What console and plugin said: ([case, …], [line, …])."""
    report = Path(directory) / "report"
    arguments = [f"report={report}"]
    for mark in ("case", "begin", "end", "done"):
        arguments.append(f"{mark}={symbols.addresses('trace_' + mark)[0]:x}")
    for name in skips:
        arguments += [f"skip={name}:{address:x}" for address in symbols.addresses(name)]
    emulator = subprocess.Popen(["qemu-system-arm", "-M", board, "-display", "none", "-monitor", "none", "-serial", "stdio", "-nic",
                                 "none", "-kernel", elf, "-plugin", ",".join([plugin, *arguments])],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said, patience = [], threading.Timer(PATIENCE_S, emulator.kill)
    patience.start()
    try:
        for line in emulator.stdout:
            said.append(line.strip())
            if said[-1] == "all done":
                break
    finally:
        patience.cancel()
        emulator.kill()
        emulator.wait()
    if not said or said[-1] != "all done":
        sys.exit(f"error: {elf} did not come to its end; last: {said[-3:]}\n{emulator.stderr.read()}")
    lines = report.read_text().split("\n")
    return [s[5:] for s in said if s.startswith("case ")], [x for x in lines if x]


def plain(name):
    """Without what the compiler puts behind the name of a part or copy."""
    return re.sub(r"\.(isra|constprop|part)\.\d+", "", name)


def read_declared(path):
    """{file: [name or pattern, …]}"""
    declared = {}
    for line in path.read_text().split("\n"):
        found = re.match(r"([\w/]+\.c): ([^:]+): \S.*$", line)
        if found:
            declared.setdefault(found[1], []).extend(found[2].split())
        elif line and not line.startswith("#"):
            sys.exit(f"error: {path}: not understood: {line}")
    return declared


def own_functions(build):
    """{(file, function)} in the objects of our rooms."""
    own = set()
    for room, folder in ROOMS.items():
        for obj in sorted((build / room / "CMakeFiles" / folder).glob("*.c.obj")):
            source = Path(__file__).parents[2] / room / obj.name[:-4]
            if source.exists() and source.name not in NOT_OURS_HERE:  # else it is left over from an earlier tree
                text = subprocess.run(["arm-none-eabi-nm", obj], capture_output=True, text=True, check=True).stdout
                own |= {(f"{room}/{obj.name[:-4]}", plain(n)) for n in re.findall(r" [tT] ([A-Za-z_][\w.]*)$", text, re.M)}
    return own


def judge_functions(build, lines, symbols):
    """Every function of ours ran in a case, or is declared; the number of faults. Files may share a name: then one that ran is
    enough, and a declaration of it is not stale."""
    seen = {plain(symbols.at(int(line.split()[1], 16)).split()[0]) for line in lines if line.startswith("seen ")}
    own, declared, faults = own_functions(build), read_declared(Path(__file__).with_name("functions.txt")), []
    shared = {n for _, n in own if sum(n == other for _, other in own) > 1}
    for file, name in sorted(own):
        listed = any(fnmatch.fnmatchcase(name, pattern) for pattern in declared.get(file, []))
        if name not in seen and not listed:
            faults.append(f"{file}: {name} ran in no case, and functions.txt does not say why")
    for file, patterns in declared.items():
        for pattern in patterns:
            if "*" not in pattern and pattern not in shared and (file, pattern) in own and pattern in seen:
                faults.append(f"{file}: {pattern} ran: functions.txt need not say why not")
    print(f"{len(own)} functions of ours, {sum(n in seen for _, n in own)} ran")
    print("".join(f"{fault}\n" for fault in faults), end="")
    return len(faults)


def judge(cases, lines, symbols, allowed):
    """Print each case; the number of faults."""
    faults, case, left = 0, None, list(cases)
    runs, differ = {}, {}
    for line in lines:
        word, *rest = line.split()
        if word == "case":
            case = left.pop(0)
            runs[case], differ[case] = [], []
        elif word == "run":
            runs[case].append(int(rest[1]))
        elif word == "differs":
            names = [symbols.at(int(a, 16)) for a in rest[1:]]
            differ[case].append(" … ".join(names[:2]) + " in " + " < ".join(names[2:]))
        elif word == "division":
            name = plain(symbols.at(int(rest[0], 16)).split()[0])
            if ("divides", name) not in allowed:
                faults += 1
                print(f"{case}: {name} divides, and is not listed as dividing what is public")
        elif word == "skip" and rest[0] not in OWN and rest[1:] == ["1", "0"]:
            faults += 1
            print(f"{rest[0]}: listed in trace.allow without need: it does the same in every run")
    if left or lines[-1] != "done":
        sys.exit(f"error: the plugin saw less than the firmware did: {left} {lines[-1:]}")
    for name in cases:
        differs, control = differ[name], name in CONTROLS
        print(f"{name}: {runs[name][0]} instructions, {len(runs[name])} secrets, " +
              (f"differs near {differs[0]}" if differs else "no difference") + (" (control)" if control else ""))
        faults += bool(differs) != control or len(runs[name]) < 2
    return faults


def main():
    build, board, plugin, *firmware = sys.argv[1:]
    allowed = read_allowed(Path(__file__).with_name("trace.allow"))
    skips = [name for kind, name in allowed if kind == "skip"] + list(OWN)
    faults = 0
    for name in firmware:
        elf = str(Path(build) / "crypto/tests" / (name + ".elf"))
        if not Path(elf).exists():
            sys.exit(f"error: {elf} is missing\n  try: ./mico build {board}")
        symbols = Symbols(elf)
        print(f"{board}, {name}:")
        with tempfile.TemporaryDirectory() as directory:
            cases, lines = run(board, elf, plugin, symbols, skips, directory)
        if not CONTROLS <= set(cases):
            sys.exit("error: a control is missing")
        faults += judge(cases, lines, symbols, allowed)
        if name == "trace_board":
            faults += judge_functions(Path(build), lines, symbols)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
