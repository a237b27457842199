/* SPDX-License-Identifier: Apache-2.0 */
/* Noise handshakes as tables of tokens; see noise.h. Section numbers are those of the Noise specification, revision 34.
 */
#include "mscp/protocol/noise.h"

#include <assert.h>
#include <string.h>

#include "crypto/primitives/primitives.h"

enum token { END, E, S, EE, ES, SE, SS, PSK };

#define MESSAGES_MAX 3
#define TOKENS_MAX 5

static const struct pattern {
    const char *name;
    bool psk;          /* section 9.2: `e` is mixed into the key too */
    bool pre_messages; /* -> s, <- s */
    uint8_t count;
    uint8_t tokens[MESSAGES_MAX][TOKENS_MAX];
} patterns[] = {
    [MSCP_NOISE_XX] = {"Noise_XX_25519_ChaChaPoly_SHA256", false, false, 3, {{E}, {E, EE, S, ES}, {S, SE}}},
    [MSCP_NOISE_KKPSK0] = {"Noise_KKpsk0_25519_ChaChaPoly_SHA256", true, true, 2, {{PSK, E, ES, SS}, {E, EE, SE}}},
};

static void mix_hash(struct mscp_noise *noise, const void *data, size_t len)
{
    struct mico_sha256 hash;
    mico_sha256_start(&hash);
    mico_sha256_add(&hash, noise->h, sizeof noise->h);
    mico_sha256_add(&hash, data, len);
    mico_sha256_finish(&hash, noise->h);
}

/* Section 4.3: Noise's HKDF is RFC 5869's with an empty info. At most 96 bytes, so it cannot be refused. */
static void hkdf(const uint8_t ck[32], struct mico_span ikm, uint8_t *out, size_t len)
{
    mico_err err = mico_hkdf_sha256((struct mico_span){ck, 32}, ikm, (struct mico_span){NULL, 0}, out, len);
    assert(err == MICO_OK);
    (void)err;
}

static void set_key(struct mscp_noise *noise, const uint8_t key[32])
{
    memcpy(noise->k, key, 32);
    noise->n = 0;
    noise->has_key = true;
}

static void mix_key(struct mscp_noise *noise, const uint8_t ikm[32])
{
    uint8_t out[64];
    hkdf(noise->ck, (struct mico_span){ikm, 32}, out, sizeof out);
    memcpy(noise->ck, out, 32);
    set_key(noise, out + 32);
    mico_wipe(out, sizeof out);
}

static void mix_key_and_hash(struct mscp_noise *noise, const uint8_t psk[32])
{
    uint8_t out[96];
    hkdf(noise->ck, (struct mico_span){psk, 32}, out, sizeof out);
    memcpy(noise->ck, out, 32);
    mix_hash(noise, out + 32, 32);
    set_key(noise, out + 64);
    mico_wipe(out, sizeof out);
}

static void nonce_of(uint64_t n, uint8_t nonce[12])
{
    memset(nonce, 0, 4);
    mico_store_le64(nonce + 4, n);
}

static void encrypt_and_hash(struct mscp_noise *noise, struct mico_span text, struct mico_writer *message)
{
    size_t len = text.len + (noise->has_key ? MSCP_NOISE_TAG : 0);
    if (message->failed || message->cap - message->len < len) {
        message->failed = true;
        return;
    }
    uint8_t *at = message->out + message->len;
    if (noise->has_key) {
        uint8_t nonce[12];
        nonce_of(noise->n++, nonce);
        mico_chachapoly_seal(noise->k, nonce, MICO_SPAN(noise->h), text, at);
    } else if (text.len > 0) {
        memcpy(at, text.data, text.len);
    }
    message->len += len;
    mix_hash(noise, at, len);
}

static mico_err decrypt_and_hash(struct mscp_noise *noise, struct mico_reader *message, uint8_t *text, size_t text_len)
{
    struct mico_span sealed = mico_read_bytes(message, text_len + (noise->has_key ? MSCP_NOISE_TAG : 0));
    if (message->failed) {
        return MICO_ERR_FORMAT;
    }
    if (noise->has_key) {
        uint8_t nonce[12];
        nonce_of(noise->n++, nonce);
        mico_err err = mico_chachapoly_open(noise->k, nonce, MICO_SPAN(noise->h), sealed, text);
        if (err != MICO_OK) {
            return err;
        }
    } else if (text_len > 0) {
        memcpy(text, sealed.data, text_len);
    }
    mix_hash(noise, sealed.data, sealed.len);
    return MICO_OK;
}

/* Section 5.3: the first letter is the initiator's key, the second the responder's. */
static mico_err mix_dh(struct mscp_noise *noise, enum token token)
{
    bool first_is_e = token == EE || token == ES;
    bool second_is_e = token == EE || token == SE;
    bool own_is_e = noise->initiator ? first_is_e : second_is_e;
    bool remote_is_e = noise->initiator ? second_is_e : first_is_e;
    uint8_t shared[32];
    mico_err err =
        mico_x25519(own_is_e ? noise->e_private : noise->s_private, remote_is_e ? noise->re : noise->rs, shared);
    if (err == MICO_OK) {
        mix_key(noise, shared);
    }
    mico_wipe(shared, sizeof shared);
    return err;
}

static void mix_ephemeral(struct mscp_noise *noise, const uint8_t e[32])
{
    mix_hash(noise, e, 32);
    if (patterns[noise->pattern].psk) {
        mix_key(noise, e);
    }
}

