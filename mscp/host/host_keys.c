/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's commands that make keys, and those of P-256; see mscp_host.h. */
#include <string.h>

#include "mscp/host/host_internal.h"

static void put_attributes(struct mscp_head *head, const struct mscp_attributes *attributes)
{
    uint8_t bytes[MSCP_ATTRIBUTES_MAX];
    size_t len = mscp_attributes_encode(attributes, bytes);
    mscp_put_bytes(&head->w, MSCP_TAG_ATTRIBUTES, bytes, len);
}

void mscp_head_object(struct mscp_head *head, enum mscp_tag tag, uint32_t id, const struct mscp_attributes *attributes)
{
    mscp_put_u32(&head->w, tag, id);
    if (attributes != NULL) {
        put_attributes(head, attributes);
    }
}

mico_err mscp_call_public(struct mscp_host *host, uint8_t command, const struct mscp_head *head, bool repeatable,
                          uint8_t *public_key, size_t len)
{
    mico_err err = mscp_call(host, &(struct mscp_call){.command = command,
                                                       .repeatable = repeatable,
                                                       .head = mscp_head_span(head),
                                                       .answer = MSCP_TAG_BIT(MSCP_TAG_PUBLIC_KEY)});
    if (err == MICO_OK && host->reply.value[MSCP_TAG_PUBLIC_KEY].len != len) {
        return MICO_ERR_FORMAT; /* a key of another type */
    }
    if (err == MICO_OK) {
        mscp_take_answer(host, MSCP_TAG_PUBLIC_KEY, public_key, len);
    }
    return err;
}

static mico_err generate(struct mscp_host *host, uint32_t id, const struct mscp_attributes *attributes,
                         uint8_t *public_key, size_t len)
{
    struct mscp_head head;
    if ((attributes->type == MSCP_KEY_P256) != (len == MSCP_P256_SIZE)) {
        return MICO_ERR_PARAM;
    }
    mscp_head_start(&head);
    mscp_head_object(&head, MSCP_TAG_ID, id, attributes);
    return mscp_call_public(host, MSCP_GENERATE_KEY_PAIR, &head, false, public_key, len);
}

mico_err mscp_host_generate(struct mscp_host *host, uint32_t id, const struct mscp_attributes *attributes,
                            uint8_t public_key[32])
{
    return generate(host, id, attributes, public_key, 32);
}

mico_err mscp_host_generate_p256(struct mscp_host *host, uint32_t id, const struct mscp_attributes *attributes,
                                 uint8_t public_key[MSCP_P256_SIZE])
{
    return generate(host, id, attributes, public_key, MSCP_P256_SIZE);
}

static mico_err public_key_of(struct mscp_host *host, uint32_t id, uint8_t *public_key, size_t len)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_head_object(&head, MSCP_TAG_ID, id, NULL);
    return mscp_call_public(host, MSCP_GET_PUBLIC_KEY, &head, true, public_key, len);
}

mico_err mscp_host_public_key(struct mscp_host *host, uint32_t id, uint8_t public_key[32])
{
    return public_key_of(host, id, public_key, 32);
}

mico_err mscp_host_public_key_p256(struct mscp_host *host, uint32_t id, uint8_t public_key[MSCP_P256_SIZE])
{
    return public_key_of(host, id, public_key, MSCP_P256_SIZE);
}

mico_err mscp_host_import(struct mscp_host *host, const struct mscp_import *what, uint8_t *public_key)
{
    struct mscp_head head;
    bool again = what->id >= MSCP_ID_VOLATILE; /* what a lost session made is gone with it */
    mscp_head_start(&head);
    mscp_head_object(&head, MSCP_TAG_ID, what->id, what->attributes);
    mscp_put_bytes(&head.w, MSCP_TAG_KEY, what->key.data, what->key.len);
    if (what->wrapper != 0) {
        mscp_put_u32(&head.w, MSCP_TAG_WRAPPER, what->wrapper);
    }
    if (head.w.failed) {
        return MICO_ERR_SIZE;
    }
    mico_err err;
    if (what->attributes->type == MSCP_SECRET || public_key == NULL) {
        err = mscp_call(
            host, &(struct mscp_call){.command = MSCP_IMPORT_KEY, .repeatable = again, .head = mscp_head_span(&head)});
    } else {
        size_t len = what->attributes->type == MSCP_KEY_P256 ? MSCP_P256_SIZE : 32;
        err = mscp_call_public(host, MSCP_IMPORT_KEY, &head, again, public_key, len);
    }
    mico_wipe(&head, sizeof head);
    return err;
}

