/* SPDX-License-Identifier: Apache-2.0 */
/* SP 800-108 revision 1, section 4.1: the counter mode over HMAC and over CMAC, as PSA 1.2 fixes its free choices. [x] is x
 * in 4 bytes, big-endian; L is the number of bits of the whole output, an operation's capacity at the first one.
 *
 *   HMAC: K(i) = HMAC(secret, [i] | label | 0 | context | [L])
 *   CMAC: K(i) = CMAC(secret, [i] | label | 0 | context | [L] | K(0)), K(0) = CMAC(secret, label | 0 | context | [L])
 *
 * K(0) is section 6.7's answer to whoever knows the secret and chooses the context. The label is the operation's second
 * input, the context its first one, L its cost. */
#include <string.h>

#include "crypto/primitives/block.h"
#include "crypto/primitives/must.h"
#include "crypto/psa/core.h"
#include "crypto/psa/kdf.h"

size_t psa_kdf_counter_capacity(psa_algorithm_t alg)
{
    return 0x1FFFFFFF; /* L has 32 bits */
}

psa_status_t psa_kdf_counter_take(psa_key_derivation_operation_t *operation, enum kdf_given what, struct mico_span data)
{
    if (what == KDF_CONTEXT) {
        return psa_kdf_keep_first(operation, data);
    }
    if (what == KDF_LABEL) {
        bool ends_early = data.len != 0 && memchr(data.data, 0, data.len) != NULL;
        return ends_early ? PSA_ERROR_INVALID_ARGUMENT : psa_kdf_keep_second(operation, data);
    }
    if (operation->kdf != PSA_ALG_SP800_108_COUNTER_CMAC) {
        psa_kdf_keep_secret(operation, data, true);
        return PSA_SUCCESS;
    }
    memcpy(operation->secret, data.data, data.len); /* an AES key: at most 32 bytes */
    operation->secret_len = (uint16_t)data.len;
    return PSA_SUCCESS;
}

void psa_kdf_counter_begin(psa_key_derivation_operation_t *operation)
{
    operation->cost = (uint32_t)operation->capacity * 8;
}

/* label | 0 | context | [L], with what adds to the MAC. */
static void add_fixed(const psa_key_derivation_operation_t *operation, void (*add)(void *mac, struct mico_span data),
                      void *mac)
{
    static const uint8_t separator[1];
    uint8_t bits[4];
    mico_store_be32(bits, operation->cost);
    add(mac, (struct mico_span){operation->second, operation->second_len});
    add(mac, MICO_SPAN(separator));
    add(mac, (struct mico_span){operation->first, operation->first_len});
    add(mac, MICO_SPAN(bits));
}

static void add_hmac(void *mac, struct mico_span data)
{
    mico_hmac_add(mac, data);
}

void psa_kdf_counter_next(psa_key_derivation_operation_t *operation)
{
    struct mico_hmac hmac;
    uint8_t number[4];
    mico_store_be32(number, operation->counter);
    psa_kdf_start_hmac(operation, &hmac);
    mico_hmac_add(&hmac, MICO_SPAN(number));
    add_fixed(operation, add_hmac, &hmac);
    mico_hmac_finish(&hmac, operation->block);
}

static void add_cmac(void *mac, struct mico_span data)
{
    mico_cmac_add(mac, data);
}

static void start_cmac(const psa_key_derivation_operation_t *operation, struct mico_cmac *cmac)
{
    struct mico_span key = {operation->secret, operation->secret_len};
    MICO_MUST(mico_cmac_start(cmac, &mico_aes, key) == MICO_OK); /* it is an AES key's length */
}

void psa_kdf_counter_begin_cmac(psa_key_derivation_operation_t *operation)
{
    struct mico_cmac cmac;
    psa_kdf_counter_begin(operation);
    start_cmac(operation, &cmac);
    add_fixed(operation, add_cmac, &cmac);
    mico_cmac_finish(&cmac, operation->chain);
}

void psa_kdf_counter_next_cmac(psa_key_derivation_operation_t *operation)
{
    struct mico_cmac cmac;
    uint8_t number[4];
    mico_store_be32(number, operation->counter);
    start_cmac(operation, &cmac);
    mico_cmac_add(&cmac, MICO_SPAN(number));
    add_fixed(operation, add_cmac, &cmac);
    mico_cmac_add(&cmac, (struct mico_span){operation->chain, 16});
    mico_cmac_finish(&cmac, operation->block);
}
