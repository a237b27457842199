/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/primitives/rsa_der.h"

#include "crypto/primitives/der.h"

mico_err mico_rsa_read_public(struct mico_span der, struct mico_rsa_public *key)
{
    struct mico_reader in = mico_reader_of(der.data, der.len), inside = der_read_sequence(&in);

    key->n = der_read_integer(&inside);
    key->e = der_read_integer(&inside);
    return mico_reader_done(&in) && mico_reader_done(&inside) ? MICO_OK : MICO_ERR_FORMAT;
}

mico_err mico_rsa_read_private(struct mico_span der, struct mico_rsa_private *key)
{
    struct mico_reader in = mico_reader_of(der.data, der.len), inside = der_read_sequence(&in);
    struct mico_span *const parts[] = {&key->pub.n, &key->pub.e, &key->d,  &key->p,
                                       &key->q,     &key->dp,    &key->dq, &key->qinv};

    struct mico_span version = der_read_integer(&inside);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        *parts[i] = der_read_integer(&inside);
    }
    bool good = mico_reader_done(&in) && mico_reader_done(&inside) && version.len == 1 && version.data[0] == 0;
    return good ? MICO_OK : MICO_ERR_FORMAT;
}

mico_err mico_rsa_write_public(const struct mico_rsa_public *key, uint8_t *der, size_t cap, size_t *len)
{
    const struct mico_span numbers[] = {key->n, key->e};
    return der_write_numbers(numbers, 2, der, cap, len);
}

mico_err mico_rsa_write_private(const struct mico_rsa_private *key, uint8_t *der, size_t cap, size_t *len)
{
    static const uint8_t version[1]; /* 0: two primes */
    const struct mico_span numbers[] = {
        MICO_SPAN(version), key->pub.n, key->pub.e, key->d, key->p, key->q, key->dp, key->dq, key->qinv};
    return der_write_numbers(numbers, 9, der, cap, len);
}
