/* SPDX-License-Identifier: Apache-2.0 */
/* Objects in memory: their attributes, and what a client may say about them. PKCS #11 3.0 section 4. */
#include <stdlib.h>
#include <string.h>

#include "mscp/pkcs11/p11.h"

#define HEAD 6 /* u32 type | u16 length */

static struct p11_object objects[P11_OBJECTS];
static CK_OBJECT_HANDLE next_session_object;

/* What a client may say of each class. BOOL_FALSE takes a boolean that must be false, BOOL_TRUE one that must be true.
 */
enum kind { BYTES, DATE, ULONG, BOOL, BOOL_FALSE, BOOL_TRUE, FIXED };
enum { PUB = 1, PRI = 2, CERT = 4, DATA = 8, SEC = 16, KEYS = PUB | PRI, ALL = KEYS | CERT | DATA | SEC };

static const struct rule {
    CK_ATTRIBUTE_TYPE type;
    enum kind kind;
    unsigned classes;
    unsigned changeable; /* later, by C_SetAttributeValue */
} rules[] = {
    {CKA_CLASS, ULONG, ALL, 0},
    {P11_UNIQUE_ID, FIXED, ALL, 0},
    {CKA_TOKEN, BOOL, ALL, 0},
    {CKA_PRIVATE, BOOL, ALL, 0},
    {CKA_MODIFIABLE, BOOL, ALL, 0},
    {CKA_COPYABLE, BOOL, CERT | DATA | SEC, 0},
    {CKA_COPYABLE, BOOL_FALSE, KEYS, 0}, /* the chip does not copy keys */
    {CKA_DESTROYABLE, BOOL, ALL, 0},
    {CKA_LABEL, BYTES, ALL, ALL},
    {CKA_ID, BYTES, KEYS | CERT | SEC, KEYS | CERT | SEC},
    {CKA_SUBJECT, BYTES, KEYS | CERT, KEYS},
    {CKA_START_DATE, DATE, KEYS | CERT | SEC, KEYS | SEC},
    {CKA_END_DATE, DATE, KEYS | CERT | SEC, KEYS | SEC},
    {CKA_KEY_TYPE, ULONG, KEYS | SEC, 0},
    {CKA_EC_PARAMS, BYTES, KEYS, 0},
    {CKA_EC_POINT, FIXED, PUB, 0},
    {CKA_LOCAL, FIXED, KEYS | SEC, 0},
    {CKA_KEY_GEN_MECHANISM, FIXED, KEYS | SEC, 0},
    {CKA_ALWAYS_SENSITIVE, FIXED, PRI | SEC, 0},
    {CKA_NEVER_EXTRACTABLE, FIXED, PRI | SEC, 0},
    {CKA_SENSITIVE, BOOL_TRUE, PRI, 0},
    {CKA_SENSITIVE, BOOL, SEC, 0},
    {CKA_EXTRACTABLE, BOOL_FALSE, PRI, 0},
    {CKA_EXTRACTABLE, BOOL, SEC, 0},
    {CKA_ALWAYS_AUTHENTICATE, BOOL_FALSE, PRI, 0},
    {CKA_WRAP_WITH_TRUSTED, BOOL_FALSE, PRI | SEC, 0},
    {CKA_SIGN, BOOL, PRI | SEC, 0},
    {CKA_VERIFY, BOOL, PUB | SEC, 0},
    {CKA_DERIVE, BOOL, KEYS | SEC, 0},
    {CKA_SIGN_RECOVER, BOOL_FALSE, PRI, 0},
    {CKA_VERIFY_RECOVER, BOOL_FALSE, PUB, 0},
    {CKA_ENCRYPT, BOOL_FALSE, PUB, 0},
    {CKA_ENCRYPT, BOOL, SEC, 0},
    {CKA_DECRYPT, BOOL_FALSE, PRI, 0},
    {CKA_DECRYPT, BOOL, SEC, 0},
    {CKA_WRAP, BOOL_FALSE, PUB, 0},
    {CKA_WRAP, BOOL, SEC, 0},
    {CKA_UNWRAP, BOOL_FALSE, PRI, 0},
    {CKA_UNWRAP, BOOL, SEC, 0},
    {CKA_TRUSTED, BOOL_FALSE, PUB | CERT | SEC, 0},
    {CKA_PUBLIC_KEY_INFO, BYTES, CERT, 0},
    {CKA_PUBLIC_KEY_INFO, FIXED, KEYS, 0},
    {CKA_VALUE, BYTES, CERT | DATA, DATA},
    {CKA_VALUE_LEN, ULONG, SEC, 0},
    {CKA_CERTIFICATE_TYPE, ULONG, CERT, 0},
    {CKA_CERTIFICATE_CATEGORY, ULONG, CERT, 0},
    {CKA_ISSUER, BYTES, CERT, CERT},
    {CKA_SERIAL_NUMBER, BYTES, CERT, CERT},
    {CKA_APPLICATION, BYTES, DATA, DATA},
    {CKA_OBJECT_ID, BYTES, DATA, DATA},
};

