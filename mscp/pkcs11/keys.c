/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs. A private key is an object without a value: what there is of it is a number in the chip. */
#include <string.h>

#include "mscp/pkcs11/p11.h"

#define POINT_MAX (2 + 65)

struct pair {
    struct p11_object *public, *private;
    const struct p11_curve *curve;
    uint8_t public_key[65];
    bool signs; /* else it agrees: a key of the chip does one of the two */
};

/* CKA_KEY_TYPE and CKA_EC_PARAMS of one half; *params true when it has the latter. */
static CK_RV curve_allowed(const struct p11_object *half, const struct p11_curve *curve, bool *params)
{
    struct mico_span value;
    if (p11_get(half, CKA_KEY_TYPE, &value) && !p11_has_ulong(half, CKA_KEY_TYPE, curve->key_type)) {
        return CKR_TEMPLATE_INCONSISTENT;
    }
    *params = p11_get(half, CKA_EC_PARAMS, &value);
    return !*params || p11_curve_named(value) == curve ? CKR_OK : CKR_CURVE_NOT_SUPPORTED;
}

/* OpenSC asks for signing and deriving at once: the key says what it can. A P-256 key agrees when that is all it shall do. */
static bool signs(const struct pair *pair)
{
    return pair->curve->key_type == CKK_EC_EDWARDS ||
           (pair->curve->key_type == CKK_EC && (p11_is(pair->private, CKA_SIGN) || !p11_is(pair->private, CKA_DERIVE)));
}

/* What the chip made, on both halves. */
static CK_RV describe(struct p11_object *half, const struct pair *pair, CK_MECHANISM_TYPE mechanism)
{
    const struct p11_curve *curve = pair->curve;
    uint8_t spki[MSCP_SPKI_MAX];
    size_t spki_len = mscp_spki((enum mscp_type)curve->chip_type, pair->public_key, spki);
    struct mico_span id;
    CK_RV rv = p11_set_ulong(half, CKA_KEY_TYPE, curve->key_type);
    rv = rv == CKR_OK ? p11_set(half, CKA_EC_PARAMS, curve->params, curve->params_len) : rv;
    rv = rv == CKR_OK ? p11_set(half, CKA_PUBLIC_KEY_INFO, spki, spki_len) : rv;
    rv = rv == CKR_OK ? p11_set_bool(half, CKA_LOCAL, true) : rv;
    rv = rv == CKR_OK ? p11_set_ulong(half, CKA_KEY_GEN_MECHANISM, mechanism) : rv;
    rv = rv == CKR_OK && !p11_get(half, CKA_ID, &id) ? p11_set(half, CKA_ID, NULL, 0) : rv;
    rv = rv == CKR_OK && !p11_get(half, CKA_SUBJECT, &id) ? p11_set(half, CKA_SUBJECT, NULL, 0) : rv;
    return rv == CKR_OK ? p11_set_bool(half, CKA_DERIVE, !pair->signs) : rv;
}

static CK_RV describe_both(const struct pair *pair, CK_MECHANISM_TYPE mechanism)
{
    uint8_t point[POINT_MAX] = {0x04, pair->curve->public_len};
    memcpy(point + 2, pair->public_key, pair->curve->public_len);
    CK_RV rv = describe(pair->public, pair, mechanism);
    rv = rv == CKR_OK ? p11_set(pair->public, CKA_EC_POINT, point, 2u + pair->curve->public_len) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->public, CKA_VERIFY, pair->signs) : rv;
    rv = rv == CKR_OK ? describe(pair->private, pair, mechanism) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->private, CKA_SIGN, pair->signs) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->private, CKA_SENSITIVE, true) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->private, CKA_ALWAYS_SENSITIVE, true) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->private, CKA_EXTRACTABLE, false) : rv;
    rv = rv == CKR_OK ? p11_set_bool(pair->private, CKA_NEVER_EXTRACTABLE, true) : rv;
    return rv == CKR_OK ? p11_set_bool(pair->private, CKA_ALWAYS_AUTHENTICATE, false) : rv;
}

/* The two records, so that at every moment both count or neither does: see records.c. */
static CK_RV store_both(struct pair *pair)
{
    pair->private->waits = true;
    CK_RV rv = p11_token_store(pair->private, true);
    if (rv != CKR_OK) {
        return rv;
    }
    rv = p11_token_store(pair->public, true);
    pair->private->waits = false;
    if (rv == CKR_OK && (rv = p11_token_store(pair->private, false)) != CKR_OK) {
        CK_RV ignored = p11_token_remove(pair->public);
        (void)ignored;
    }
    if (rv != CKR_OK) {
        CK_RV ignored = p11_token_remove(pair->private);
        (void)ignored;
    }
    return rv;
}

/* The templates are right: now the chip, then the two records. What fails leaves nothing behind. */
static CK_RV make_pair(struct pair *pair, CK_MECHANISM_TYPE mechanism)
{
    uint32_t key_id;
    pair->signs = signs(pair);
    CK_RV rv = p11_token_generate(pair->curve, pair->signs, pair->private, &key_id, pair->public_key);
    if (rv != CKR_OK) {
        return rv;
    }
    pair->public->key_id = pair->private->key_id = key_id;
    rv = describe_both(pair, mechanism);
    rv = rv == CKR_OK ? store_both(pair) : rv;
    if (rv != CKR_OK) {
        p11_token_drop_key(key_id);
    }
    return rv;
}

static CK_RV generate(const struct p11_session *session, struct pair *pair, CK_MECHANISM_TYPE mechanism)
{
    bool in_public, in_private;
    CK_RV rv = curve_allowed(pair->public, pair->curve, &in_public);
    rv = rv == CKR_OK ? curve_allowed(pair->private, pair->curve, &in_private) : rv;
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
    pair.curve = p11_curve_made_by(mechanism->mechanism);
    if (pair.curve == NULL) {
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
