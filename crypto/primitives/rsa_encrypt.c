/* SPDX-License-Identifier: Apache-2.0 */
/* RSA encryption: RFC 8017 sections 7.1 (OAEP) and 7.2 (PKCS #1 v1.5). Names in capitals are the RFC's.
 *
 * After the private operation nothing branches on the encoded message until one bit, whether all of it was right, is
 * known; the text is found and moved by masks. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa.h"
#include "crypto/primitives/rsa_mask.h"

/* All ones or none. */
static size_t mask_zero(size_t a)
{
    return 0 - ((~a & (a - 1)) >> (8 * sizeof a - 1));
}

static size_t mask_less(size_t a, size_t b) /* both below half of what size_t holds */
{
    return 0 - ((a - b) >> (8 * sizeof a - 1));
}

/* Bytes of PS: random, none zero. 1 + 255 x / 2^32 of a random x is as good as even: one in 2^24 off. */
static mico_err fill_nonzero(uint8_t *out, size_t len)
{
    uint8_t some[64];
    mico_err err = MICO_OK;
    for (size_t i = 0; i < len && err == MICO_OK; i++) {
        if (i % 16 == 0) {
            err = mico_random(some, sizeof some);
        }
        out[i] = (uint8_t)(1 + ((uint64_t)mico_load_be32(some + i % 16 * 4) * 255 >> 32));
    }
    mico_wipe(some, sizeof some);
    return err;
}

mico_err mico_rsa_pkcs1_encrypt(const struct mico_rsa_public *key, struct mico_span text, uint8_t *out)
{
    uint8_t em[MICO_RSA_MAX];
    size_t len = key->n.len;

    mico_err err = mico_rsa_check_public(key);
    if (err == MICO_OK && text.len + 11 > len) {
        err = MICO_ERR_SIZE;
    }
    if (err != MICO_OK) {
        return err;
    }
    em[0] = 0;
    em[1] = 2;
    err = fill_nonzero(em + 2, len - text.len - 3);
    em[len - text.len - 1] = 0;
    if (text.len > 0) {
        memcpy(em + len - text.len, text.data, text.len);
    }
    if (err == MICO_OK) {
        err = mico_rsa_encrypt_op(key, em, out);
    }
    mico_wipe(em, sizeof em);
    return err;
}

/* The last text_len of len bytes to text, in time that depends on len and cap alone: for every place of the text, every
 * byte of em is looked at. Quadratic in 512 at most. Never inlined: crypto/tests/disassembly.py looks at its instructions. */
__attribute__((noinline)) static void move_text(const uint8_t *em, size_t len, size_t text_len, uint8_t *text,
                                                size_t cap)
{
    for (size_t i = 0; i < cap && i < len; i++) {
        size_t byte = 0, from = len - text_len;
        __asm__ volatile("" : "+r"(from)); /* else the loop is counted by sums with it: even, but nobody sees it */
        for (size_t k = 0; k < len; k++) {
            byte |= em[k] & mask_zero(k ^ (from + i));
        }
        text[i] = (uint8_t)byte;
    }
}

/* What both schemes do in the end. good is a mask. */
__attribute__((noinline)) static mico_err deliver(const uint8_t *em, size_t len, size_t good, size_t found,
                                                  uint8_t *text, size_t cap, size_t *text_len)
{
    found &= good;
    move_text(em, len, found, text, cap);
    mico_err err = good == 0 ? MICO_ERR_AUTH : found > cap ? MICO_ERR_SIZE : MICO_OK;
    if (err != MICO_OK) {
        mico_wipe(text, cap);
        found = 0;
    }
    *text_len = found;
    return err;
}

/* EM of a ciphertext. What the ciphertext itself shows (its length, that it is not below n) is no secret. */
static mico_err open_up(const struct mico_rsa_private *key, struct mico_span in, uint8_t *em, uint8_t *text, size_t cap,
                        size_t *text_len)
{
    *text_len = 0;
    mico_err err = mico_rsa_check_public(&key->pub);
    if (err == MICO_OK) {
        err = in.len == key->pub.n.len ? mico_rsa_private_op(key, in.data, em) : MICO_ERR_AUTH;
        err = err == MICO_ERR_PARAM ? MICO_ERR_AUTH : err;
    }
    if (err != MICO_OK) {
        mico_wipe(text, cap);
    }
    return err;
}

