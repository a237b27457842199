/* SPDX-License-Identifier: Apache-2.0 */
/* Carriers as host threads of which exactly one runs: the one that holds the baton. The mutex and each carrier's condition
 * serve to hand it over, and under that rule nothing else needs a lock. */
#include "os/boards/posix/carrier.h"

#include <pthread.h>
#include <stdlib.h>

#include "os/boards/posix/crash.h"
#include "os/port/context.h"

#define HOST_STACK ((size_t)4 << 20) /* address space, not memory: sanitizers want room */

struct carrier {
    pthread_cond_t turn;
    bool go;
    bool dead;
    void (*entry)(void *arg);
    void *arg;
    void *stack; /* of the host thread */
    size_t stack_size;
};

static pthread_mutex_t baton = PTHREAD_MUTEX_INITIALIZER;

static _Noreturn void finish(struct carrier *carrier)
{
    mico_posix_crash_thread_ends();
    pthread_cond_destroy(&carrier->turn);
    free(carrier);
    pthread_exit(NULL);
}

/* Called with the mutex held; releases it. */
static void await_turn(struct carrier *carrier)
{
    while (!carrier->go) {
        pthread_cond_wait(&carrier->turn, &baton);
    }
    carrier->go = false;
    pthread_mutex_unlock(&baton);
    if (carrier->dead) {
        finish(carrier);
    }
}

static void note_stack(struct carrier *carrier)
{
    pthread_attr_t attr;
    if (pthread_getattr_np(pthread_self(), &attr) != 0) {
        mico_context_panic("context: a host thread without a stack");
    }
    pthread_attr_getstack(&attr, &carrier->stack, &carrier->stack_size);
    pthread_attr_destroy(&attr);
}

static void *carry(void *arg)
{
    struct carrier *carrier = arg;
    pthread_mutex_lock(&baton);
    await_turn(carrier);
    note_stack(carrier); /* with the baton: who deletes a thread reads it */
    mico_posix_crash_thread();
    mico_carrier_begin(carrier->entry, carrier->arg);
}

struct carrier *mico_carrier_new(void (*entry)(void *arg), void *arg)
{
    struct carrier *carrier = calloc(1, sizeof *carrier);
    pthread_attr_t attr;
    pthread_t thread;
    if (carrier == NULL) {
        return NULL;
    }
    carrier->entry = entry;
    carrier->arg = arg;
    pthread_cond_init(&carrier->turn, NULL);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, HOST_STACK);
    int failed = pthread_create(&thread, &attr, carry, carrier);
    pthread_attr_destroy(&attr);
    if (failed != 0) {
        pthread_cond_destroy(&carrier->turn);
        free(carrier);
        return NULL;
    }
    return carrier;
}

/* Called with the mutex held. */
static void let_go(struct carrier *carrier)
{
    carrier->go = true;
    pthread_cond_signal(&carrier->turn);
}

void mico_carrier_switch(struct carrier *from, struct carrier *to, bool ends)
{
    pthread_mutex_lock(&baton);
    let_go(to);
    if (ends) {
        pthread_mutex_unlock(&baton);
        finish(from);
    }
    await_turn(from);
}

/* The host thread wakes once more to end itself; it touches nothing of the kernel's. */
void mico_carrier_drop(struct carrier *carrier)
{
    pthread_mutex_lock(&baton);
    carrier->dead = true;
    let_go(carrier);
    pthread_mutex_unlock(&baton);
}

void mico_carrier_start(struct carrier *first)
{
    static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    pthread_mutex_lock(&baton);
    let_go(first);
    for (;;) {
        pthread_cond_wait(&never, &baton);
    }
}

void mico_carrier_stack(const struct carrier *carrier, void **stack, size_t *size)
{
    *stack = carrier->stack;
    *size = carrier->stack_size;
}
