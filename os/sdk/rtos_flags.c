/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3 event flags over the kernel's events. */
#include "os/kernel/kernel.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/pool.h"

struct sdk_flags {
    struct sdk_slot slot;
    struct mico_event event;
};

static struct sdk_flags all_flags[SDK_EVENT_FLAGS];
static const struct sdk_pool pool = SDK_POOL(all_flags, SDK_FLAGS);

OSStatus mico_rtos_init_event_flags(mico_event_flags_t *event_flags)
{
    struct sdk_flags *f = event_flags != NULL ? sdk_take(&pool) : NULL;
    if (f == NULL) {
        return event_flags == NULL ? kGeneralErr : kNoResourcesErr;
    }
    mico_event_init(&f->event);
    *event_flags = sdk_handle(&pool, &f->slot);
    return kNoErr;
}

OSStatus mico_rtos_wait_for_event_flags(mico_event_flags_t *event_flags, uint32_t flags_to_wait_for,
                                        uint32_t *flags_set, mico_bool_t clear_set_flags,
                                        mico_event_flags_wait_option_t wait_option, uint32_t timeout_ms)
{
    struct sdk_flags *f = sdk_find_at(&pool, event_flags);
    unsigned how = (wait_option == WAIT_FOR_ALL_EVENTS ? MICO_EVENT_ALL : MICO_EVENT_ANY) |
                   (clear_set_flags ? 0 : MICO_EVENT_KEEP);
    if (f == NULL || flags_to_wait_for == 0 ||
        (wait_option != WAIT_FOR_ANY_EVENT && wait_option != WAIT_FOR_ALL_EVENTS) ||
        (timeout_ms != MICO_NO_WAIT && mico_in_interrupt())) {
        return kGeneralErr;
    }
    mico_err err = mico_event_wait(&f->event, flags_to_wait_for, how, flags_set, timeout_ms);
    return err == MICO_OK ? kNoErr : err == MICO_ERR_TIMEOUT ? kTimeoutErr : kGeneralErr;
}

OSStatus mico_rtos_set_event_flags(mico_event_flags_t *event_flags, uint32_t flags_to_set)
{
    struct sdk_flags *f = sdk_find_at(&pool, event_flags);
    if (f == NULL) {
        return kGeneralErr;
    }
    (void)mico_event_set(&f->event, flags_to_set);
    return kNoErr;
}

/* In one piece: who is released by it must find the handle void, and not wait for it again. */
OSStatus mico_rtos_deinit_event_flags(mico_event_flags_t *event_flags)
{
    uint32_t irq = mico_irq_save();
    struct sdk_flags *f = mico_in_interrupt() ? NULL : sdk_find_at(&pool, event_flags);
    if (f != NULL) {
        mico_event_deinit(&f->event);
        sdk_give_back(&f->slot);
        *event_flags = NULL;
    }
    mico_irq_restore(irq);
    return f != NULL ? kNoErr : kGeneralErr;
}
