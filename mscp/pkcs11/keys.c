/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs and agreement. A private key is an object without a value: what there is of it is a number in the chip. */
#include <string.h>

#include "mscp/pkcs11/p11.h"

/* SubjectPublicKeyInfo of RFC 8410; the last byte of the algorithm is 0x70 for Ed25519, 0x6E for X25519. */
#define SPKI_SIZE 44
static const uint8_t spki_head[12] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0, 0x03, 0x21, 0x00};

struct pair {
    struct p11_object *public, *private;
    uint8_t public_key[32];
    bool edwards;
};

/* CKA_KEY_TYPE and CKA_EC_PARAMS of one half; *params true when it has the latter. */
static CK_RV curve_allowed(const struct p11_object *half, CK_KEY_TYPE type, bool *params)
{
    struct mico_span value;
    if (p11_get(half, CKA_KEY_TYPE, &value) && memcmp(value.data, &type, sizeof type) != 0) {
        return CKR_TEMPLATE_INCONSISTENT;
    }
    *params = p11_get(half, CKA_EC_PARAMS, &value);
    return !*params || p11_curve(value) == type ? CKR_OK : CKR_CURVE_NOT_SUPPORTED;
}

/* What the chip made, on both halves. OpenSC asks for signing and deriving at once: the key says what it can. */
static CK_RV describe(struct p11_object *half, const struct pair *pair, CK_MECHANISM_TYPE mechanism)
{
    const char *params = pair->edwards ? "\x13\x0C"
                                         "edwards25519"
                                       : "\x13\x0A"
                                         "curve25519";
    CK_KEY_TYPE type = pair->edwards ? CKK_EC_EDWARDS : CKK_EC_MONTGOMERY;
    uint8_t spki[SPKI_SIZE];
    struct mico_span id;
    memcpy(spki, spki_head, sizeof spki_head);
    spki[8] = pair->edwards ? 0x70 : 0x6E;
    memcpy(spki + sizeof spki_head, pair->public_key, 32);
    CK_RV rv = p11_set_ulong(half, CKA_KEY_TYPE, type);
    rv = rv == CKR_OK ? p11_set(half, CKA_EC_PARAMS, params, strlen(params)) : rv;
    rv = rv == CKR_OK ? p11_set(half, CKA_PUBLIC_KEY_INFO, spki, sizeof spki) : rv;
    rv = rv == CKR_OK ? p11_set_bool(half, CKA_LOCAL, true) : rv;
    rv = rv == CKR_OK ? p11_set_ulong(half, CKA_KEY_GEN_MECHANISM, mechanism) : rv;
    rv = rv == CKR_OK && !p11_get(half, CKA_ID, &id) ? p11_set(half, CKA_ID, NULL, 0) : rv;
    rv = rv == CKR_OK && !p11_get(half, CKA_SUBJECT, &id) ? p11_set(half, CKA_SUBJECT, NULL, 0) : rv;
    return rv == CKR_OK ? p11_set_bool(half, CKA_DERIVE, !pair->edwards) : rv;
}

static CK_RV describe_both(const struct pair *pair, CK_MECHANISM_TYPE mechanism)
{
    uint8_t point[34] = {0x04, 0x20};
    memcpy(point + 2, pair->public_key, 32);
    CK_RV rv = describe(pair->public, pair, mechanism);
    rv = rv == CKR_OK ? p11_set(pair->public, CKA_EC_POINT, point, sizeof point) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->public, CKA_VERIFY, pair->edwards) : rv;
    rv = rv == CKR_OK ? describe(pair->private, pair, mechanism) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->private, CKA_SIGN, pair->edwards) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->private, CKA_SENSITIVE, true) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->private, CKA_ALWAYS_SENSITIVE, true) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->private, CKA_EXTRACTABLE, false) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->private, CKA_NEVER_EXTRACTABLE, true) : rv;
    return rv == CKR_OK ? p11_set_bool(pair->private, CKA_ALWAYS_AUTHENTICATE, false) : rv;
}

/* The templates are right: now the chip, then the two records. What fails leaves nothing behind. */
static CK_RV make_pair(struct pair *pair, CK_MECHANISM_TYPE mechanism)
{
    uint32_t key_id;
    CK_RV rv = p11_token_generate(pair->edwards, &key_id, pair->public_key);
    if (rv != CKR_OK) {
        return rv;
    }
    pair->public->key_id = pair->private->key_id = key_id;
    rv = describe_both(pair, mechanism);
    if (rv == CKR_OK) {
        rv = p11_token_store(pair->public, true);
    }
    if (rv == CKR_OK && (rv = p11_token_store(pair->private, true)) != CKR_OK) {
        CK_RV ignored = p11_token_remove(pair->public);
        (void)ignored;
    }
    if (rv != CKR_OK) {
        p11_token_drop_key(key_id);
    }
    return rv;
}

static CK_RV generate(const struct p11_session *session, struct pair *pair, CK_MECHANISM_TYPE mechanism)
{
    CK_KEY_TYPE type = pair->edwards ? CKK_EC_EDWARDS : CKK_EC_MONTGOMERY;
    bool in_public, in_private;
    CK_RV rv = curve_allowed(pair->public, type, &in_public);
    rv = rv == CKR_OK ? curve_allowed(pair->private, type, &in_private) : rv;
    if (rv == CKR_OK && !in_public && !in_private) {
        rv = CKR_TEMPLATE_INCOMPLETE;
    }
    if (rv == CKR_OK && (!p11_is(pair->public, CKA_TOKEN) || !p11_is(pair->private, CKA_TOKEN))) {
        rv = CKR_TEMPLATE_INCONSISTENT; /* the chip keeps keys for good or not at all */
    }
    if (rv == CKR_OK && !session->writable) {
        rv = CKR_SESSION_READ_ONLY;
    }
    return rv == CKR_OK ? make_pair(pair, mechanism) : rv;
}

CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_ATTRIBUTE *public_template,
                        CK_ULONG public_count, CK_ATTRIBUTE *private_template, CK_ULONG private_count,
                        CK_OBJECT_HANDLE *public_out, CK_OBJECT_HANDLE *private_out)
{
    struct p11_session *session;
    struct pair pair = {0};
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (mechanism == NULL || public_out == NULL || private_out == NULL ||
        (public_template == NULL && public_count > 0) || (private_template == NULL && private_count > 0)) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    pair.edwards = mechanism->mechanism == CKM_EC_EDWARDS_KEY_PAIR_GEN || mechanism->mechanism == CKM_EDDSA;
    if (!pair.edwards && mechanism->mechanism != CKM_EC_MONTGOMERY_KEY_PAIR_GEN) {
        return p11_leave(CKR_MECHANISM_INVALID);
    }
    if (mechanism->ulParameterLen > 0) {
        return p11_leave(CKR_MECHANISM_PARAM_INVALID);
    }
    rv = p11_start_object(CKO_PUBLIC_KEY, public_template, public_count, &pair.public);
    if (rv == CKR_OK) {
        rv = p11_start_object(CKO_PRIVATE_KEY, private_template, private_count, &pair.private);
    }
    if (rv == CKR_OK) {
        rv = generate(session, &pair, mechanism->mechanism);
    }
    if (rv == CKR_OK) {
        *public_out = pair.public->handle;
        *private_out = pair.private->handle;
        return p11_leave(CKR_OK);
    }
    if (pair.public != NULL) {
        p11_object_free(pair.public);
    }
    if (pair.private != NULL) {
        p11_object_free(pair.private);
    }
    return p11_leave(rv);
}

/* ---- agreement ---- */

/* The peer's point, raw or as an OCTET STRING. */
static CK_RV peer_of(const CK_MECHANISM *mechanism, const uint8_t **peer)
{
    const CK_ECDH1_DERIVE_PARAMS *params = mechanism->pParameter;
    if (mechanism->ulParameterLen != sizeof *params || params == NULL || params->kdf != CKD_NULL ||
        params->ulSharedDataLen != 0 || params->pPublicData == NULL) {
        return CKR_MECHANISM_PARAM_INVALID;
    }
    if (params->ulPublicDataLen == 34 && params->pPublicData[0] == 0x04 && params->pPublicData[1] == 0x20) {
        *peer = params->pPublicData + 2;
        return CKR_OK;
    }
    *peer = params->pPublicData;
    return params->ulPublicDataLen == 32 ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}

/* How many bytes of the shared secret the client wants. */
static CK_RV wanted_length(const struct p11_object *object, CK_ULONG *len)
{
    struct mico_span value;
    *len = 32;
    if (p11_get(object, CKA_VALUE_LEN, &value)) {
        memcpy(len, value.data, sizeof *len);
    }
    if (p11_is(object, CKA_TOKEN) || !p11_get(object, CKA_KEY_TYPE, &value)) {
        return CKR_TEMPLATE_INCONSISTENT; /* the secret stands in this process: it is a session's */
    }
    return *len > 0 && *len <= 32 ? CKR_OK : CKR_KEY_SIZE_RANGE;
}

static CK_RV agree(const struct p11_object *key, const uint8_t *peer, struct p11_object *out)
{
    struct mscp_host *chip;
    uint8_t shared[32];
    CK_ULONG len;
    CK_RV rv = wanted_length(out, &len);
    rv = rv == CKR_OK ? p11_token(&chip) : rv;
    rv = rv == CKR_OK ? p11_error(mscp_host_agree(chip, key->key_id, peer, shared)) : rv;
    rv = rv == CKR_OK ? p11_set(out, CKA_VALUE, shared, len) : rv;
    rv = rv == CKR_OK ? p11_set_ulong(out, CKA_VALUE_LEN, len) : rv;
    rv = rv == CKR_OK ? p11_set_bool(out, CKA_LOCAL, false) : rv;
    rv = rv == CKR_OK ? p11_set_bool(out, CKA_ALWAYS_SENSITIVE, false) : rv;
    rv = rv == CKR_OK ? p11_set_bool(out, CKA_NEVER_EXTRACTABLE, false) : rv;
    mico_wipe(shared, sizeof shared);
    return rv;
}

CK_RV C_DeriveKey(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE base, CK_ATTRIBUTE *template,
                  CK_ULONG count, CK_OBJECT_HANDLE *out)
{
    struct p11_session *session;
    struct p11_object *object;
    const uint8_t *peer;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (mechanism == NULL || out == NULL || (template == NULL && count > 0)) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (mechanism->mechanism != CKM_ECDH1_DERIVE) {
        return p11_leave(CKR_MECHANISM_INVALID);
    }
    const struct p11_object *key = p11_object(base);
    if (key == NULL || key->class != CKO_PRIVATE_KEY) {
        return p11_leave(CKR_KEY_HANDLE_INVALID);
    }
    if (!p11_is(key, CKA_DERIVE)) {
        return p11_leave(CKR_KEY_TYPE_INCONSISTENT);
    }
    rv = peer_of(mechanism, &peer);
    rv = rv == CKR_OK ? p11_start_object(CKO_SECRET_KEY, template, count, &object) : rv;
    if (rv != CKR_OK) {
        return p11_leave(rv);
    }
    object->owner = handle;
    rv = agree(key, peer, object);
    if (rv == CKR_OK) {
        *out = object->handle;
    } else {
        p11_object_free(object);
    }
    return p11_leave(rv);
}
