/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/primitives/der.h"
#include "crypto/primitives/dsa.h"

/* A SEQUENCE of count numbers and nothing else. */
static mico_err read_numbers(struct mico_span der, struct mico_span *const *numbers, size_t count)
{
    struct mico_reader in = mico_reader_of(der.data, der.len), inside = der_read_sequence(&in);
    for (size_t i = 0; i < count; i++) {
        *numbers[i] = der_read_integer(&inside);
    }
    return mico_reader_done(&in) && mico_reader_done(&inside) ? MICO_OK : MICO_ERR_FORMAT;
}

mico_err mico_dsa_read_domain(struct mico_span der, struct mico_dsa_domain *domain)
{
    struct mico_span *const numbers[] = {&domain->p, &domain->q, &domain->g};
    return read_numbers(der, numbers, 3);
}

mico_err mico_dsa_read_public(struct mico_span der, struct mico_dsa_public *key)
{
    struct mico_span *const numbers[] = {&key->domain.p, &key->domain.q, &key->domain.g, &key->y};
    return read_numbers(der, numbers, 4);
}

mico_err mico_dsa_read_private(struct mico_span der, struct mico_dsa_public *key, struct mico_span *x)
{
    struct mico_span version;
    struct mico_span *const numbers[] = {&version, &key->domain.p, &key->domain.q, &key->domain.g, &key->y, x};
    mico_err err = read_numbers(der, numbers, 6);
    return err == MICO_OK && (version.len != 1 || version.data[0] != 0) ? MICO_ERR_FORMAT : err;
}

mico_err mico_dsa_write_public(const struct mico_dsa_public *key, uint8_t *der, size_t cap, size_t *len)
{
    const struct mico_span numbers[] = {key->domain.p, key->domain.q, key->domain.g, key->y};
    return der_write_numbers(numbers, 4, der, cap, len);
}

mico_err mico_dsa_write_private(const struct mico_dsa_public *key, struct mico_span x, uint8_t *der, size_t cap,
                                size_t *len)
{
    static const uint8_t version[1];
    const struct mico_span numbers[] = {MICO_SPAN(version), key->domain.p, key->domain.q, key->domain.g, key->y, x};
    return der_write_numbers(numbers, 6, der, cap, len);
}
