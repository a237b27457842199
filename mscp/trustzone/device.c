/* SPDX-License-Identifier: Apache-2.0 */
/* A device whose coprocessor is its own Secure world: an application that signs by PSA with a key it cannot read, while a thread of
 * high priority keeps its time. For trustzone_test.c. */
#include "base/log.h"
#include "crypto/psa/psa_mscp.h"
#include "mscp/host/mscp_host_state.h"
#include "mscp/host/transport_trustzone.h"
#include "os/kernel/kernel.h"
#include "os/port/clock.h"

#define KEY_ID (MSCP_ID_GENERAL + 1)
#define SIGN_FOR_MS 300

static struct mscp_host host;
static struct mico_thread clock_thread;
static uint8_t clock_stack[1024];
static volatile unsigned the_wakes;

int application_start(void);

static void keep_time(void *arg)
{
    for (;;) {
        mico_thread_sleep_ms(1);
        the_wakes++;
    }
}

/* The chip is new: it is paired, and makes its first key. */
static mico_err make_key(void)
{
    static const struct mscp_attributes raw = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW};
    struct mscp_transport transport;
    struct mscp_binding binding;
    uint8_t public_key[32];
    mscp_trustzone_open(&transport);
    mscp_host_start(&host, &transport, NULL);
    mico_err err = mscp_host_pair(&host, &binding);
    mico_wipe(&binding, sizeof binding);
    return err != MICO_OK ? err : mscp_host_generate(&host, KEY_ID, &raw, public_key);
}

static psa_status_t register_key(psa_key_id_t *key)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_usage_flags(&attributes,
                            PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE | PSA_KEY_USAGE_EXPORT);
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    psa_status_t status = psa_crypto_init();
    if (status == PSA_SUCCESS) {
        status = mico_psa_attach_mscp(&host);
    }
    return status == PSA_SUCCESS ? mico_psa_register_mscp_key(&attributes, KEY_ID, key) : status;
}

/* How many signatures were made; bad ones are negative. */
static int sign(psa_key_id_t key)
{
    uint8_t message[100] = {0}, signature[64];
    size_t len;
    int made = 0;
    for (uint64_t until = mico_clock_ms() + SIGN_FOR_MS; mico_clock_ms() < until; made++) {
        message[0] = (uint8_t)made;
        if (psa_sign_message(key, PSA_ALG_PURE_EDDSA, message, sizeof message, signature, sizeof signature, &len) !=
                PSA_SUCCESS ||
            psa_verify_message(key, PSA_ALG_PURE_EDDSA, message, sizeof message, signature, len) != PSA_SUCCESS) {
            return -1;
        }
    }
    return made;
}

int application_start(void)
{
    psa_key_id_t key = 0;
    uint8_t out[64];
    size_t len;
    mico_err err = make_key();
    psa_status_t status = err == MICO_OK ? register_key(&key) : PSA_ERROR_GENERIC_ERROR;
    MICO_LOG("device", "key: %d, %d", (int)err, (int)status);
    if (status != PSA_SUCCESS) {
        return 1;
    }
    mico_thread_create(&clock_thread, "clock", 0, keep_time, NULL, clock_stack, sizeof clock_stack);
    MICO_LOG("device", "signatures good: %d", sign(key));
    MICO_LOG("device", "wakes meanwhile: %u", the_wakes);
    MICO_LOG("device", "export: %d", (int)psa_export_key(key, out, sizeof out, &len));
    return 0;
}
