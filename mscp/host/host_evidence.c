/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's commands about what the chip can prove: evidence, audit log, login chain; see mscp_host.h. */
#include <string.h>

#include "mscp/host/host_internal.h"

mico_err mscp_host_evidence(struct mscp_host *host, uint32_t id, struct mico_span challenge,
                            uint8_t out[MSCP_EVIDENCE_MAX], size_t *len)
{
    struct mscp_head head;
    if (!mscp_challenge_fits(challenge.len)) {
        return MICO_ERR_SIZE;
    }
    mscp_head_start(&head);
    if (id != 0) {
        mscp_put_u32(&head.w, MSCP_TAG_ID, id);
    }
    mscp_put_bytes(&head.w, MSCP_TAG_NONCE, challenge.data, challenge.len);
    mico_err err = mscp_call(host, &(struct mscp_call){.command = id != 0 ? MSCP_ATTEST_KEY : MSCP_GET_EVIDENCE,
                                                       .repeatable = true,
                                                       .head = mscp_head_span(&head),
                                                       .answer = MSCP_TAG_BIT(MSCP_TAG_EVIDENCE)});
    if (err == MICO_OK) {
        *len = host->reply.value[MSCP_TAG_EVIDENCE].len;
        memcpy(out, host->reply.value[MSCP_TAG_EVIDENCE].data, *len);
    }
    return err;
}

mico_err mscp_host_audit(struct mscp_host *host, uint64_t from, struct mscp_audit_part *part)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u64(&head.w, MSCP_TAG_VALUE, from);
    mico_err err =
        mscp_call(host, &(struct mscp_call){.command = MSCP_GET_AUDIT_LOG,
                                            .repeatable = true,
                                            .head = mscp_head_span(&head),
                                            .answer = MSCP_TAG_BIT(MSCP_TAG_VALUE) | MSCP_TAG_BIT(MSCP_TAG_HEAD) |
                                                      MSCP_TAG_BIT(MSCP_TAG_BYTES)});
    struct mico_span entries = host->reply.value[MSCP_TAG_BYTES];
    if (err != MICO_OK) {
        return err;
    }
    if (entries.len > sizeof part->entries || entries.len % MSCP_AUDIT_ENTRY != 0) {
        return MICO_ERR_FORMAT;
    }
    part->first = mscp_tlv_u64(&host->reply, MSCP_TAG_VALUE);
    memcpy(part->head, host->reply.value[MSCP_TAG_HEAD].data, 32);
    memcpy(part->entries, entries.data, entries.len);
    part->len = entries.len;
    return MICO_OK;
}

mico_err mscp_host_login_proof(struct mscp_host *host, const uint8_t nonce[32], struct mscp_login_proof *proof)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_bytes(&head.w, MSCP_TAG_NONCE, nonce, 32);
    mico_err err =
        mscp_call(host, &(struct mscp_call){.command = MSCP_LOGIN_PROOF,
                                            .repeatable = true,
                                            .head = mscp_head_span(&head),
                                            .answer = MSCP_TAG_BIT(MSCP_TAG_VALUE) | MSCP_TAG_BIT(MSCP_TAG_HEAD) |
                                                      MSCP_TAG_BIT(MSCP_TAG_SIGNATURE)});
    if (err == MICO_OK) {
        proof->counter = mscp_tlv_u64(&host->reply, MSCP_TAG_VALUE);
        memcpy(proof->link, host->reply.value[MSCP_TAG_HEAD].data, 32);
        memcpy(proof->signature, host->reply.value[MSCP_TAG_SIGNATURE].data, 64);
    }
    return err;
}

mico_err mscp_host_login_accept(struct mscp_host *host, uint64_t counter, const uint8_t r[32])
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u64(&head.w, MSCP_TAG_VALUE, counter);
    mscp_put_bytes(&head.w, MSCP_TAG_SECRET, r, 32);
    mico_err err = mscp_call(host, &(struct mscp_call){.command = MSCP_LOGIN_ACCEPT,
                                                       .repeatable = true,
                                                       .head = mscp_head_span(&head),
                                                       .answer = MSCP_TAG_BIT(MSCP_TAG_VALUE)});
    mico_wipe(&head, sizeof head);
    return err;
}
