/* SPDX-License-Identifier: Apache-2.0 */
/* Objects: find, read, create, change, destroy. */
#include <string.h>

#include "mscp/pkcs11/p11.h"

CK_RV C_FindObjectsInit(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template, CK_ULONG count)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (template == NULL && count > 0) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (session->finding) {
        return p11_leave(CKR_OPERATION_ACTIVE);
    }
    for (CK_ULONG i = 0; i < count; i++) {
        if (template[i].pValue == NULL && template[i].ulValueLen > 0) {
            return p11_leave(CKR_ATTRIBUTE_VALUE_INVALID);
        }
    }
    rv = p11_token_load();
    session->found_count = session->found_at = 0;
    for (size_t i = 0; rv == CKR_OK && i < P11_OBJECTS; i++) {
        const struct p11_object *object = p11_object_at(i);
        if (object != NULL && p11_matches(object, template, count)) {
            session->found[session->found_count++] = object->handle;
        }
    }
    session->finding = rv == CKR_OK;
    return p11_leave(rv);
}

CK_RV C_FindObjects(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE *out, CK_ULONG max, CK_ULONG *count)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!session->finding) {
        return p11_leave(CKR_OPERATION_NOT_INITIALIZED);
    }
    if (count == NULL || (out == NULL && max > 0)) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    for (*count = 0; *count < max && session->found_at < session->found_count; (*count)++) {
        out[*count] = session->found[session->found_at++];
    }
    return p11_leave(CKR_OK);
}

CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE handle)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    rv = session->finding ? CKR_OK : CKR_OPERATION_NOT_INITIALIZED;
    session->finding = false;
    return p11_leave(rv);
}

static CK_RV get_one(const struct p11_object *object, CK_ATTRIBUTE *a)
{
    struct mico_span value;
    CK_RV rv = CKR_OK;
    if (p11_hides(object, a->type)) {
        rv = CKR_ATTRIBUTE_SENSITIVE;
    } else if (!p11_get(object, a->type, &value)) {
        rv = CKR_ATTRIBUTE_TYPE_INVALID;
    } else if (a->pValue == NULL) {
        a->ulValueLen = value.len;
        return CKR_OK;
    } else if (a->ulValueLen < value.len) {
        rv = CKR_BUFFER_TOO_SMALL;
    } else {
        memcpy(a->pValue, value.data, value.len);
        a->ulValueLen = value.len;
        return CKR_OK;
    }
    a->ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return rv;
}

CK_RV C_GetAttributeValue(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object_handle, CK_ATTRIBUTE *template,
                          CK_ULONG count)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    const struct p11_object *object = p11_object(object_handle);
    if (object == NULL) {
        return p11_leave(CKR_OBJECT_HANDLE_INVALID);
    }
    if (template == NULL || count == 0) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    for (CK_ULONG i = 0; i < count; i++) { /* every one is looked at, whatever the others gave */
        CK_RV one = get_one(object, &template[i]);
        rv = one != CKR_OK ? one : rv;
    }
    return p11_leave(rv);
}

CK_RV C_GetObjectSize(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object_handle, CK_ULONG *size)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    const struct p11_object *object = p11_object(object_handle);
    if (object == NULL || size == NULL) {
        return p11_leave(object == NULL ? CKR_OBJECT_HANDLE_INVALID : CKR_ARGUMENTS_BAD);
    }
    *size = object->len;
    return p11_leave(CKR_OK);
}

/* CKA_UNIQUE_ID: 128 random bits in hexadecimal. */
static CK_RV name_uniquely(struct p11_object *object)
{
    uint8_t id[16];
    char hex[2 * sizeof id + 1];
    if (mico_random(id, sizeof id) != MICO_OK) {
        return CKR_DEVICE_ERROR;
    }
    mico_hex(id, sizeof id, hex);
    return p11_set(object, P11_UNIQUE_ID, hex, 2 * sizeof id);
}

