#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No branch and no address depends on a secret, in the Thumb-2 code that the compiler made of our own functions.

disassembly.py BUILD ...        BUILD: of mps2-an386, of mps2-an505: what ships, with its flags

The functions below are disassembled, and taint goes through their registers, flags and stack slots over all paths: a
register is clean, a pointer to secret bytes, or secret. What a pointer to secret bytes loads is secret, and what is
computed from a secret is too. Reported are: a conditional branch, an IT block, CBZ or TBB on a secret; a load or store
whose address has a secret in it; a secret divided (UDIV takes 2 to 12 cycles); a secret handed to another function in a
register, unless that function is in the table too and takes one there; secret bytes handed to memcmp and the like. Other instructions of a Cortex-M4 and M33 take a time
that no value changes (their technical reference manuals, section 3.3; UMULL and the like take early ends on the M3 only).

What it does not see: secrets that were stored through a clean pointer and loaded through another, and what a called
function does. Functions whose outcome is public (is this padding right?) are checked up to that outcome. trace_test.py sees
whole computations on the same boards, constant_time.c on the host.

First the controls: functions that leak in each of these ways, compiled here with the board's compiler, must be reported.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

CLEAN, POINTER, SECRET = 0, 1, 2
# source, function, {register: what it is at the start; sp: what its arrays on the stack hold}
FUNCTIONS = [
    ("base/bytes.c", "mico_ct_equal", {"r0": POINTER, "r1": POINTER}),
    ("base/bytes.c", "mico_ct_is_zero", {"r0": POINTER}),
    ("base/bytes.c", "mico_wipe", {"r0": POINTER}),
    ("base/bytes.c", "mico_crc32", {"r1": POINTER}),
    ("crypto/primitives/block.c", "twice", {"r1": POINTER}),
    ("crypto/primitives/block.c", "mico_cmac_finish", {"sp": POINTER}),
    ("crypto/primitives/curve.c", "mico_x25519", {"r0": POINTER, "sp": POINTER}),
    ("crypto/primitives/dsa.c", "power_of_g", {"r1": POINTER}),
    ("crypto/primitives/ed25519_base.c", "__wrap_ge_scalarmult_base", {"r1": POINTER, "sp": POINTER}),
    ("crypto/primitives/modular.c", "modular_add", {"r1": POINTER, "r2": POINTER}),
    ("crypto/primitives/modular.c", "modular_exp", {"r1": POINTER, "r2": POINTER}),
    ("crypto/primitives/number.c", "number_load", {"r1": POINTER}),
    ("crypto/primitives/number.c", "number_store", {"sp": POINTER}),
    ("crypto/primitives/rsa_encrypt.c", "mask_zero", {"r0": SECRET}),
    ("crypto/primitives/rsa_encrypt.c", "move_text", {"r0": POINTER, "r2": SECRET}),
    ("crypto/primitives/rsa_encrypt.c", "mico_rsa_pkcs1_decrypt", {"sp": POINTER}),
    ("crypto/primitives/rsa_encrypt.c", "deliver", {"r0": SECRET}),
    ("crypto/primitives/scalar.c", "subtract", {"r1": POINTER, "r2": POINTER, "r3": SECRET}),
    ("crypto/primitives/scalar.c", "scalar_in_range", {"r0": POINTER}),
    ("crypto/primitives/scalar.c", "scalar_of_digest", {"r1": POINTER, "sp": POINTER}),
    ("crypto/primitives/sp_small.c", "sp_256_get_point_16_8", {"r2": SECRET}),
    ("crypto/psa/des_key.c", "psa_des_draw", {"r2": POINTER}),
    ("crypto/psa/soft_cipher.c", "unpad", {"r0": POINTER}),
    ("crypto/psa/soft_wrap.c", "kwp_length", {"r0": POINTER}),
    ("crypto/srp/srp_math.c", "srp_exponent", {"r1": POINTER, "r2": POINTER, "r3": POINTER}),
    ("crypto/srp/srp_math.c", "srp_exp", {"r1": POINTER, "r2": POINTER}),
    ("crypto/srp/srp_math.c", "srp_mul", {"r1": POINTER, "r2": POINTER, "sp": POINTER}),
    ("crypto/srp/srp_math.c", "srp_add", {"r1": POINTER, "r2": POINTER}),
    ("crypto/srp/srp_math.c", "srp_sub", {"r1": POINTER, "r2": POINTER}),
    ("mscp/chip/chip_auth.c", "pin_image", {"sp": POINTER}),
    ("mscp/chip/chip_records.c", "add_mark", {"r3": POINTER, "sp": POINTER}),
    ("pairing/suite.c", "mico_hap_agree", {"sp": POINTER}),
]
ARGUMENTS = {"mico_ct_equal": 3, "mico_ct_is_zero": 2, "mico_wipe": 2, "memset": 3, "fe_neg": 2, "fe_mul": 3, "ge_madd": 3}  # of others four registers count
# Of the C library: what a pointer to secret bytes may not be handed to.
LOOK_AT_BYTES = {"memcmp", "bcmp", "strcmp", "strncmp", "strlen", "memchr", "strchr"}
# Functions that take secrets in registers, and what they give back; a public outcome is clean.
TAKES = {"mask_zero": SECRET, "mask_less": SECRET, "subtract": SECRET, "move_text": CLEAN, "deliver": CLEAN}
CONTROLS = r"""
#include <stdint.h>
int even(const uint8_t *a, const uint8_t *b, unsigned n) { unsigned d = 0; while (n--) d |= a[n] ^ b[n]; return (d - 1) >> 31; }
int leaks_branch(const uint8_t *a, const uint8_t *b, unsigned n) { while (n--) if (a[n] != b[n]) return 0; return 1; }
unsigned leaks_index(const uint8_t *a, const uint8_t *b, unsigned n) { return b[a[n]]; }
unsigned leaks_division(const uint8_t *a, const uint8_t *b, unsigned n) { return n / a[0]; }
void other(unsigned); void leaks_call(const uint8_t *a, const uint8_t *b, unsigned n) { other(a[0]); }
unsigned leaks_spill(const uint8_t *a, const uint8_t *b, unsigned n) { volatile unsigned kept = a[0]; return kept ? b[n] : 7; }
int memcmp(const void *, const void *, __SIZE_TYPE__);
int leaks_library(const uint8_t *a, const uint8_t *b, unsigned n) { return memcmp(a, b, n) == 0; }
"""
REASONS = {"leaks_branch": "a branch", "leaks_index": "an address", "leaks_division": "a division", "leaks_call": "a call",
           "leaks_spill": "on a secret", "leaks_library": "to the library"}
