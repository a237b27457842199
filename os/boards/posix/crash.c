/* SPDX-License-Identifier: Apache-2.0 */
/* Crashes of an application on the posix board: the signals of faults, failed asserts and panics leave a record in the file of
 * --crash and a few lines on standard error, and the process ends as it would have ended without.
 *
 * The handlers format text and walk the stack, which the C library does not promise to survive in a signal; the process is
 * lost by then, and a second fault in here ends it at once. */
#include "os/boards/posix/crash.h"

#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "os/boards/posix/posix.h"
#include "os/crash/report.h"
#include "os/port/board.h"
#include "os/port/clock.h"
#include "os/port/context.h"
#include "os/port/crash.h"

#define STACK_MARGIN 65536u /* a fault this close below a stack is of the stack: the host's guard is there */
#define ALTERNATE_STACK 65536u

extern const char __executable_start[] __attribute__((weak)),
    etext[] __attribute__((weak)); /* of a program, not a library */

/* os_context_posix, where it is linked. */
const char *mico_port_running(void) __attribute__((weak));
bool mico_port_running_stack(uintptr_t *low, uintptr_t *high) __attribute__((weak));

static struct mico_crash crash;
static char the_path[512]; /* "": none */
static bool installed, resets;
static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
static struct sigaction before[sizeof signals / sizeof signals[0]];

void mico_board_crash_resets(bool on)
{
    resets = on;
}