/* What every object has, whether its template says so or not. */
static CK_RV defaults(struct p11_object *object)
{
    CK_RV rv = p11_set_ulong(object, CKA_CLASS, object->class);
    rv = rv == CKR_OK ? p11_set_booleans(object) : rv;
    rv = rv == CKR_OK ? p11_set(object, CKA_LABEL, NULL, 0) : rv;
    return rv == CKR_OK ? name_uniquely(object) : rv;
}

static CK_RV private_allowed(const struct p11_object *object)
{
    bool pin = false;
    CK_RV rv = p11_is(object, CKA_PRIVATE) && !p11_user_in() ? p11_user_pin_set(&pin) : CKR_OK;
    return pin ? CKR_USER_NOT_LOGGED_IN : rv;
}

CK_RV p11_start_object(CK_OBJECT_CLASS class, const CK_ATTRIBUTE *template, CK_ULONG count, struct p11_object **out)
{
    struct mico_span said;
    struct p11_object *object = p11_object_new(class);
    if (object == NULL) {
        return CKR_HOST_MEMORY;
    }
    CK_RV rv = defaults(object);
    rv = rv == CKR_OK ? p11_apply(object, template, count, P11_NEW) : rv;
    rv = rv == CKR_OK ? private_allowed(object) : rv;
    if (rv == CKR_OK && (!p11_get(object, CKA_CLASS, &said) || memcmp(said.data, &class, sizeof class) != 0)) {
        rv = CKR_TEMPLATE_INCONSISTENT;
    }
    if (rv != CKR_OK) {
        p11_object_free(object);
        return rv;
    }
    *out = object;
    return CKR_OK;
}

static CK_OBJECT_CLASS class_of(const CK_ATTRIBUTE *template, CK_ULONG count)
{
    for (CK_ULONG i = 0; i < count; i++) {
        if (template[i].type == CKA_CLASS && template[i].ulValueLen == sizeof(CK_OBJECT_CLASS) &&
            template[i].pValue != NULL) {
            CK_OBJECT_CLASS class;
            memcpy(&class, template[i].pValue, sizeof class);
            return class;
        }
    }
    return CK_UNAVAILABLE_INFORMATION;
}

/* What a certificate or a data object must have. */
static CK_RV complete(struct p11_object *object)
{
    struct mico_span value;
    const CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    if (object->class == CKO_DATA) {
        return p11_get(object, CKA_VALUE, &value) ? CKR_OK : p11_set(object, CKA_VALUE, NULL, 0);
    }
    if (!p11_get(object, CKA_CERTIFICATE_TYPE, &value) || !p11_get(object, CKA_VALUE, &value) || value.len == 0) {
        return CKR_TEMPLATE_INCOMPLETE;
    }
    if (!p11_get(object, CKA_CERTIFICATE_TYPE, &value) || memcmp(value.data, &x509, sizeof x509) != 0) {
        return CKR_ATTRIBUTE_VALUE_INVALID;
    }
    return p11_get(object, CKA_SUBJECT, &value) ? CKR_OK : CKR_TEMPLATE_INCOMPLETE;
}

/* The end of making an object: it is the session's or the token's and *out its handle; or, rv or what storing it gives being an
 * error, it is gone. */
static CK_RV settle(const struct p11_session *session, struct p11_object *object, CK_RV rv, CK_OBJECT_HANDLE *out)
{
    object->owner = session->handle;
    if (rv == CKR_OK && p11_is(object, CKA_TOKEN)) {
        rv = object->class == CKO_SECRET_KEY ? CKR_TEMPLATE_INCONSISTENT /* the chip keeps none of this process's */
             : session->writable             ? p11_token_store(object, true)
                                             : CKR_SESSION_READ_ONLY;
    }
    if (rv == CKR_OK) {
        *out = object->handle;
    } else {
        p11_object_free(object);
    }
    return rv;
}

