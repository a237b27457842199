/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6979 section 3.2: HMAC_DRBG with the private key and the digest as its seed. Names of steps are the RFC's. */
#include "crypto/primitives/rfc6979.h"

#include <string.h>

#include "crypto/primitives/must.h"
#include "crypto/primitives/scalar.h"

/* Steps d and e, f and g, and h.3: K = HMAC_K(V | separator | seed), V = HMAC_K(V). */
static void update(struct rfc6979 *drbg, uint8_t separator, const uint8_t *seed, size_t seed_len)
{
    uint8_t data[MICO_DIGEST_MAX + 1 + 2 * RFC6979_ORDER_MAX];
    size_t len = drbg->hash->size;

    memcpy(data, drbg->v, len);
    data[len++] = separator;
    if (seed_len > 0) {
        memcpy(data + len, seed, seed_len);
        len += seed_len;
    }
    mico_hmac(drbg->hash, (struct mico_span){drbg->k, drbg->hash->size}, (struct mico_span){data, len}, drbg->k);
    mico_hmac(drbg->hash, (struct mico_span){drbg->k, drbg->hash->size}, (struct mico_span){drbg->v, drbg->hash->size},
              drbg->v);
    mico_wipe(data, sizeof data);
}

void rfc6979_start(struct rfc6979 *drbg, const struct mico_digest *hash, struct mico_span private_key,
                   struct mico_span digest, struct mico_span order)
{
    uint8_t seed[2 * RFC6979_ORDER_MAX];

    MICO_MUST(order.len <= RFC6979_ORDER_MAX && private_key.len == order.len);
    drbg->hash = hash;
    drbg->refused = false;
    memset(drbg->v, 1, sizeof drbg->v);
    memset(drbg->k, 0, sizeof drbg->k);
    memcpy(seed, private_key.data, order.len);
    scalar_of_digest(seed + order.len, digest, order);
    update(drbg, 0, seed, 2 * order.len);
    update(drbg, 1, seed, 2 * order.len);
    mico_wipe(seed, sizeof seed);
}

/* Step h; h.3's update is put off to the call for another candidate. */
void rfc6979_next(struct rfc6979 *drbg, uint8_t *nonce, size_t len)
{
    if (drbg->refused) {
        update(drbg, 0, NULL, 0);
    }
    drbg->refused = true;
    for (size_t done = 0; done < len;) {
        size_t piece = len - done < drbg->hash->size ? len - done : drbg->hash->size;
        mico_hmac(drbg->hash, (struct mico_span){drbg->k, drbg->hash->size},
                  (struct mico_span){drbg->v, drbg->hash->size}, drbg->v);
        memcpy(nonce + done, drbg->v, piece);
        done += piece;
    }
}