static unsigned class_bit(CK_OBJECT_CLASS class)
{
    switch (class) {
    case CKO_PUBLIC_KEY:
        return PUB;
    case CKO_PRIVATE_KEY:
        return PRI;
    case CKO_CERTIFICATE:
        return CERT;
    case CKO_DATA:
        return DATA;
    default:
        return SEC;
    }
}

static const struct rule *rule_of(CK_OBJECT_CLASS class, CK_ATTRIBUTE_TYPE type)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].type == type && (rules[i].classes & class_bit(class)) != 0) {
            return &rules[i];
        }
    }
    return NULL;
}

/* ---- objects ---- */

struct p11_object *p11_object(CK_OBJECT_HANDLE handle)
{
    for (size_t i = 0; handle != 0 && i < P11_OBJECTS; i++) {
        if (objects[i].handle == handle) {
            return &objects[i];
        }
    }
    return NULL;
}

struct p11_object *p11_key(CK_OBJECT_HANDLE handle)
{
    struct p11_object *object = p11_object(handle);
    return object != NULL && (class_bit(object->class) & (KEYS | SEC)) != 0 ? object : NULL;
}

struct p11_object *p11_object_at(size_t index)
{
    return objects[index].handle != 0 ? &objects[index] : NULL;
}

struct p11_object *p11_object_new(CK_OBJECT_CLASS class)
{
    for (size_t i = 0; i < P11_OBJECTS; i++) {
        if (objects[i].handle == 0) {
            objects[i].handle = P11_SESSION_OBJECT + next_session_object++ % P11_SESSION_OBJECT;
            objects[i].class = class;
            return &objects[i];
        }
    }
    return NULL;
}

void p11_object_free(struct p11_object *object)
{
    mico_wipe(object, sizeof *object);
}

void p11_objects_forget(void)
{
    mico_wipe(objects, sizeof objects);
}

void p11_objects_private_forget(void)
{
    for (size_t i = 0; i < P11_OBJECTS; i++) {
        if (objects[i].handle != 0 && p11_is(&objects[i], CKA_PRIVATE)) {
            p11_object_free(&objects[i]);
        }
    }
}

void p11_objects_of_session_forget(CK_SESSION_HANDLE owner)
{
    for (size_t i = 0; i < P11_OBJECTS; i++) {
        if (objects[i].handle >= P11_SESSION_OBJECT && objects[i].owner == owner) {
            p11_object_free(&objects[i]);
        }
    }
}

/* ---- attributes ---- */

/* Where the attribute stands; object->len when it is not there. */
static size_t find(const struct p11_object *object, CK_ATTRIBUTE_TYPE type)
{
    size_t at = 0;
    while (at < object->len && mico_load_le32(object->attributes + at) != type) {
        at += HEAD + mico_load_le16(object->attributes + at + 4);
    }
    return at;
}

