#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""On the emulated boards, what the processor does is the same for all secrets: every instruction's address, every address that
is read or written.

trace_test.py BUILD BOARD PLUGIN LISTS FIRMWARE ...     BUILD: of BOARD; LISTS: a folder with functions.txt and trace.allow;
                                                        FIRMWARE: its programs in BUILD, without .elf

QEMU runs the firmware (trace_board.c) with the plugin (trace_plugin.c). trace.allow names the functions whose doings may
depend on secrets, or on what is no secret but changes between the runs, each with a reason; one that is left out without need
fails. Divisions, whose time depends on their operands, fail outside of functions that are listed as dividing. The controls
are cases that must differ. functions.txt names the rooms and says why each of their functions that ran in no case of the first
firmware did not.
"""
import bisect
import fnmatch
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

CONTROLS = {"branch", "index", "compare"}
OWN = {"secret": "the test's own: makes the secrets", "choice": "the test's own: takes a key", "mico_entropy": "the test's own: random numbers",
       "ct_rsa_der": "the test's own: copies a key"}
PATIENCE_S = 1200  # on a loaded machine; alone it takes 25


def read_allowed(path):
    """{("skip" or "divides", function): reason}, the function as in Symbols.name, or FUNCTION in CALLER; those whose need is not asked for here."""
    allowed, others = {}, set()
    for line in path.read_text().split("\n"):
        found = re.match(r"(skip|perhaps|divides) ((?:[\w.-]+\.\w:)?[^:\s]+(?: in [^:\s]+)?): (.+)$", line)
        if found and found[1] == "perhaps":
            allowed["skip", found[2]] = found[3]
            others.add(found[2])
        elif found:
            allowed[found[1], found[2]] = found[3]
        elif line.startswith("as "):
            more, _ = read_allowed(path.parent / line[3:])
            allowed.update(more)
            others |= {name for _, name in more}
        elif line and not line.startswith("#"):
            sys.exit(f"error: {path}: not understood: {line}")
    return allowed, others


class Symbols:
    """Functions by address. A name that is one file's own is FILE:NAME."""

    def __init__(self, elf):
        text = subprocess.run(["arm-none-eabi-objdump", "-t", elf], capture_output=True, text=True, check=True).stdout
        rows, file = [], ""
        for line in text.split("\n"):
            found = re.match(r"([0-9a-f]{8}) (.{7}) (\S+)\t[0-9a-f]{8} +(?:\.hidden )?(\S+)$", line)
            if found and "f" in found[2]:
                file = found[4]
            elif found and found[3] == ".text" and not set("dO") & set(found[2]) and not re.match(r"[$]|L_", found[4]):
                rows.append((int(found[1], 16), f"{file}:{found[4]}" if found[2][0] == "l" else found[4]))
        rows.sort()
        self.starts, self.names = [r[0] for r in rows], [r[1] for r in rows]

    def name(self, address):
        i = bisect.bisect_right(self.starts, address) - 1
        return plain(self.names[i]) if i >= 0 else ""

    def at(self, address):
        return f"{self.name(address)} ({address:x})"

    def addresses(self, name):
        """Of the function and of what the compiler made of it; a name without a file: of all files."""
        return [a for a, n in zip(self.starts, self.names) if name in (plain(n), plain(n).split(":")[-1])]

    def skips(self, name):
        """The plugin's arguments for a function, or FUNCTION in CALLER."""
        function, _, caller = name.partition(" in ")
        told = name.replace(":", "/").replace(" in ", "<")
        ends = dict(zip(self.starts, self.starts[1:]))
        places = [f":{a:x}:{ends[a]:x}" for a in self.addresses(caller)] if caller else [""]
        return [f"skip={told}:{address:x}{place}" for address in self.addresses(function) for place in places]


