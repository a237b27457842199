/* SPDX-License-Identifier: Apache-2.0 */
/* See test_rig.h. */
#include "mscp/chip/test_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/chip_internal.h"
#include "mscp/host/mscp_async.h"

static uint8_t flash_memory[RIG_FLASH_SIZE];

/* ---- the line ---- */

static void deliver(struct rig *rig, bool to_chip, const uint8_t *bytes, size_t len)
{
    if (to_chip) {
        if (!rig->off) {
            mscp_chip_input(&rig->chip, bytes, len);
        }
        return;
    }
    assert_true(rig->inbox_len + len <= sizeof rig->inbox);
    memcpy(rig->inbox + rig->inbox_len, bytes, len);
    rig->inbox_len += len;
}

static void record_frame(struct rig *rig, bool to_chip, const uint8_t *bytes, size_t len)
{
    if (rig->frame_count == RIG_FRAMES || rig->trace_len + len > RIG_TRACE_SIZE) {
        return;
    }
    rig->frames[rig->frame_count++] = (struct rig_frame){to_chip, (uint32_t)rig->trace_len, (uint32_t)len};
    memcpy(rig->trace + rig->trace_len, bytes, len);
    rig->trace_len += len;
}

/* Flip a bit of the frame inside, with a CRC that fits again. */
static void deliver_forged(struct rig *rig, bool to_chip, const uint8_t *bytes, size_t len)
{
    static struct mscp_deframer line;
    struct mico_span frame = {NULL, 0};
    uint8_t forged[MSCP_FRAME_MAX], wire[MSCP_WIRE_MAX];
    bool whole = false;
    for (size_t i = 0; i < len; i++) {
        whole = mscp_deframe(&line, bytes[i], &frame) || whole;
    }
    assert_true(whole);
    memcpy(forged, frame.data, frame.len);
    forged[rig->fault_bit / 8 % frame.len] ^= (uint8_t)(1u << rig->fault_bit % 8);
    deliver(rig, to_chip, wire, mscp_wire_encode((struct mico_span){forged, frame.len}, wire));
}

static void deliver_with_fault(struct rig *rig, bool to_chip, const uint8_t *bytes, size_t len)
{
    uint8_t spoilt[MSCP_WIRE_MAX + 1];
    memcpy(spoilt, bytes, len);
    size_t middle = 1 + rig->fault_bit % (len - 2);
    switch (rig->fault) {
    case RIG_DOUBLE:
        deliver(rig, to_chip, bytes, len);
        deliver(rig, to_chip, bytes, len);
        break;
    case RIG_FLIP_LINE:
        spoilt[middle] ^= 0x10;
        deliver(rig, to_chip, spoilt, len);
        break;
    case RIG_FLIP_FRAME:
        deliver_forged(rig, to_chip, bytes, len);
        break;
    case RIG_CUT:
        deliver(rig, to_chip, bytes, len / 2);
        break;
    case RIG_DOUBLE_BYTE:
        memmove(spoilt + middle + 1, spoilt + middle, len - middle);
        deliver(rig, to_chip, spoilt, len + 1);
        break;
    case RIG_GARBAGE:
        deliver(rig, to_chip, (const uint8_t *)"\x37\x00\x02noise", 8);
        deliver(rig, to_chip, bytes, len);
        break;
    case RIG_HOLD:
        memcpy(rig->held, bytes, len);
        rig->held_len = len;
        rig->held_to_chip = to_chip;
        break;
    default: /* RIG_DROP */
        deliver(rig, to_chip, rig->trace + rig->swap_from, rig->swap_len);
        rig->swap_len = 0;
        break;
    }
}

static void pass(struct rig *rig, bool to_chip, const uint8_t *bytes, size_t len)
{
    record_frame(rig, to_chip, bytes, len);
    rig->frames_seen++;
    if (rig->drop_from != 0 && rig->frames_seen >= rig->drop_from) {
        return;
    }
    if (rig->frames_seen == rig->fault_frame) {
        deliver_with_fault(rig, to_chip, bytes, len);
        return;
    }
    deliver(rig, to_chip, bytes, len);
    if (rig->held_len > 0 && rig->held_to_chip == to_chip) {
        size_t held = rig->held_len;
        rig->held_len = 0;
        deliver(rig, to_chip, rig->held, held);
    }
}

