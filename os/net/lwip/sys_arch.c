/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP on MiCO's kernel: lwip/sys.h is the contract. */
#include <lwip/sys.h>

#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "os/port/board.h"
#include "os/port/clock.h"

#define SEMAPHORE_MAX 0xFFFFu

/* lwIP waits for ever with 0. */
static uint32_t waiting_time(u32_t timeout_ms)
{
    return timeout_ms == 0 ? MICO_FOREVER : timeout_ms;
}

/* What lwIP wants to know of a wait that succeeded: how long it took, never SYS_ARCH_TIMEOUT. */
static u32_t waited(uint64_t since_ms)
{
    return (u32_t)(mico_clock_ms() - since_ms) & 0x7FFFFFFFu;
}

err_t sys_sem_new(sys_sem_t *sem, u8_t count)
{
    mico_semaphore_init(&sem->semaphore, count, SEMAPHORE_MAX);
    sem->valid = true;
    return ERR_OK;
}

void sys_sem_signal(sys_sem_t *sem)
{
    (void)mico_semaphore_give(&sem->semaphore); /* at the maximum a waiter is owed nothing more */
}

u32_t sys_arch_sem_wait(sys_sem_t *sem, u32_t timeout_ms)
{
    uint64_t start = mico_clock_ms();
    mico_err err = mico_semaphore_take(&sem->semaphore, waiting_time(timeout_ms));
    return err == MICO_OK ? waited(start) : SYS_ARCH_TIMEOUT;
}

void sys_sem_free(sys_sem_t *sem)
{
    mico_semaphore_deinit(&sem->semaphore);
}

err_t sys_mutex_new(sys_mutex_t *mutex)
{
    mico_mutex_init(&mutex->mutex);
    mutex->valid = true;
    return ERR_OK;
}

void sys_mutex_lock(sys_mutex_t *mutex)
{
    if (mico_mutex_lock(&mutex->mutex, MICO_FOREVER) != MICO_OK) {
        mico_lwip_assert("a mutex of lwIP cannot be locked");
    }
}

void sys_mutex_unlock(sys_mutex_t *mutex)
{
    (void)mico_mutex_unlock(&mutex->mutex);
}

void sys_mutex_free(sys_mutex_t *mutex)
{
    mico_mutex_deinit(&mutex->mutex);
}

err_t sys_mbox_new(sys_mbox_t *mbox, int size)
{
    if (size > MICO_LWIP_MAILBOX) {
        return ERR_MEM;
    }
    mico_queue_init(&mbox->queue, mbox->items, sizeof mbox->items[0], size > 0 ? (size_t)size : MICO_LWIP_MAILBOX);
    mbox->valid = true;
    return ERR_OK;
}

void sys_mbox_post(sys_mbox_t *mbox, void *msg)
{
    if (mico_queue_push(&mbox->queue, &msg, MICO_FOREVER) != MICO_OK) {
        mico_lwip_assert("a mailbox of lwIP is gone");
    }
}

err_t sys_mbox_trypost(sys_mbox_t *mbox, void *msg)
{
    return mico_queue_push(&mbox->queue, &msg, MICO_NO_WAIT) == MICO_OK ? ERR_OK : ERR_MEM;
}

err_t sys_mbox_trypost_fromisr(sys_mbox_t *mbox, void *msg)
{
    return sys_mbox_trypost(mbox, msg);
}

u32_t sys_arch_mbox_fetch(sys_mbox_t *mbox, void **msg, u32_t timeout_ms)
{
    uint64_t start = mico_clock_ms();
    void *item = NULL;
    mico_err err = mico_queue_pop(&mbox->queue, &item, waiting_time(timeout_ms));
    if (msg != NULL) {
        *msg = item;
    }
    return err == MICO_OK ? waited(start) : SYS_ARCH_TIMEOUT;
}

u32_t sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **msg)
{
    void *item = NULL;
    mico_err err = mico_queue_pop(&mbox->queue, &item, MICO_NO_WAIT);
    if (msg != NULL) {
        *msg = item;
    }
    return err == MICO_OK ? 0 : SYS_MBOX_EMPTY;
}

void sys_mbox_free(sys_mbox_t *mbox)
{
    mico_queue_deinit(&mbox->queue);
}

/* lwIP starts one thread, its own, once. */
sys_thread_t sys_thread_new(const char *name, lwip_thread_fn thread, void *arg, int stack_size, int priority)
{
    static struct mico_thread the_thread;
    static uint64_t the_stack[TCPIP_THREAD_STACKSIZE / sizeof(uint64_t)];
    static bool used;
    if (used || stack_size > (int)sizeof the_stack) {
        mico_lwip_assert("lwIP asks for a second thread");
    }
    used = true;
    mico_thread_create(&the_thread, name, (unsigned)priority, thread, arg, the_stack, sizeof the_stack);
    return &the_thread;
}

void sys_init(void)
{
}

u32_t sys_now(void)
{
    return (u32_t)mico_clock_ms();
}

sys_prot_t sys_arch_protect(void)
{
    return mico_irq_save();
}

void sys_arch_unprotect(sys_prot_t state)
{
    mico_irq_restore(state);
}

void mico_lwip_assert(const char *text)
{
    MICO_LOG("net", "lwIP: %s", text);
    mico_board_halt(1);
}

uint32_t mico_lwip_random(void)
{
    uint8_t out[4];
    if (mico_random(out, sizeof out) != MICO_OK) {
        mico_lwip_assert("no random numbers for TCP");
    }
    return mico_load_le32(out);
}