mico_err mscp_call_secret(struct mscp_host *host, uint8_t command, const struct mscp_head *head, bool repeatable,
                          enum mscp_tag tag, uint8_t *out, size_t len)
{
    mico_err err = mscp_call(host, &(struct mscp_call){.command = command,
                                                       .repeatable = repeatable,
                                                       .head = mscp_head_span(head),
                                                       .answer = out == NULL ? 0 : MSCP_TAG_BIT(tag)});
    if (err == MICO_OK && out != NULL && host->reply.value[tag].len != len) {
        return MICO_ERR_FORMAT;
    }
    if (err == MICO_OK && out != NULL) {
        mscp_take_answer(host, tag, out, len);
    }
    return err;
}

static mico_err agree(struct mscp_host *host, uint32_t id, struct mico_span peer, uint8_t out[32])
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u32(&head.w, MSCP_TAG_ID, id);
    mscp_put_bytes(&head.w, MSCP_TAG_PUBLIC_KEY, peer.data, peer.len);
    return mscp_call_secret(host, MSCP_KEY_AGREEMENT, &head, true, MSCP_TAG_SECRET, out, 32);
}

mico_err mscp_host_agree(struct mscp_host *host, uint32_t id, const uint8_t peer[32], uint8_t out[32])
{
    return agree(host, id, (struct mico_span){peer, 32}, out);
}

mico_err mscp_host_agree_p256(struct mscp_host *host, uint32_t id, const uint8_t peer[MSCP_P256_SIZE], uint8_t out[32])
{
    return agree(host, id, (struct mico_span){peer, MSCP_P256_SIZE}, out);
}

mico_err mscp_host_agree_inside(struct mscp_host *host, uint32_t id, struct mico_span peer, uint32_t target,
                                const struct mscp_attributes *attributes)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u32(&head.w, MSCP_TAG_ID, id);
    mscp_put_bytes(&head.w, MSCP_TAG_PUBLIC_KEY, peer.data, peer.len);
    mscp_head_object(&head, MSCP_TAG_TARGET, target, attributes);
    if (head.w.failed) {
        return MICO_ERR_SIZE;
    }
    return mscp_call_secret(host, MSCP_KEY_AGREEMENT, &head, target >= MSCP_ID_VOLATILE, MSCP_TAG_SECRET, NULL, 0);
}

mico_err mscp_host_derive(struct mscp_host *host, const struct mscp_derivation *d, uint8_t *out)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u32(&head.w, MSCP_TAG_ID, d->id);
    mscp_put_u8(&head.w, MSCP_TAG_ALGORITHM, d->algorithm);
    mscp_put_u16(&head.w, MSCP_TAG_COUNT, d->len);
    mscp_put_bytes(&head.w, MSCP_TAG_SALT, d->salt.data, d->salt.len);
    mscp_put_bytes(&head.w, MSCP_TAG_INFO, d->info.data, d->info.len);
    if (d->target != 0) {
        mscp_head_object(&head, MSCP_TAG_TARGET, d->target, d->attributes);
    }
    if (head.w.failed) {
        return MICO_ERR_SIZE;
    }
    bool again = d->target == 0 || d->target >= MSCP_ID_VOLATILE;
    return mscp_call_secret(host, MSCP_DERIVE_KEY, &head, again, MSCP_TAG_BYTES, d->target == 0 ? out : NULL, d->len);
}
