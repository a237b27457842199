/* SPDX-License-Identifier: Apache-2.0 */
/* In QEMU: does the emulated processor do the same whatever the secrets are? Each instruction's address and each address
 * that is read or written goes into a running hash; all runs of a case are compared with its first, 16 events at a time.
 * Instructions go by the blocks that QEMU translates, which it enters at the first and leaves at the last: one event stands for
 * all of a block. Calls end blocks; functions, and what follows a call, begin them.
 *
 * The firmware (trace_board.c) says by calling four empty functions when a case begins, a run begins and ends, and that all
 * is done. `skip` names a function whose doings, and those of what it calls, are left out: they are compared by themselves, so
 * that a function which is left out without need shows. It may be left out of one caller alone.
 *
 * QEMU's interface for plugins, version 1 (docs/devel/tcg-plugins.rst of QEMU 7.2), is declared here as far as it is used,
 * since Debian has no package of its header. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
#define BLOCK 16 /* events */
#define SKIPS_MAX 64
#define CALLS_MAX 256 /* deep */

struct qemu_plugin_tb;
struct qemu_plugin_insn;
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, void (*call)(uint64_t id, struct qemu_plugin_tb *block));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t i);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *instruction);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *instruction);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, void (*call)(unsigned cpu, void *context),
                                          int flags, void *context);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *instruction,
                                      void (*call)(unsigned cpu, uint32_t what, uint64_t address, void *context),
                                      int flags, int which, void *context);
bool qemu_plugin_mem_is_store(uint32_t what);
EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(uint64_t id, const void *target, int argc, char **argv);
#define READS_AND_WRITES 3

struct skip {
    char name[64];
    uint32_t address;
    uint32_t from, to;     /* only when called from there; to 0: from anywhere */
    uint64_t hash, first;  /* of what it did in this run, and in the first */
    bool entered, differs; /* in any case */
};
/* What QEMU translates at a time. */
struct piece {
    uint32_t start, next;          /* next: what follows it in memory */
    uint32_t count;                /* of instructions */
    uint32_t division;             /* the first one's address, 0 none */
    bool calls, mark, seen, skips; /* skips: some skip begins here */
};
struct block {
    uint64_t hash;
    uint32_t at; /* the last instruction */
};

static FILE *report;
static uint32_t mark_case, mark_begin, mark_end, mark_done;
static struct skip skips[SKIPS_MAX];
static size_t skip_count;
static struct block *reference;
static size_t reference_len, reference_cap;

/* Instructions that ran in a case and were not left out; a bit for each halfword of 32 MiB, where all firmware lies. */
#define SEEN_MASK 0x1FFFFFFu
static uint8_t seen[(SEEN_MASK + 1) / 16];

static struct {
    bool recording, differs;
    unsigned run;
    uint64_t hash, events, instructions;
    uint32_t returns[CALLS_MAX];
    unsigned depth, skip_depth;
    struct skip *skipping;
} now;