CK_RV C_CreateObject(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template, CK_ULONG count, CK_OBJECT_HANDLE *out)
{
    struct p11_session *session;
    struct p11_object *object;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (template == NULL || out == NULL) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    CK_OBJECT_CLASS class = class_of(template, count);
    if (class == CK_UNAVAILABLE_INFORMATION) {
        return p11_leave(CKR_TEMPLATE_INCOMPLETE);
    }
    if (class != CKO_CERTIFICATE && class != CKO_DATA) {
        return p11_leave(CKR_TEMPLATE_INCONSISTENT); /* keys from outside: no */
    }
    rv = p11_start_object(class, template, count, &object);
    if (rv != CKR_OK) {
        return p11_leave(rv);
    }
    rv = complete(object);
    return p11_leave(settle(session, object, rv, out));
}

static CK_RV copy_of(const struct p11_object *object, const CK_ATTRIBUTE *template, CK_ULONG count,
                     struct p11_object *copy)
{
    copy->key_id = object->key_id;
    copy->len = object->len;
    memcpy(copy->attributes, object->attributes, object->len);
    CK_RV rv = name_uniquely(copy);
    rv = rv == CKR_OK ? p11_apply(copy, template, count, P11_COPY) : rv;
    bool shown = p11_is(object, CKA_PRIVATE) && !p11_is(copy, CKA_PRIVATE);
    bool freed = !p11_is(object, CKA_MODIFIABLE) && p11_is(copy, CKA_MODIFIABLE);
    if (rv == CKR_OK && (shown || freed)) {
        return CKR_TEMPLATE_INCONSISTENT;
    }
    return rv == CKR_OK ? private_allowed(copy) : rv;
}

CK_RV C_CopyObject(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object_handle, CK_ATTRIBUTE *template, CK_ULONG count,
                   CK_OBJECT_HANDLE *out)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    const struct p11_object *object = p11_object(object_handle);
    if (object == NULL) {
        return p11_leave(CKR_OBJECT_HANDLE_INVALID);
    }
    if (out == NULL || (template == NULL && count > 0)) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    if (!p11_is(object, CKA_COPYABLE)) {
        return p11_leave(CKR_ACTION_PROHIBITED);
    }
    struct p11_object *copy = p11_object_new(object->class);
    if (copy == NULL) {
        return p11_leave(CKR_HOST_MEMORY);
    }
    rv = copy_of(object, template, count, copy);
    return p11_leave(settle(session, copy, rv, out));
}

CK_RV C_SetAttributeValue(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object_handle, CK_ATTRIBUTE *template,
                          CK_ULONG count)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    struct p11_object *object = p11_object(object_handle);
    if (object == NULL) {
        return p11_leave(CKR_OBJECT_HANDLE_INVALID);
    }
    if (template == NULL || count == 0) {
        return p11_leave(CKR_ARGUMENTS_BAD);
    }
    bool token = p11_is(object, CKA_TOKEN);
    if (token && !session->writable) {
        return p11_leave(CKR_SESSION_READ_ONLY);
    }
    if (!p11_is(object, CKA_MODIFIABLE)) {
        return p11_leave(CKR_ACTION_PROHIBITED);
    }
    static struct p11_object before; /* under the lock */
    before = *object;
    rv = p11_apply(object, template, count, P11_CHANGE);
    if (rv == CKR_OK && token) {
        rv = p11_token_store(object, false);
    }
    if (rv == CKR_OBJECT_HANDLE_INVALID) {
        p11_object_free(object);
    } else if (rv != CKR_OK &&
               p11_object(object_handle) == object) { /* it is gone where the login was found to be over */
        *object = before;
    }
    mico_wipe(&before, sizeof before);
    return p11_leave(rv);
}

CK_RV C_DestroyObject(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE object_handle)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    struct p11_object *object = p11_object(object_handle);
    if (object == NULL) {
        return p11_leave(CKR_OBJECT_HANDLE_INVALID);
    }
    bool token = p11_is(object, CKA_TOKEN);
    rv = token && !session->writable        ? CKR_SESSION_READ_ONLY
         : !p11_is(object, CKA_DESTROYABLE) ? CKR_ACTION_PROHIBITED
         : token                            ? p11_token_remove(object)
                                            : CKR_OK;
    if (rv == CKR_OK || rv == CKR_OBJECT_HANDLE_INVALID) {
        p11_object_free(object);
    }
    return p11_leave(rv);
}