/* ---- the two ends ---- */

static mico_err pipe_write(void *ctx, const uint8_t *data, size_t len)
{
    pass(ctx, true, data, len);
    return MICO_OK;
}

static mico_err pipe_read(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct rig *rig = ctx;
    size_t there = rig->inbox_len - rig->inbox_at;
    *len = there > cap ? cap : there;
    if (*len == 0) {
        rig->now_ms += timeout_ms;
        return MICO_ERR_TIMEOUT;
    }
    memcpy(out, rig->inbox + rig->inbox_at, *len);
    rig->inbox_at += *len;
    if (rig->inbox_at == rig->inbox_len) {
        rig->inbox_at = rig->inbox_len = 0;
    }
    return MICO_OK;
}

static uint64_t rig_now(void *ctx)
{
    return ((struct rig *)ctx)->now_ms;
}

static void chip_reply(void *ctx, const uint8_t *bytes, size_t len)
{
    struct rig *rig = ctx;
    if (!rig->flash.dead) { /* a chip without power says nothing more */
        pass(rig, false, bytes, len);
    }
}

static void note_restart(void *ctx)
{
    ((struct rig *)ctx)->restarted = true;
}

static mico_err anchor_read(void *ctx, uint64_t *value)
{
    *value = ((struct rig *)ctx)->anchor;
    return ((struct rig *)ctx)->anchor_broken ? MICO_ERR_IO : MICO_OK;
}

static mico_err anchor_raise(void *ctx, uint64_t to)
{
    struct rig *rig = ctx;
    if (rig->anchor_broken || rig->flash.dead) {
        return MICO_ERR_IO;
    }
    assert_true(to >= rig->anchor);
    rig->anchor = to;
    return MICO_OK;
}

void rig_new_host(struct rig *rig, const struct mscp_binding *binding)
{
    rig->inbox_at = rig->inbox_len = 0;
    mscp_host_start(&rig->host, &rig->transport, binding);
}

void rig_pass(struct rig *rig, uint64_t ms)
{
    rig->now_ms += ms;
}

mico_err rig_power_cycle(struct rig *rig)
{
    static const uint16_t rooms[] = {RIG_NAMES, 6, 0};
    const struct mscp_chip_platform platform = {.flash = &rig->flash.flash,
                                                .index = rig->index,
                                                .index_len = rooms[rig->starts++ % (sizeof rooms / sizeof rooms[0])],
                                                .now_ms = rig_now,
                                                .reply = chip_reply,
                                                .ctx = rig,
                                                .slot = rig->slot,
                                                .anchor_read = rig->anchored ? anchor_read : NULL,
                                                .anchor_raise = rig->anchored ? anchor_raise : NULL,
                                                .restart = rig->slot != 0 ? note_restart : NULL};
    rig->restarted = false;
    test_flash_power_on(&rig->flash);
    return mscp_chip_start(&rig->chip, &platform);
}

void rig_restart_chip(struct rig *rig)
{
    if (rig->place != NULL) {
        rig->place->restart();
    } else {
        assert_int_equal(rig_power_cycle(rig), MICO_OK);
    }
}

struct mico_span rig_stored(struct rig *rig, const char *name)
{
    static uint8_t value[MICO_STORE_VALUE_MAX];
    const uint8_t *bank = rig->flash.bytes + rig->chip.store.bank;
    size_t len;
    bool found;
    assert_int_equal(mico_store_get(&rig->chip.store, name, value, sizeof value, &len, &found), MICO_OK);
    assert_true(found);
    for (size_t at = 0; at + len <= rig->chip.store.used; at++) { /* nonces make it the only one of its kind */
        if (memcmp(bank + at, value, len) == 0) {
            return (struct mico_span){bank + at, len};
        }
    }
    fail_msg("%s does not lie in the live half", name);
    return (struct mico_span){NULL, 0};
}

