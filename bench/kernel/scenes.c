/* SPDX-License-Identifier: Apache-2.0 */
/* The seven scenes of Thread-Metric, each a few threads that do one thing for ever and count it. The interrupt is one
 * that no driver of this program uses, set pending by software. */
#include "bench/kernel/scenes.h"

#include "os/boards/mps2/mps2.h"
#include "os/kernel/kernel.h"

#define THREADS 5
#define FREE_IRQ MPS2_IRQ_ETHERNET /* the controller is left off by this program */
#define NVIC_ISPR ((volatile uint32_t *)0xE000E200u)

void ETHERNET_Handler(void);

volatile uint32_t scene_counter[SCENE_COUNTERS];

static struct mico_thread thread[THREADS];
static uint64_t stacks[THREADS][1024 / sizeof(uint64_t)];
static void (*on_interrupt)(void);
static struct mico_semaphore semaphore;
static struct mico_queue queue;
static struct mico_pool pool;
static uint32_t messages[10][4];
static uint64_t blocks[16][128 / sizeof(uint64_t)];
static volatile uint32_t mismatches, other_count;

static void spawn(unsigned i, unsigned priority, void (*entry)(void *arg))
{
    mico_thread_create(&thread[i], "scene", priority, entry, (void *)(uintptr_t)i, stacks[i], sizeof stacks[i]);
}

void scene_stop(void)
{
    for (unsigned i = 0; i < THREADS; i++) {
        mico_thread_delete(&thread[i]);
    }
    for (unsigned i = 0; i < SCENE_COUNTERS; i++) {
        scene_counter[i] = 0;
    }
    mismatches = other_count = 0;
}

void ETHERNET_Handler(void)
{
    on_interrupt();
}

static void interrupt_by(void (*handler)(void))
{
    on_interrupt = handler;
    mps2_irq_enable(FREE_IRQ);
}

static inline void cause_interrupt(void)
{
    NVIC_ISPR[FREE_IRQ / 32] = 1u << FREE_IRQ % 32;
    __asm__ volatile("dsb\n\tisb" : : : "memory"); /* the handler has run after this */
}

/* Five threads of one priority give way to each other. */
static void give_way(void *arg)
{
    volatile uint32_t *counter = &scene_counter[(uintptr_t)arg];
    for (;;) {
        mico_thread_yield();
        (*counter)++;
    }
}

static void start_cooperative(void)
{
    for (unsigned i = 0; i < THREADS; i++) {
        spawn(i, 5, give_way);
    }
}

/* Each of five threads wakes the next higher one, which does the same and sleeps again; the highest only sleeps. */
static void wake_the_next(void *arg)
{
    unsigned i = (unsigned)(uintptr_t)arg;
    volatile uint32_t *counter = &scene_counter[i];
    for (;;) {
        if (i < THREADS - 1) {
            mico_thread_wake(&thread[i + 1]);
        }
        (*counter)++;
        if (i > 0) {
            mico_thread_sleep_ms(MICO_FOREVER);
        }
    }
}

static void start_preemptive(void)
{
    for (unsigned i = THREADS; i-- > 0;) { /* the highest first: it must sleep when the one below wakes it */
        spawn(i, 8 - i, wake_the_next);
    }
}

/* An interrupt gives a semaphore that the interrupted thread takes. */
static void give_in_interrupt(void)
{
    scene_counter[0]++;
    (void)mico_semaphore_give(&semaphore);
}

static void interrupt_and_take(void *arg)
{
    for (;;) {
        cause_interrupt();
        if (mico_semaphore_take(&semaphore, MICO_NO_WAIT) != MICO_OK) {
            mismatches++;
        }
        other_count++;
    }
}

static void start_interrupt(void)
{
    mico_semaphore_init(&semaphore, 0, 1);
    interrupt_by(give_in_interrupt);
    spawn(0, 5, interrupt_and_take);
}

static bool counts_agree(void)
{
    return mismatches == 0 && scene_counter[0] - other_count <= 1;
}

/* An interrupt wakes a thread above the interrupted one; it counts and sleeps again. */
static void wake_in_interrupt(void)
{
    scene_counter[0]++;
    mico_thread_wake(&thread[1]);
}

static void only_interrupt(void *arg)
{
    uint32_t count = 0;
    for (;;) {
        cause_interrupt();
        if (++count != other_count) { /* the higher one must have run by now */
            mismatches++;
        }
    }
}

static void count_and_sleep(void *arg)
{
    for (;;) {
        mico_thread_sleep_ms(MICO_FOREVER);
        other_count++;
    }
}

static void start_interrupt_preemption(void)
{
    interrupt_by(wake_in_interrupt);
    spawn(1, 4, count_and_sleep);
    spawn(0, 5, only_interrupt);
}

/* One thread sends itself 16 bytes through a queue. */
static void send_and_receive(void *arg)
{
    uint32_t sent[4] = {0x11112222, 0x33334444, 0x55556666, 0x77778888}, received[4] = {0};
    for (;;) {
        mico_err err = mico_queue_push(&queue, sent, MICO_NO_WAIT);
        if (err != MICO_OK || mico_queue_pop(&queue, received, MICO_NO_WAIT) != MICO_OK || received[3] != sent[3]) {
            mismatches++;
        }
        sent[3]++;
        scene_counter[0]++;
    }
}

static void start_message(void)
{
    mico_queue_init(&queue, messages, sizeof messages[0], sizeof messages / sizeof messages[0]);
    spawn(0, 5, send_and_receive);
}

/* One thread takes and gives a semaphore. */
static void take_and_give(void *arg)
{
    for (;;) {
        if (mico_semaphore_take(&semaphore, MICO_NO_WAIT) != MICO_OK || mico_semaphore_give(&semaphore) != MICO_OK) {
            mismatches++;
        }
        scene_counter[0]++;
    }
}

static void start_synchronization(void)
{
    mico_semaphore_init(&semaphore, 1, 1);
    spawn(0, 5, take_and_give);
}

/* One thread takes a block of 128 bytes from a pool and gives it back. */
static void borrow(void *arg)
{
    void *block;
    for (;;) {
        if (mico_pool_take(&pool, &block, MICO_NO_WAIT) != MICO_OK || mico_pool_give(&pool, block) != MICO_OK) {
            mismatches++;
        }
        scene_counter[0]++;
    }
}

static void start_memory(void)
{
    mico_pool_init(&pool, blocks, sizeof blocks[0], sizeof blocks / sizeof blocks[0]);
    spawn(0, 5, borrow);
}

static bool nothing_failed(void)
{
    return mismatches == 0;
}

static bool all_advance_alike(void)
{
    for (unsigned i = 1; i < THREADS; i++) {
        if (scene_counter[i] - scene_counter[0] > i + 1) { /* i before the first round, and one of a round going on */
            return false;
        }
    }
    return true;
}

const struct scene scenes[] = {
    {"cooperative", start_cooperative, THREADS, NULL},
    {"preemptive", start_preemptive, THREADS, all_advance_alike},
    {"interrupt", start_interrupt, 1, counts_agree},
    {"interrupt-preemption", start_interrupt_preemption, 1, counts_agree},
    {"message", start_message, 1, nothing_failed},
    {"synchronization", start_synchronization, 1, nothing_failed},
    {"memory", start_memory, 1, nothing_failed},
};
const size_t scene_count = sizeof scenes / sizeof scenes[0];
