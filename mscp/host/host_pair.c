/* SPDX-License-Identifier: Apache-2.0 */
/* Pairing, with and without waiting; see mscp_host.h and mscp_async.h. Noise XX in two exchanges in the clear: both static keys cross,
 * and a key that only the two ends know comes out.
 *
 *   step sent | its answer
 *   ----------+-------------------------------------------------------------------------------------
 *   1         | the chip's keys and serial: step 3 goes out
 *   3         | the chip has staged the pairing, which becomes the driver's own: ListObjects as a record, on which the chip
 *             | keeps it and answers when it lies in flash; or the end, where the owner has to allow it first
 *
 * A lost message ends it. A lost answer to ListObjects is asked for again, as in any call. A session on trial, beside a pairing
 * that stands, does not take ListObjects, as it does GetInfo. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/host/host_internal.h"
#include "mscp/host/mscp_async.h"

enum step { KEYS = 1, PROOF = 3 };

static void send(struct mscp_host *host, enum step step)
{
    struct mscp_engine *e = &host->engine;
    uint8_t message[128];
    struct mico_writer m = mico_writer_of(message, sizeof message);
    e->state = MSCP_ENGINE_PAIRING;
    e->pairing.step = (uint8_t)step;
    e->wait_ms = host->timeout_ms;
    e->bytes_left = MSCP_LINK_BYTES;
    mico_err err = mscp_noise_write(&e->handshake, (struct mico_span){NULL, 0}, &m);
    if (err == MICO_OK) {
        struct mico_writer body = mico_writer_of(host->frame + MSCP_REQUEST_HEADER, MSCP_BODY_MAX);
        mscp_put_u8(&body, MSCP_TAG_STEP, (uint8_t)step);
        mscp_put_bytes(&body, MSCP_TAG_HANDSHAKE, message, m.len);
        err = mscp_link_send(host, MSCP_PAIR, 0, 0, body.len);
    }
    if (err != MICO_OK) {
        mscp_engine_finish(host, err);
    }
}

static void take_binding(struct mscp_host *host)
{
    const struct mscp_noise *noise = &host->engine.handshake;
    struct mscp_binding *binding = &host->binding;
    memcpy(binding->host_private, noise->s_private, 32);
    memcpy(binding->host_public, noise->s_public, 32);
    memcpy(binding->chip_public, noise->rs, 32);
    memcpy(binding->serial, host->engine.pairing.serial, MSCP_SERIAL_SIZE);
    mscp_noise_export(noise, MSCP_LABEL_BINDING, binding->key);
    host->bound = true;
}

static void staged(struct mscp_host *host)
{
    mscp_session_forget(host);
    take_binding(host);
    if (host->engine.pairing.stages) {
        mscp_engine_finish(host, MICO_OK);
        return;
    }
    host->engine.call =
        (struct mscp_call){.command = MSCP_LIST_OBJECTS, .repeatable = true, .answer = MSCP_TAG_BIT(MSCP_TAG_BYTES)};
    mscp_engine_call(host);
}

/* What has not the TLVs of this step's answer is a stray of an earlier command. */
static void answered(struct mscp_host *host, const struct mscp_response *response)
{
    struct mscp_engine *e = &host->engine;
    bool keys = e->pairing.step == KEYS;
    uint64_t wanted = MSCP_TAG_BIT(MSCP_TAG_STEP) | (keys ? MSCP_TAG_BIT(MSCP_TAG_HANDSHAKE) : 0);
    if (response->status == MSCP_OK &&
        (mscp_tlvs_parse(response->body, &host->reply) != MICO_OK || (host->reply.present & wanted) != wanted)) {
        return;
    }
    mico_err err = mscp_link_status(host, response->status, response->detail);
    if (err == MICO_OK && mscp_tlv_u8(&host->reply, MSCP_TAG_STEP) != e->pairing.step + 1) {
        err = MICO_ERR_FORMAT;
    }
    if (err == MICO_OK && keys) {
        err = mscp_noise_read(&e->handshake, host->reply.value[MSCP_TAG_HANDSHAKE], e->pairing.serial,
                              sizeof e->pairing.serial);
    }
    if (err != MICO_OK) {
        mscp_engine_finish(host, err);
    } else if (keys) {
        send(host, PROOF);
    } else {
        staged(host);
    }
}

static mico_err ended(struct mscp_host *host, mico_err err)
{
    const struct mscp_engine_pairing *pairing = &host->engine.pairing;
    if (err == MICO_ERR_AUTH && !pairing->stages && host->last_status == MSCP_AUTH_REQUIRED) {
        err = MICO_ERR_STATE; /* it is paired, and has an owner to ask */
    }
    if (err == MICO_OK) {
        *pairing->made = host->binding;
    } else if (!pairing->stages) {
        host->bound = false;
        mscp_session_forget(host);
        mico_wipe(&host->binding, sizeof host->binding);
    }
    return err;
}

static mico_err start(struct mscp_host *host, struct mscp_binding *made, bool stages,
                      void (*done)(struct mscp_host *host, void *ctx, mico_err err), void *ctx)
{
    struct mscp_engine *e = &host->engine;
    uint8_t fresh[64];
    if (e->state != MSCP_ENGINE_IDLE) {
        return MICO_ERR_BUSY;
    }
    if (!stages && host->bound) {
        return MICO_ERR_STATE;
    }
    mico_err err = mico_random(fresh, sizeof fresh);
    if (err != MICO_OK) {
        return err;
    }
    const struct mscp_noise_keys keys = {
        fresh, fresh + 32, NULL, NULL, {(const uint8_t *)MSCP_PROLOGUE_PAIR, sizeof MSCP_PROLOGUE_PAIR - 1}};
    *e = (struct mscp_engine){
        .done = done, .ctx = ctx, .pairing = {.answered = answered, .ended = ended, .made = made, .stages = stages}};
    mscp_noise_start(&e->handshake, MSCP_NOISE_XX, true, &keys);
    mico_wipe(fresh, sizeof fresh);
    send(host, KEYS);
    return MICO_OK;
}

mico_err mscp_host_pair(struct mscp_host *host, struct mscp_binding *binding)
{
    mico_err err = start(host, binding, false, NULL, NULL);
    return err == MICO_OK ? mscp_engine_run(host) : err;
}

mico_err mscp_host_repair_stage(struct mscp_host *host, struct mscp_binding *made)
{
    mico_err err = start(host, made, true, NULL, NULL);
    return err == MICO_OK ? mscp_engine_run(host) : err;
}

static void tell(struct mscp_host *host, void *ctx, mico_err err)
{
    struct mscp_async *op = ctx;
    op->done(op->ctx, err);
}

mico_err mscp_async_pair(struct mscp_host *host, struct mscp_async *op, struct mscp_binding *binding,
                         mscp_async_done done, void *ctx)
{
    *op = (struct mscp_async){.done = done, .ctx = ctx};
    return start(host, binding, false, tell, op);
}

mico_err mscp_async_repair_stage(struct mscp_host *host, struct mscp_async *op, struct mscp_binding *made,
                                 mscp_async_done done, void *ctx)
{
    *op = (struct mscp_async){.done = done, .ctx = ctx};
    return start(host, made, true, tell, op);
}
