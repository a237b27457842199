/* SPDX-License-Identifier: Apache-2.0 */
/* MD5 (RFC 1321) and SHA-1 (FIPS 180-4), for old formats. wolfCrypt's are built apart (wolfssl_legacy), so that TLS and
 * certificates get neither with them. */
#include "crypto/primitives/digest.h"

#include <stddef.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/md5.h>
#include <wolfssl/wolfcrypt/sha.h>

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

static const struct mico_digest_layout md5_layout = {4,
                                                     true,
                                                     offsetof(wc_Md5, digest),
                                                     offsetof(wc_Md5, buffer),
                                                     offsetof(wc_Md5, buffLen),
                                                     offsetof(wc_Md5, loLen),
                                                     offsetof(wc_Md5, hiLen)};
const struct mico_digest mico_md5_digest = {16, 64, 16, 8, start_md5, add_md5, finish_md5, &md5_layout};

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

static const struct mico_digest_layout sha1_layout = {4,
                                                      false,
                                                      offsetof(wc_Sha, digest),
                                                      offsetof(wc_Sha, buffer),
                                                      offsetof(wc_Sha, buffLen),
                                                      offsetof(wc_Sha, loLen),
                                                      offsetof(wc_Sha, hiLen)};
const struct mico_digest mico_sha1_digest = {20, 64, 20, 8, start_sha1, add_sha1, finish_sha1, &sha1_layout};
