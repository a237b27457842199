/* SPDX-License-Identifier: Apache-2.0 */
/* What clients see of the token, as records in the chip: from id 0x20000 on one DATA object for each object, with its class, key and
 * attributes; the keys themselves from 0x1000 on.
 *
 * A pair comes about at one moment: its private half is written first and waits; with the public half beside it, both are there.
 * A key or a private half that a client left without that, by its end, nobody sees; C_InitToken clears it away. */
#include <string.h>

#include "mscp/host/mscp_host_state.h"
#include "mscp/pkcs11/p11.h"

#define RECORD_ID 0x20000u
#define RECORD_HEAD 9 /* u8 state | u32 class | u32 key id */
enum { RECORD_WHOLE = 1, RECORD_WAITS = 2 };

static CK_RV load_one(struct mscp_host *chip, uint32_t id)
{
    uint8_t record[RECORD_HEAD + P11_ATTRIBUTES];
    size_t len;
    mico_err err = MICO_OK;
    for (int attempt = 0; attempt < 2 && (attempt == 0 || p11_login_again(err)); attempt++) {
        err = mscp_host_read(chip, id, record, sizeof record, &len);
    }
    if (err != MICO_OK) {
        return p11_error(err);
    }
    if (len < RECORD_HEAD || (record[0] != RECORD_WHOLE && record[0] != RECORD_WAITS)) {
        return CKR_OK; /* none of ours */
    }
    struct p11_object *object = p11_object(id);
    if (object == NULL && (object = p11_object_new(0)) == NULL) {
        return CKR_HOST_MEMORY;
    }
    object->handle = id;
    object->seen = true;
    object->waits = record[0] == RECORD_WAITS;
    object->class = mico_load_le32(record + 1);
    object->key_id = mico_load_le32(record + 5);
    object->len = len - RECORD_HEAD;
    memcpy(object->attributes, record + RECORD_HEAD, object->len);
    if (!p11_sound(object)) {
        p11_object_free(object); /* written by somebody else's hand */
    }
    return CKR_OK;
}

/* A private half that waits for its public one: with it, it waits no more; without, its making was cut off and it is none. */
static CK_RV settle(struct p11_object *object)
{
    for (size_t i = 0; i < P11_OBJECTS; i++) {
        const struct p11_object *other = p11_object_at(i);
        if (other != NULL && other->class == CKO_PUBLIC_KEY && other->key_id == object->key_id) {
            object->waits = false;
            CK_RV rv = p11_token_store(object, false);
            if (rv != CKR_OBJECT_HANDLE_INVALID) {
                return rv;
            }
            break; /* another process destroyed it meanwhile */
        }
    }
    p11_object_free(object);
    return CKR_OK;
}

CK_RV p11_token_load(void)
{
    struct mscp_host *chip;
    struct mscp_listed list[MSCP_OBJECTS_MAX];
    size_t count = 0;
    CK_RV rv = p11_token(&chip);
    if (rv == CKR_OK) {
        rv = p11_error(mscp_host_list(chip, list, &count));
    }
    for (size_t i = 0; rv == CKR_OK && i < P11_OBJECTS; i++) {
        if (p11_object_at(i) != NULL) {
            p11_object_at(i)->seen = p11_object_at(i)->handle >= P11_SESSION_OBJECT;
        }
    }
    for (size_t i = 0; rv == CKR_OK && i < count; i++) {
        bool visible = list[i].attributes.policy_len == 0 || p11_user_in();
        if (list[i].id >= RECORD_ID && list[i].attributes.type == MSCP_DATA && visible) {
            rv = load_one(chip, list[i].id);
        }
    }
    for (size_t i = 0; rv == CKR_OK && i < P11_OBJECTS; i++) {
        struct p11_object *object = p11_object_at(i);
        if (object != NULL && !object->seen) {
            p11_object_free(object);
        } else if (object != NULL && object->waits) {
            rv = settle(object);
        }
    }
    return rv;
}

/* Where the next key and the next record are tried. Walking the chip's list costs it more than the work itself, so it is
 * asked for only at first, and when another process has taken the id. */
static uint32_t next_key, next_record;

/* The first id after all that the chip has from `from` on. */
static CK_RV free_id(struct mscp_host *chip, uint32_t from, uint32_t below, uint32_t *id)
{
    struct mscp_listed list[MSCP_OBJECTS_MAX];
    size_t count;
    mico_err err = mscp_host_list(chip, list, &count);
    if (err != MICO_OK) {
        return p11_error(err);
    }
    bool taken = true;
    for (*id = from; taken; *id += taken) {
        taken = false;
        for (size_t i = 0; i < count; i++) {
            taken = taken || list[i].id == *id;
        }
    }
    return *id < below ? CKR_OK : CKR_DEVICE_MEMORY;
}

