/* SPDX-License-Identifier: Apache-2.0 */
/* The library as a whole: start, lock, random numbers, and the locations of keys. */
#include "crypto/psa/core.h"

#include "crypto/primitives/trust.h"
#include "crypto/psa/persist.h"

/* crypto/selftest/at_init.c, in a program that has power-on tests. */
psa_status_t mico_psa_power_on(void) __attribute__((weak));

bool (*psa_approves)(psa_key_type_t type, size_t bits, psa_algorithm_t alg);
static bool (*may_be_for)(psa_key_type_t type, size_t bits, psa_algorithm_t policy); /* approved.c's, likewise */
static psa_status_t (*pair_test)(const struct psa_slot *slot);                       /* pair.c's, likewise */
static bool ready;
static volatile uint32_t era; /* how often all was zeroised */
static bool ended;            /* the error state was seen, and all was wiped */
uint8_t psa_scratch[MICO_PSA_KEY_SIZE];

static struct {
    const struct mico_psa_driver *driver;
    void *ctx;
} locations[MICO_PSA_LOCATIONS] = {{&psa_software, NULL}};

static void (*lock_hook)(void);
static void (*unlock_hook)(void);

void mico_psa_lock_with(void (*lock)(void), void (*unlock)(void))
{
    lock_hook = lock;
    unlock_hook = unlock;
}

/* Inside the lock. */
static void zeroise(void)
{
    psa_forget_all();
    psa_forget_store();
    mico_trust_zeroise();
    mico_random_forget();
    mico_wipe(psa_scratch, sizeof psa_scratch);
    era++;
    ready = false;
}

psa_status_t psa_enter(void)
{
    if (lock_hook != NULL) {
        lock_hook();
    }
    if (!mico_trust_failed()) {
        return ready ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
    }
    if (!ended) { /* by whatever test: of the entropy source too, which knows nothing of keys */
        ended = true;
        zeroise();
    }
    return PSA_ERROR_CORRUPTION_DETECTED;
}

psa_status_t psa_enter_part(uint32_t of)
{
    psa_status_t status = psa_enter();
    return status == PSA_SUCCESS && of != era ? PSA_ERROR_BAD_STATE : status;
}

uint32_t psa_era(void)
{
    return era;
}

bool psa_is_of_now(uint32_t of)
{
    return !mico_trust_failed() && of == era;
}

bool psa_is_sound(void)
{
    return !mico_trust_failed();
}

psa_status_t psa_may_without(psa_algorithm_t alg)
{
    if (mico_trust_ask() != MICO_OK) {
        return mico_trust_failed() ? PSA_ERROR_CORRUPTION_DETECTED : PSA_ERROR_BAD_STATE;
    }
    return psa_may(PSA_KEY_TYPE_NONE, 0, alg);
}

psa_status_t psa_may_make(const psa_key_attributes_t *attributes, size_t bits)
{
    bool may = may_be_for == NULL || may_be_for(attributes->type, bits, attributes->alg);
    return may ? PSA_SUCCESS : PSA_ERROR_NOT_PERMITTED;
}

psa_status_t psa_may_keep_pair(const struct psa_slot *slot)
{
    return pair_test == NULL ? PSA_SUCCESS : pair_test(slot);
}

psa_status_t psa_leave(psa_status_t status)
{
    if (unlock_hook != NULL) {
        unlock_hook();
    }
    return status;
}

/* What draws says when the entropy source failed its tests. */
static psa_status_t settled(psa_status_t status)
{
    return mico_trust_failed() ? PSA_ERROR_CORRUPTION_DETECTED : status;
}

psa_status_t psa_crypto_init(void)
{
    uint8_t drawn;
    bool first = false;
    psa_status_t status = psa_enter();
    if (status == PSA_ERROR_BAD_STATE) {
        first = mico_trust_begin();
        status = settled(psa_status_of(mico_random(&drawn, 1)));
        ready = status == PSA_SUCCESS;
        if (first && status == PSA_ERROR_INSUFFICIENT_ENTROPY) {
            mico_trust_postpone();
        }
    }
    status = psa_leave(status);
    return first && status == PSA_SUCCESS ? mico_psa_power_on() : status;
}

void mico_psa_zeroise(void)
{
    (void)psa_enter();
    zeroise();
    (void)psa_leave(PSA_SUCCESS);
}

void mico_psa_self_tested(bool passed)
{
    (void)(passed ? mico_trust_pass() : mico_trust_fail());
    (void)psa_leave(psa_enter()); /* which zeroises in the error state */
}

/* Secrets of one mode do not serve the other (the implementation guidance of FIPS 140-2, on the approved mode). */
psa_status_t mico_psa_approved_mode(bool on)
{
    psa_status_t status = psa_enter();
    bool already = mico_trust_approved();
    if (status == PSA_SUCCESS && on) {
        status = mico_trust_passed() ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
    } else if (status == PSA_SUCCESS) {
        status = already ? PSA_ERROR_NOT_PERMITTED : PSA_SUCCESS;
    }
    if (status == PSA_SUCCESS && on && !already) {
        uint8_t drawn;
        mico_trust_approve();
        psa_approves = psa_is_approved;
        may_be_for = psa_is_approved_policy;
        pair_test = psa_test_pair;
        zeroise();
        status = settled(psa_status_of(mico_random(&drawn, 1)));
        ready = status == PSA_SUCCESS;
    }
    return psa_leave(status);
}

bool mico_psa_is_approved_mode(void)
{
    return mico_trust_approved();
}

psa_status_t psa_generate_random(uint8_t *output, size_t output_size)
{
    if (!psa_pointer_ok(output, output_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = settled(psa_status_of(mico_random(output, output_size)));
    }
    return psa_leave(status);
}

psa_status_t mico_psa_attach_driver(const struct mico_psa_driver *driver, void *ctx)
{
    psa_status_t status = PSA_ERROR_INSUFFICIENT_MEMORY;
    if (driver == NULL || driver->location == PSA_KEY_LOCATION_LOCAL_STORAGE) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    (void)psa_enter(); /* allowed before psa_crypto_init */
    for (size_t i = 1; i < MICO_PSA_LOCATIONS; i++) {
        if (locations[i].driver == NULL || locations[i].driver->location == driver->location) {
            locations[i].driver = driver;
            locations[i].ctx = ctx;
            psa_slots_use_driver(driver, ctx);
            status = PSA_SUCCESS;
            break;
        }
    }
    return psa_leave(status);
}

bool psa_location(psa_key_location_t location, const struct mico_psa_driver **driver, void **ctx)
{
    for (size_t i = 0; i < MICO_PSA_LOCATIONS; i++) {
        if (locations[i].driver != NULL && locations[i].driver->location == location) {
            *driver = locations[i].driver;
            *ctx = locations[i].ctx;
            return true;
        }
    }
    return false;
}
