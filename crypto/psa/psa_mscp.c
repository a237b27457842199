/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of location MICO_PSA_LOCATION_MSCP: a key's note is the chip's object identifier, 4 bytes little-endian.
 */
#include "crypto/psa/psa_mscp.h"

#include <string.h>

static uint32_t object_of(const struct mico_psa_key *key)
{
    return mico_load_le32(key->note);
}

psa_status_t psa_status_of_mscp(mico_err err)
{
    switch (err) {
    case MICO_OK:
        return PSA_SUCCESS;
    case MICO_ERR_TIMEOUT:
    case MICO_ERR_IO:
    case MICO_ERR_CLOSED:
    case MICO_ERR_AUTH:
    case MICO_ERR_FORMAT:
        return PSA_ERROR_COMMUNICATION_FAILURE;
    case MICO_ERR_DENIED:
        return PSA_ERROR_NOT_PERMITTED;
    case MICO_ERR_PARAM:
    case MICO_ERR_CRYPTO:
    case MICO_ERR_SIZE:
        return PSA_ERROR_INVALID_ARGUMENT;
    case MICO_ERR_STATE: /* the chip has no such object: it was deleted, or ended with its session */
        return PSA_ERROR_INVALID_HANDLE;
    case MICO_ERR_FULL:
        return PSA_ERROR_INSUFFICIENT_STORAGE;
    case MICO_ERR_CORRUPT:
        return PSA_ERROR_DATA_CORRUPT;
    case MICO_ERR_ENTROPY:
        return PSA_ERROR_INSUFFICIENT_ENTROPY;
    default:
        return PSA_ERROR_HARDWARE_FAILURE;
    }
}

static bool is_pair(const struct mico_psa_key *key, psa_ecc_family_t family)
{
    size_t bits = family == PSA_ECC_FAMILY_SECP_R1 ? 256 : 255;
    return key->attributes.type == PSA_KEY_TYPE_ECC_KEY_PAIR(family) && key->attributes.bits == bits;
}

static psa_status_t export_public(void *ctx, const struct mico_psa_key *key, uint8_t *out, size_t cap, size_t *len)
{
    bool p256 = is_pair(key, PSA_ECC_FAMILY_SECP_R1);
    size_t size = p256 ? MSCP_P256_SIZE : 32;
    if (!PSA_KEY_TYPE_IS_KEY_PAIR(key->attributes.type)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < size) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = psa_status_of_mscp(p256 ? mscp_host_public_key_p256(ctx, object_of(key), out)
                                                  : mscp_host_public_key(ctx, object_of(key), out));
    *len = status == PSA_SUCCESS ? size : 0;
    return status;
}

/* ECDSA's nonce is the chip's to choose: it takes RFC 6979's for both algorithms. */
static psa_status_t sign_message(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg,
                                 struct mico_span message, uint8_t *out, size_t cap, size_t *len)
{
    bool ecdsa = alg == PSA_ALG_ECDSA(PSA_ALG_SHA_256) || alg == PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256);
    if (alg != PSA_ALG_PURE_EDDSA && !ecdsa) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (!is_pair(key, ecdsa ? PSA_ECC_FAMILY_SECP_R1 : PSA_ECC_FAMILY_TWISTED_EDWARDS)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < 64) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = psa_status_of_mscp(mscp_host_sign(ctx, object_of(key), message, out));
    *len = status == PSA_SUCCESS ? 64 : 0;
    return status;
}

static psa_status_t sign_hash(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span hash,
                              uint8_t *out, size_t cap, size_t *len)
{
    if (!PSA_ALG_IS_ECDSA(alg) || hash.len != 32) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if (!is_pair(key, PSA_ECC_FAMILY_SECP_R1)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < 64) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = psa_status_of_mscp(mscp_host_sign_digest(ctx, object_of(key), hash.data, out));
    *len = status == PSA_SUCCESS ? 64 : 0;
    return status;
}

