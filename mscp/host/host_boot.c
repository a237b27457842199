/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's commands about what the host started; see mscp_host.h. */
#include <string.h>

#include "mscp/host/host_internal.h"

static mico_err ask_register(struct mscp_host *host, unsigned index, const uint8_t *digest)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_u8(&head.w, MSCP_TAG_INDEX, (uint8_t)index);
    if (digest != NULL) {
        mscp_put_bytes(&head.w, MSCP_TAG_DIGEST, digest, 32);
    }
    return mscp_call(host, &(struct mscp_call){.command = MSCP_EXTEND_MEASUREMENT,
                                               .repeatable = digest == NULL,
                                               .head = mscp_head_span(&head),
                                               .answer = MSCP_TAG_BIT(MSCP_TAG_DIGEST)});
}

mico_err mscp_host_measure(struct mscp_host *host, unsigned index, const uint8_t digest[32])
{
    return ask_register(host, index, digest);
}

mico_err mscp_host_measured(struct mscp_host *host, unsigned index, uint8_t out[32])
{
    mico_err err = ask_register(host, index, NULL);
    if (err == MICO_OK) {
        mscp_take_answer(host, MSCP_TAG_DIGEST, out, 32);
    }
    return err;
}

/* Sent once: a second time would go into register 0 a second time. */
static mico_err vouch(struct mscp_host *host, uint8_t command, const uint8_t digest[32], uint64_t security,
                      enum mscp_tag tag, struct mico_span evidence)
{
    struct mscp_head head;
    mscp_head_start(&head);
    mscp_put_bytes(&head.w, MSCP_TAG_DIGEST, digest, 32);
    mscp_put_u64(&head.w, MSCP_TAG_VALUE, security);
    mscp_put_bytes(&head.w, tag, evidence.data, evidence.len);
    return mscp_call(host, &(struct mscp_call){.command = command, .head = mscp_head_span(&head)});
}

mico_err mscp_host_verify_boot(struct mscp_host *host, const uint8_t digest[32], uint64_t security,
                               const uint8_t signature[64])
{
    return vouch(host, MSCP_VERIFY_BOOT, digest, security, MSCP_TAG_SIGNATURE, (struct mico_span){signature, 64});
}

mico_err mscp_host_make_receipt(struct mscp_host *host, uint8_t receipt[32])
{
    mico_err err = mscp_call(
        host,
        &(struct mscp_call){.command = MSCP_MAKE_RECEIPT, .repeatable = true, .answer = MSCP_TAG_BIT(MSCP_TAG_PROOF)});
    if (err == MICO_OK) {
        mscp_take_answer(host, MSCP_TAG_PROOF, receipt, 32);
    }
    return err;
}

mico_err mscp_host_check_receipt(struct mscp_host *host, const uint8_t digest[32], uint64_t security,
                                 const uint8_t receipt[32])
{
    return vouch(host, MSCP_CHECK_RECEIPT, digest, security, MSCP_TAG_PROOF, (struct mico_span){receipt, 32});
}
