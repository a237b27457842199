/* SPDX-License-Identifier: Apache-2.0 */
/* Any command by a table: which come in pieces, and which may be sent again when their answer is lost; see mscp_async.h. What may be
 * is docs/MSCP.md's, "The host". */
#include <string.h>

#include "mscp/host/host_internal.h"
#include "mscp/host/mscp_async.h"

/* Sent twice, it does no more than once... */
enum again {
    ALWAYS,
    NEVER,
    WITHOUT_CREDENTIAL, /* a try each */
    DRY,                /* DRY_RUN is 1 */
    BEFORE_COMMIT,      /* STEP is not the last */
    INTO_SESSION,       /* what it makes, TARGET or ID, ends with the session, as a lost answer does */
    TO_A_VALUE,         /* VALUE: not one more, but as far as */
    WITHOUT_DIGEST,
};

#define COMMIT 3

static const struct row {
    uint8_t command;
    uint8_t again;
    bool pieces;
} rows[] = {
    {MSCP_GET_INFO, ALWAYS, false},
    {MSCP_SELF_TEST, ALWAYS, false},
    {MSCP_GET_RANDOM, ALWAYS, false},
    {MSCP_CLOSE_SESSION, NEVER, false},
    {MSCP_AUTHENTICATE, WITHOUT_CREDENTIAL, false},
    {MSCP_REPAIR, ALWAYS, false},
    {MSCP_SET_LIFECYCLE, DRY, false},
    {MSCP_UPDATE_FIRMWARE, BEFORE_COMMIT, false},
    {MSCP_GENERATE_KEY_PAIR, NEVER, false},
    {MSCP_IMPORT_KEY, INTO_SESSION, false},
    {MSCP_CREATE_OBJECT, NEVER, true},
    {MSCP_DELETE_OBJECT, NEVER, false},
    {MSCP_GET_ATTRIBUTES, ALWAYS, false},
    {MSCP_GET_PUBLIC_KEY, ALWAYS, false},
    {MSCP_LIST_OBJECTS, ALWAYS, false},
    {MSCP_READ_DATA, ALWAYS, false},
    {MSCP_WRITE_DATA, ALWAYS, true},
    {MSCP_SEAL_DATA, ALWAYS, false},
    {MSCP_UNSEAL_DATA, ALWAYS, false},
    {MSCP_INCREMENT_COUNTER, TO_A_VALUE, false},
    {MSCP_SIGN, ALWAYS, true},
    {MSCP_VERIFY, ALWAYS, true},
    {MSCP_KEY_AGREEMENT, INTO_SESSION, false},
    {MSCP_DERIVE_KEY, INTO_SESSION, false},
    {MSCP_COMPUTE_MAC, ALWAYS, true},
    {MSCP_VERIFY_MAC, ALWAYS, true},
    {MSCP_ENCRYPT, ALWAYS, false},
    {MSCP_DECRYPT, ALWAYS, false},
    {MSCP_HASH, ALWAYS, true},
    {MSCP_ATTEST_KEY, ALWAYS, false},
    {MSCP_GET_EVIDENCE, ALWAYS, false},
    {MSCP_EXTEND_MEASUREMENT, WITHOUT_DIGEST, false},
    {MSCP_VERIFY_BOOT, NEVER, false},
    {MSCP_MAKE_RECEIPT, ALWAYS, false},
    {MSCP_CHECK_RECEIPT, NEVER, false},
    {MSCP_GET_AUDIT_LOG, ALWAYS, false},
    {MSCP_LOGIN_PROOF, ALWAYS, false},
    {MSCP_LOGIN_ACCEPT, ALWAYS, false},
};

static const struct row *row_of(uint8_t command)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].command == command) {
            return &rows[i];
        }
    }
    return NULL;
}

static const struct mscp_give *find(const struct mscp_give *give, size_t gives, enum mscp_tag tag)
{
    for (size_t i = 0; i < gives; i++) {
        if (give[i].tag == tag) {
            return &give[i];
        }
    }
    return NULL;
}

static bool given(const struct mscp_give *give, size_t gives, enum mscp_tag tag)
{
    return find(give, gives, tag) != NULL;
}

