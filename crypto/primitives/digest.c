/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-2 under the interface of all hashes, and HMAC (RFC 2104). */
#include "crypto/primitives/digest.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/sha512.h>

#include "crypto/primitives/digest_view.h"
#include "crypto/primitives/must.h"

_Static_assert(sizeof(wc_Sha512) <= sizeof(struct mico_digest_state), "the state holds wolfCrypt's");
_Static_assert(sizeof(struct mico_sha512) <= sizeof(struct mico_digest_state), "the state holds the primitive's");

static struct digest_view view_sha256(wc_Sha256 *sha)
{
    return (struct digest_view){sha->digest, 8, false, sha->buffer, &sha->buffLen, &sha->loLen, &sha->hiLen};
}

static void save_sha256(const struct mico_digest_state *state, uint8_t *chain, uint8_t *rest)
{
    wc_Sha256 sha;
    memcpy(&sha, state->opaque, sizeof sha);
    struct digest_view view = view_sha256(&sha);
    digest_view_save(&view, chain, rest);
    mico_wipe(&sha, sizeof sha);
}

static uint64_t count_sha256(const struct mico_digest_state *state)
{
    wc_Sha256 sha;
    memcpy(&sha, state->opaque, sizeof sha);
    struct digest_view view = view_sha256(&sha);
    uint64_t count = digest_view_count(&view);
    mico_wipe(&sha, sizeof sha);
    return count;
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

static void load_sha224(struct mico_digest_state *state, const uint8_t *chain, const uint8_t *rest, uint64_t count)
{
    start_sha224(state);
    wc_Sha256 sha;
    memcpy(&sha, state->opaque, sizeof sha);
    struct digest_view view = view_sha256(&sha);
    digest_view_load(&view, chain, rest, count);
    memcpy(state->opaque, &sha, sizeof sha);
    mico_wipe(&sha, sizeof sha);
}

const struct mico_digest mico_sha224_digest = {
    28, 64, 32, 8, start_sha224, add_sha224, finish_sha224, save_sha256, load_sha224, count_sha256};

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

static void load_sha256(struct mico_digest_state *state, const uint8_t *chain, const uint8_t *rest, uint64_t count)
{
    start_sha256(state);
    wc_Sha256 sha;
    memcpy(&sha, state->opaque, sizeof sha);
    struct digest_view view = view_sha256(&sha);
    digest_view_load(&view, chain, rest, count);
    memcpy(state->opaque, &sha, sizeof sha);
    mico_wipe(&sha, sizeof sha);
}

const struct mico_digest mico_sha256_digest = {
    32, 64, 32, 8, start_sha256, add_sha256, finish_sha256, save_sha256, load_sha256, count_sha256};

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

static void save_sha512(const struct mico_digest_state *state, uint8_t *chain, uint8_t *rest)
{
    wc_Sha512 sha;
    memcpy(&sha, state->opaque, sizeof sha);
    for (size_t i = 0; i < 8; i++) {
        uint64_t word = __builtin_bswap64(sha.digest[i]);
        memcpy(chain + 8 * i, &word, 8);
    }
    memcpy(rest, sha.buffer, sha.buffLen);
    mico_wipe(&sha, sizeof sha);
}

/* After the hash's own start. */
static void load_words(struct mico_digest_state *state, const uint8_t *chain, const uint8_t *rest, uint64_t count)
{
    wc_Sha512 sha;
    memcpy(&sha, state->opaque, sizeof sha);
    for (size_t i = 0; i < 8; i++) {
        uint64_t word;
        memcpy(&word, chain + 8 * i, 8);
        sha.digest[i] = __builtin_bswap64(word);
    }
    sha.buffLen = (uint32_t)(count % 128);
    memcpy(sha.buffer, rest, sha.buffLen);
    sha.loLen = count;
    sha.hiLen = 0;
    memcpy(state->opaque, &sha, sizeof sha);
    mico_wipe(&sha, sizeof sha);
}

static void load_sha384(struct mico_digest_state *state, const uint8_t *chain, const uint8_t *rest, uint64_t count)
{
    start_sha384(state);
    load_words(state, chain, rest, count);
}

static void load_sha512(struct mico_digest_state *state, const uint8_t *chain, const uint8_t *rest, uint64_t count)
{
    start_sha512(state);
    load_words(state, chain, rest, count);
}

static uint64_t count_sha512(const struct mico_digest_state *state)
{
    wc_Sha512 sha;
    memcpy(&sha, state->opaque, sizeof sha);
    uint64_t count = sha.loLen;
    mico_wipe(&sha, sizeof sha);
    return count;
}

const struct mico_digest mico_sha384_digest = {48,         128,           64,          16,          start_sha384,
                                               add_sha512, finish_sha384, save_sha512, load_sha384, count_sha512};
const struct mico_digest mico_sha512_digest = {64,         128,           64,          16,          start_sha512,
                                               add_sha512, finish_sha512, save_sha512, load_sha512, count_sha512};

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
