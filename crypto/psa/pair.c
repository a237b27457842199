/* SPDX-License-Identifier: Apache-2.0 */
/* The pair-wise test of a pair that another location has made (FIPS 140-2 section 4.9.2), in the approved mode: the location signs and
 * location 0 verifies, or both agree on one secret. Location 0 tests its own pairs always, in its families. */
#include "crypto/psa/core.h"

/* A key of the coprocessor's signs what a TLS client signs and nothing else: so this has that shape (RFC 8446 section 4.4.3). The
 * last 32 bytes are the hash of no transcript that anybody knows. */
static const uint8_t message[] = "                                                                "
                                 "TLS 1.3, client CertificateVerify\0"
                                 "pair-wise consistency of a pair.";
#define MESSAGE ((struct mico_span){message, sizeof message - 1})
_Static_assert(sizeof message - 1 == 64 + 34 + 32, "the content that is signed, with a hash of 32 bytes");

static psa_status_t sign(const struct psa_slot *slot, psa_algorithm_t alg)
{
    uint8_t signature[PSA_SIGNATURE_MAX_SIZE];
    size_t len = 0;
    psa_status_t status = psa_slot_sign(slot, alg, MESSAGE, signature, sizeof signature, &len);
    if (status == PSA_SUCCESS) {
        status = psa_slot_verify(slot, alg, MESSAGE, (struct mico_span){signature, len});
    }
    return status;
}

/* With a peer whose private number is 1. */
static psa_status_t agree(const struct psa_slot *slot)
{
    enum { SIZE = PSA_BITS_TO_BYTES(PSA_VENDOR_ECC_MAX_CURVE_BITS) };
    uint8_t note[4 * SIZE], one[SIZE] = {0}, mine[2 * SIZE + 1], theirs[2 * SIZE + 1], secret[SIZE], other[SIZE];
    struct mico_psa_key peer = {.attributes = slot->key.attributes, .note = note, .note_cap = sizeof note};
    size_t size = PSA_BITS_TO_BYTES(peer.attributes.bits), mine_len = 0, theirs_len = 0, len = 0, other_len = 0;
    if (size > SIZE || slot->driver->agree == NULL || slot->driver->export_public == NULL) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    one[size - 1] = 1;
    psa_status_t status = slot->driver->export_public(slot->ctx, &slot->key, mine, sizeof mine, &mine_len);
    if (status == PSA_SUCCESS) {
        status = psa_software.import(NULL, &peer, (struct mico_span){one, size});
    }
    if (status == PSA_SUCCESS) {
        status = psa_software.export_public(NULL, &peer, theirs, sizeof theirs, &theirs_len);
    }
    if (status == PSA_SUCCESS) {
        status = slot->driver->agree(slot->ctx, &slot->key, PSA_ALG_ECDH, (struct mico_span){theirs, theirs_len},
                                     secret, sizeof secret, &len);
    }
    if (status == PSA_SUCCESS) {
        bool same = psa_software.agree(NULL, &peer, PSA_ALG_ECDH, (struct mico_span){mine, mine_len}, other,
                                       sizeof other, &other_len) == PSA_SUCCESS &&
                    len == other_len && mico_ct_equal(secret, other, len);
        status = same ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
    }
    mico_wipe(secret, sizeof secret);
    mico_wipe(other, sizeof other);
    return status;
}

psa_status_t psa_test_pair(const struct psa_slot *slot)
{
    psa_algorithm_t alg = psa_closed(slot->key.attributes.alg);
    if (slot->driver == &psa_software || alg == PSA_ALG_NONE || !PSA_KEY_TYPE_IS_KEY_PAIR(slot->key.attributes.type)) {
        return PSA_SUCCESS;
    }
    psa_status_t status = PSA_ALG_IS_SIGN(alg)            ? sign(slot, alg)
                          : PSA_ALG_IS_KEY_AGREEMENT(alg) ? agree(slot)
                                                          : PSA_ERROR_NOT_SUPPORTED;
    return status == PSA_ERROR_INVALID_SIGNATURE ? PSA_ERROR_CORRUPTION_DETECTED : status;
}