bool p11_get(const struct p11_object *object, CK_ATTRIBUTE_TYPE type, struct mico_span *value)
{
    size_t at = find(object, type);
    if (at == object->len) {
        return false;
    }
    *value = (struct mico_span){object->attributes + at + HEAD, mico_load_le16(object->attributes + at + 4)};
    return true;
}

bool p11_has_ulong(const struct p11_object *object, CK_ATTRIBUTE_TYPE type, CK_ULONG value)
{
    struct mico_span said;
    return p11_get(object, type, &said) && said.len == sizeof value && memcmp(said.data, &value, sizeof value) == 0;
}

bool p11_hides(const struct p11_object *object, CK_ATTRIBUTE_TYPE type)
{
    return type == CKA_VALUE &&
           (object->class == CKO_PRIVATE_KEY ||
            (object->class == CKO_SECRET_KEY && (p11_is(object, CKA_SENSITIVE) || !p11_is(object, CKA_EXTRACTABLE))));
}

bool p11_is(const struct p11_object *object, CK_ATTRIBUTE_TYPE type)
{
    struct mico_span value;
    return p11_get(object, type, &value) && value.len == 1 && value.data[0] == CK_TRUE;
}

CK_RV p11_set(struct p11_object *object, CK_ATTRIBUTE_TYPE type, const void *value, size_t len)
{
    size_t at = find(object, type);
    size_t old = at < object->len ? HEAD + mico_load_le16(object->attributes + at + 4) : 0;
    if (len > P11_ATTRIBUTES || object->len - old + HEAD + len > P11_ATTRIBUTES) {
        return CKR_DEVICE_MEMORY;
    }
    memmove(object->attributes + at, object->attributes + at + old, object->len - at - old);
    object->len -= old;
    uint8_t *to = object->attributes + object->len;
    mico_store_le32(to, (uint32_t)type);
    mico_store_le16(to + 4, (uint16_t)len);
    if (len > 0) {
        memcpy(to + HEAD, value, len);
    }
    object->len += HEAD + len;
    return CKR_OK;
}

CK_RV p11_set_bool(struct p11_object *object, CK_ATTRIBUTE_TYPE type, bool value)
{
    const CK_BBOOL byte = value ? CK_TRUE : CK_FALSE;
    return p11_set(object, type, &byte, 1);
}

CK_RV p11_set_ulong(struct p11_object *object, CK_ATTRIBUTE_TYPE type, CK_ULONG value)
{
    return p11_set(object, type, &value, sizeof value);
}

CK_RV p11_set_booleans(struct p11_object *object)
{
    CK_RV rv = CKR_OK;
    for (size_t i = 0; rv == CKR_OK && i < sizeof rules / sizeof rules[0]; i++) {
        bool boolean = rules[i].kind == BOOL || rules[i].kind == BOOL_FALSE || rules[i].kind == BOOL_TRUE;
        if (boolean && (rules[i].classes & class_bit(object->class)) != 0) {
            bool allows = rules[i].type == CKA_MODIFIABLE || rules[i].type == CKA_DESTROYABLE ||
                          (rules[i].type == CKA_COPYABLE && rules[i].kind == BOOL);
            rv = p11_set_bool(object, rules[i].type, allows);
        }
    }
    return rv;
}

