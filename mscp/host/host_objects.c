/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's commands; see mscp_host.h. Each is a call with its TLVs, and a look at the answer's. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/host/host_internal.h"

void mscp_head_start(struct mscp_head *head)
{
    head->w = mico_writer_of(head->bytes, sizeof head->bytes);
}

static void head_of(struct mscp_head *head, uint32_t id)
{
    mscp_head_start(head);
    mscp_put_u32(&head->w, MSCP_TAG_ID, id);
}

struct mico_span mscp_head_span(const struct mscp_head *head)
{
    return (struct mico_span){head->bytes, head->w.len};
}

void mscp_take_answer(struct mscp_host *host, enum mscp_tag tag, uint8_t *out, size_t len)
{
    memcpy(out, host->reply.value[tag].data, len);
    mico_wipe(host->reply_body, sizeof host->reply_body);
}

mico_err mscp_host_random(struct mscp_host *host, uint8_t *out, size_t len)
{
    while (len > 0) {
        size_t part = len > MSCP_CHUNK_MAX ? MSCP_CHUNK_MAX : len;
        struct mscp_head head;
        mscp_head_start(&head);
        mscp_put_u16(&head.w, MSCP_TAG_COUNT, (uint16_t)part);
        mico_err err = mscp_call(host, &(struct mscp_call){.command = MSCP_GET_RANDOM,
                                                           .repeatable = true,
                                                           .head = mscp_head_span(&head),
                                                           .answer = MSCP_TAG_BIT(MSCP_TAG_BYTES)});
        if (err != MICO_OK) {
            return err;
        }
        if (host->reply.value[MSCP_TAG_BYTES].len != part) {
            return MICO_ERR_FORMAT;
        }
        mscp_take_answer(host, MSCP_TAG_BYTES, out, part);
        out += part;
        len -= part;
    }
    return MICO_OK;
}

mico_err mscp_host_self_test(struct mscp_host *host)
{
    return mscp_call(host, &(struct mscp_call){.command = MSCP_SELF_TEST, .repeatable = true});
}

/* Bytes there, other bytes back, of the length that they must have. */
static mico_err convert(struct mscp_host *host, uint8_t command, const struct mico_span *life, struct mico_span in,
                        uint8_t *out, size_t out_len)
{
    uint8_t bytes[MSCP_CHUNK_MAX + 8];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mscp_put_bytes(&w, MSCP_TAG_BYTES, in.data, in.len);
    if (life != NULL) {
        mscp_put_bytes(&w, MSCP_TAG_LIFECYCLE, life->data, life->len);
    }
    mico_err err = mscp_call(host, &(struct mscp_call){.command = command,
                                                       .repeatable = true,
                                                       .head = {bytes, w.len},
                                                       .answer = MSCP_TAG_BIT(MSCP_TAG_BYTES)});
    mico_wipe(bytes, sizeof bytes);
    if (err == MICO_OK && host->reply.value[MSCP_TAG_BYTES].len != out_len) {
        return MICO_ERR_FORMAT;
    }
    if (err == MICO_OK) {
        mscp_take_answer(host, MSCP_TAG_BYTES, out, out_len);
    }
    return err;
}

mico_err mscp_host_seal(struct mscp_host *host, uint8_t life, struct mico_span text, uint8_t *out)
{
    if (text.len == 0 || text.len > MSCP_SEAL_MAX) {
        return MICO_ERR_SIZE;
    }
    return convert(host, MSCP_SEAL_DATA, &(struct mico_span){&life, 1}, text, out, text.len + MSCP_SEAL_OVERHEAD);
}

mico_err mscp_host_unseal(struct mscp_host *host, struct mico_span sealed, uint8_t *out, size_t *len)
{
    if (sealed.len <= MSCP_SEAL_OVERHEAD || sealed.len > MSCP_SEAL_MAX + MSCP_SEAL_OVERHEAD) {
        return MICO_ERR_SIZE;
    }
    mico_err err = convert(host, MSCP_UNSEAL_DATA, NULL, sealed, out, sealed.len - MSCP_SEAL_OVERHEAD);
    *len = err == MICO_OK ? sealed.len - MSCP_SEAL_OVERHEAD : 0;
    return err;
}

mico_err mscp_host_set_lifecycle(struct mscp_host *host, enum mscp_lifecycle to, bool dry_run, uint32_t *failing)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u8(&head.w, MSCP_TAG_LIFECYCLE, (uint8_t)to);
    mscp_put_u8(&head.w, MSCP_TAG_DRY_RUN, dry_run);
    mico_err err = mscp_call(host, &(struct mscp_call){.command = MSCP_SET_LIFECYCLE,
                                                       .repeatable = dry_run,
                                                       .head = mscp_head_span(&head),
                                                       .answer = MSCP_TAG_BIT(MSCP_TAG_FAILING)});
    if (failing != NULL && err == MICO_OK) {
        *failing = mscp_tlv_u32(&host->reply, MSCP_TAG_FAILING);
    } else if (failing != NULL && err == MICO_ERR_DENIED) {
        *failing = host->last_detail;
    }
    return err;
}