COMPILER = ["arm-none-eabi-gcc", "-mthumb", "-Os", "-ffunction-sections", "-c", "-x", "c", "-"]
CONDITIONS = "eq ne cs hs cc lo mi pl vs vc hi ls ge lt gt le".split()
REGISTER = re.compile(r"\b(r\d+|sp|lr|pc|ip|fp|sl|sb)\b")
UNARY = "mov movw mvn neg uxtb uxth sxtb sxth clz rbit rev rev16 ubfx sbfx".split()
LOADS = "ldr ldrb ldrh ldrsb ldrsh".split()


def instructions(obj, name):
    """[(address, mnemonic without width, operands)] of one function."""
    text = subprocess.run(["arm-none-eabi-objdump", "-dr", "--no-show-raw-insn", "-j", ".text." + name, obj],
                          capture_output=True, text=True, check=True).stdout
    found = []
    for line in text[text.index("<" + name + ">:"):].split("\n"):
        at = re.match(r" +([0-9a-f]+):\t(\S+)(?:\t([^@;]*))?", line)
        if "R_ARM_THM_JUMP" in line:
            found[-1] = (found[-1][0], "tail", line.split()[-1])
        elif "R_ARM_THM_CALL" in line:
            found[-1] = (*found[-1][:2], line.split()[-1])
        elif at and at[2] != ".word" and not at[2].startswith("R_ARM"):
            found.append((int(at[1], 16), re.sub(r"\.[nw]$", "", at[2]), (at[3] or "").strip()))
    return found