void rig_start(struct rig *rig)
{
    uint8_t *trace = rig->trace;
    const struct rig_place *place = rig->place;
    memset(rig, 0, sizeof *rig);
    rig->place = place;
    if (place != NULL) {
        place->start();
        rig->transport = place->transport;
        rig_new_host(rig, NULL);
        return;
    }
    rig->trace = trace != NULL ? trace : malloc(RIG_TRACE_SIZE);
    assert_non_null(rig->trace);
    rig->now_ms = 1000;
    rig->transport = (struct mscp_transport){rig, pipe_write, pipe_read};
    test_flash_init(&rig->flash, flash_memory, sizeof flash_memory, 4096, 1);
    rig_restart_chip(rig);
    rig_new_host(rig, NULL);
}

void rig_end(struct rig *rig)
{
    if (rig->place != NULL) {
        rig->place->stop();
    }
    assert_false(rig->flash.misused);
    free(rig->trace);
    rig->trace = NULL;
}

void rig_fault_at(struct rig *rig, unsigned frame, enum rig_fault fault, unsigned bit)
{
    rig->frames_seen = 0;
    rig->fault_frame = frame;
    rig->fault = fault;
    rig->fault_bit = bit;
    rig->held_len = 0;
}

void rig_drop_from(struct rig *rig, unsigned frame)
{
    rig_fault_at(rig, 0, RIG_NONE, 0);
    rig->drop_from = frame;
}

/* ---- past the driver ---- */

static uint8_t injected[MSCP_FRAME_MAX];

/* What came, as rig_inject gives it. */
static int take_frame(struct mico_span frame, struct mscp_response *answer)
{
    struct mscp_response parsed;
    assert_int_equal(mscp_response_parse(frame, &parsed), MICO_OK);
    memcpy(injected, parsed.body.data, parsed.body.len);
    parsed.body.data = injected;
    if (answer != NULL) {
        *answer = parsed;
    }
    return parsed.status;
}

#define PLACE_PATIENCE_MS 10000

static int ask_place(struct rig *rig, struct mscp_deframer *line, const uint8_t *wire, size_t len,
                     struct mscp_response *answer)
{
    const struct mscp_transport *link = &rig->place->transport;
    uint8_t bytes[256];
    size_t got;
    struct mico_span frame;
    assert_int_equal(link->write(link->ctx, wire, len), MICO_OK);
    while (link->read(link->ctx, bytes, sizeof bytes, &got, PLACE_PATIENCE_MS) == MICO_OK) {
        for (size_t i = 0; i < got; i++) {
            if (mscp_deframe(line, bytes[i], &frame)) {
                return take_frame(frame, answer);
            }
        }
    }
    return 1;
}

int rig_inject(struct rig *rig, const uint8_t *wire, size_t len, struct mscp_response *answer)
{
    static struct mscp_deframer line;
    struct mico_span frame;
    int status = 1;
    rig->inbox_at = rig->inbox_len = 0;
    unsigned seen = rig->frames_seen, count = rig->frame_count;
    size_t trace_len = rig->trace_len;
    if (rig->place != NULL) {
        return ask_place(rig, &line, wire, len, answer);
    }
    mscp_chip_input(&rig->chip, wire, len);
    rig->frames_seen = seen; /* what goes past the driver is no part of its story */
    rig->frame_count = count;
    rig->trace_len = trace_len;
    for (size_t i = 0; i < rig->inbox_len; i++) {
        if (mscp_deframe(&line, rig->inbox[i], &frame)) {
            status = take_frame(frame, answer);
        }
    }
    rig->inbox_len = 0;
    return status;
}

