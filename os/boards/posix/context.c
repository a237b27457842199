/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts on carriers of which exactly one runs, so the variables need no lock. "Interrupts" are served where a thread allows
 * them: when the outermost mico_irq_restore finds that the clock has moved on, and in the idle thread. So a program's threads
 * switch only at kernel calls, in the same order on every run when the clock is held; and in the order that a seed chooses
 * after mico_posix_seed. */
#include "os/port/context.h"

#include <stdio.h>
#include <stdlib.h>

#include "os/boards/posix/carrier.h"
#include "os/boards/posix/events.h"
#include "os/boards/posix/posix.h"
#include "os/port/clock.h"
#include "os/port/crash.h"

struct mico_context *volatile mico_context_next;

static struct mico_context *current;
static uint32_t masked;
static bool pending, leaving, in_interrupt;
static void (*on_tick)(void);
static uint64_t ticked_ms;

/* What mico_posix_seed has chosen. */
static struct {
    bool on;
    uint64_t state;
    uint32_t rarity; /* one point in so many is disturbed */
    uint64_t start_ms;
    uint64_t trace;
    void (*interrupt)(void *arg);
    void *interrupt_arg;
} seeded;

void mico_carrier_begin(void (*entry)(void *arg), void *arg)
{
    masked = 0;
    entry(arg);
    mico_context_panic("context: its entry has returned");
}

void mico_context_init(struct mico_context *context, void *stack, size_t stack_size, void (*entry)(void *), void *arg)
{
    context->sp = mico_carrier_new(entry, arg);
    if (context->sp == NULL) {
        mico_context_panic("context: the host gives no more threads");
    }
}

void mico_context_pend(void)
{
    pending = true;
}

/* Watched descriptors may point into the stack of who ends. */
static void unwatch(const struct carrier *carrier)
{
    void *stack;
    size_t size;
    mico_carrier_stack(carrier, &stack, &size);
    mico_posix_unwatch_within(stack, size);
}

void mico_context_drop(struct mico_context *context)
{
    unwatch(context->sp);
    mico_carrier_drop(context->sp);
}

void mico_context_leave(void)
{
    unwatch(current->sp);
    leaving = true;
}

/* FNV-1a over who runs and when, so that two runs can be compared. */
static void note_switch(void)
{
    if (seeded.on) {
        const char *name = mico_context_name(current);
        seeded.trace = (seeded.trace ^ (mico_clock_ms() - seeded.start_ms)) * 0x100000001B3u;
        for (size_t i = 0; name != NULL && name[i] != '\0'; i++) {
            seeded.trace = (seeded.trace ^ (uint8_t)name[i]) * 0x100000001B3u;
        }
    }
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
    masked = 1; /* no point comes in the middle of this */
    note_switch();
    mico_carrier_switch(from, to, leaves);
    masked = 0;
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

/* splitmix64, Steele, Lea and Flood 2014 */
static uint32_t draw(uint32_t below)
{
    uint64_t z = seeded.state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) % below);
}

/* Perhaps an interrupt comes here: the one of mico_posix_seed_interrupt, or some ticks, as many as end a turn or a few. */
static void disturb(void)
{
    if (!seeded.on || draw(seeded.rarity) != 0) {
        return;
    }
    in_interrupt = true;
    if (seeded.interrupt != NULL && draw(3) == 0) {
        seeded.interrupt(seeded.interrupt_arg);
    }
    for (uint32_t ms = draw(2) == 0 ? 10 : draw(3); ms > 0; ms--) {
        mico_posix_clock_move(1);
        mico_port_tick();
    }
    ticked_ms = mico_clock_ms();
    in_interrupt = false;
}

static void switch_if_asked(void)
{
    while (pending) {
        pending = false;
        hand_over();
    }
}

void mico_posix_point(void)
{
    if (seeded.on && masked == 0 && !in_interrupt && current != NULL) {
        disturb();
        switch_if_asked();
    }
}

void mico_posix_seed(uint64_t seed)
{
    if (!mico_posix_clock_held()) {
        mico_posix_clock_hold();
    }
    seeded.on = true;
    seeded.state = seed;
    seeded.start_ms = mico_clock_ms();
    seeded.trace = 0xCBF29CE484222325u;
    seeded.rarity = 2u << draw(9);
}

void mico_posix_seed_interrupt(void (*handler)(void *arg), void *arg)
{
    seeded.interrupt = handler;
    seeded.interrupt_arg = arg;
}

uint64_t mico_posix_trace(void)
{
    return seeded.trace;
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
    disturb();
    switch_if_asked();
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
    on_tick = tick;
    current = mico_context_next;
    mico_carrier_start(current->sp);
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
    void *stack;
    size_t size;
    mico_carrier_stack(current->sp, &stack, &size);
    *low = (uintptr_t)stack;
    *high = *low + size;
    return true;
}