class Leaks:
    """One function, walked until nothing changes."""

    def __init__(self, code, start):
        self.code, self.found, self.states = code, set(), {}
        self.index = {at: i for i, (at, _, _) in enumerate(code)}
        todo = [(0, {"sp+": 0, **start})]
        while todo:
            i, state = todo.pop()
            old = self.states.get(i)
            new = dict(state) if old is None else {k: max(old.get(k, 0), state.get(k, 0)) if k != "sp+" else state[k]
                                                   for k in {*old, *state}}
            if new == old or i >= len(code):
                continue
            self.states[i] = new
            todo += [(n, s) for n, s in self.step(i, dict(new))]

    def report(self, i, why):
        at, op, rest = self.code[i]
        self.found.add(f"{at:4x}: {op} {rest}: {why}")

    def step(self, i, s):
        _, op, rest = self.code[i]
        regs = REGISTER.findall(rest)
        taint = lambda names: max([s.get(r, 0) for r in names], default=CLEAN)
        flags = s.get("flags", CLEAN) == SECRET
        follow = [i + 1]
        if op.startswith("it") and set(op) <= set("ite"):
            if flags:
                self.report(i, "an IT block on a secret")
        elif op in ("b", "bx") or (op[0] == "b" and op[1:] in CONDITIONS):
            if op != "b" and op != "bx" and flags:
                self.report(i, "a branch on a secret")
            follow = ([self.target(rest)] if op != "bx" else []) + ([i + 1] if op not in ("b", "bx") else [])
        elif op in ("cbz", "cbnz"):
            if taint(regs[:1]) == SECRET:
                self.report(i, "a branch on a secret")
            follow = [i + 1, self.target(rest)]
        elif op in ("bl", "blx", "tail"):  # tail: a call that does not come back
            callee = re.sub(r"^\.text\.", "", rest)
            if taint(["r0", "r1", "r2", "r3"][:ARGUMENTS.get(callee, 4)]) == SECRET and callee not in TAKES:
                self.report(i, "a secret in a call")
            if callee in LOOK_AT_BYTES and taint(["r0", "r1"]) == POINTER:
                self.report(i, "secret bytes to the library")
            s.update({r: CLEAN for r in ("r0", "r1", "r2", "r3", "ip", "flags")})
            s["r0"] = TAKES.get(callee, CLEAN)
            follow = [] if op == "tail" else follow
        elif op in ("tbb", "tbh"):
            if taint(regs[1:]) == SECRET:
                self.report(i, "a table of branches by a secret")
            raise ValueError("a table of branches: not followed")
        elif op in ("push", "stmdb", "pop", "ldmia", "ldmia.w", "ldmdb", "stmia"):
            follow = self.many(i, s, op, rest, regs)
        elif op.rstrip("d") in LOADS or op == "ldrd" or op.startswith("str"):
            self.memory(i, s, op, rest)
        elif op in ("cmp", "cmn", "tst", "teq"):
            s["flags"] = SECRET if taint(regs) == SECRET else CLEAN
        elif op in ("nop",):
            pass
        elif op in ("add", "sub") and regs[0] == "sp":
            s["sp+"] += (1 if op == "add" else -1) * int(re.search(r"#(\d+)", rest).group(1))
        else:
            self.compute(i, s, op, rest, regs)
        return [(n, s) for n in follow if n is not None]

    def target(self, rest):
        return self.index.get(int(re.search(r"([0-9a-f]+) <", rest).group(1), 16))

    def many(self, i, s, op, rest, regs):
        listed = REGISTER.findall(rest[rest.index("{"):])
        if op == "push" or (op == "stmdb" and regs[0] == "sp"):
            s["sp+"] -= 4 * len(listed)
            for n, r in enumerate(listed):
                s[s["sp+"] + 4 * n] = s.get(r, CLEAN)
        elif op == "pop" or (op.startswith("ldmia") and regs[0] == "sp"):
            for n, r in enumerate(listed):
                s[r] = s.get(s["sp+"] + 4 * n, CLEAN)
            s["sp+"] += 4 * len(listed)
            return [] if "pc" in listed else [i + 1]
        elif s.get(regs[0], CLEAN) == SECRET:
            self.report(i, "an address with a secret")
        elif op.startswith("ldm"):
            s.update({r: SECRET if s.get(regs[0]) == POINTER else CLEAN for r in listed})
        return [i + 1]

    def memory(self, i, s, op, rest):
        before, _, inside = rest.partition("[")
        values, parts = REGISTER.findall(before), REGISTER.findall(inside)
        if max([s.get(r, CLEAN) for r in parts], default=CLEAN) == SECRET:
            self.report(i, "an address with a secret")
        offset = re.search(r"#(-?\d+)", inside)
        slot = s["sp+"] + int(offset.group(1) if offset else 0) if parts == ["sp"] else None
        if op.startswith("str"):
            value = max(s.get(r, CLEAN) for r in values)
            if slot is not None:
                for n, r in enumerate(values):
                    s[slot + 4 * n] = s.get(r, CLEAN)
            elif value == SECRET and parts and parts[0] != "sp":
                s[parts[0]] = max(s.get(parts[0], CLEAN), POINTER)  # what lies there is secret from now on
            return
        for n, r in enumerate(values):
            pointed = any(s.get(p, CLEAN) == POINTER for p in parts)
            if slot is not None and s.get("sp") == POINTER and op != "ldr" and op != "ldrd":
                s[r] = SECRET  # a byte of an array
            else:
                s[r] = s.get(slot + 4 * n, CLEAN) if slot is not None else SECRET if pointed else CLEAN

    def compute(self, i, s, op, rest, regs):
        sets = op.endswith("s") and op not in ("mls",)
        base = op[:-1] if sets else op
        operands = [o for o in rest.split(",") if not re.match(r"\s*(lsl|lsr|asr|ror|rrx)\b", o)]
        # an operation of two is on its first operand too where only two are written: adds r0, #1; add r0, r2
        keeps = base in ("bfi", "movt") or (base not in UNARY and len(operands) == 2)
        source = regs if keeps else regs[1:]
        value = max([s.get(r, CLEAN) for r in source], default=CLEAN)
        if base in ("udiv", "sdiv") and value == SECRET:
            self.report(i, "a division of a secret")
        if base in ("adc", "sbc", "rrx"):
            value = max(value, s.get("flags", CLEAN))
        if value == POINTER and base not in ("mov", "add", "sub", "rsb"):
            value = CLEAN
        if regs:
            s[regs[0]] = value
            if base in ("umull", "smull", "umlal", "smlal"):
                s[regs[1]] = value = max(s.get(r, CLEAN) for r in regs)
                s[regs[0]] = value
        if sets:
            s["flags"] = SECRET if value == SECRET else CLEAN


