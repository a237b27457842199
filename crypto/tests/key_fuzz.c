/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes the import of asymmetric keys: a good key of some kind, changed as the input says (a byte set, flipped, put in,
 * taken out, the end cut off), or the input itself. What is taken comes out again as it went in.
 *
 * input: which key (1), 0x80 for the input itself, 0x40 for attributes that say the size; then changes of four bytes, or bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/primitives/rsa_der.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/tests/rsa_test_key.h"

#define CAP 1600 /* bytes of the longest key here, and what is put in */

static struct base {
    psa_key_type_t type;
    size_t bits; /* what the attributes may say */
    uint8_t bytes[CAP];
    size_t len;
} bases[] = {
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, {0}, 0},
    {PSA_KEY_TYPE_RSA_PUBLIC_KEY, 2048, {0}, 0},
    {PSA_KEY_TYPE_DSA_KEY_PAIR, 2048, {0}, 0},
    {PSA_KEY_TYPE_DSA_PUBLIC_KEY, 2048, {0}, 0},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, {0}, 0},
    {PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 256, {0}, 0},
    {PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919), 2048, {0}, 0},
    {PSA_KEY_TYPE_DH_PUBLIC_KEY(PSA_DH_FAMILY_RFC7919), 2048, {0}, 0},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 384, {0}, 0}, /* P-384 */
    {PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 384, {0}, 0},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 255, {0}, 0},
    {PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_TWISTED_EDWARDS), 255, {0}, 0},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY), 255, {0}, 0},
    {PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_MONTGOMERY), 255, {0}, 0},
    {PSA_KEY_TYPE_SRP_KEY_PAIR(PSA_DH_FAMILY_RFC3526), 1024, {0}, 0},
    {PSA_KEY_TYPE_SRP_PUBLIC_KEY(PSA_DH_FAMILY_RFC3526), 1024, {0}, 0},
    {PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919), 3072, {0}, 0},
    {PSA_KEY_TYPE_DH_PUBLIC_KEY(PSA_DH_FAMILY_RFC7919), 3072, {0}, 0},
    {PSA_KEY_TYPE_RSA_PUBLIC_KEY, 1024, {0}, 0}, /* which verifies only */
};
#define BASES (sizeof bases / sizeof bases[0])

static void must(psa_status_t status)
{
    if (status != PSA_SUCCESS) {
        abort();
    }
}

/* A pair and its public half, into two places of the table. */
static void keep(struct base *pair, psa_key_id_t key)
{
    must(psa_export_key(key, pair[0].bytes, CAP, &pair[0].len));
    must(psa_export_public_key(key, pair[1].bytes, CAP, &pair[1].len));
    must(psa_destroy_key(key));
}

static psa_key_attributes_t attributes_of(psa_key_type_t type, size_t bits)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, type);
    psa_set_key_bits(&attributes, bits);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT);
    return attributes;
}

/* A public key of RSA whose modulus is the upper half of another's. */
static void make_short(const struct base *whole, struct base *half)
{
    struct mico_rsa_public key;
    uint8_t n[128];
    if (mico_rsa_read_public((struct mico_span){whole->bytes, whole->len}, &key) != MICO_OK) {
        abort();
    }
    memcpy(n, key.n.data, sizeof n);
    n[sizeof n - 1] |= 1;
    key.n = MICO_SPAN(n);
    if (mico_rsa_write_public(&key, half->bytes, CAP, &half->len) != MICO_OK) {
        abort();
    }
}

/* Whether it is taken. bits: what the attributes say of the size; 0 for nothing. */
static bool import(const struct base *key, size_t bits)
{
    static uint8_t out[CAP];
    psa_key_attributes_t attributes = attributes_of(key->type, bits);
    psa_key_id_t id;
    size_t len;
    uint8_t *exact = malloc(key->len + 1); /* so that a read past the end is seen */
    memcpy(exact, key->bytes, key->len);
    bool taken = psa_import_key(&attributes, exact, key->len, &id) == PSA_SUCCESS;
    if (taken) {
        must(psa_export_key(id, out, sizeof out, &len));
        if (len != key->len || memcmp(out, exact, len) != 0) {
            abort();
        }
        must(psa_export_public_key(id, out, sizeof out, &len));
        must(psa_destroy_key(id));
    }
    free(exact);
    return taken;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const psa_custom_key_parameters_t plain = PSA_CUSTOM_KEY_PARAMETERS_INIT;
    psa_key_attributes_t attributes = attributes_of(PSA_KEY_TYPE_RSA_KEY_PAIR, 0);
    psa_key_id_t key;
    must(psa_crypto_init());
    must(psa_import_key(&attributes, rsa_test_key, sizeof rsa_test_key, &key));
    keep(&bases[0], key);
    attributes = attributes_of(PSA_KEY_TYPE_DSA_KEY_PAIR, 2048);
    must(psa_generate_key_custom(&attributes, &plain, dsa_domain, sizeof dsa_domain, &key));
    keep(&bases[2], key);
    static const uint8_t made[] = {4, 6, 8, 10, 12, 16};
    for (size_t i = 0; i < sizeof made; i++) {
        attributes = attributes_of(bases[made[i]].type, bases[made[i]].bits);
        must(psa_generate_key(&attributes, &key));
        keep(&bases[made[i]], key);
    }
    attributes = attributes_of(bases[14].type, 1024);
    must(psa_import_key(&attributes, dsa_domain, 32, &key));
    keep(&bases[14], key);
    make_short(&bases[1], &bases[18]);
    for (size_t i = 0; i < BASES; i++) {
        if (!import(&bases[i], 0) || !import(&bases[i], bases[i].bits)) {
            abort(); /* the keys that all others are edits of */
        }
    }
    return 0;
}

/* Four bytes of input are one change. */
static void change(struct base *key, const uint8_t step[4])
{
    size_t at = (size_t)(step[0] << 8 | step[1]) % (key->len + 1);
    switch (step[2] % 5) {
    case 0:
        key->bytes[at] = step[3];
        break;
    case 1:
        key->bytes[at] ^= step[3];
        break;
    case 2:
        if (key->len < CAP - 1) {
            memmove(key->bytes + at + 1, key->bytes + at, key->len - at);
            key->bytes[at] = step[3];
            key->len++;
        }
        break;
    case 3:
        if (at < key->len) {
            memmove(key->bytes + at, key->bytes + at + 1, key->len - at - 1);
            key->len--;
        }
        break;
    default:
        key->len -= step[3] < key->len ? step[3] : key->len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct base key;
    if (size < 1 || size > CAP) {
        return 0;
    }
    key = bases[(data[0] & 0x3F) % BASES];
    if ((data[0] & 0x80) != 0) {
        key.len = size - 1;
        memcpy(key.bytes, data + 1, size - 1);
    } else {
        for (size_t i = 1; i + 4 <= size && i < 33; i += 4) {
            change(&key, data + i);
        }
    }
    (void)import(&key, (data[0] & 0x40) != 0 ? key.bits : 0);
    return 0;
}
