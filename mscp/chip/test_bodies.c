/* SPDX-License-Identifier: Apache-2.0 */
/* See test_bodies.h. */
#include "mscp/chip/test_bodies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* What the profile does not have and the new commands need. */
void make_secrets(struct rig *rig)
{
    static const struct mscp_attributes auth = {.type = MSCP_AUTH};
    static const struct mscp_attributes secret = {
        .type = MSCP_SECRET, .usage = MSCP_USE_DERIVE | MSCP_USE_MAC | MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT};
    static const uint8_t value[34] = {MSCP_AUTH_HMAC, 9};
    assert_int_equal(mscp_host_create(&rig->host, THE_AUTH, &auth, MICO_SPAN(value)), MICO_OK);
    assert_int_equal(
        mscp_host_import(&rig->host, &(struct mscp_import){.id = THE_SECRET, .attributes = &secret, .key = {value, 32}},
                         NULL),
        MICO_OK);
}

static uint32_t boot_counter(struct rig *rig)
{
    struct mscp_info info;
    return mscp_host_info(&rig->host, &info) == MICO_OK ? info.boot_counter : 0;
}

static uint64_t login_counter(struct rig *rig)
{
    static const uint8_t nonce[32];
    struct mscp_login_proof proof;
    return mscp_host_login_proof(&rig->host, nonce, &proof) == MICO_OK ? proof.counter : 0;
}

enum kind { NONE, U8, U16, U64, SOME, ATTRIBUTES, PIECE, PAIRING_PIECE, BOOT_NOW, LOGIN_NOW, ID };

/* One TLV, or the three of a piece. value: the number, or how many bytes of some. */
struct field {
    enum kind kind;
    enum mscp_tag tag;
    uint32_t value;
    const struct mscp_attributes *attributes;
};

static const struct mscp_attributes to_mac = {.type = MSCP_SECRET, .usage = MSCP_USE_MAC};

#define TLV(kind, tag, value)             \
    {                                     \
        kind, MSCP_TAG_##tag, value, NULL \
    }
#define OBJECT(id) TLV(ID, ID, id)
#define OF(attributes)                                 \
    {                                                  \
        ATTRIBUTES, MSCP_TAG_ATTRIBUTES, 0, attributes \
    }
#define THREE_BYTES                    \
    {                                  \
        PIECE, MSCP_TAG_BYTES, 3, NULL \
    }

#define FIELDS_MAX 4