/* Make a thing under a free id: `make` is tried with *next, and once more with one from the list. */
static CK_RV under_free_id(uint32_t *next, uint32_t from, uint32_t below,
                           mico_err (*make)(struct mscp_host *chip, uint32_t id, void *ctx), void *ctx, uint32_t *id)
{
    struct mscp_host *chip;
    CK_RV rv = p11_token(&chip);
    mico_err err = MICO_ERR_STATE;
    for (int attempt = 0; rv == CKR_OK && err == MICO_ERR_STATE && attempt < 3; attempt++) {
        if (*next < from || *next >= below || attempt > 0) {
            rv = free_id(chip, from, below, next);
        }
        if (rv == CKR_OK) {
            *id = (*next)++;
            err = make(chip, *id, ctx);
            err = err != MICO_OK && mscp_host_last_status(chip) == MSCP_OBJECT_EXISTS ? MICO_ERR_STATE : err;
        }
    }
    return rv == CKR_OK ? p11_error(err) : rv;
}

/* What only the user may use or read, on a token that has one. */
static CK_RV make_private(struct mscp_attributes *attributes, const struct p11_object *object)
{
    bool pin = false;
    CK_RV rv = p11_is(object, CKA_PRIVATE) ? p11_user_pin_set(&pin) : CKR_OK;
    if (pin) {
        attributes->policy_len = P11_PRIVATE_POLICY;
        memcpy(attributes->policy, p11_private_policy, P11_PRIVATE_POLICY);
    }
    return rv;
}

struct record_request {
    struct mscp_attributes attributes;
    struct mico_span value;
};

static mico_err make_record(struct mscp_host *chip, uint32_t id, void *ctx)
{
    const struct record_request *request = ctx;
    return mscp_host_create(chip, id, &request->attributes, request->value);
}

/* Another process may have destroyed what this one still knows. */
static CK_RV gone_or(const struct mscp_host *chip, mico_err err)
{
    return err == MICO_ERR_STATE && mscp_host_last_status(chip) == MSCP_NO_SUCH_OBJECT ? CKR_OBJECT_HANDLE_INVALID
                                                                                       : p11_error(err);
}

CK_RV p11_token_store(struct p11_object *object, bool fresh)
{
    uint8_t record[RECORD_HEAD + P11_ATTRIBUTES];
    uint32_t id;
    record[0] = object->waits ? RECORD_WAITS : RECORD_WHOLE;
    mico_store_le32(record + 1, (uint32_t)object->class);
    mico_store_le32(record + 5, object->key_id);
    memcpy(record + RECORD_HEAD, object->attributes, object->len);
    struct mico_span value = {record, RECORD_HEAD + object->len};
    if (!fresh) {
        struct mscp_host *chip;
        CK_RV rv = p11_token(&chip);
        mico_err err = MICO_OK;
        for (int attempt = 0; rv == CKR_OK && attempt < 2 && (attempt == 0 || p11_login_again(err)); attempt++) {
            err = mscp_host_write(chip, (uint32_t)object->handle, value);
        }
        return rv == CKR_OK ? gone_or(chip, err) : rv;
    }
    struct record_request request = {p11_record_attributes, value};
    CK_RV rv = make_private(&request.attributes, object);
    if (rv == CKR_OK) {
        rv = under_free_id(&next_record, RECORD_ID, P11_SESSION_OBJECT, make_record, &request, &id);
    }
    if (rv == CKR_OK) {
        object->handle = id;
    }
    return rv;
}

CK_RV p11_token_remove(const struct p11_object *object)
{
    struct mscp_host *chip;
    CK_RV rv = p11_token(&chip);
    if (rv != CKR_OK) {
        return rv;
    }
    mico_err err = MICO_OK;
    if (object->class == CKO_PRIVATE_KEY) {
        err = mscp_host_delete(chip, object->key_id); /* first: what remains is an object that cannot sign */
        err = err == MICO_ERR_STATE ? MICO_OK : err;
    }
    return gone_or(chip, err == MICO_OK ? mscp_host_delete(chip, (uint32_t)object->handle) : err);
}

struct key_request {
    struct mscp_attributes attributes;
    uint8_t *public_key;
};

static mico_err make_key(struct mscp_host *chip, uint32_t id, void *ctx)
{
    const struct key_request *request = ctx;
    return request->attributes.type == MSCP_KEY_P256
               ? mscp_host_generate_p256(chip, id, &request->attributes, request->public_key)
               : mscp_host_generate(chip, id, &request->attributes, request->public_key);
}

CK_RV p11_token_generate(const struct p11_curve *curve, bool signs, const struct p11_object *private, uint32_t *key_id,
                         uint8_t *public_key)
{
    struct key_request request = {
        .attributes = {.type = curve->chip_type, .usage = signs ? MSCP_USE_SIGN_RAW : MSCP_USE_AGREE},
        .public_key = public_key};
    CK_RV rv = make_private(&request.attributes, private);
    return rv == CKR_OK ? under_free_id(&next_key, MSCP_ID_GENERAL, P11_LABEL_ID, make_key, &request, key_id) : rv;
}

void p11_token_drop_key(uint32_t key_id)
{
    struct mscp_host *chip;
    if (p11_token(&chip) == CKR_OK) {
        mico_err ignored = mscp_host_delete(chip, key_id); /* it has no object: at worst it takes room */
        (void)ignored;
    }
}
