/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's commands that use keys for messages, and authentication; see mscp_host.h. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/host/host_internal.h"

/* A message in pieces; when out is not NULL, the answer's value under tag, of len bytes. */
static mico_err stream(struct mscp_host *host, uint8_t command, const struct mscp_head *head, struct mico_span message,
                       enum mscp_tag tag, uint8_t *out, size_t len)
{
    mico_err err = mscp_call(host, &(struct mscp_call){.command = command,
                                                       .repeatable = true,
                                                       .head = mscp_head_span(head),
                                                       .streamed = true,
                                                       .stream = message,
                                                       .answer = out == NULL ? 0 : MSCP_TAG_BIT(tag)});
    if (err == MICO_OK && out != NULL && host->reply.value[tag].len != len) {
        return MICO_ERR_FORMAT;
    }
    if (err == MICO_OK && out != NULL) {
        mscp_take_answer(host, tag, out, len);
    }
    return err;
}

mico_err mscp_host_sign(struct mscp_host *host, uint32_t id, struct mico_span message, uint8_t out[64])
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u32(&head.w, MSCP_TAG_ID, id);
    return stream(host, MSCP_SIGN, &head, message, MSCP_TAG_SIGNATURE, out, 64);
}

mico_err mscp_host_sign_digest(struct mscp_host *host, uint32_t id, const uint8_t digest[32], uint8_t out[64])
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u32(&head.w, MSCP_TAG_ID, id);
    mscp_put_u8(&head.w, MSCP_TAG_ALGORITHM, MSCP_DIGEST);
    return stream(host, MSCP_SIGN, &head, (struct mico_span){digest, 32}, MSCP_TAG_SIGNATURE, out, 64);
}

mico_err mscp_host_verify(struct mscp_host *host, uint32_t id, struct mico_span message, const uint8_t signature[64])
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u32(&head.w, MSCP_TAG_ID, id);
    mscp_put_bytes(&head.w, MSCP_TAG_SIGNATURE, signature, 64);
    return stream(host, MSCP_VERIFY, &head, message, MSCP_TAG_SIGNATURE, NULL, 0);
}

mico_err mscp_host_verify_by(struct mscp_host *host, struct mico_span public_key, struct mico_span message,
                             const uint8_t signature[64])
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_bytes(&head.w, MSCP_TAG_PUBLIC_KEY, public_key.data, public_key.len);
    mscp_put_bytes(&head.w, MSCP_TAG_SIGNATURE, signature, 64);
    return head.w.failed ? MICO_ERR_SIZE : stream(host, MSCP_VERIFY, &head, message, MSCP_TAG_SIGNATURE, NULL, 0);
}

mico_err mscp_host_mac(struct mscp_host *host, uint32_t id, struct mico_span message, uint8_t out[32])
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u32(&head.w, MSCP_TAG_ID, id);
    return stream(host, MSCP_COMPUTE_MAC, &head, message, MSCP_TAG_MAC, out, 32);
}

mico_err mscp_host_mac_verify(struct mscp_host *host, uint32_t id, struct mico_span message, const uint8_t mac[32])
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u32(&head.w, MSCP_TAG_ID, id);
    mscp_put_bytes(&head.w, MSCP_TAG_MAC, mac, 32);
    return stream(host, MSCP_VERIFY_MAC, &head, message, MSCP_TAG_MAC, NULL, 0);
}

mico_err mscp_host_hash(struct mscp_host *host, enum mscp_algorithm algorithm, struct mico_span message, uint8_t *out)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u8(&head.w, MSCP_TAG_ALGORITHM, (uint8_t)algorithm);
    return stream(host, MSCP_HASH, &head, message, MSCP_TAG_BYTES, out, algorithm == MSCP_SHA256 ? 32 : 64);
}

#define TAG_SIZE 16