mico_err mscp_host_create(struct mscp_host *host, uint32_t id, const struct mscp_attributes *attributes,
                          struct mico_span value)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_head_object(&head, MSCP_TAG_ID, id, attributes);
    return mscp_call(
        host, &(struct mscp_call){
                  .command = MSCP_CREATE_OBJECT, .head = mscp_head_span(&head), .streamed = true, .stream = value});
}

mico_err mscp_host_attributes(struct mscp_host *host, uint32_t id, struct mscp_attributes *attributes, bool *found)
{
    struct mscp_head head;
    head_of(&head, id);
    mico_err err = mscp_call(host, &(struct mscp_call){.command = MSCP_GET_ATTRIBUTES,
                                                       .repeatable = true,
                                                       .head = mscp_head_span(&head),
                                                       .answer = MSCP_TAG_BIT(MSCP_TAG_ATTRIBUTES)});
    if (err == MICO_ERR_STATE && host->last_status == MSCP_NO_SUCH_OBJECT) {
        *found = false;
        return MICO_OK;
    }
    if (err == MICO_OK) {
        err = mscp_attributes_parse(host->reply.value[MSCP_TAG_ATTRIBUTES], attributes);
        *found = err == MICO_OK;
    }
    return err;
}

mico_err mscp_host_list(struct mscp_host *host, struct mscp_listed out[MSCP_OBJECTS_MAX], size_t *count)
{
    mico_err err = mscp_call(
        host,
        &(struct mscp_call){.command = MSCP_LIST_OBJECTS, .repeatable = true, .answer = MSCP_TAG_BIT(MSCP_TAG_BYTES)});
    if (err != MICO_OK) {
        return err;
    }
    struct mico_span bytes = host->reply.value[MSCP_TAG_BYTES];
    if (bytes.len % MSCP_LISTED_SIZE != 0 || bytes.len / MSCP_LISTED_SIZE > MSCP_OBJECTS_MAX) {
        return MICO_ERR_FORMAT;
    }
    *count = bytes.len / MSCP_LISTED_SIZE;
    for (size_t i = 0; i < *count; i++) {
        const uint8_t *one = bytes.data + i * MSCP_LISTED_SIZE;
        out[i] = (struct mscp_listed){mico_load_le32(one), mscp_attributes_decode(one + 4)};
    }
    return MICO_OK;
}

mico_err mscp_host_delete(struct mscp_host *host, uint32_t id)
{
    struct mscp_head head;
    head_of(&head, id);
    return mscp_call(host, &(struct mscp_call){.command = MSCP_DELETE_OBJECT, .head = mscp_head_span(&head)});
}

/* One piece of object id from offset on, in host->reply. */
static mico_err read_piece(struct mscp_host *host, uint32_t id, size_t offset)
{
    struct mscp_head head;
    head_of(&head, id);
    mscp_put_u16(&head.w, MSCP_TAG_OFFSET, (uint16_t)offset);
    return mscp_call(host, &(struct mscp_call){.command = MSCP_READ_DATA,
                                               .repeatable = true,
                                               .head = mscp_head_span(&head),
                                               .answer = MSCP_TAG_BIT(MSCP_TAG_TOTAL) | MSCP_TAG_BIT(MSCP_TAG_BYTES)});
}

mico_err mscp_host_read(struct mscp_host *host, uint32_t id, uint8_t *out, size_t cap, size_t *len)
{
    size_t offset = 0;
    size_t total;
    do {
        mico_err err = read_piece(host, id, offset);
        if (err != MICO_OK) {
            return err;
        }
        struct mico_span piece = host->reply.value[MSCP_TAG_BYTES];
        total = mscp_tlv_u16(&host->reply, MSCP_TAG_TOTAL);
        if (total > cap) {
            return MICO_ERR_SIZE;
        }
        if (piece.len > total - offset || (piece.len == 0 && offset < total)) {
            return MICO_ERR_FORMAT;
        }
        mscp_take_answer(host, MSCP_TAG_BYTES, out + offset, piece.len);
        offset += piece.len;
    } while (offset < total);
    *len = total;
    return MICO_OK;
}

mico_err mscp_host_write(struct mscp_host *host, uint32_t id, struct mico_span value)
{
    struct mscp_head head;
    head_of(&head, id);
    return mscp_call(host, &(struct mscp_call){.command = MSCP_WRITE_DATA,
                                               .repeatable = true,
                                               .head = mscp_head_span(&head),
                                               .streamed = true,
                                               .stream = value});
}

mico_err mscp_host_counter(struct mscp_host *host, uint32_t id, uint64_t *value)
{
    uint8_t bytes[8];
    size_t len = 0;
    mico_err err = mscp_host_read(host, id, bytes, sizeof bytes, &len);
    if (err == MICO_OK && len != sizeof bytes) {
        return MICO_ERR_FORMAT;
    }
    if (err == MICO_OK) {
        *value = mico_load_le64(bytes);
    }
    return err;
}

mico_err mscp_host_counter_raise(struct mscp_host *host, uint32_t id, uint64_t to)
{
    struct mscp_head head;
    head_of(&head, id);
    mscp_put_u64(&head.w, MSCP_TAG_VALUE, to);
    return mscp_call(host, &(struct mscp_call){.command = MSCP_INCREMENT_COUNTER,
                                               .repeatable = true,
                                               .head = mscp_head_span(&head),
                                               .answer = MSCP_TAG_BIT(MSCP_TAG_VALUE)});
}
