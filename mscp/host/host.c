/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's start and stop, the chip's public facts, and pairing; see mscp_host.h. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/host/host_internal.h"
#include "mscp/host/mscp_async.h"
#include "mscp/protocol/noise.h"

void mscp_host_start(struct mscp_host *host, const struct mscp_transport *transport, const struct mscp_binding *binding)
{
    memset(host, 0, sizeof *host);
    host->transport = *transport;
    host->timeout_ms = MSCP_HOST_TIMEOUT_MS;
    if (binding != NULL) {
        host->binding = *binding;
        host->bound = true;
    }
}

void mscp_host_stop(struct mscp_host *host)
{
    mscp_async_cancel(host);
    if (host->session.open) {
        /* Best effort: a chip that does not hear it forgets the session when the next one opens. */
        mico_err ignored = mscp_call(host, &(struct mscp_call){.command = MSCP_CLOSE_SESSION});
        (void)ignored;
    }
    mico_wipe(host, sizeof *host);
}

enum mscp_status mscp_host_last_status(const struct mscp_host *host)
{
    return host->last_status;
}

uint16_t mscp_host_last_detail(const struct mscp_host *host)
{
    return host->last_detail;
}

#define INFO_TAGS                                                                                         \
    (MSCP_TAG_BIT(MSCP_TAG_SERIAL) | MSCP_TAG_BIT(MSCP_TAG_FIRMWARE) | MSCP_TAG_BIT(MSCP_TAG_LIFECYCLE) | \
     MSCP_TAG_BIT(MSCP_TAG_PAIRED) | MSCP_TAG_BIT(MSCP_TAG_BOOT))

/* A command in the clear: its body stands in host->frame. Accepts the first answer with the tags of `answer` and, when
 * echo is not NULL, these four bytes back. */
static mico_err ask_plainly(struct mscp_host *host, uint8_t command, size_t body_len, uint64_t answer,
                            const uint8_t *echo)
{
    size_t bytes_left = MSCP_LINK_BYTES;
    mico_err err =
        host->engine.state != MSCP_ENGINE_IDLE ? MICO_ERR_BUSY : mscp_link_send(host, command, 0, 0, body_len);
    while (err == MICO_OK) {
        struct mscp_response response;
        err = mscp_link_receive(host, &bytes_left, &response);
        if (err != MICO_OK) {
            break;
        }
        if (response.status != MSCP_OK) {
            return mscp_link_status(host, response.status, response.detail);
        }
        if (mscp_tlvs_parse(response.body, &host->reply) == MICO_OK && (host->reply.present & answer) == answer &&
            (echo == NULL || memcmp(host->reply.value[MSCP_TAG_ECHO].data, echo, 4) == 0)) {
            return mscp_link_status(host, MSCP_OK, 0);
        }
    }
    return err;
}

mico_err mscp_host_info(struct mscp_host *host, struct mscp_info *info)
{
    uint8_t echo[4];
    mico_err err = mico_random(echo, sizeof echo);
    for (unsigned attempt = 0; attempt < 2; attempt++) { /* it has no effect: a lost frame is sent again */
        if (err != MICO_OK && err != MICO_ERR_TIMEOUT && err != MICO_ERR_CLOSED) {
            return err;
        }
        struct mico_writer body = mico_writer_of(host->frame + MSCP_REQUEST_HEADER, MSCP_BODY_MAX);
        mscp_put_bytes(&body, MSCP_TAG_ECHO, echo, sizeof echo);
        err = ask_plainly(host, MSCP_GET_INFO, body.len, INFO_TAGS | MSCP_TAG_BIT(MSCP_TAG_ECHO), echo);
        if (err == MICO_OK) {
            break;
        }
    }
    if (err != MICO_OK) {
        return err;
    }
    memcpy(info->serial, host->reply.value[MSCP_TAG_SERIAL].data, MSCP_SERIAL_SIZE);
    info->firmware_version = mscp_tlv_u32(&host->reply, MSCP_TAG_FIRMWARE);
    info->lifecycle = mscp_tlv_u8(&host->reply, MSCP_TAG_LIFECYCLE);
    info->paired = mscp_tlv_u8(&host->reply, MSCP_TAG_PAIRED) == 1;
    info->boot_counter = mscp_tlv_u32(&host->reply, MSCP_TAG_BOOT);
    host->boot_counter = host->resumes ? info->boot_counter : 0;
    info->failures = mscp_tlv_u32(&host->reply, MSCP_TAG_BUDGET);
    info->security_version = mscp_tlv_u32(&host->reply, MSCP_TAG_SECURITY);
    return MICO_OK;
}

