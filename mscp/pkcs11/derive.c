/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets of a session: agreement by the chip (ECDH), and HKDF over them (RFC 5869; PKCS #11 3.0 section 2.63). They stand in this
 * process, and end with their session. */
#include <string.h>

#include "mscp/pkcs11/p11.h"
#include "mscp/pkcs11/pkcs11_v3.h"

#define SECRET_MAX 512 /* bytes of a derived key */
#define HASH_MAX 64

struct derivation {
    const struct p11_object *base;
    struct p11_object *out;
    CK_ULONG len; /* bytes that the client wants; 0: it did not say */
};

/* What the client wants of the new key. A secret of the token would need a chip that keeps it. */
static CK_RV wanted(struct derivation *d)
{
    struct mico_span value;
    if (p11_get(d->out, CKA_VALUE_LEN, &value)) {
        memcpy(&d->len, value.data, sizeof d->len);
        if (d->len == 0) {
            return CKR_KEY_SIZE_RANGE;
        }
    }
    if (p11_is(d->out, CKA_TOKEN)) {
        return CKR_TEMPLATE_INCONSISTENT;
    }
    return p11_get(d->out, CKA_KEY_TYPE, &value) ? CKR_OK : CKR_TEMPLATE_INCOMPLETE;
}

static CK_RV keep(struct derivation *d, const uint8_t *secret, CK_ULONG len)
{
    CK_RV rv = p11_set(d->out, CKA_VALUE, secret, len);
    rv = rv == CKR_OK ? p11_set_ulong(d->out, CKA_VALUE_LEN, len) : rv;
    rv = rv == CKR_OK ? p11_set_bool(d->out, CKA_LOCAL, false) : rv;
    rv = rv == CKR_OK ? p11_set_bool(d->out, CKA_ALWAYS_SENSITIVE, false) : rv;
    return rv == CKR_OK ? p11_set_bool(d->out, CKA_NEVER_EXTRACTABLE, false) : rv;
}

/* ---- agreement ---- */

static const struct p11_curve *curve_of_key(const struct p11_object *key)
{
    struct mico_span value;
    CK_KEY_TYPE type;
    if (key->class != CKO_PRIVATE_KEY || !p11_get(key, CKA_KEY_TYPE, &value)) {
        return NULL;
    }
    memcpy(&type, value.data, sizeof type);
    return p11_curve_of(type);
}

static CK_RV agree_params(const CK_MECHANISM *mechanism, const struct p11_curve *curve, const uint8_t **peer)
{
    const CK_ECDH1_DERIVE_PARAMS *params = mechanism->pParameter;
    if (mechanism->ulParameterLen != sizeof *params || params == NULL || params->kdf != CKD_NULL ||
        params->ulSharedDataLen != 0 || params->pPublicData == NULL) {
        return CKR_MECHANISM_PARAM_INVALID;
    }
    struct mico_span point = {params->pPublicData, params->ulPublicDataLen};
    return p11_point(curve, point, peer) ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}

static CK_RV agree(struct derivation *d, const CK_MECHANISM *mechanism)
{
    const struct p11_curve *curve = curve_of_key(d->base);
    struct mscp_host *chip;
    const uint8_t *peer;
    uint8_t shared[32];
    if (curve == NULL || curve->key_type == CKK_EC_EDWARDS) {
        return CKR_KEY_TYPE_INCONSISTENT;
    }
    if (!p11_is(d->base, CKA_DERIVE)) {
        return CKR_KEY_FUNCTION_NOT_PERMITTED;
    }
    CK_RV rv = agree_params(mechanism, curve, &peer);
    rv = rv == CKR_OK ? wanted(d) : rv;
    rv = rv == CKR_OK && d->len > sizeof shared ? CKR_KEY_SIZE_RANGE : rv;
    rv = rv == CKR_OK ? p11_token(&chip) : rv;
    if (rv == CKR_OK) {
        mico_err err = MICO_OK;
        for (int attempt = 0; attempt < 2 && (attempt == 0 || p11_login_again(err)); attempt++) {
            err = curve->key_type == CKK_EC ? mscp_host_agree_p256(chip, d->base->key_id, peer, shared)
                                            : mscp_host_agree(chip, d->base->key_id, peer, shared);
        }
        rv = err == MICO_ERR_STATE ? CKR_KEY_HANDLE_INVALID : p11_error(err); /* somebody destroyed it */
    }
    rv = rv == CKR_OK ? keep(d, shared, d->len == 0 ? sizeof shared : d->len) : rv;
    mico_wipe(shared, sizeof shared);
    return rv;
}

/* ---- HKDF ---- */

static void hmac(CK_MECHANISM_TYPE hash, struct mico_span key, struct mico_span data, uint8_t out[HASH_MAX])
{
    if (hash == CKM_SHA256) {
        mico_hmac_sha256(key, data, out);
    } else if (hash == CKM_SHA384) {
        mico_hmac_sha384(key, data, out);
    } else {
        mico_hmac_sha512(key, data, out);
    }
}

/* RFC 5869 section 2.3. */
static CK_RV expand(CK_MECHANISM_TYPE hash, CK_ULONG size, struct mico_span prk, struct mico_span info, uint8_t *out,
                    CK_ULONG len)
{
    uint8_t block[HASH_MAX], input[HASH_MAX + P11_INFO_MAX + 1];
    size_t before = 0;
    uint8_t number = 0;
    if (len > sizeof block * 255 || info.len > P11_INFO_MAX) {
        return CKR_MECHANISM_PARAM_INVALID;
    }
    for (CK_ULONG done = 0; done < len; done += size) {
        memcpy(input, block, before);
        if (info.len > 0) {
            memcpy(input + before, info.data, info.len);
        }
        input[before + info.len] = ++number;
        hmac(hash, prk, (struct mico_span){input, before + info.len + 1}, block);
        memcpy(out + done, block, len - done < size ? len - done : size);
        before = size;
    }
    mico_wipe(block, sizeof block);
    mico_wipe(input, sizeof input);
    return CKR_OK;
}

/* The salt of the extraction: absent, bytes, or another secret. */
static CK_RV salt_of(const struct p11_hkdf_params *params, struct mico_span *salt)
{
    static const uint8_t none[1];
    *salt = (struct mico_span){none, 0}; /* HMAC pads it: a salt of zeros */
    if (params->salt_type == P11_SALT_DATA && (params->salt != NULL || params->salt_len == 0)) {
        *salt = (struct mico_span){params->salt_len > 0 ? params->salt : none, params->salt_len};
        return CKR_OK;
    }
    if (params->salt_type == P11_SALT_KEY) {
        const struct p11_object *key = p11_object(params->salt_key);
        return key != NULL && key->class == CKO_SECRET_KEY && p11_get(key, CKA_VALUE, salt) ? CKR_OK
                                                                                            : CKR_KEY_HANDLE_INVALID;
    }
    return params->salt_type == P11_SALT_NULL ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}

static CK_RV hkdf_params(const CK_MECHANISM *mechanism, const struct p11_hkdf_params **out, CK_ULONG *size)
{
    const struct p11_hkdf_params *params = mechanism->pParameter;
    if (mechanism->ulParameterLen != sizeof *params || params == NULL || (!params->extract && !params->expand) ||
        (params->info == NULL && params->info_len > 0) || params->info_len > P11_INFO_MAX) {
        return CKR_MECHANISM_PARAM_INVALID;
    }
    *out = params;
    *size = params->hash == CKM_SHA256 ? 32 : params->hash == CKM_SHA384 ? 48 : 64;
    return *size < 64 || params->hash == CKM_SHA512 ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}

static CK_RV hkdf(struct derivation *d, const CK_MECHANISM *mechanism)
{
    const struct p11_hkdf_params *params;
    uint8_t prk[HASH_MAX], secret[SECRET_MAX];
    struct mico_span ikm, salt;
    CK_ULONG size;
    if (d->base->class != CKO_SECRET_KEY || !p11_get(d->base, CKA_VALUE, &ikm)) {
        return CKR_KEY_TYPE_INCONSISTENT;
    }
    if (!p11_is(d->base, CKA_DERIVE)) {
        return CKR_KEY_FUNCTION_NOT_PERMITTED;
    }
    CK_RV rv = hkdf_params(mechanism, &params, &size);
    rv = rv == CKR_OK ? wanted(d) : rv;
    rv = rv == CKR_OK && params->extract ? salt_of(params, &salt) : rv;
    if (rv != CKR_OK) {
        return rv;
    }
    d->len = d->len == 0 ? size : d->len;
    if (d->len > (params->expand ? sizeof secret : size)) {
        return CKR_KEY_SIZE_RANGE;
    }
    if (params->extract) {
        hmac(params->hash, salt, ikm, prk);
        ikm = (struct mico_span){prk, size};
    }
    if (params->expand) {
        rv = expand(params->hash, size, ikm, (struct mico_span){params->info, params->info_len}, secret, d->len);
    } else {
        memcpy(secret, prk, d->len);
    }
    rv = rv == CKR_OK ? keep(d, secret, d->len) : rv;
    mico_wipe(prk, sizeof prk);
    mico_wipe(secret, sizeof secret);
    return rv;
}

CK_RV C_DeriveKey(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE base, CK_ATTRIBUTE *template,
                  CK_ULONG count, CK_OBJECT_HANDLE *out)
{
    struct p11_session *session;
    struct derivation d = {0};
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (mechanism == NULL || out == NULL || (template == NULL && count > 0)) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (mechanism->mechanism != CKM_ECDH1_DERIVE && mechanism->mechanism != P11_HKDF_DERIVE) {
        return p11_leave(CKR_MECHANISM_INVALID);
    }
    d.base = p11_key(base);
    if (d.base == NULL) {
        return p11_leave(CKR_KEY_HANDLE_INVALID);
    }
    rv = p11_start_object(CKO_SECRET_KEY, template, count, &d.out);
    if (rv != CKR_OK) {
        return p11_leave(rv);
    }
    d.out->owner = handle;
    rv = mechanism->mechanism == CKM_ECDH1_DERIVE ? agree(&d, mechanism) : hkdf(&d, mechanism);
    if (rv == CKR_OK) {
        *out = d.out->handle;
    } else {
        p11_object_free(d.out);
    }
    return p11_leave(rv);
}