mico_err mico_rsa_pkcs1_decrypt(const struct mico_rsa_private *key, struct mico_span in, uint8_t *text, size_t cap,
                                size_t *text_len)
{
    uint8_t em[MICO_RSA_MAX];
    size_t len = key->pub.n.len;

    mico_err err = open_up(key, in, em, text, cap, text_len);
    if (err == MICO_OK) {
        size_t good = mask_zero(em[0]) & mask_zero(em[1] ^ 2u), seen = 0, end = 0;
        for (size_t i = 2; i < len; i++) { /* end: the place of the first zero */
            size_t first = mask_zero(em[i]) & ~seen;
            end |= i & first;
            seen |= first;
        }
        good &= seen & ~mask_less(end, 10); /* eight bytes of PS at least */
        err = deliver(em, len, good, len - 1 - end, text, cap, text_len);
    }
    mico_wipe(em, sizeof em);
    return err;
}

static size_t oaep_room(size_t len, const struct mico_digest *hash)
{
    return len < 2u * hash->size + 2 ? 0 : len - 2u * hash->size - 2;
}

/* EM = 00 | maskedSeed | maskedDB; DB = lHash | 00 … | 01 | text. */
mico_err mico_rsa_oaep_encrypt(const struct mico_rsa_public *key, const struct mico_digest *hash,
                               struct mico_span label, struct mico_span text, uint8_t *out)
{
    uint8_t em[MICO_RSA_MAX], *seed = em + 1, *db = em + 1 + hash->size;
    size_t len = key->n.len, db_len = len - hash->size - 1;

    mico_err err = mico_rsa_check_public(key);
    if (err == MICO_OK && (len < 2u * hash->size + 2 || text.len > oaep_room(len, hash))) {
        err = MICO_ERR_SIZE;
    }
    if (err == MICO_OK) {
        err = mico_random(seed, hash->size);
    }
    if (err == MICO_OK) {
        em[0] = 0;
        memset(db, 0, db_len);
        rsa_hash(hash, &label, 1, db);
        db[db_len - text.len - 1] = 1;
        if (text.len > 0) {
            memcpy(db + db_len - text.len, text.data, text.len);
        }
        rsa_mask(hash, (struct mico_span){seed, hash->size}, db, db_len);
        rsa_mask(hash, (struct mico_span){db, db_len}, seed, hash->size);
        err = mico_rsa_encrypt_op(key, em, out);
    }
    mico_wipe(em, sizeof em);
    return err;
}

mico_err mico_rsa_oaep_decrypt(const struct mico_rsa_private *key, const struct mico_digest *hash,
                               struct mico_span label, struct mico_span in, uint8_t *text, size_t cap, size_t *text_len)
{
    uint8_t em[MICO_RSA_MAX], label_hash[MICO_DIGEST_MAX], *seed = em + 1, *db = em + 1 + hash->size;
    size_t len = key->pub.n.len, db_len = len - hash->size - 1;

    mico_err err = open_up(key, in, em, text, cap, text_len);
    if (err == MICO_OK && len < 2u * hash->size + 2) {
        err = MICO_ERR_PARAM;
    }
    if (err == MICO_OK) {
        rsa_mask(hash, (struct mico_span){db, db_len}, seed, hash->size);
        rsa_mask(hash, (struct mico_span){seed, hash->size}, db, db_len);
        rsa_hash(hash, &label, 1, label_hash);
        size_t good = mask_zero(em[0]), seen = 0, end = 0;
        for (size_t i = 0; i < hash->size; i++) {
            good &= mask_zero(db[i] ^ label_hash[i]);
        }
        for (size_t i = hash->size; i < db_len; i++) { /* end: the place of the 01 after the zeros */
            size_t first = mask_zero(db[i] ^ 1u) & ~seen;
            good &= mask_zero(db[i]) | first | seen;
            end |= i & first;
            seen |= first;
        }
        err = deliver(db, db_len, good & seen, db_len - 1 - end, text, cap, text_len);
    }
    mico_wipe(em, sizeof em);
    return err;
}
