/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts as host threads of which exactly one runs: the one that holds the baton.
 *
 * Everything below runs under that rule, so the variables need no lock of their own; the mutex and each carrier's
 * condition serve to hand the baton over. "Interrupts" are served where a thread allows them: when the outermost
 * mico_irq_restore finds that the clock has moved on, and in the idle thread. So a program's threads switch only at
 * kernel calls, in the same order on every run when the clock is held. */
#include "os/port/context.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "os/boards/posix/crash.h"
#include "os/boards/posix/events.h"
#include "os/boards/posix/posix.h"
#include "os/port/clock.h"
#include "os/port/crash.h"

#define HOST_STACK ((size_t)4 << 20) /* address space, not memory: sanitizers want room */

struct carrier {
    pthread_cond_t turn;
    bool go;
    bool dead;
    void (*entry)(void *arg);
    void *arg;
    void *stack; /* of the host thread; watched descriptors may point into it */
    size_t stack_size;
};

struct mico_context *volatile mico_context_next;

static struct mico_context *current;
static pthread_mutex_t baton = PTHREAD_MUTEX_INITIALIZER;
static uint32_t masked;
static bool pending, leaving, in_interrupt;
static void (*on_tick)(void);
static uint64_t ticked_ms;

static _Noreturn void finish(struct carrier *self)
{
    mico_posix_crash_thread_ends();
    pthread_cond_destroy(&self->turn);
    free(self);
    pthread_exit(NULL);
}

/* Called with the mutex held; releases it. */
static void await_turn(struct carrier *self)
{
    while (!self->go) {
        pthread_cond_wait(&self->turn, &baton);
    }
    self->go = false;
    pthread_mutex_unlock(&baton);
    if (self->dead) {
        finish(self);
    }
}

static void note_stack(struct carrier *self)
{
    pthread_attr_t attr;
    if (pthread_getattr_np(pthread_self(), &attr) != 0) {
        mico_context_panic("context: a host thread without a stack");
    }
    pthread_attr_getstack(&attr, &self->stack, &self->stack_size);
    pthread_attr_destroy(&attr);
}

static void *carry(void *arg)
{
    struct carrier *self = arg;
    pthread_mutex_lock(&baton);
    await_turn(self);
    note_stack(self); /* with the baton: who deletes a thread reads it */
    mico_posix_crash_thread();
    masked = 0;
    self->entry(self->arg);
    mico_context_panic("context: its entry has returned");
}

void mico_context_init(struct mico_context *context, void *stack, size_t stack_size, void (*entry)(void *), void *arg)
{
    struct carrier *carrier = calloc(1, sizeof *carrier);
    pthread_attr_t attr;
    pthread_t thread;
    if (carrier == NULL) {
        mico_context_panic("context: no memory for a host thread");
    }
    carrier->entry = entry;
    carrier->arg = arg;
    context->sp = carrier;
    pthread_cond_init(&carrier->turn, NULL);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, HOST_STACK);
    if (pthread_create(&thread, &attr, carry, carrier) != 0) {
        mico_context_panic("context: the host gives no more threads");
    }
    pthread_attr_destroy(&attr);
}

void mico_context_pend(void)
{
    pending = true;
}

/* The host thread wakes once more to end itself; it touches nothing of the kernel's. */
void mico_context_drop(struct mico_context *context)
{
    struct carrier *carrier = context->sp;
    mico_posix_unwatch_within(carrier->stack, carrier->stack_size);
    pthread_mutex_lock(&baton);
    carrier->dead = true;
    carrier->go = true;
    pthread_cond_signal(&carrier->turn);
    pthread_mutex_unlock(&baton);
}

void mico_context_leave(void)
{
    struct carrier *carrier = current->sp;
    mico_posix_unwatch_within(carrier->stack, carrier->stack_size);
    leaving = true;
}

static void hand_over(void)
{
    struct carrier *from = current->sp;
    struct carrier *to = mico_context_next->sp;
    bool leaves = leaving;
    if (from == to) {
        return;
    }
    current = mico_context_next;
    leaving = false;
    pthread_mutex_lock(&baton);
    to->go = true;
    pthread_cond_signal(&to->turn);
    if (leaves) {
        pthread_mutex_unlock(&baton);
        finish(from);
    }
    await_turn(from);
}

static void serve_interrupts(void)
{
    uint64_t now_ms = mico_clock_ms();
    if (now_ms != ticked_ms) {
        ticked_ms = now_ms;
        in_interrupt = true;
        mico_posix_poll(0);
        mico_port_tick();
        in_interrupt = false;
    }
}

uint32_t mico_irq_save(void)
{
    uint32_t state = masked;
    masked = 1;
    return state;
}

void mico_irq_restore(uint32_t state)
{
    masked = state;
    if (state != 0 || in_interrupt || current == NULL) {
        return;
    }
    serve_interrupts();
    while (pending) {
        pending = false;
        hand_over();
    }
}

bool mico_in_interrupt(void)
{
    return in_interrupt;
}

void mico_port_tick(void)
{
    if (on_tick != NULL) {
        on_tick();
    }
}

void mico_context_start(void (*tick)(void))
{
    static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    on_tick = tick;
    current = mico_context_next;
    pthread_mutex_lock(&baton);
    struct carrier *first = current->sp;
    first->go = true;
    pthread_cond_signal(&first->turn);
    for (;;) {
        pthread_cond_wait(&never, &baton);
    }
}

void mico_context_idle(uint64_t until_ms)
{
    uint64_t now_ms = mico_clock_ms();
    uint64_t left_ms = until_ms > now_ms ? until_ms - now_ms : 0;
    in_interrupt = true;
    mico_posix_poll(left_ms < UINT32_MAX ? (uint32_t)left_ms : until_ms == UINT64_MAX ? UINT32_MAX : UINT32_MAX - 1);
    in_interrupt = false;
}

void mico_posix_interrupt(void (*handler)(void *arg), void *arg)
{
    bool nested = in_interrupt;
    in_interrupt = true;
    handler(arg);
    in_interrupt = nested;
    mico_irq_restore(mico_irq_save());
}

void mico_context_panic(const char *what)
{
    mico_board_panic(what);
}

const char *mico_port_running(void)
{
    return current != NULL ? mico_context_name(current) : NULL;
}

bool mico_port_running_stack(uintptr_t *low, uintptr_t *high)
{
    if (current == NULL) {
        return false;
    }
    const struct carrier *carrier = current->sp;
    *low = (uintptr_t)carrier->stack;
    *high = *low + carrier->stack_size;
    return true;
}