static const struct body {
    uint8_t command;
    struct field fields[FIELDS_MAX];
} bodies[] = {
    {MSCP_GET_RANDOM, {TLV(U16, COUNT, 8)}},
    {MSCP_PAIR, {TLV(U8, STEP, 1), TLV(SOME, HANDSHAKE, 32)}},
    {MSCP_OPEN_SESSION, {TLV(SOME, HANDSHAKE, 48)}},
    {MSCP_RESUME_SESSION, {TLV(SOME, NONCE, 32), TLV(BOOT_NOW, BOOT, 0)}},
    {MSCP_AUTHENTICATE, {OBJECT(THE_AUTH)}},
    {MSCP_REPAIR, {TLV(U8, STEP, 2)}},
    {MSCP_SET_LIFECYCLE, {TLV(U8, LIFECYCLE, MSCP_OPERATIONAL), TLV(U8, DRY_RUN, 1)}},
    {MSCP_UPDATE_FIRMWARE, {TLV(U8, STEP, 0)}},
    {MSCP_GENERATE_KEY_PAIR, {OBJECT(0x70), OF(&rig_pairing)}},
    {MSCP_IMPORT_KEY, {OBJECT(MSCP_ID_VOLATILE), OF(&to_mac), TLV(SOME, KEY, 32)}},
    {MSCP_CREATE_OBJECT, {OBJECT(0x71), OF(&rig_data), THREE_BYTES}},
    {MSCP_DELETE_OBJECT, {OBJECT(MSCP_ID_CHAIN)}},
    {MSCP_GET_ATTRIBUTES, {OBJECT(MSCP_ID_IDENTITY)}},
    {MSCP_GET_PUBLIC_KEY, {OBJECT(MSCP_ID_IDENTITY)}},
    {MSCP_READ_DATA, {OBJECT(MSCP_ID_CHAIN)}},
    {MSCP_WRITE_DATA, {OBJECT(THE_DATA), THREE_BYTES}},
    {MSCP_SEAL_DATA, {TLV(SOME, BYTES, 64)}},
    {MSCP_UNSEAL_DATA, {TLV(SOME, BYTES, 64)}},
    {MSCP_INCREMENT_COUNTER, {OBJECT(MSCP_ID_ROLLBACK)}},
    {MSCP_SIGN, {OBJECT(MSCP_ID_PAIRING), {PAIRING_PIECE, MSCP_TAG_BYTES, 0, NULL}}},
    {MSCP_VERIFY, {OBJECT(MSCP_ID_PAIRING), TLV(SOME, SIGNATURE, 64), THREE_BYTES}},
    {MSCP_KEY_AGREEMENT, {OBJECT(MSCP_ID_FIRMWARE), TLV(SOME, PUBLIC_KEY, 32)}},
    {MSCP_DERIVE_KEY, {OBJECT(THE_SECRET), TLV(U8, ALGORITHM, MSCP_HKDF_SHA256), TLV(U16, COUNT, 32)}},
    {MSCP_COMPUTE_MAC, {OBJECT(THE_SECRET), THREE_BYTES}},
    {MSCP_VERIFY_MAC, {OBJECT(THE_SECRET), TLV(SOME, MAC, 32), THREE_BYTES}},
    {MSCP_ENCRYPT, {OBJECT(THE_SECRET), TLV(SOME, IV, 12), TLV(SOME, BYTES, 20)}},
    {MSCP_DECRYPT, {OBJECT(THE_SECRET), TLV(SOME, IV, 12), TLV(SOME, BYTES, 20)}},
    {MSCP_HASH, {TLV(U8, ALGORITHM, MSCP_SHA512), THREE_BYTES}},
    {MSCP_ATTEST_KEY, {OBJECT(MSCP_ID_PAIRING), TLV(SOME, NONCE, 32)}},
    {MSCP_GET_EVIDENCE, {TLV(SOME, NONCE, 32)}},
    {MSCP_EXTEND_MEASUREMENT, {TLV(U8, INDEX, 1), TLV(SOME, DIGEST, 32)}},
    {MSCP_VERIFY_BOOT, {TLV(SOME, DIGEST, 32), TLV(U64, VALUE, 1), TLV(SOME, SIGNATURE, 64)}},
    {MSCP_CHECK_RECEIPT, {TLV(SOME, DIGEST, 32), TLV(U64, VALUE, 1), TLV(SOME, PROOF, 32)}},
    {MSCP_LOGIN_PROOF, {TLV(SOME, NONCE, 32)}},
    {MSCP_LOGIN_ACCEPT, {TLV(LOGIN_NOW, VALUE, 0), TLV(SOME, SECRET, 32)}},
};

static void put_field(struct rig *rig, const struct field *field)
{
    static const uint8_t some[64] = {9};
    uint8_t pairing[RIG_PAIRING_MESSAGE];
    switch (field->kind) {
    case ID:
        say_begin_id(field->value);
        break;
    case U8:
        mscp_put_u8(&said.body, field->tag, (uint8_t)field->value);
        break;
    case U16:
        mscp_put_u16(&said.body, field->tag, (uint16_t)field->value);
        break;
    case U64:
        mscp_put_u64(&said.body, field->tag, field->value);
        break;
    case SOME:
        mscp_put_bytes(&said.body, field->tag, some, field->value);
        break;
    case ATTRIBUTES:
        say_attributes(field->attributes);
        break;
    case PIECE:
        say_piece((uint16_t)field->value, 0, some, field->value);
        break;
    case PAIRING_PIECE:
        rig_pairing_message(pairing);
        say_piece(sizeof pairing, 0, pairing, sizeof pairing);
        break;
    case BOOT_NOW:
        mscp_put_u32(&said.body, field->tag, boot_counter(rig));
        break;
    case LOGIN_NOW:
        mscp_put_u64(&said.body, field->tag, login_counter(rig));
        break;
    case NONE:
        break;
    }
}

void body_of(struct rig *rig, uint8_t command)
{
    say_begin();
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        for (size_t field = 0; field < FIELDS_MAX && bodies[i].command == command; field++) {
            put_field(rig, &bodies[i].fields[field]);
        }
    }
}

void open_session(struct rig *rig)
{
    uint32_t failing; /* a dry run is taken in every stage */
    assert_int_equal(mscp_host_set_lifecycle(&rig->host, MSCP_OPERATIONAL, true, &failing), MICO_OK);
}
