/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's tests: the same cases on every board, run in one thread of priority MAIN_PRIORITY. */
#ifndef OS_KERNEL_TEST_CASES_H
#define OS_KERNEL_TEST_CASES_H

#include "os/kernel/kernel.h"
#include "os/port/clock.h"

#define MAIN_PRIORITY 5u
#define THREADS 10u

struct kernel_case {
    const char *name;
    void (*run)(void);
};

#define CASE(function)      \
    {                       \
#function, function \
    }
#define CASES_OF(group)                      \
    extern const struct kernel_case group[]; \
    extern const size_t group##_count
CASES_OF(thread_cases);
CASES_OF(suspend_cases);
CASES_OF(mutex_cases);
CASES_OF(inheritance_cases);
CASES_OF(ipc_cases);
CASES_OF(event_cases);
CASES_OF(pool_cases);
CASES_OF(timer_cases);
CASES_OF(idle_cases);
CASES_OF(misuse_cases);
CASES_OF(interrupt_cases);
CASES_OF(interleaving_cases);
CASES_OF(random_cases);
#define END_OF_CASES(group) const size_t group##_count = sizeof group / sizeof group[0]

/* A failed check ends the program: other threads may be anywhere. */
#define CHECK(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))
#define CHECK_INT(actual, expected) check_int((long long)(actual), (long long)(expected), #actual, __FILE__, __LINE__)
#define CHECK_TRACE(expected) check_trace((expected), __FILE__, __LINE__)
_Noreturn void check_failed(const char *what, const char *file, int line);
void check_int(long long actual, long long expected, const char *what, const char *file, int line);

/* The invariants hold now, for the threads below and the caller. */
void check_kernel(void);

/* Threads of the cases: spawn(i, ...) starts the i-th; reap ends and joins all that are alive. */
extern struct mico_thread thread[THREADS];
void spawn(unsigned i, unsigned priority, void (*entry)(void *arg), void *arg);
void reap(void);

/* Wait until all others have done what they can: a millisecond at least, which on a real clock takes a sleep of two. */
void let_others_run(void);

/* Letters in the order in which threads came by. */
void mark(char letter);
void check_trace(const char *expected, const char *file, int line);

/* Let the millisecond clock advance by ms without giving up the processor: the kernel may take it away. */
void pass_ms(uint32_t ms);

/* The clock reads start_ms + ms now (held clock), or at most 2 ms more (a real one). */
void check_elapsed(uint64_t start_ms, uint32_t ms, const char *file, int line);
#define CHECK_ELAPSED(start_ms, ms) check_elapsed((start_ms), (ms), __FILE__, __LINE__)

/* Run handler(arg) as an interrupt of the calling thread. */
void as_interrupt(void (*handler)(void *arg), void *arg);

/* For calls whose result may be anything. */
static inline void ignore(mico_err err)
{
}

/* Does action(arg) report misuse? */
bool is_misuse(void (*action)(void *arg), void *arg);

#endif
