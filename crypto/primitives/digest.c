/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-2 under the interface of all hashes, and HMAC (RFC 2104). */
#include "crypto/primitives/digest.h"

#include <stddef.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/sha512.h>

#include "crypto/primitives/must.h"

_Static_assert(sizeof(wc_Sha512) <= sizeof(struct mico_digest_state), "the state holds wolfCrypt's");
_Static_assert(sizeof(struct mico_sha512) <= sizeof(struct mico_digest_state), "the state holds the primitive's");

static const struct mico_digest_layout sha256_layout = {4,
                                                        false,
                                                        offsetof(wc_Sha256, digest),
                                                        offsetof(wc_Sha256, buffer),
                                                        offsetof(wc_Sha256, buffLen),
                                                        offsetof(wc_Sha256, loLen),
                                                        offsetof(wc_Sha256, hiLen)};
static const struct mico_digest_layout sha512_layout = {8,
                                                        false,
                                                        offsetof(wc_Sha512, digest),
                                                        offsetof(wc_Sha512, buffer),
                                                        offsetof(wc_Sha512, buffLen),
                                                        offsetof(wc_Sha512, loLen),
                                                        offsetof(wc_Sha512, hiLen)};

/* A number of wolfCrypt's in a state, and back; every processor of MiCO is little-endian. */
static uint64_t read_number(const struct mico_digest_state *state, size_t at, size_t size)
{
    uint64_t number = 0;
    memcpy(&number, (const uint8_t *)state->opaque + at, size);
    return number;
}

static void write_number(struct mico_digest_state *state, size_t at, size_t size, uint64_t number)
{
    memcpy((uint8_t *)state->opaque + at, &number, size);
}

uint64_t mico_digest_count(const struct mico_digest *digest, const struct mico_digest_state *state)
{
    const struct mico_digest_layout *l = digest->layout;
    uint64_t low = read_number(state, l->low, l->word);
    return l->word == 8 ? low : read_number(state, l->high, l->word) << 32 | low;
}

/* Between a word in the state and its bytes in the result. */
static void turn_word(const struct mico_digest_layout *l, uint8_t *to, const uint8_t *from)
{
    for (size_t i = 0; i < l->word; i++) {
        to[i] = from[l->little ? i : l->word - 1u - i];
    }
}

void mico_digest_save(const struct mico_digest *digest, const struct mico_digest_state *state, uint8_t *chain,
                      uint8_t *rest)
{
    const struct mico_digest_layout *l = digest->layout;
    const uint8_t *bytes = (const uint8_t *)state->opaque;
    for (size_t i = 0; i < digest->inside; i += l->word) {
        turn_word(l, chain + i, bytes + l->chain + i);
    }
    memcpy(rest, bytes + l->rest, read_number(state, l->used, 4));
}

void mico_digest_load(const struct mico_digest *digest, struct mico_digest_state *state, const uint8_t *chain,
                      const uint8_t *rest, uint64_t count)
{
    const struct mico_digest_layout *l = digest->layout;
    uint8_t *bytes = (uint8_t *)state->opaque;
    size_t used = count % digest->block;
    digest->start(state);
    for (size_t i = 0; i < digest->inside; i += l->word) {
        turn_word(l, bytes + l->chain + i, chain + i);
    }
    memcpy(bytes + l->rest, rest, used);
    write_number(state, l->used, 4, used);
    write_number(state, l->low, l->word, count);
    write_number(state, l->high, l->word, l->word == 8 ? 0 : count >> 32);
}

static void start_sha224(struct mico_digest_state *state)
{
    MICO_MUST(wc_InitSha224((wc_Sha224 *)state->opaque) == 0);
}

static void add_sha224(struct mico_digest_state *state, const void *data, size_t len)
{
    MICO_MUST(len == 0 || wc_Sha224Update((wc_Sha224 *)state->opaque, data, mico_word32(len)) == 0);
}

