/* SPDX-License-Identifier: Apache-2.0 */
/* The library as a whole: start, lock, random numbers, and the locations of keys. */
#include "crypto/psa/core.h"
#include "crypto/psa/persist.h"

static bool ready;
static enum { UNTESTED, SOUND, BROKEN } tested; /* by self-tests; BROKEN stays until the program starts anew */
static bool approved;
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

psa_status_t psa_enter(void)
{
    if (lock_hook != NULL) {
        lock_hook();
    }
    return tested == BROKEN ? PSA_ERROR_CORRUPTION_DETECTED : ready ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
}

bool psa_is_sound(void)
{
    return tested != BROKEN;
}

psa_status_t psa_may(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    if (tested == BROKEN) {
        return PSA_ERROR_CORRUPTION_DETECTED;
    }
    return !approved || psa_is_approved(type, bits, alg) ? PSA_SUCCESS : PSA_ERROR_NOT_PERMITTED;
}

psa_status_t psa_leave(psa_status_t status)
{
    if (unlock_hook != NULL) {
        unlock_hook();
    }
    return status;
}

psa_status_t psa_crypto_init(void)
{
    uint8_t drawn;
    psa_status_t status = psa_enter();
    if (status == PSA_ERROR_BAD_STATE) {
        status = psa_status_of(mico_random(&drawn, 1));
        ready = status == PSA_SUCCESS;
    }
    return psa_leave(status);
}

/* Inside psa_enter. */
static void zeroise(void)
{
    psa_forget_all();
    psa_forget_store();
    mico_random_forget();
    mico_wipe(psa_scratch, sizeof psa_scratch);
    ready = false;
}

void mico_psa_zeroise(void)
{
    (void)psa_enter();
    zeroise();
    (void)psa_leave(PSA_SUCCESS);
}

void mico_psa_self_tested(bool passed)
{
    (void)psa_enter();
    if (!passed) {
        tested = BROKEN;
        zeroise();
    } else if (tested == UNTESTED) {
        tested = SOUND;
    }
    (void)psa_leave(PSA_SUCCESS);
}

psa_status_t mico_psa_approved_mode(bool on)
{
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS && on) {
        status = tested == SOUND ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
    } else if (status == PSA_SUCCESS) {
        status = approved ? PSA_ERROR_NOT_PERMITTED : PSA_SUCCESS;
    }
    approved = approved || (on && status == PSA_SUCCESS);
    return psa_leave(status);
}

bool mico_psa_is_approved_mode(void)
{
    return approved;
}

psa_status_t psa_generate_random(uint8_t *output, size_t output_size)
{
    if (!psa_pointer_ok(output, output_size)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = psa_enter();
    if (status == PSA_SUCCESS) {
        status = psa_status_of(mico_random(output, output_size));
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
