/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs: deterministic signatures, signatures to verify, and agreement from either side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/dsa.h"
#include "crypto/tests/psa_cases.h"

static psa_key_id_t pair_of(psa_key_type_t type, struct mico_span data, psa_key_usage_t usage, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t id;
    psa_set_key_type(&attributes, type);
    psa_set_key_usage_flags(&attributes, usage);
    psa_set_key_algorithm(&attributes, alg);
    assert_int_equal(psa_import_key(&attributes, data.data, data.len, &id), PSA_SUCCESS);
    return id;
}

/* The answer, which verifies; with another message it does not. */
static void signs(psa_key_type_t type, struct mico_span key, psa_algorithm_t alg, struct vectors *v)
{
    uint8_t signature[PSA_SIGNATURE_MAX_SIZE], other[64];
    struct mico_span msg = vectors_hex(v, "MSG"), want = vectors_hex(v, "SIGNATURE");
    size_t len;
    psa_key_id_t id = pair_of(type, key, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, alg);
    psa_status_t status = psa_sign_message(id, alg, msg.data, msg.len, signature, sizeof signature, &len);
    case_expect(status, signature, len, want);
    assert_int_equal(psa_verify_message(id, alg, msg.data, msg.len, want.data, want.len), PSA_SUCCESS);
    assert_true(msg.len <= sizeof other);
    memcpy(other, msg.data, msg.len);
    other[0] ^= 1;
    assert_int_equal(psa_verify_message(id, alg, other, msg.len, want.data, want.len), PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
}

const char *case_ecdsa(struct vectors *v, psa_algorithm_t alg)
{
    size_t size = strcmp(vectors_text(v, "CURVE"), "P-256") == 0 ? 32 : 48;
    (void)alg;
    assert_int_equal(vectors_hex(v, "X").len, size);
    signs(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), vectors_hex(v, "X"),
          PSA_ALG_DETERMINISTIC_ECDSA(case_hash_named(vectors_text(v, "HASH"))), v);
    return NULL;
}

/* A public key and a signature, which is valid or not. */
const char *case_ecdsa_verify(struct vectors *v, psa_algorithm_t alg)
{
    psa_key_id_t id = pair_of(PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), vectors_hex(v, "PUBLIC"),
                              PSA_KEY_USAGE_VERIFY_MESSAGE, alg);
    struct mico_span msg = vectors_hex(v, "MSG"), signature = vectors_hex(v, "SIGNATURE");
    bool valid = strcmp(vectors_text(v, "RESULT"), "valid") == 0;
    assert_int_equal(psa_verify_message(id, alg, msg.data, msg.len, signature.data, signature.len),
                     valid ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
    return NULL;
}

const char *case_dsa(struct vectors *v, psa_algorithm_t alg)
{
    uint8_t der[2048];
    size_t len;
    const struct mico_dsa_public key = {{vectors_number(v, "P"), vectors_number(v, "Q"), vectors_number(v, "G")},
                                        vectors_number(v, "Y")};
    (void)alg;
    assert_int_equal(mico_dsa_write_private(&key, vectors_number(v, "X"), der, sizeof der, &len), MICO_OK);
    signs(PSA_KEY_TYPE_DSA_KEY_PAIR, (struct mico_span){der, len},
          PSA_ALG_DETERMINISTIC_DSA(case_hash_named(vectors_text(v, "HASH"))), v);
    return NULL;
}

/* The public number of the private one, and the secret with the peer. */
static void agrees(psa_key_type_t type, psa_algorithm_t alg, struct mico_span key, struct mico_span peer,
                   const struct mico_span *public_key, struct mico_span want)
{
    uint8_t out[PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE];
    size_t len;
    psa_status_t status;
    psa_key_id_t id = pair_of(type, key, PSA_KEY_USAGE_DERIVE, alg);
    if (public_key != NULL) {
        status = psa_export_public_key(id, out, sizeof out, &len);
        case_expect(status, out, len, *public_key);
    }
    status = psa_raw_key_agreement(alg, id, peer.data, peer.len, out, sizeof out, &len);
    case_expect(status, out, len, want);
    assert_int_equal(psa_destroy_key(id), PSA_SUCCESS);
}

/* From the peer's side too where its private number is known. */
const char *case_ffdh(struct vectors *v, psa_algorithm_t alg)
{
    psa_key_type_t type = PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919);
    struct mico_span mine = {NULL, 0}, peer = vectors_hex(v, "PEER"), secret = vectors_hex(v, "SECRET");
    bool known = vectors_has(v, "PUBLIC");
    mine = known ? vectors_hex(v, "PUBLIC") : mine;
    agrees(type, alg, vectors_hex(v, "PRIVATE"), peer, known ? &mine : NULL, secret);
    if (vectors_has(v, "PEER_PRIVATE")) {
        agrees(type, alg, vectors_hex(v, "PEER_PRIVATE"), mine, &peer, secret);
    }
    return NULL;
}

const char *case_x25519(struct vectors *v, psa_algorithm_t alg)
{
    agrees(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), alg, vectors_hex(v, "INPUT_SCALAR"),
           vectors_hex(v, "INPUT_U"), NULL, vectors_hex(v, "OUTPUT_U"));
    return NULL;
}