int rig_clear(struct rig *rig, uint8_t command, struct mico_span body, struct mscp_response *answer)
{
    uint8_t frame[MSCP_FRAME_MAX], wire[MSCP_WIRE_MAX];
    mscp_request_header(frame, body.len, command, 0, 0);
    if (body.len > 0) {
        memcpy(frame + MSCP_REQUEST_HEADER, body.data, body.len);
    }
    size_t len = mscp_wire_encode((struct mico_span){frame, MSCP_REQUEST_HEADER + body.len}, wire);
    return rig_inject(rig, wire, len, answer);
}

int rig_record(struct rig *rig, uint8_t command, struct mico_span tlvs, uint64_t counter, struct mscp_response *answer)
{
    uint8_t frame[MSCP_FRAME_MAX], wire[MSCP_WIRE_MAX];
    uint8_t *body = frame + MSCP_REQUEST_HEADER;
    struct mscp_session *session = &rig->host.session;
    size_t body_len = tlvs.len + MSCP_RECORD_OVERHEAD;
    mscp_request_header(frame, body_len, command, MSCP_FLAG_SEALED, session->id);
    if (tlvs.len > 0) {
        memcpy(body + MSCP_RECORD_COUNTER, tlvs.data, tlvs.len);
    }
    mscp_record_seal(session->to_chip, counter, (struct mico_span){frame, MSCP_REQUEST_HEADER}, body, tlvs.len);
    struct mscp_response got = {.status = 1};
    size_t len = mscp_wire_encode((struct mico_span){frame, MSCP_REQUEST_HEADER + body_len}, wire);
    int status = rig_inject(rig, wire, len, &got);
    if (status != MSCP_OK) {
        return status;
    }
    uint8_t associated[MSCP_RESPONSE_HEADER + MSCP_REQUEST_HEADER];
    mscp_response_header(associated, got.body.len, 0, 0);
    memcpy(associated + MSCP_RESPONSE_HEADER, frame, MSCP_REQUEST_HEADER);
    uint64_t back;
    struct mico_span text;
    assert_int_equal(mscp_record_open(session->to_host, MICO_SPAN(associated), injected, got.body.len, &back, &text),
                     MICO_OK);
    assert_int_equal(back, counter);
    session->next = counter + 1;
    if (answer != NULL) {
        *answer = (struct mscp_response){
            (int16_t)mico_load_le16(text.data), mico_load_le16(text.data + 2), {text.data + 4, text.len - 4}};
    }
    return (int16_t)mico_load_le16(text.data);
}

/* ---- a device's profile ---- */

const struct mscp_attributes rig_identity = {
    .type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_TLS_CLIENT | MSCP_USE_SIGN_PAIRING | MSCP_USE_ATTEST};
const struct mscp_attributes rig_pairing = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_PAIRING};
const struct mscp_attributes rig_firmware = {.type = MSCP_KEY_X25519, .usage = MSCP_USE_AGREE};
const struct mscp_attributes rig_counter = {.type = MSCP_COUNTER, .read = MSCP_SESSION, .write = MSCP_SESSION};
const struct mscp_attributes rig_data = {.type = MSCP_DATA, .read = MSCP_SESSION, .write = MSCP_SESSION};
const struct mscp_attributes rig_cert = {.type = MSCP_CERT, .read = MSCP_ALWAYS, .write = MSCP_NEVER};

