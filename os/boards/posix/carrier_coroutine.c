/* SPDX-License-Identifier: Apache-2.0 */
/* Carriers as stacks that one host thread changes between. A stack is entered the first time by makecontext, and from then on
 * by the cheaper _longjmp, which asks the host nothing. Stacks of ended ones serve the next. */
#include "os/boards/posix/carrier.h"

#include <setjmp.h>
#include <stdlib.h>
#include <ucontext.h>

#include "os/port/context.h"

#define STACK ((size_t)128 << 10)

struct carrier {
    jmp_buf at; /* where it stopped */
    ucontext_t first;
    bool begun;
    void (*entry)(void *arg);
    void *arg;
    struct carrier *next_free;
    char stack[STACK];
};

static struct carrier *free_ones;
static struct carrier *beginning; /* makecontext passes no pointers */
static struct carrier *ended;     /* left for good, but its stack was in use until the switch was over */

static void clear_away_ended(void)
{
    if (ended != NULL) {
        mico_carrier_drop(ended);
        ended = NULL;
    }
}

static void carry(void)
{
    struct carrier *carrier = beginning;
    clear_away_ended();
    mico_carrier_begin(carrier->entry, carrier->arg);
}

struct carrier *mico_carrier_new(void (*entry)(void *arg), void *arg)
{
    struct carrier *carrier = free_ones;
    if (carrier != NULL) {
        free_ones = carrier->next_free;
    } else {
        carrier = malloc(sizeof *carrier);
    }
    if (carrier != NULL) {
        carrier->begun = false;
        carrier->entry = entry;
        carrier->arg = arg;
    }
    return carrier;
}

static _Noreturn void enter(struct carrier *carrier)
{
    if (carrier->begun) {
        _longjmp(carrier->at, 1);
    }
    carrier->begun = true;
    beginning = carrier;
    if (getcontext(&carrier->first) == 0) {
        carrier->first.uc_stack.ss_sp = carrier->stack;
        carrier->first.uc_stack.ss_size = sizeof carrier->stack;
        carrier->first.uc_link = NULL;
        makecontext(&carrier->first, carry, 0);
        setcontext(&carrier->first);
    }
    mico_context_panic("context: the host cannot enter a stack");
}

void mico_carrier_switch(struct carrier *from, struct carrier *to, bool ends)
{
    if (ends) {
        ended = from;
        enter(to);
    }
    if (_setjmp(from->at) == 0) {
        enter(to);
    }
    clear_away_ended();
}

void mico_carrier_drop(struct carrier *carrier)
{
    carrier->next_free = free_ones;
    free_ones = carrier;
}

void mico_carrier_start(struct carrier *first)
{
    enter(first);
}

void mico_carrier_stack(const struct carrier *carrier, void **stack, size_t *size)
{
    *stack = (void *)(uintptr_t)carrier->stack;
    *size = sizeof carrier->stack;
}
