/* SPDX-License-Identifier: Apache-2.0 */
/* MD5 (RFC 1321) and SHA-1 (FIPS 180-4), for old formats. wolfCrypt's are built apart (wolfssl_legacy), so that TLS and
 * certificates get neither with them. */
#include "crypto/primitives/digest.h"

#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/md5.h>
#include <wolfssl/wolfcrypt/sha.h>

#include "crypto/primitives/digest_view.h"
#include "crypto/primitives/must.h"

_Static_assert(sizeof(wc_Md5) <= sizeof(struct mico_digest_state), "the state holds wolfCrypt's");
_Static_assert(sizeof(wc_Sha) <= sizeof(struct mico_digest_state), "the state holds wolfCrypt's");

static void start_md5(struct mico_digest_state *state)
{
    MICO_MUST(wc_InitMd5((wc_Md5 *)state->opaque) == 0);
}

static void add_md5(struct mico_digest_state *state, const void *data, size_t len)
{
    MICO_MUST(len == 0 || wc_Md5Update((wc_Md5 *)state->opaque, data, mico_word32(len)) == 0);
}

static void finish_md5(struct mico_digest_state *state, uint8_t *out)
{
    MICO_MUST(wc_Md5Final((wc_Md5 *)state->opaque, out) == 0);
    mico_wipe(state, sizeof *state);
}

static struct digest_view view_md5(wc_Md5 *md5)
{
    return (struct digest_view){md5->digest, 4, true, md5->buffer, &md5->buffLen, &md5->loLen, &md5->hiLen};
}

static void save_md5(const struct mico_digest_state *state, uint8_t *chain, uint8_t *rest)
{
    wc_Md5 md5;
    memcpy(&md5, state->opaque, sizeof md5);
    struct digest_view view = view_md5(&md5);
    digest_view_save(&view, chain, rest);
    mico_wipe(&md5, sizeof md5);
}

static void load_md5(struct mico_digest_state *state, const uint8_t *chain, const uint8_t *rest, uint64_t count)
{
    start_md5(state);
    wc_Md5 md5;
    memcpy(&md5, state->opaque, sizeof md5);
    struct digest_view view = view_md5(&md5);
    digest_view_load(&view, chain, rest, count);
    memcpy(state->opaque, &md5, sizeof md5);
    mico_wipe(&md5, sizeof md5);
}

static uint64_t count_md5(const struct mico_digest_state *state)
{
    wc_Md5 md5;
    memcpy(&md5, state->opaque, sizeof md5);
    struct digest_view view = view_md5(&md5);
    uint64_t count = digest_view_count(&view);
    mico_wipe(&md5, sizeof md5);
    return count;
}

const struct mico_digest mico_md5_digest = {16,      64,         16,       8,        start_md5,
                                            add_md5, finish_md5, save_md5, load_md5, count_md5};

static void start_sha1(struct mico_digest_state *state)
{
    MICO_MUST(wc_InitSha((wc_Sha *)state->opaque) == 0);
}

static void add_sha1(struct mico_digest_state *state, const void *data, size_t len)
{
    MICO_MUST(len == 0 || wc_ShaUpdate((wc_Sha *)state->opaque, data, mico_word32(len)) == 0);
}

static void finish_sha1(struct mico_digest_state *state, uint8_t *out)
{
    MICO_MUST(wc_ShaFinal((wc_Sha *)state->opaque, out) == 0);
    mico_wipe(state, sizeof *state);
}

static struct digest_view view_sha1(wc_Sha *sha)
{
    return (struct digest_view){sha->digest, 5, false, sha->buffer, &sha->buffLen, &sha->loLen, &sha->hiLen};
}

static void save_sha1(const struct mico_digest_state *state, uint8_t *chain, uint8_t *rest)
{
    wc_Sha sha;
    memcpy(&sha, state->opaque, sizeof sha);
    struct digest_view view = view_sha1(&sha);
    digest_view_save(&view, chain, rest);
    mico_wipe(&sha, sizeof sha);
}

static void load_sha1(struct mico_digest_state *state, const uint8_t *chain, const uint8_t *rest, uint64_t count)
{
    start_sha1(state);
    wc_Sha sha;
    memcpy(&sha, state->opaque, sizeof sha);
    struct digest_view view = view_sha1(&sha);
    digest_view_load(&view, chain, rest, count);
    memcpy(state->opaque, &sha, sizeof sha);
    mico_wipe(&sha, sizeof sha);
}

static uint64_t count_sha1(const struct mico_digest_state *state)
{
    wc_Sha sha;
    memcpy(&sha, state->opaque, sizeof sha);
    struct digest_view view = view_sha1(&sha);
    uint64_t count = digest_view_count(&view);
    mico_wipe(&sha, sizeof sha);
    return count;
}

const struct mico_digest mico_sha1_digest = {20,       64,          20,        8,         start_sha1,
                                             add_sha1, finish_sha1, save_sha1, load_sha1, count_sha1};