size_t rig_certificate(const uint8_t key[32], uint8_t *out, size_t cap)
{
    /* A certificate as far as the key; what stands behind it is not the chip's business. */
    static const uint8_t front[] = {0x30, 0x82, 0x01, 0x00, 0x30, 0x81, 0xC0, 0xA0, 0x03, 0x02, 0x01, 0x02,
                                    0x02, 0x01, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x30, 0x00,
                                    0x30, 0x00, 0x30, 0x00, /* issuer, validity, subject */
                                    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
    struct mico_writer w = mico_writer_of(out, cap);
    mico_write_bytes(&w, front, sizeof front);
    mico_write_bytes(&w, key, 32);
    while (w.len < 0x104) {
        mico_write_u8(&w, 0x55);
    }
    assert_false(w.failed);
    return w.len;
}

static void handshake_message(struct mico_writer *w, uint8_t type, const void *body, size_t len)
{
    mico_write_u8(w, type);
    mico_write_u8(w, (uint8_t)(len >> 16));
    mico_write_be16(w, (uint16_t)len);
    mico_write_bytes(w, body, len);
}

static void certificate_message(struct mico_writer *w, size_t der_len)
{
    uint8_t body[4096] = {0};
    size_t list = der_len + 3;
    body[1] = (uint8_t)(list >> 8);
    body[2] = (uint8_t)list;
    body[4] = (uint8_t)(der_len >> 8);
    body[5] = (uint8_t)der_len;
    handshake_message(w, 11, body, der_len + 6);
}

size_t rig_transcript(uint8_t *out, size_t len)
{
    uint8_t hello[43] = {3, 3}; /* random zeros, no session id, one suite, null compression, no extensions */
    hello[36] = 2;
    hello[37] = 0xC0;
    hello[38] = 0x2B;
    hello[39] = 1;
    const uint8_t request[] = {1, 64, 0, 2, 8, 7, 0, 0};
    uint8_t key_exchange[4 + 32 + 4 + 64] = {3, 0, 29, 32};
    key_exchange[36] = 8;
    key_exchange[37] = 7;
    key_exchange[39] = 64;
    uint8_t point[33] = {32};
    struct mico_writer w = mico_writer_of(out, MSCP_MESSAGE_MAX);
    handshake_message(&w, 1, hello, 41);
    hello[35] = 0xC0; /* ServerHello: session id length at 34, suite, compression */
    hello[36] = 0x2B;
    hello[37] = 0;
    handshake_message(&w, 2, hello, 38);
    size_t rest = 4 + sizeof request + 4 + sizeof key_exchange + 4 + 4 + sizeof point + 4 + 6 + 100;
    certificate_message(&w, len - w.len - rest - 10);
    handshake_message(&w, 12, key_exchange, sizeof key_exchange);
    handshake_message(&w, 13, request, sizeof request);
    handshake_message(&w, 14, "", 0);
    certificate_message(&w, 100);
    handshake_message(&w, 16, point, sizeof point);
    assert_false(w.failed);
    return w.len;
}

void rig_pairing_message(uint8_t out[RIG_PAIRING_MESSAGE])
{
    memset(out, 0x11, RIG_PAIRING_MESSAGE);
    memcpy(out + 32, "A1:B2:C3:D4:E5:F6", 17);
}

void rig_provision(struct rig *rig, struct mscp_binding *binding, bool operational)
{
    uint8_t key[32], other[32], chain[512];
    struct mscp_host *host = &rig->host;
    assert_int_equal(mscp_host_pair(host, binding), MICO_OK);
    assert_int_equal(mscp_host_generate(host, MSCP_ID_IDENTITY, &rig_identity, key), MICO_OK);
    assert_int_equal(mscp_host_generate(host, MSCP_ID_PAIRING, &rig_pairing, other), MICO_OK);
    assert_int_equal(mscp_host_generate(host, MSCP_ID_FIRMWARE, &rig_firmware, other), MICO_OK);
    struct mico_span none = {NULL, 0};
    assert_int_equal(mscp_host_create(host, MSCP_ID_ROLLBACK, &rig_counter, none), MICO_OK);
    struct mico_span der = {chain, rig_certificate(key, chain, sizeof chain)};
    assert_int_equal(mscp_host_create(host, MSCP_ID_CHAIN, &rig_cert, der), MICO_OK);
    if (operational) {
        assert_int_equal(mscp_host_set_lifecycle(host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    }
}

unsigned rig_poll_to_end(struct rig *rig)
{
    unsigned polls = 1;
    while (mscp_async_poll(&rig->host, rig->now_ms)) {
        uint32_t wait = mscp_async_wait_ms(&rig->host, rig->now_ms);
        rig->now_ms += wait < 50 ? wait : 50;
        assert_true(++polls < 1000);
    }
    return polls;
}
