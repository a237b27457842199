/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 timers, in both spellings, over the kernel's. */
#include "os/kernel/kernel.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/pool.h"

struct sdk_timer {
    struct sdk_slot slot;
    struct mico_timer timer;
};

static struct sdk_timer timers[SDK_TIMERS];
static const struct sdk_pool pool = SDK_POOL(timers, SDK_TIMER);

OSStatus mico_rtos_init_timer(mico_timer_t *timer, uint32_t time_ms, timer_handler_t function, void *arg)
{
    if (timer == NULL || function == NULL || time_ms == 0 || mico_in_interrupt()) {
        return kGeneralErr;
    }
    struct sdk_timer *t = sdk_take(&pool);
    if (t == NULL) {
        return kNoResourcesErr;
    }
    mico_timer_init(&t->timer, function, arg, time_ms, true);
    timer->handle = sdk_handle(&pool, &t->slot);
    timer->function = function;
    timer->arg = arg;
    return kNoErr;
}

OSStatus mico_rtos_start_timer(mico_timer_t *timer)
{
    struct sdk_timer *t = timer != NULL ? sdk_find(&pool, timer->handle) : NULL;
    if (t == NULL) {
        return kGeneralErr;
    }
    mico_timer_start(&t->timer);
    return kNoErr;
}

OSStatus mico_rtos_stop_timer(mico_timer_t *timer)
{
    struct sdk_timer *t = timer != NULL ? sdk_find(&pool, timer->handle) : NULL;
    if (t == NULL) {
        return kGeneralErr;
    }
    mico_timer_stop(&t->timer);
    return kNoErr;
}

OSStatus mico_rtos_reload_timer(mico_timer_t *timer)
{
    return mico_rtos_start_timer(timer);
}

OSStatus mico_rtos_deinit_timer(mico_timer_t *timer)
{
    struct sdk_timer *t = timer != NULL ? sdk_find(&pool, timer->handle) : NULL;
    if (t == NULL || mico_in_interrupt()) {
        return kGeneralErr;
    }
    timer->handle = NULL;
    mico_timer_cancel(&t->timer);
    sdk_give_back(&t->slot);
    return kNoErr;
}

bool mico_rtos_is_timer_running(mico_timer_t *timer)
{
    const struct sdk_timer *t = timer != NULL ? sdk_find(&pool, timer->handle) : NULL;
    return t != NULL && mico_timer_running(&t->timer);
}

OSStatus mico_init_timer(mico_timer_t *timer, uint32_t time_ms, timer_handler_t function, void *arg)
{
    return mico_rtos_init_timer(timer, time_ms, function, arg);
}

OSStatus mico_start_timer(mico_timer_t *timer)
{
    return mico_rtos_start_timer(timer);
}

OSStatus mico_stop_timer(mico_timer_t *timer)
{
    return mico_rtos_stop_timer(timer);
}

OSStatus mico_reload_timer(mico_timer_t *timer)
{
    return mico_rtos_reload_timer(timer);
}

OSStatus mico_deinit_timer(mico_timer_t *timer)
{
    return mico_rtos_deinit_timer(timer);
}

bool mico_is_timer_running(mico_timer_t *timer)
{
    return mico_rtos_is_timer_running(timer);
}
