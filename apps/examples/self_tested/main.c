/* SPDX-License-Identifier: Apache-2.0 */
/* Power-on self-tests: the word mico_self_tested in CMakeLists.txt, and psa_crypto_init before anything else of cryptography. Then the
 * approved mode, in which what no publication of NIST approves is refused. */
#include "crypto/psa/mico_psa.h"
#include "mico.h"

#define say(...) custom_log("CRYPTO", __VA_ARGS__)
#define STACK_SIZE (48 * 1024) /* RSA's test takes 36 KB of it: docs/CRYPTO-TRUST.md */

static void run(mico_thread_arg_t arg)
{
    uint8_t random[16];
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key;

    say("random numbers before the self-tests: %d", MicoRandomNumberRead(random, sizeof random) == kNoErr);
    psa_status_t status = psa_crypto_init();
    say("self-tests: %d", (int)status);
    if (status != PSA_SUCCESS) {
        return; /* nothing of cryptography works until the next start */
    }
    say("random numbers after them: %d", MicoRandomNumberRead(random, sizeof random) == kNoErr);
    say("approved mode: %d", (int)mico_psa_approved_mode(true));
    psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
    psa_set_key_bits(&attributes, 128);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT);
    psa_set_key_algorithm(&attributes, PSA_ALG_GCM);
    say("a key for AES-GCM: %d", (int)psa_generate_key(&attributes, &key));
    psa_set_key_type(&attributes, PSA_KEY_TYPE_CHACHA20);
    psa_set_key_bits(&attributes, 256);
    psa_set_key_algorithm(&attributes, PSA_ALG_CHACHA20_POLY1305);
    say("a key for ChaCha20-Poly1305: %d", (int)psa_generate_key(&attributes, &key));
}

OSStatus application_start(void)
{
    return mico_rtos_create_thread(NULL, MICO_APPLICATION_PRIORITY, "crypto", run, STACK_SIZE, 0);
}