def run(board, elf, plugin, symbols, skips, directory):
    """What console and plugin said: ([case, …], [line, …])."""
    report = Path(directory) / "report"
    arguments = [f"report={report}"]
    for mark in ("case", "begin", "end", "done"):
        arguments.append(f"{mark}={symbols.addresses('trace_' + mark)[0]:x}")
    for name in skips:
        arguments += symbols.skips(name)
    emulator = subprocess.Popen(["qemu-system-arm", "-M", board, "-display", "none", "-monitor", "none", "-serial", "stdio", "-nic",
                                 "none", "-kernel", elf, "-plugin", ",".join([plugin, *arguments])],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said, patience = [], threading.Timer(PATIENCE_S, emulator.kill)
    patience.start()
    try:
        for line in emulator.stdout:
            said.append(line.strip())
            if said[-1] == "all done" or said[-1].startswith("a call failed"):
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
    """[(room, folder of its objects in the build, [file to leave out, …])], {file: [name or pattern, …]}"""
    rooms, declared = [], {}
    for line in path.read_text().split("\n"):
        found = re.match(r"([\w/]+\.c): ([^:]+): \S.*$", line)
        room = re.match(r"room ([\w/]+) in ([\w./]+)(?: but (.+): \S.*)?$", line)
        if found:
            declared.setdefault(found[1], []).extend(found[2].split())
        elif room:
            rooms.append((room[1], room[2], (room[3] or "").split()))
        elif line and not line.startswith("#"):
            sys.exit(f"error: {path}: not understood: {line}")
    return rooms, declared


def own_functions(build, rooms):
    """{(file, function): whether it is that file's own} of the objects of our rooms."""
    own = {}
    for room, folder, but in rooms:
        objects = sorted((build / folder).glob("*.c.obj"))
        if not objects:
            sys.exit(f"error: {room} has no objects in {folder} of {build}")
        for obj in objects:
            source = Path(__file__).parents[2] / room / obj.name[:-4]
            if source.exists() and source.name not in but:  # else it is left over from an earlier tree
                text = subprocess.run(["arm-none-eabi-nm", obj], capture_output=True, text=True, check=True).stdout
                for kind, name in re.findall(r" ([tTW]) ([A-Za-z_][\w.]*)$", text, re.M):
                    key = f"{room}/{source.name}", plain(name)
                    own[key] = own.get(key, True) and kind == "t"
    return own


def judge_functions(build, lists, lines, symbols):
    """Every function of ours ran in a case, or is declared; the number of faults. Files of the same name may share one's name."""
    seen = {symbols.name(int(line.split()[1], 16)) for line in lines if line.startswith("seen ")}
    rooms, declared = read_declared(lists / "functions.txt")
    own, faults, ran = own_functions(build, rooms), [], 0
    for (file, name), is_static in sorted(own.items()):
        patterns = declared.get(file, [])
        if f"{Path(file).name}:{name}" in seen or (not is_static and name in seen):  # FILE:NAME may be a part of a function
            ran += 1
            faults += [f"{file}: {name} ran: functions.txt need not say why not"] if name in patterns else []
        elif not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns):
            faults.append(f"{file}: {name} ran in no case, and functions.txt does not say why")
    for file, patterns in declared.items():  # a compiler may have left none of a function
        source = Path(__file__).parents[2] / file
        words = set(re.findall(r"\w+", source.read_text())) if source.exists() else []
        faults += [f"{file}: {p} is in functions.txt, and does not exist" for p in patterns if not fnmatch.filter(words, p)]
    print(f"{len(own)} functions of ours, {ran} ran")
    print("".join(f"{fault}\n" for fault in faults), end="")
    return len(faults)


def judge(cases, lines, symbols, allowed, others):
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
            name = symbols.name(int(rest[0], 16))
            if not {("divides", name), ("divides", name.split(":")[-1])} & allowed.keys():
                faults += 1
                print(f"{case}: {name} divides, and is not listed as dividing what is public")
        elif word == "skip" and rest[0].replace("/", ":").replace("<", " in ") not in {*OWN, *others} and rest[1:] == ["1", "0"]:
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
    build, board, plugin, lists, *firmware = sys.argv[1:]
    lists = Path(lists)
    allowed, others = read_allowed(lists / "trace.allow")
    skips = [name for kind, name in allowed if kind == "skip"] + list(OWN)
    faults = 0
    for name in firmware:
        elf = str(Path(build) / (name + ".elf"))
        if not Path(elf).exists():
            sys.exit(f"error: {elf} is missing\n  try: ./mico build {board}")
        symbols = Symbols(elf)
        print(f"{board}, {Path(name).name}:")
        with tempfile.TemporaryDirectory() as directory:
            cases, lines = run(board, elf, plugin, symbols, skips, directory)
        if not CONTROLS <= set(cases):
            sys.exit("error: a control is missing")
        faults += judge(cases, lines, symbols, allowed, others)
        if name == firmware[0]:
            faults += judge_functions(Path(build), lists, lines, symbols)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