/* Text or sealed bytes there, the other back. */
static mico_err cipher(struct mscp_host *host, uint8_t command, uint32_t id, const uint8_t *nonce, struct mico_span aad,
                       struct mico_span in, uint8_t *out, size_t out_len)
{
    uint8_t bytes[MSCP_BODY_MAX];
    struct mico_writer w = mico_writer_of(bytes, sizeof bytes);
    mscp_put_u32(&w, MSCP_TAG_ID, id);
    if (nonce != NULL) {
        mscp_put_bytes(&w, MSCP_TAG_IV, nonce, 12);
    }
    mscp_put_bytes(&w, MSCP_TAG_AAD, aad.data, aad.len);
    mscp_put_bytes(&w, MSCP_TAG_BYTES, in.data, in.len);
    uint64_t answer = MSCP_TAG_BIT(MSCP_TAG_BYTES) | (command == MSCP_ENCRYPT ? MSCP_TAG_BIT(MSCP_TAG_IV) : 0);
    mico_err err = mscp_call(
        host, &(struct mscp_call){.command = command, .repeatable = true, .head = {bytes, w.len}, .answer = answer});
    mico_wipe(bytes, sizeof bytes);
    if (err == MICO_OK && host->reply.value[MSCP_TAG_BYTES].len != out_len) {
        return MICO_ERR_FORMAT;
    }
    if (err == MICO_OK) {
        memcpy(out, host->reply.value[MSCP_TAG_BYTES].data, out_len);
    }
    return err;
}

mico_err mscp_host_encrypt(struct mscp_host *host, uint32_t id, struct mscp_nonce *nonce, struct mico_span aad,
                           struct mico_span text, uint8_t *sealed)
{
    if (text.len > MSCP_TEXT_MAX || aad.len > MSCP_AAD_MAX) {
        return MICO_ERR_SIZE;
    }
    mico_err err =
        cipher(host, MSCP_ENCRYPT, id, nonce->given ? nonce->bytes : NULL, aad, text, sealed, text.len + TAG_SIZE);
    if (err == MICO_OK) {
        memcpy(nonce->bytes, host->reply.value[MSCP_TAG_IV].data, sizeof nonce->bytes);
    }
    return err;
}

mico_err mscp_host_decrypt(struct mscp_host *host, uint32_t id, const uint8_t nonce[12], struct mico_span aad,
                           struct mico_span sealed, uint8_t *text)
{
    if (sealed.len < TAG_SIZE || sealed.len > MSCP_TEXT_MAX + TAG_SIZE || aad.len > MSCP_AAD_MAX) {
        return MICO_ERR_SIZE;
    }
    mico_err err = cipher(host, MSCP_DECRYPT, id, nonce, aad, sealed, text, sealed.len - TAG_SIZE);
    mico_wipe(host->reply_body, sizeof host->reply_body);
    return err;
}

/* ---- authentication ---- */

static mico_err give_credential(struct mscp_host *host, uint32_t id, struct mico_span credential, unsigned *tries_left)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u32(&head.w, MSCP_TAG_ID, id);
    mscp_put_bytes(&head.w, MSCP_TAG_CREDENTIAL, credential.data, credential.len);
    mico_err err =
        head.w.failed
            ? MICO_ERR_SIZE
            : mscp_call(host, &(struct mscp_call){.command = MSCP_AUTHENTICATE, .head = mscp_head_span(&head)});
    if (tries_left != NULL && err == MICO_ERR_AUTH && host->last_status == MSCP_AUTH_FAILED) {
        *tries_left = host->last_detail;
    }
    mico_wipe(&head, sizeof head);
    return err;
}

mico_err mscp_host_auth_pin(struct mscp_host *host, uint32_t id, struct mico_span pin, unsigned *tries_left)
{
    return give_credential(host, id, pin, tries_left);
}

mico_err mscp_host_auth_secret(struct mscp_host *host, uint32_t id, const uint8_t secret[32], unsigned *tries_left)
{
    static const char label[] = "MSCP1 auth";
    uint8_t message[sizeof label - 1 + 4 + 32], proof[32];
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u32(&head.w, MSCP_TAG_ID, id);
    mico_err err = mscp_call(host, &(struct mscp_call){.command = MSCP_AUTHENTICATE,
                                                       .repeatable = true,
                                                       .head = mscp_head_span(&head),
                                                       .answer = MSCP_TAG_BIT(MSCP_TAG_NONCE)});
    struct mico_span nonce = host->reply.value[MSCP_TAG_NONCE];
    if (err != MICO_OK) {
        return err;
    }
    if (nonce.len != 32) {
        return MICO_ERR_FORMAT;
    }
    memcpy(message, label, sizeof label - 1);
    mico_store_le32(message + sizeof label - 1, id);
    memcpy(message + sizeof label - 1 + 4, nonce.data, 32);
    mico_hmac_sha256((struct mico_span){secret, 32}, MICO_SPAN(message), proof);
    return give_credential(host, id, MICO_SPAN(proof), tries_left);
}