size_t mico_board_crash_record(uint8_t *out, size_t cap)
{
    int fd = the_path[0] != '\0' ? open(the_path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t len = fd >= 0 ? read(fd, out, cap) : 0;
    if (fd >= 0) {
        close(fd);
    }
    return len > 0 ? (size_t)len : 0;
}

void mico_board_crash_clear(void)
{
    if (the_path[0] != '\0') {
        (void)unlink(the_path);
    }
}

static void begin(enum mico_crash_cause cause)
{
    memset(&crash, 0, sizeof crash);
    crash.cause = cause;
    crash.processor = MICO_CRASH_OTHER;
    crash.uptime_ms = mico_clock_ms();
    mico_crash_text(crash.board, sizeof crash.board, mico_board_name());
    mico_crash_text(crash.thread, sizeof crash.thread, mico_port_running != NULL ? mico_port_running() : NULL);
}

/* What a symbol of the program's file is moved by in memory. */
static uintptr_t load_address(void)
{
    const ElfW(Ehdr) *header = (const void *)__executable_start;
    return header->e_type == ET_DYN ? (uintptr_t)__executable_start : 0;
}

static void add_call(uintptr_t address)
{
    bool own = address >= (uintptr_t)__executable_start && address < (uintptr_t)etext;
    if (crash.calls < MICO_CRASH_CALLS_MAX) {
        crash.call[crash.calls++] = own ? address - load_address() : address;
    }
}

/* The calls from pc on; all but the first few of this file's own when pc is not among them. */
static void add_calls(uintptr_t pc)
{
    void *found[MICO_CRASH_CALLS_MAX + 8];
    int count = backtrace(found, sizeof found / sizeof found[0]);
    int first = 0;
    while (first < count && (uintptr_t)found[first] != pc) {
        first++;
    }
    add_call(pc);
    for (int i = first + 1; i < count; i++) {
        add_call((uintptr_t)found[i]);
    }
}

static void take_registers(const ucontext_t *u)
{
#if defined(__x86_64__)
    static const int order[] = {REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
                                REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP, REG_EFL};
    crash.processor = MICO_CRASH_X86_64;
    crash.registers = sizeof order / sizeof order[0];
    for (unsigned i = 0; i < crash.registers; i++) {
        crash.reg[i] = (uint64_t)u->uc_mcontext.gregs[order[i]];
    }
    add_calls((uintptr_t)u->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
    crash.processor = MICO_CRASH_AARCH64;
    crash.registers = 33;
    for (unsigned i = 0; i < 31; i++) {
        crash.reg[i] = u->uc_mcontext.regs[i];
    }
    crash.reg[31] = u->uc_mcontext.sp;
    crash.reg[32] = u->uc_mcontext.pc;
    add_calls(u->uc_mcontext.pc);
#endif
}

static void say(const char *text)
{
    (void)!write(STDERR_FILENO, text, strlen(text));
}

static void keep(void)
{
    uint8_t record[MICO_CRASH_RECORD_MAX];
    char line[256];
    size_t len = mico_crash_encode(&crash, record);
    snprintf(line, sizeof line, "*** %s%s%s in thread %s\n", mico_crash_cause_name(crash.cause),
             crash.what[0] != '\0' ? ": " : "", crash.what, crash.thread[0] != '\0' ? crash.thread : "(none)");
    say(line);
    int fd = the_path[0] != '\0' ? open(the_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    if (fd >= 0) {
        if (write(fd, record, len) != (ssize_t)len || fsync(fd) != 0) {
            say("*** the crash file cannot be written\n");
        }
        close(fd);
    }
}

/* When this returns, the instruction runs again and whoever handled the signal before gets it: a sanitizer, or the end. */
static void on_signal(int signal_number, siginfo_t *info, void *context)
{
    static bool again;
    if (again) {
        _exit(139);
    }
    again = true;
    uintptr_t low, high, at = signal_number == SIGABRT ? 0 : (uintptr_t)info->si_addr;
    begin(signal_number == SIGABRT ? MICO_CRASH_MISUSE : MICO_CRASH_FAULT);
    if (signal_number == SIGABRT) {
        mico_crash_text(crash.what, sizeof crash.what, "abort");
    }
    crash.exception = (uint32_t)signal_number;
    crash.status = (uint32_t)info->si_code;
    crash.address = at;
    if (mico_port_running_stack != NULL && mico_port_running_stack(&low, &high) && signal_number == SIGSEGV &&
        at < low + STACK_MARGIN / 16 && at >= low - STACK_MARGIN) {
        crash.cause = MICO_CRASH_STACK;
    }
    take_registers(context);
    keep();
    if (resets) {
        mico_posix_restart();
    }
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        sigaction(signals[i], &before[i], NULL);
    }
    again = false;
}

/* A full stack has no room for a handler: each host thread has another for it, for as long as the process lives. */
void mico_posix_crash_thread(void)
{
    stack_t alternate = {.ss_size = ALTERNATE_STACK};
    stack_t old;
    if (!installed || (sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE) == 0)) {
        return; /* nobody asked, or a sanitizer has brought one */
    }
    alternate.ss_sp = malloc(ALTERNATE_STACK);
    if (alternate.ss_sp == NULL || sigaltstack(&alternate, NULL) != 0) {
        say("posix board: no stack for faults\n");
    }
}

void mico_posix_crash_thread_ends(void)
{
    stack_t none = {.ss_flags = SS_DISABLE}, old;
    if (installed && sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE) == 0 &&
        old.ss_size == ALTERNATE_STACK && sigaltstack(&none, NULL) == 0) {
        free(old.ss_sp);
    }
}

void mico_posix_crash_install(const char *path)
{
    void *warm[1];
    (void)backtrace(warm, 1); /* loads what it needs now rather than in a fault */
    snprintf(the_path, sizeof the_path, "%s", path != NULL ? path : "");
    for (size_t i = 0; !installed && i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        sigaction(signals[i], &action, &before[i]);
    }
    installed = true;
    mico_posix_crash_thread();
}

static _Noreturn void stop(enum mico_crash_cause cause, const char *what, uintptr_t where)
{
    if (installed) {
        begin(cause);
        mico_crash_text(crash.what, sizeof crash.what, what);
        add_calls(where);
        crash.call[0]--; /* in the call itself */
        keep();
    }
    if (resets) {
        fflush(NULL);
        mico_posix_restart();
    }
    signal(SIGABRT, SIG_DFL); /* this one is recorded */
    abort();
}

void mico_board_panic(const char *what)
{
    fflush(stdout);
    fprintf(stderr, "panic: %s\n", what);
    stop(MICO_CRASH_MISUSE, what, (uintptr_t)__builtin_return_address(0));
}

void mico_posix_crash_assert(const char *what, uintptr_t where)
{
    stop(MICO_CRASH_ASSERT, what, where);
}