static mico_err write_token(struct mscp_noise *noise, enum token token, struct mico_writer *message)
{
    switch (token) {
    case E:
        mico_write_bytes(message, noise->e_public, 32);
        mix_ephemeral(noise, noise->e_public);
        return MICO_OK;
    case S:
        encrypt_and_hash(noise, MICO_SPAN(noise->s_public), message);
        return MICO_OK;
    case PSK:
        mix_key_and_hash(noise, noise->psk);
        return MICO_OK;
    default:
        return mix_dh(noise, token);
    }
}

static mico_err read_token(struct mscp_noise *noise, enum token token, struct mico_reader *message)
{
    switch (token) {
    case E: {
        struct mico_span e = mico_read_bytes(message, 32);
        if (message->failed) {
            return MICO_ERR_FORMAT;
        }
        memcpy(noise->re, e.data, 32);
        mix_ephemeral(noise, noise->re);
        return MICO_OK;
    }
    case S:
        return decrypt_and_hash(noise, message, noise->rs, 32);
    case PSK:
        mix_key_and_hash(noise, noise->psk);
        return MICO_OK;
    default:
        return mix_dh(noise, token);
    }
}

void mscp_noise_start(struct mscp_noise *noise, enum mscp_noise_pattern pattern, bool initiator,
                      const struct mscp_noise_keys *keys)
{
    const struct pattern *p = &patterns[pattern];
    memset(noise, 0, sizeof *noise);
    noise->pattern = (uint8_t)pattern;
    noise->initiator = initiator;
    size_t name_len = strlen(p->name);
    if (name_len <= sizeof noise->h) {
        memcpy(noise->h, p->name, name_len);
    } else {
        mico_sha256(p->name, name_len, noise->h);
    }
    memcpy(noise->ck, noise->h, 32);
    memcpy(noise->s_private, keys->s_private, 32);
    mico_x25519_public(noise->s_private, noise->s_public);
    memcpy(noise->e_private, keys->e_private, 32);
    mico_x25519_public(noise->e_private, noise->e_public);
    mix_hash(noise, keys->prologue.data, keys->prologue.len);
    if (p->psk) {
        memcpy(noise->psk, keys->psk, 32);
    }
    if (p->pre_messages) {
        memcpy(noise->rs, keys->remote, 32);
        mix_hash(noise, initiator ? noise->s_public : noise->rs, 32);
        mix_hash(noise, initiator ? noise->rs : noise->s_public, 32);
    }
}

static bool turn_to_write(const struct mscp_noise *noise)
{
    return (noise->step % 2 == 0) == noise->initiator;
}

mico_err mscp_noise_write(struct mscp_noise *noise, struct mico_span payload, struct mico_writer *message)
{
    const struct pattern *p = &patterns[noise->pattern];
    if (mscp_noise_done(noise) || !turn_to_write(noise)) {
        return MICO_ERR_STATE;
    }
    for (const uint8_t *token = p->tokens[noise->step]; *token != END; token++) {
        mico_err err = write_token(noise, (enum token) * token, message);
        if (err != MICO_OK) {
            return err;
        }
    }
    encrypt_and_hash(noise, payload, message);
    noise->step++;
    return message->failed ? MICO_ERR_SIZE : MICO_OK;
}

mico_err mscp_noise_read(struct mscp_noise *noise, struct mico_span message, uint8_t *payload, size_t payload_len)
{
    const struct pattern *p = &patterns[noise->pattern];
    if (mscp_noise_done(noise) || turn_to_write(noise)) {
        return MICO_ERR_STATE;
    }
    struct mico_reader r = mico_reader_of(message.data, message.len);
    mico_err err = MICO_OK;
    for (const uint8_t *token = p->tokens[noise->step]; *token != END && err == MICO_OK; token++) {
        err = read_token(noise, (enum token) * token, &r);
    }
    if (err == MICO_OK) {
        err = decrypt_and_hash(noise, &r, payload, payload_len);
    }
    if (err == MICO_OK && !mico_reader_done(&r)) {
        err = MICO_ERR_FORMAT;
    }
    if (err != MICO_OK) {
        mico_wipe(payload, payload_len);
        return err;
    }
    noise->step++;
    return MICO_OK;
}

bool mscp_noise_done(const struct mscp_noise *noise)
{
    return noise->step == patterns[noise->pattern].count;
}

void mscp_noise_split(const struct mscp_noise *noise, uint8_t from_initiator[32], uint8_t from_responder[32])
{
    assert(mscp_noise_done(noise));
    uint8_t out[64];
    hkdf(noise->ck, (struct mico_span){NULL, 0}, out, sizeof out);
    memcpy(from_initiator, out, 32);
    memcpy(from_responder, out + 32, 32);
    mico_wipe(out, sizeof out);
}

void mscp_noise_export(const struct mscp_noise *noise, const char *label, uint8_t out[32])
{
    assert(mscp_noise_done(noise));
    mico_err err = mico_hkdf_sha256(MICO_SPAN(noise->h), MICO_SPAN(noise->ck),
                                    (struct mico_span){(const uint8_t *)label, strlen(label)}, out, 32);
    assert(err == MICO_OK);
    (void)err;
}

void mscp_noise_wipe(struct mscp_noise *noise)
{
    mico_wipe(noise, sizeof *noise);
}