/* The number of a value that is given, as a number or as its bytes; 0 when it is not. */
static uint64_t number_of(const struct mscp_give *value)
{
    uint8_t bytes[8] = {0};
    if (value == NULL || value->bytes == NULL) {
        return value != NULL ? value->number : 0;
    }
    memcpy(bytes, value->bytes, value->len < sizeof bytes ? value->len : sizeof bytes);
    return mico_load_le64(bytes);
}

static bool into_session(uint8_t command, const struct mscp_give *give, size_t gives)
{
    const struct mscp_give *made = find(give, gives, command == MSCP_IMPORT_KEY ? MSCP_TAG_ID : MSCP_TAG_TARGET);
    return made == NULL ? command != MSCP_IMPORT_KEY : number_of(made) >= MSCP_ID_VOLATILE;
}

static bool may_repeat(const struct row *row, const struct mscp_give *give, size_t gives)
{
    switch ((enum again)row->again) {
    case ALWAYS:
        return true;
    case WITHOUT_CREDENTIAL:
        return !given(give, gives, MSCP_TAG_CREDENTIAL);
    case DRY:
        return number_of(find(give, gives, MSCP_TAG_DRY_RUN)) == 1;
    case BEFORE_COMMIT:
        return number_of(find(give, gives, MSCP_TAG_STEP)) != COMMIT;
    case INTO_SESSION:
        return into_session(row->command, give, gives);
    case TO_A_VALUE:
        return given(give, gives, MSCP_TAG_VALUE);
    case WITHOUT_DIGEST:
        return !given(give, gives, MSCP_TAG_DIGEST);
    default:
        return false;
    }
}

static mico_err put(struct mico_writer *w, const struct mscp_give *value)
{
    uint8_t number[8];
    size_t width = mscp_tag_width(value->tag);
    if (value->bytes != NULL || width == 0) {
        mscp_put_bytes(w, value->tag, value->bytes, value->len);
        return MICO_OK;
    }
    if (width < sizeof number && value->number >> 8 * width != 0) {
        return MICO_ERR_SIZE;
    }
    mico_store_le64(number, value->number);
    mscp_put_bytes(w, value->tag, number, width);
    return MICO_OK;
}

mico_err mscp_async_do(struct mscp_host *host, struct mscp_async *op, uint8_t command, const struct mscp_give *give,
                       size_t gives, const struct mscp_take *take, size_t takes, mscp_async_done done, void *ctx)
{
    const struct row *row = row_of(command);
    mico_err err = row != NULL ? MICO_OK : MICO_ERR_PARAM;
    mscp_async_begin(op, command);
    for (size_t i = 0; i < gives && err == MICO_OK; i++) {
        if (row->pieces && give[i].tag == MSCP_TAG_BYTES) {
            op->call.stream = (struct mico_span){give[i].bytes, give[i].len};
        } else {
            err = put(&op->head, &give[i]);
        }
    }
    if (err != MICO_OK) {
        return err;
    }
    op->call.streamed = row->pieces;
    op->call.repeatable = may_repeat(row, give, gives);
    op->take = take;
    op->takes = takes;
    for (size_t i = 0; i < takes; i++) {
        op->call.answer |= MSCP_TAG_BIT(take[i].tag);
    }
    return mscp_async_submit(host, op, done, ctx);
}

mico_err mscp_take_all(struct mscp_host *host, const struct mscp_take *take, size_t takes)
{
    for (size_t i = 0; i < takes; i++) {
        struct mico_span value = host->reply.value[take[i].tag];
        if (take[i].number != NULL) {
            uint8_t bytes[8] = {0};
            if (value.len > sizeof bytes) {
                return MICO_ERR_FORMAT;
            }
            memcpy(bytes, value.data, value.len);
            *take[i].number = mico_load_le64(bytes);
            continue;
        }
        if (value.len > take[i].cap || (take[i].len == NULL && value.len != take[i].cap)) {
            return MICO_ERR_FORMAT;
        }
        memcpy(take[i].bytes, value.data, value.len);
        if (take[i].len != NULL) {
            *take[i].len = value.len;
        }
    }
    return MICO_OK;
}