static void finish_sha224(struct mico_digest_state *state, uint8_t *out)
{
    MICO_MUST(wc_Sha224Final((wc_Sha224 *)state->opaque, out) == 0);
    mico_wipe(state, sizeof *state);
}

const struct mico_digest mico_sha224_digest = {28, 64, 32, 8, start_sha224, add_sha224, finish_sha224, &sha256_layout};

static void start_sha256(struct mico_digest_state *state)
{
    mico_sha256_start((struct mico_sha256 *)state->opaque);
}

static void add_sha256(struct mico_digest_state *state, const void *data, size_t len)
{
    mico_sha256_add((struct mico_sha256 *)state->opaque, data, len);
}

static void finish_sha256(struct mico_digest_state *state, uint8_t *out)
{
    mico_sha256_finish((struct mico_sha256 *)state->opaque, out);
}

const struct mico_digest mico_sha256_digest = {32, 64, 32, 8, start_sha256, add_sha256, finish_sha256, &sha256_layout};

static void start_sha384(struct mico_digest_state *state)
{
    mico_sha384_start((struct mico_sha512 *)state->opaque);
}

static void finish_sha384(struct mico_digest_state *state, uint8_t *out)
{
    mico_sha384_finish((struct mico_sha512 *)state->opaque, out);
}

static void start_sha512(struct mico_digest_state *state)
{
    mico_sha512_start((struct mico_sha512 *)state->opaque);
}

static void add_sha512(struct mico_digest_state *state, const void *data, size_t len)
{
    mico_sha512_add((struct mico_sha512 *)state->opaque, data, len);
}

static void finish_sha512(struct mico_digest_state *state, uint8_t *out)
{
    mico_sha512_finish((struct mico_sha512 *)state->opaque, out);
}

const struct mico_digest mico_sha384_digest = {
    48, 128, 64, 16, start_sha384, add_sha512, finish_sha384, &sha512_layout};
const struct mico_digest mico_sha512_digest = {
    64, 128, 64, 16, start_sha512, add_sha512, finish_sha512, &sha512_layout};

void mico_digest_of(const struct mico_digest *digest, struct mico_span data, uint8_t *out)
{
    struct mico_digest_state state;
    digest->start(&state);
    digest->add(&state, data.data, data.len);
    digest->finish(&state, out);
}

void mico_hmac_start(struct mico_hmac *hmac, const struct mico_digest *digest, struct mico_span key)
{
    uint8_t inner[MICO_DIGEST_BLOCK_MAX] = {0};
    hmac->digest = digest;
    if (key.len > digest->block) {
        mico_digest_of(digest, key, inner);
    } else if (key.len != 0) {
        memcpy(inner, key.data, key.len);
    }
    for (size_t i = 0; i < digest->block; i++) {
        hmac->outer[i] = inner[i] ^ 0x5c;
        inner[i] ^= 0x36;
    }
    digest->start(&hmac->state);
    digest->add(&hmac->state, inner, digest->block);
    mico_wipe(inner, sizeof inner);
}

void mico_hmac_add(struct mico_hmac *hmac, struct mico_span data)
{
    hmac->digest->add(&hmac->state, data.data, data.len);
}

void mico_hmac_finish(struct mico_hmac *hmac, uint8_t *out)
{
    const struct mico_digest *digest = hmac->digest;
    digest->finish(&hmac->state, out);
    digest->start(&hmac->state);
    digest->add(&hmac->state, hmac->outer, digest->block);
    digest->add(&hmac->state, out, digest->size);
    digest->finish(&hmac->state, out);
    mico_wipe(hmac, sizeof *hmac);
}

void mico_hmac(const struct mico_digest *digest, struct mico_span key, struct mico_span data, uint8_t *out)
{
    struct mico_hmac hmac;
    mico_hmac_start(&hmac, digest, key);
    mico_hmac_add(&hmac, data);
    mico_hmac_finish(&hmac, out);
}