static mico_err pair_message(struct mscp_host *host, struct mscp_noise *noise, uint8_t step, uint64_t answer)
{
    uint8_t message[128];
    struct mico_writer m = mico_writer_of(message, sizeof message);
    mico_err err = mscp_noise_write(noise, (struct mico_span){NULL, 0}, &m);
    if (err != MICO_OK) {
        return err;
    }
    struct mico_writer body = mico_writer_of(host->frame + MSCP_REQUEST_HEADER, MSCP_BODY_MAX);
    mscp_put_u8(&body, MSCP_TAG_STEP, step);
    mscp_put_bytes(&body, MSCP_TAG_HANDSHAKE, message, m.len);
    err = ask_plainly(host, MSCP_PAIR, body.len, answer | MSCP_TAG_BIT(MSCP_TAG_STEP), NULL);
    return err == MICO_OK && mscp_tlv_u8(&host->reply, MSCP_TAG_STEP) != step + 1 ? MICO_ERR_FORMAT : err;
}

/* Noise XX: both static keys cross, and a key that only the two ends know comes out. */
static mico_err exchange_keys(struct mscp_host *host, struct mscp_noise *noise, struct mscp_binding *binding)
{
    mico_err err = pair_message(host, noise, 1, MSCP_TAG_BIT(MSCP_TAG_HANDSHAKE));
    if (err == MICO_OK) {
        err = mscp_noise_read(noise, host->reply.value[MSCP_TAG_HANDSHAKE], binding->serial, MSCP_SERIAL_SIZE);
    }
    if (err == MICO_OK) {
        err = pair_message(host, noise, 3, 0);
    }
    if (err == MICO_OK) {
        memcpy(binding->host_private, noise->s_private, 32);
        memcpy(binding->host_public, noise->s_public, 32);
        memcpy(binding->chip_public, noise->rs, 32);
        mscp_noise_export(noise, MSCP_LABEL_BINDING, binding->key);
    }
    return err;
}

mico_err mscp_pair_keys(struct mscp_host *host, struct mscp_binding *made)
{
    uint8_t fresh[64];
    struct mscp_noise noise = {0};
    mico_err err = mico_random(fresh, sizeof fresh);
    if (err == MICO_OK) {
        const struct mscp_noise_keys keys = {
            fresh, fresh + 32, NULL, NULL, {(const uint8_t *)MSCP_PROLOGUE_PAIR, sizeof MSCP_PROLOGUE_PAIR - 1}};
        mscp_noise_start(&noise, MSCP_NOISE_XX, true, &keys);
        err = exchange_keys(host, &noise, made);
    }
    mscp_noise_wipe(&noise);
    mico_wipe(fresh, sizeof fresh);
    return err;
}

mico_err mscp_host_pair(struct mscp_host *host, struct mscp_binding *binding)
{
    if (host->bound) {
        return MICO_ERR_STATE;
    }
    struct mscp_binding made = {0};
    mico_err err = mscp_pair_keys(host, &made);
    if (err == MICO_OK) {
        /* The chip keeps the pairing when the first record of a session under it arrives, and answers when it lies in
         * flash; a lost answer is asked for again. */
        host->binding = made;
        host->bound = true;
        err = mscp_call(host, &(struct mscp_call){.command = MSCP_GET_INFO, .repeatable = true, .answer = INFO_TAGS});
        if (err == MICO_OK && mscp_tlv_u8(&host->reply, MSCP_TAG_PAIRED) != 1) {
            err = MICO_ERR_STATE;
        }
    }
    if (err == MICO_OK) {
        *binding = made;
    } else if (host->bound) {
        host->bound = false;
        mscp_session_forget(host);
        mico_wipe(&host->binding, sizeof host->binding);
    }
    mico_wipe(&made, sizeof made);
    return err;
}