def compiler_of(build):
    """The processor that this build is for."""
    flags = (build / "compile_commands.json").read_text()
    return COMPILER + [re.search(r"-mcpu=[a-z0-9-]+", flags)[0]]


def leaks(obj, name, start):
    code = instructions(obj, name)
    if len(code) < 2:
        raise ValueError(f"{name}: nothing was disassembled")
    return sorted(Leaks(code, start).found)


FOLDERS = {"ed25519_base.c": "crypto_small_signing", "sp_small.c": "crypto_small_p256"}  # of others the room's own


def object_of(build, source):
    room, _, file = source.rpartition("/")
    return build / room / "CMakeFiles" / (FOLDERS.get(file, room.replace("/", "_")) + ".dir") / (file + ".obj")


def check_controls(compiler):
    with tempfile.TemporaryDirectory() as directory:
        obj = str(Path(directory) / "controls.o")
        subprocess.run(compiler + ["-o", obj], input=CONTROLS, text=True, check=True)
        start = {"r0": POINTER}
        if leaks(obj, "even", {"r0": POINTER, "r1": POINTER}):
            sys.exit("error: the control without a leak is reported")
        for name, why in REASONS.items():
            found = leaks(obj, name, start)
            if not any(why in line for line in found):
                sys.exit(f"error: {name} is not reported for {why}: {found}")
            print(f"control {name}: {found[0]}")


def check(build):
    wrong = 0
    for source, name, start in FUNCTIONS:
        path = object_of(build, source)
        if not path.exists():
            sys.exit(f"error: {path} is missing\n  try: ./mico build {build.name}")
        found = leaks(str(path), name, start)
        print(f"{name}: {len(instructions(str(path), name))} instructions, " + ("even" if not found else "LEAKS"))
        print("".join(f"  {line}\n" for line in found), end="")
        wrong += len(found)
    return wrong


def main():
    wrong = 0
    for build in map(Path, sys.argv[1:]):
        print(f"{build.name}:")
        check_controls(compiler_of(build))
        wrong += check(build)
    return 1 if wrong or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