static uint64_t mixed(uint64_t hash, uint64_t event)
{
    hash = (hash ^ event) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

/* Where runs part: the last instruction before, one after, and who called. */
static void report_difference(uint32_t before, uint32_t after)
{
    now.differs = true;
    fprintf(report, "differs %u %" PRIx32 " %" PRIx32, now.run, before, after);
    for (unsigned i = now.depth; i > 0 && now.depth - i < 6; i--) {
        fprintf(report, " %" PRIx32, now.returns[i - 1]);
    }
    fprintf(report, "\n");
}

/* A block is full, or the run ends: keep it in the first run, compare it in the others. */
static void close_block(uint32_t at)
{
    size_t i = (size_t)((now.events + BLOCK - 1) / BLOCK) - 1;
    if (now.run == 0) {
        if (i >= reference_cap) {
            reference_cap = reference_cap * 2 + 4096;
            reference = realloc(reference, reference_cap * sizeof *reference);
            if (reference == NULL) {
                abort();
            }
        }
        reference[i] = (struct block){now.hash, at};
        reference_len = i + 1;
    } else if (!now.differs && (i >= reference_len || reference[i].hash != now.hash)) {
        report_difference(i > 0 && i <= reference_len ? reference[i - 1].at : 0, at);
    }
}

static void note(uint64_t event, uint32_t at)
{
    if (now.skipping != NULL) {
        now.skipping->hash = mixed(now.skipping->hash, event);
        return;
    }
    now.hash = mixed(now.hash, event);
    if (++now.events % BLOCK == 0) {
        close_block(at);
    }
}

static void begin_run(void)
{
    now.recording = true;
    now.differs = false;
    now.hash = now.events = now.instructions = 0;
    now.depth = 0;
    now.skipping = NULL;
    for (size_t i = 0; i < skip_count; i++) {
        skips[i].hash = 0;
    }
}

static void end_run(uint32_t at)
{
    close_block(at);
    now.recording = false;
    if (!now.differs && now.run > 0 && reference_len != (now.events + BLOCK - 1) / BLOCK) {
        report_difference(at, at);
    }
    fprintf(report, "run %u %" PRIu64 " %" PRIu64 "\n", now.run, now.instructions, now.events);
    for (size_t i = 0; i < skip_count; i++) {
        if (now.run == 0) {
            skips[i].first = skips[i].hash;
        }
        skips[i].differs |= skips[i].first != skips[i].hash;
    }
    now.run++;
}

static bool is_mark(uint32_t address)
{
    if (address == mark_case) {
        now.run = 0;
        fprintf(report, "case\n");
    } else if (address == mark_begin) {
        begin_run();
    } else if (address == mark_end) {
        end_run(address);
    } else if (address == mark_done) {
        for (size_t i = 0; i < skip_count; i++) {
            fprintf(report, "skip %s %d %d\n", skips[i].name, skips[i].entered, skips[i].differs);
        }
        fprintf(report, "done\n");
    } else {
        return false;
    }
    fflush(report);
    return true;
}

/* A function's address, or of what it goes on at. */
static void note_seen(struct piece *p)
{
    uint8_t *byte = &seen[(p->start & SEEN_MASK) / 16], bit = (uint8_t)(1u << (p->start / 2 % 8));
    p->seen = true;
    if ((*byte & bit) == 0) {
        *byte |= bit;
        fprintf(report, "seen %" PRIx32 "\n", p->start);
    }
}

/* The skip that begins at start, of this caller; NULL none. */
static struct skip *skip_of(uint32_t start)
{
    uint32_t caller =
        now.depth > 0 ? now.returns[now.depth - 1] - 1 : 0; /* in the call, whose end may be its function's */
    for (size_t s = 0; s < skip_count; s++) {
        if (skips[s].address == start && (skips[s].to == 0 || (skips[s].from <= caller && caller < skips[s].to))) {
            return &skips[s];
        }
    }
    return NULL;
}

static void executed(unsigned cpu, void *context)
{
    struct piece *p = context;
    if (!now.recording) {
        return;
    }
    if (now.depth > 0 && now.returns[now.depth - 1] == p->start) {
        now.depth--;
        if (now.skipping != NULL && now.depth < now.skip_depth) {
            now.skipping = NULL;
        }
    }
    note(p->start, p->start);
    if (now.skipping == NULL) {
        now.instructions += p->count;
        if (!p->seen) {
            note_seen(p);
        }
        if (p->division != 0) {
            fprintf(report, "division %" PRIx32 "\n", p->division);
            p->division = 0; /* once */
        }
        now.skipping = p->skips ? skip_of(p->start) : NULL;
        if (now.skipping != NULL) {
            now.skip_depth = now.depth;
            now.skipping->entered = true;
        }
    }
    if (p->calls && now.depth < CALLS_MAX) {
        now.returns[now.depth++] = p->next;
    }
}

static void marked(unsigned cpu, void *context)
{
    (void)is_mark(((struct piece *)context)->start);
}

static void touched(unsigned cpu, uint32_t what, uint64_t address, void *context)
{
    if (now.recording) {
        note(address << 1 | qemu_plugin_mem_is_store(what), (uint32_t)(uintptr_t)context);
    }
}

/* BL and BLX; UDIV and SDIV, whose time a Cortex-M takes from the operands: Armv7-M Architecture Reference Manual, A7.7. */
static void add_instruction(struct piece *p, uint32_t address, const uint8_t *code, size_t size)
{
    unsigned first = code[0] | code[1] << 8, second = size == 4 ? code[2] | code[3] << 8 : 0;
    p->calls = size == 4 ? (first & 0xF800) == 0xF000 && (second & 0xD000) == 0xD000 : (first & 0xFF80) == 0x4780;
    p->next = address + (uint32_t)size;
    p->count++;
    if (size == 4 && ((first & 0xFFF0) == 0xFBB0 || (first & 0xFFF0) == 0xFB90) && p->division == 0) {
        p->division = address;
    }
}

static void begin_piece(struct piece *p, uint32_t start)
{
    p->start = start;
    p->mark = start == mark_case || start == mark_begin || start == mark_end || start == mark_done;
    for (size_t s = 0; s < skip_count; s++) {
        p->skips = p->skips || skips[s].address == start;
    }
}

/* What was translated is kept for as long as the emulator runs: it may translate the same again. */
static void translated(uint64_t id, struct qemu_plugin_tb *block)
{
    struct piece *p = calloc(1, sizeof *p);
    if (p == NULL) {
        abort();
    }
    for (size_t n = 0; n < qemu_plugin_tb_n_insns(block); n++) {
        struct qemu_plugin_insn *from = qemu_plugin_tb_get_insn(block, n);
        uint32_t address = (uint32_t)qemu_plugin_insn_vaddr(from);
        if (n == 0) {
            begin_piece(p, address);
        }
        add_instruction(p, address, qemu_plugin_insn_data(from), qemu_plugin_insn_size(from));
        qemu_plugin_register_vcpu_mem_cb(from, touched, 0, READS_AND_WRITES, (void *)(uintptr_t)address);
    }
    qemu_plugin_register_vcpu_tb_exec_cb(block, p->mark ? marked : executed, 0, p);
}

/* NAME:ADDRESS or NAME:ADDRESS:FROM:TO. */
static bool add_skip(const char *value)
{
    const char *colon = strchr(value, ':');
    if (colon == NULL || skip_count == SKIPS_MAX || (size_t)(colon - value) >= sizeof skips[0].name) {
        return false;
    }
    struct skip *skip = &skips[skip_count++];
    memcpy(skip->name, value, (size_t)(colon - value));
    char *end;
    skip->address = (uint32_t)strtoul(colon + 1, &end, 16);
    skip->from = *end == ':' ? (uint32_t)strtoul(end + 1, &end, 16) : 0;
    skip->to = *end == ':' ? (uint32_t)strtoul(end + 1, &end, 16) : 0;
    return true;
}

static bool take(const char *argument)
{
    static const struct {
        const char *name;
        uint32_t *address;
    } marks[] = {{"case=", &mark_case}, {"begin=", &mark_begin}, {"end=", &mark_end}, {"done=", &mark_done}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t len = strlen(marks[i].name);
        if (strncmp(argument, marks[i].name, len) == 0) {
            *marks[i].address = (uint32_t)strtoul(argument + len, NULL, 16);
            return true;
        }
    }
    if (strncmp(argument, "report=", 7) == 0) {
        report = fopen(argument + 7, "w");
        return report != NULL;
    }
    return strncmp(argument, "skip=", 5) == 0 && add_skip(argument + 5);
}

int qemu_plugin_install(uint64_t id, const void *target, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (!take(argv[i])) {
            fprintf(stderr, "error: the plugin does not understand %s\n", argv[i]);
            return -1;
        }
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    return report != NULL ? 0 : -1;
}