static psa_status_t agree(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span peer,
                          uint8_t *out, size_t cap, size_t *len)
{
    bool p256 = is_pair(key, PSA_ECC_FAMILY_SECP_R1);
    if (alg != PSA_ALG_ECDH) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    if ((!p256 && !is_pair(key, PSA_ECC_FAMILY_MONTGOMERY)) || peer.len != (p256 ? MSCP_P256_SIZE : 32)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (cap < 32) {
        return PSA_ERROR_BUFFER_TOO_SMALL;
    }
    psa_status_t status = psa_status_of_mscp(p256 ? mscp_host_agree_p256(ctx, object_of(key), peer.data, out)
                                                  : mscp_host_agree(ctx, object_of(key), peer.data, out));
    *len = status == PSA_SUCCESS ? 32 : 0;
    return status;
}

/* ---- SECRETs ---- */

/* The chip wants to know a message's length at its beginning: one that comes in parts waits here. */
struct mac_state {
    uint32_t object;
    uint16_t len;
    uint8_t message[MICO_PSA_MSCP_MAC_MAX];
};
_Static_assert(sizeof(struct mac_state) <= MICO_PSA_MAC_STATE, "the operation has room for it");

static psa_status_t check_mac(const struct mico_psa_key *key, psa_algorithm_t alg)
{
    return alg != PSA_ALG_HMAC(PSA_ALG_SHA_256)        ? PSA_ERROR_NOT_SUPPORTED
           : key->attributes.type == PSA_KEY_TYPE_HMAC ? PSA_SUCCESS
                                                       : PSA_ERROR_INVALID_ARGUMENT;
}

static psa_status_t mac(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span message,
                        uint8_t out[PSA_MAC_MAX_SIZE])
{
    psa_status_t status = check_mac(key, alg);
    if (status == PSA_SUCCESS && message.len > MSCP_MESSAGE_MAX) {
        status = PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    return status == PSA_SUCCESS ? psa_status_of_mscp(mscp_host_mac(ctx, object_of(key), message, out)) : status;
}

static psa_status_t mac_start(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, void *state)
{
    struct mac_state *m = state;
    m->object = object_of(key);
    return check_mac(key, alg);
}

static psa_status_t mac_add(void *ctx, void *state, struct mico_span data)
{
    struct mac_state *m = state;
    if (data.len > sizeof m->message - m->len) {
        return PSA_ERROR_INSUFFICIENT_MEMORY;
    }
    memcpy(m->message + m->len, data.data, data.len);
    m->len = (uint16_t)(m->len + data.len);
    return PSA_SUCCESS;
}

static psa_status_t mac_end(void *ctx, void *state, uint8_t out[PSA_MAC_MAX_SIZE])
{
    const struct mac_state *m = state;
    return psa_status_of_mscp(mscp_host_mac(ctx, m->object, (struct mico_span){m->message, m->len}, out));
}

static psa_status_t check_aead(const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                               struct mico_span aad, size_t text_len, size_t tag_len)
{
    if (alg != PSA_ALG_CHACHA20_POLY1305 || tag_len != 16 || aad.len > MSCP_AAD_MAX || text_len > MSCP_TEXT_MAX) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    return key->attributes.type == PSA_KEY_TYPE_CHACHA20 && nonce.len == 12 ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
}

static psa_status_t seal(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                         struct mico_span aad, struct mico_span text, uint8_t *sealed, size_t tag_len)
{
    struct mscp_nonce given = {.given = true};
    psa_status_t status = check_aead(key, alg, nonce, aad, text.len, tag_len);
    if (status == PSA_SUCCESS) {
        memcpy(given.bytes, nonce.data, sizeof given.bytes);
        status = psa_status_of_mscp(mscp_host_encrypt(ctx, object_of(key), &given, aad, text, sealed));
    }
    return status;
}

static psa_status_t open(void *ctx, const struct mico_psa_key *key, psa_algorithm_t alg, struct mico_span nonce,
                         struct mico_span aad, struct mico_span sealed, uint8_t *text, size_t tag_len)
{
    psa_status_t status = check_aead(key, alg, nonce, aad, sealed.len - tag_len, tag_len);
    if (status != PSA_SUCCESS) {
        return status;
    }
    mico_err err = mscp_host_decrypt(ctx, object_of(key), nonce.data, aad, sealed, text);
    return err == MICO_ERR_CRYPTO ? PSA_ERROR_INVALID_SIGNATURE : psa_status_of_mscp(err);
}

/* ---- secrets that stay in the chip ---- */

/* Volatile SECRETs are named one after the other, of which a chip holds four at once: those that end with a derivation, and
 * those that are keys. */
#define PASSING (MSCP_ID_VOLATILE + 0x1000)
#define KEYS (MSCP_ID_VOLATILE + 0x08000000)

static uint32_t next_volatile(uint32_t from)
{
    static uint32_t last;
    last = (last + 1) & 0x03FFFFFF;
    return from + last;
}

/* Attributes of what comes of an object: bound to the chip when that is. */
static psa_status_t child_of(struct mscp_host *host, uint32_t object, uint16_t usage, struct mscp_attributes *child)
{
    struct mscp_attributes parent;
    bool found;
    mico_err err = mscp_host_attributes(host, object, &parent, &found);
    if (err == MICO_OK && !found) {
        return PSA_ERROR_COMMUNICATION_FAILURE; /* it ended with its session */
    }
    *child = (struct mscp_attributes){.type = MSCP_SECRET};
    if (err == MICO_OK) {
        child->usage = (uint16_t)(usage | (parent.usage & MSCP_RELEASE_INSIDE));
    }
    return psa_status_of_mscp(err);
}

static psa_status_t derive_start(void *ctx, const struct mico_psa_key *key, struct mico_span peer, uint32_t *handle)
{
    struct mscp_attributes secret;
    if (peer.data == NULL) {
        *handle = object_of(key);
        return key->attributes.type == PSA_KEY_TYPE_DERIVE ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
    }
    bool p256 = is_pair(key, PSA_ECC_FAMILY_SECP_R1);
    if ((!p256 && !is_pair(key, PSA_ECC_FAMILY_MONTGOMERY)) || peer.len != (p256 ? MSCP_P256_SIZE : 32)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_status_t status = child_of(ctx, object_of(key), MSCP_USE_DERIVE, &secret);
    if (status == PSA_SUCCESS) {
        *handle = next_volatile(PASSING);
        status = psa_status_of_mscp(mscp_host_agree_inside(ctx, object_of(key), peer, *handle, &secret));
    }
    return status;
}

static bool algorithm_of(psa_algorithm_t alg, uint8_t *algorithm)
{
    *algorithm = alg == PSA_ALG_HKDF(PSA_ALG_SHA_256) ? MSCP_HKDF_SHA256 : MSCP_HKDF_SHA512;
    return alg == PSA_ALG_HKDF(PSA_ALG_SHA_256) || alg == PSA_ALG_HKDF(PSA_ALG_SHA_512);
}

/* The chip gives the output's beginning: what was given out already is left out here. */
static psa_status_t derive(void *ctx, uint32_t handle, const struct mico_psa_derivation *how, uint8_t *out, size_t len)
{
    uint8_t all[1024];
    struct mscp_derivation d = {
        .id = handle, .salt = how->salt, .info = how->info, .len = (uint16_t)(how->offset + len)};
    if (!algorithm_of(how->alg, &d.algorithm) || how->offset + len > sizeof all) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    psa_status_t status = psa_status_of_mscp(mscp_host_derive(ctx, &d, all));
    if (status == PSA_SUCCESS) {
        memcpy(out, all + how->offset, len);
    }
    mico_wipe(all, sizeof all);
    return status;
}

static psa_status_t derive_key(void *ctx, uint32_t handle, const struct mico_psa_derivation *how,
                               struct mico_psa_key *key)
{
    struct mscp_attributes made;
    psa_key_type_t type = key->attributes.type;
    uint16_t usage = type == PSA_KEY_TYPE_HMAC       ? MSCP_USE_MAC
                     : type == PSA_KEY_TYPE_CHACHA20 ? MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT
                                                     : MSCP_USE_DERIVE;
    struct mscp_derivation d = {.id = handle,
                                .salt = how->salt,
                                .info = how->info,
                                .len = (uint16_t)(key->attributes.bits / 8),
                                .target = next_volatile(KEYS),
                                .attributes = &made};
    if (!algorithm_of(how->alg, &d.algorithm) || how->offset != 0 ||
        (usage == MSCP_USE_DERIVE && type != PSA_KEY_TYPE_DERIVE) || key->note_cap < 4) {
        return PSA_ERROR_NOT_SUPPORTED;
    }
    psa_status_t status = child_of(ctx, handle, usage, &made);
    if (status == PSA_SUCCESS) {
        status = psa_status_of_mscp(mscp_host_derive(ctx, &d, NULL));
    }
    mico_store_le32(key->note, d.target);
    key->note_len = 4;
    return status;
}

static void derive_end(void *ctx, uint32_t handle)
{
    if (handle >= PASSING && handle < KEYS) { /* else it is a key's own */
        mico_err ignored = mscp_host_delete(ctx, handle); /* gone with its session is as good */
        (void)ignored;
    }
}

static const struct mico_psa_driver mscp_driver = {
    .location = MICO_PSA_LOCATION_MSCP,
    .generate = psa_mscp_generate,
    .export_public = export_public,
    .sign_message = sign_message,
    .sign_hash = sign_hash,
    .agree = agree,
    .mac = mac,
    .mac_start = mac_start,
    .mac_add = mac_add,
    .mac_end = mac_end,
    .seal = seal,
    .open = open,
    .derive_start = derive_start,
    .derive = derive,
    .derive_key = derive_key,
    .derive_end = derive_end,
    .destroy = psa_mscp_destroy,
};

psa_status_t mico_psa_attach_mscp(struct mscp_host *host)
{
    return mico_psa_attach_driver(&mscp_driver, host);
}

psa_status_t mico_psa_register_mscp_key(const psa_key_attributes_t *attributes, uint32_t object_id, psa_key_id_t *key)
{
    uint8_t note[4];
    if (attributes == NULL) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    psa_key_attributes_t full = *attributes;
    psa_set_key_lifetime(&full, MICO_PSA_LIFETIME_MSCP);
    if (psa_get_key_bits(&full) == 0) {
        bool p256 = psa_get_key_type(&full) == PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
        psa_set_key_bits(&full, PSA_KEY_TYPE_IS_ECC_KEY_PAIR(psa_get_key_type(&full)) && !p256 ? 255 : 256);
    }
    mico_store_le32(note, object_id);
    return mico_psa_register_key(&full, MICO_SPAN(note), key);
}
