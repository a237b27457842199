/* SPDX-License-Identifier: Apache-2.0 */
/* What carries a context of the posix board while it does not run, for context.c alone. Two kinds, one of which is linked:
 * carrier_thread.c (host threads: debuggers and sanitizers know them) and carrier_coroutine.c (stacks that one host thread
 * changes between: ten times faster, for tests that switch millions of times). */
#ifndef OS_BOARDS_POSIX_CARRIER_H
#define OS_BOARDS_POSIX_CARRIER_H

#include <stdbool.h>
#include <stddef.h>

struct carrier;

/** A carrier that runs mico_carrier_begin(entry, arg) when it is first switched to. NULL when the host has no more. */
struct carrier *mico_carrier_new(void (*entry)(void *arg), void *arg);

/** context.c's: the first steps of every carrier. */
_Noreturn void mico_carrier_begin(void (*entry)(void *arg), void *arg);

/** Run to; the caller goes on when it is switched to again, or with ends never. */
void mico_carrier_switch(struct carrier *from, struct carrier *to, bool ends);

/** One that does not run and never will again. */
void mico_carrier_drop(struct carrier *carrier);

/** Run the first one, for good. */
_Noreturn void mico_carrier_start(struct carrier *first);

/** Its host stack, once it has begun. */
void mico_carrier_stack(const struct carrier *carrier, void **stack, size_t *size);

#endif