static CK_RV value_allowed(const struct rule *rule, const CK_ATTRIBUTE *a)
{
    if (a->pValue == NULL && a->ulValueLen > 0) {
        return CKR_ATTRIBUTE_VALUE_INVALID;
    }
    if (rule->kind == FIXED) {
        return CKR_ATTRIBUTE_READ_ONLY;
    }
    if (rule->kind == BYTES) {
        return CKR_OK;
    }
    if (rule->kind == DATE) {
        return a->ulValueLen == 0 || a->ulValueLen == sizeof(CK_DATE) ? CKR_OK : CKR_ATTRIBUTE_VALUE_INVALID;
    }
    if (rule->kind == ULONG) {
        return a->ulValueLen == sizeof(CK_ULONG) ? CKR_OK : CKR_ATTRIBUTE_VALUE_INVALID;
    }
    CK_BBOOL value = a->ulValueLen == 1 ? *(const CK_BBOOL *)a->pValue : 2;
    if (value > CK_TRUE) {
        return CKR_ATTRIBUTE_VALUE_INVALID;
    }
    bool refused = (rule->kind == BOOL_FALSE && value) || (rule->kind == BOOL_TRUE && !value);
    return refused ? CKR_TEMPLATE_INCONSISTENT : CKR_OK;
}

/* Whether a client may say this of an object that there is, or of its copy. PKCS #11 3.0 section 5.7.2. */
static bool may_differ(const struct p11_object *object, const struct rule *rule, enum p11_applied when)
{
    bool of_copies = rule->type == CKA_TOKEN || rule->type == CKA_PRIVATE || rule->type == CKA_MODIFIABLE ||
                     rule->type == CKA_DESTROYABLE || rule->type == CKA_COPYABLE;
    return when == P11_NEW || (rule->changeable & class_bit(object->class)) != 0 || (when == P11_COPY && of_copies);
}

CK_RV p11_apply(struct p11_object *object, const CK_ATTRIBUTE *attributes, CK_ULONG count, enum p11_applied when)
{
    for (CK_ULONG i = 0; i < count; i++) {
        const struct rule *rule = rule_of(object->class, attributes[i].type);
        CK_RV rv = rule == NULL ? CKR_ATTRIBUTE_TYPE_INVALID : value_allowed(rule, &attributes[i]);
        if (rv == CKR_OK && !may_differ(object, rule, when)) {
            rv = CKR_ATTRIBUTE_READ_ONLY;
        }
        for (CK_ULONG k = 0; rv == CKR_OK && k < i; k++) {
            rv = attributes[k].type == attributes[i].type ? CKR_TEMPLATE_INCONSISTENT : CKR_OK;
        }
        if (rv == CKR_OK) {
            rv = p11_set(object, attributes[i].type, attributes[i].pValue, attributes[i].ulValueLen);
        }
        if (rv != CKR_OK) {
            return rv;
        }
    }
    return CKR_OK;
}

/* The length that an attribute of this kind has. */
static bool length_right(enum kind kind, size_t len)
{
    switch (kind) {
    case ULONG:
        return len == sizeof(CK_ULONG);
    case BOOL:
    case BOOL_FALSE:
    case BOOL_TRUE:
        return len == sizeof(CK_BBOOL);
    default:
        return true;
    }
}

bool p11_sound(const struct p11_object *object)
{
    for (size_t at = 0; at < object->len;) {
        if (object->len - at < HEAD || object->len - at - HEAD < mico_load_le16(object->attributes + at + 4)) {
            return false;
        }
        size_t len = mico_load_le16(object->attributes + at + 4);
        const struct rule *rule = rule_of(object->class, mico_load_le32(object->attributes + at));
        if (rule != NULL && !length_right(rule->kind, len)) {
            return false;
        }
        at += HEAD + len;
    }
    return p11_has_ulong(object, CKA_CLASS, object->class) && class_bit(object->class) != SEC;
}

bool p11_matches(const struct p11_object *object, const CK_ATTRIBUTE *attributes, CK_ULONG count)
{
    for (CK_ULONG i = 0; i < count; i++) {
        struct mico_span value;
        if (p11_hides(object, attributes[i].type) || !p11_get(object, attributes[i].type, &value) ||
            value.len != attributes[i].ulValueLen ||
            (value.len > 0 && memcmp(value.data, attributes[i].pValue, value.len) != 0)) {
            return false;
        }
    }
    return true;
}
