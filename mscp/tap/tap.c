/* SPDX-License-Identifier: Apache-2.0 */
/* See tap.h.
 *
 *  task          | command          | event                        | then
 *  idle          | replay           | -                            | replay waits
 *  replay waits  | -                | no command is with the chip  | the last record goes out; replay sent
 *  replay sent   | -                | a frame of the chip, or time | answered, the frame swallowed; idle
 *  idle          | flip             | -                            | flip waits
 *  flip waits    | -                | a record of the device       | goes out with a bit flipped; flip sent
 *  flip sent     | -                | a frame of the chip, or time | answered, the frame passed on; idle */
#include "mscp/tap/tap.h"

#include <stdio.h>
#include <string.h>

#include "mscp/protocol/record.h"
#include "mscp/protocol/status.h"

#define FLIP_WAIT_MS 60000 /* how long `flip` waits for a record */

void mscp_tap_start(struct mscp_tap *tap, const struct mscp_tap_out *out)
{
    memset(tap, 0, sizeof *tap);
    tap->out = *out;
}

/* ---- writing down ---- */

static void write_down(struct mscp_tap *tap, const char *direction, const char *what, struct mico_span wire,
                       uint64_t now_ms)
{
    int head = snprintf(tap->line, sizeof tap->line, "%llu %s %s ", (unsigned long long)now_ms, direction, what);
    if (head > 0 && (size_t)head + 2 * wire.len < sizeof tap->line) {
        mico_hex(wire.data, wire.len, tap->line + head);
        tap->out.record(tap->out.ctx, tap->line);
    }
}

static void describe_request(const struct mscp_request *r, char *text, size_t cap)
{
    if (r->flags == MSCP_FLAG_SEALED && r->body.len >= MSCP_RECORD_COUNTER) {
        snprintf(text, cap, "%s session %08lx counter %llu length %u", mscp_command_name(r->command),
                 (unsigned long)r->session, (unsigned long long)mico_load_le64(r->body.data), (unsigned)r->body.len);
    } else {
        snprintf(text, cap, "%s clear length %u", mscp_command_name(r->command), (unsigned)r->body.len);
    }
}

static void describe_response(const struct mscp_response *r, char *text, size_t cap)
{
    snprintf(text, cap, "%s (%d) detail %u length %u", mscp_status_name((enum mscp_status)r->status), r->status,
             r->detail, (unsigned)r->body.len);
}

static void answer(struct mscp_tap *tap, const char *text)
{
    tap->task = MSCP_TAP_IDLE;
    tap->out.answer(tap->out.ctx, text);
}

static void release_queue(struct mscp_tap *tap, uint64_t now_ms);

/* ---- the attacks ---- */

static void replay_now(struct mscp_tap *tap, uint64_t now_ms)
{
    char what[96];
    struct mscp_request request;
    struct mico_span frame = {tap->last, tap->last_len};
    size_t len = mscp_wire_encode(frame, tap->wire);
    if (mscp_request_parse(frame, &request) == MICO_OK) {
        describe_request(&request, what, sizeof what);
        write_down(tap, "+>", what, (struct mico_span){tap->wire, len}, now_ms);
    }
    tap->replays++;
    tap->task = MSCP_TAP_REPLAY_SENT;
    tap->deadline_ms = now_ms + MSCP_TAP_ANSWER_MS;
    tap->out.send(tap->out.ctx, true, tap->wire, len);
}

static void replay_answered(struct mscp_tap *tap, const struct mscp_response *response, uint64_t now_ms)
{
    char text[96];
    snprintf(text, sizeof text, "replayed %u bytes: chip answered %s (%d)", (unsigned)tap->last_len,
             mscp_status_name((enum mscp_status)response->status), response->status);
    answer(tap, text);
    release_queue(tap, now_ms);
}

/* The middle of the sealed text, with a CRC that fits: only the record's tag can tell. */
static size_t flip_record(struct mscp_tap *tap, struct mico_span frame)
{
    uint8_t flipped[MSCP_FRAME_MAX];
    memcpy(flipped, frame.data, frame.len);
    size_t at = MSCP_REQUEST_HEADER + MSCP_RECORD_COUNTER + (frame.len - MSCP_REQUEST_HEADER - MSCP_RECORD_COUNTER) / 2;
    tap->flip_bit = (uint32_t)(8 * at);
    flipped[at] ^= 1;
    return mscp_wire_encode((struct mico_span){flipped, frame.len}, tap->wire);
}

/* ---- passing on ---- */

static void from_device(struct mscp_tap *tap, struct mico_span frame, struct mico_span raw, uint64_t now_ms)
{
    char what[96];
    struct mscp_request request;
    if (mscp_request_parse(frame, &request) != MICO_OK) {
        tap->out.send(tap->out.ctx, true, raw.data, raw.len);
        return;
    }
    describe_request(&request, what, sizeof what);
    bool record = request.flags == MSCP_FLAG_SEALED && request.body.len >= MSCP_RECORD_OVERHEAD;
    if (record && tap->task == MSCP_TAP_FLIP_WAITS) {
        raw = (struct mico_span){tap->wire, flip_record(tap, frame)};
        tap->flips++;
        tap->task = MSCP_TAP_FLIP_SENT;
        tap->deadline_ms = now_ms + MSCP_TAP_ANSWER_MS;
        write_down(tap, "~>", what, raw, now_ms);
    } else {
        write_down(tap, ">", what, raw, now_ms);
    }
    if (record) {
        memcpy(tap->last, frame.data, frame.len);
        tap->last_len = frame.len;
    }
    tap->command_open = true;
    tap->command_ms = now_ms;
    tap->out.send(tap->out.ctx, true, raw.data, raw.len);
}

static void from_chip(struct mscp_tap *tap, struct mico_span frame, struct mico_span raw, uint64_t now_ms)
{
    char what[96];
    struct mscp_response response;
    if (mscp_response_parse(frame, &response) != MICO_OK) {
        tap->out.send(tap->out.ctx, false, raw.data, raw.len);
        return;
    }
    describe_response(&response, what, sizeof what);
    if (tap->task == MSCP_TAP_REPLAY_SENT) {
        write_down(tap, "+<", what, raw, now_ms);
        replay_answered(tap, &response, now_ms);
        return;
    }
    write_down(tap, "<", what, raw, now_ms);
    if (tap->task == MSCP_TAP_FLIP_SENT) {
        char text[112];
        snprintf(text, sizeof text, "flipped bit %lu of %u bytes: chip answered %s (%d)", (unsigned long)tap->flip_bit,
                 (unsigned)tap->last_len, mscp_status_name((enum mscp_status)response.status), response.status);
        answer(tap, text);
    }
    tap->command_open = false;
    tap->out.send(tap->out.ctx, false, raw.data, raw.len);
}

/* Bytes are kept until a zero ends them, which is when a receiver acts too. */
static void take_byte(struct mscp_tap *tap, bool device, uint8_t byte, uint64_t now_ms)
{
    struct mscp_tap_side *side = device ? &tap->device : &tap->chip;
    struct mico_span frame;
    side->raw[side->raw_len++] = byte;
    side->bytes++;
    bool whole = mscp_deframe(&side->deframer, byte, &frame);
    if (byte != 0 && side->raw_len < sizeof side->raw) {
        return;
    }
    struct mico_span raw = {side->raw, side->raw_len};
    side->raw_len = 0;
    if (!whole) {
        if (!device && tap->task == MSCP_TAP_REPLAY_SENT) {
            return; /* what stands before the answer to the injected frame is not the device's either */
        }
        tap->out.send(tap->out.ctx, device, raw.data, raw.len);
        return;
    }
    side->frames++;
    if (device) {
        from_device(tap, frame, raw, now_ms);
    } else {
        from_chip(tap, frame, raw, now_ms);
    }
}

static void release_queue(struct mscp_tap *tap, uint64_t now_ms)
{
    size_t len = tap->queue_len;
    tap->queue_len = 0;
    for (size_t i = 0; i < len; i++) {
        take_byte(tap, true, tap->queue[i], now_ms);
    }
}

void mscp_tap_bytes(struct mscp_tap *tap, bool device, const uint8_t *bytes, size_t len, uint64_t now_ms)
{
    for (size_t i = 0; i < len; i++) {
        if (!device || tap->task != MSCP_TAP_REPLAY_SENT) {
            take_byte(tap, device, bytes[i], now_ms);
        } else if (tap->queue_len < sizeof tap->queue) {
            tap->queue[tap->queue_len++] = bytes[i]; /* the device waits its turn: its answers must stay its own */
        }
    }
    mscp_tap_tick(tap, now_ms);
}

static void answer_stats(struct mscp_tap *tap)
{
    char text[160];
    snprintf(text, sizeof text, "device %lu frames %llu bytes, chip %lu frames %llu bytes, replays %lu, flips %lu",
             (unsigned long)tap->device.frames, (unsigned long long)tap->device.bytes, (unsigned long)tap->chip.frames,
             (unsigned long long)tap->chip.bytes, (unsigned long)tap->replays, (unsigned long)tap->flips);
    tap->out.answer(tap->out.ctx, text);
}

void mscp_tap_command(struct mscp_tap *tap, const char *command, uint64_t now_ms)
{
    if (strcmp(command, "stats") == 0) {
        answer_stats(tap);
    } else if (strcmp(command, "replay") != 0 && strcmp(command, "flip") != 0) {
        tap->out.answer(tap->out.ctx, "error: no such command; try replay, flip or stats");
    } else if (tap->task != MSCP_TAP_IDLE) {
        tap->out.answer(tap->out.ctx, "error: another command is under way");
    } else if (command[0] == 'f') {
        tap->task = MSCP_TAP_FLIP_WAITS;
        tap->deadline_ms = now_ms + FLIP_WAIT_MS;
    } else if (tap->last_len == 0) {
        tap->out.answer(tap->out.ctx, "error: no record has passed yet");
    } else {
        tap->task = MSCP_TAP_REPLAY_WAITS;
        mscp_tap_tick(tap, now_ms);
    }
}

void mscp_tap_tick(struct mscp_tap *tap, uint64_t now_ms)
{
    if (tap->command_open && now_ms - tap->command_ms >= MSCP_TAP_ANSWER_MS) {
        tap->command_open = false; /* the chip will not answer it */
    }
    if (tap->task == MSCP_TAP_REPLAY_WAITS && !tap->command_open) {
        replay_now(tap, now_ms);
    }
    if ((tap->task == MSCP_TAP_REPLAY_SENT || tap->task == MSCP_TAP_FLIP_SENT) && now_ms >= tap->deadline_ms) {
        bool replay = tap->task == MSCP_TAP_REPLAY_SENT;
        answer(tap, replay ? "replayed: the chip did not answer" : "flipped: the chip did not answer");
        release_queue(tap, now_ms);
    }
    if (tap->task == MSCP_TAP_FLIP_WAITS && now_ms >= tap->deadline_ms) {
        answer(tap, "error: no record came to flip");
    }
}

void mscp_tap_gone(struct mscp_tap *tap, bool device)
{
    struct mscp_tap_side *side = device ? &tap->device : &tap->chip;
    side->raw_len = 0;
    memset(&side->deframer, 0, sizeof side->deframer);
    tap->queue_len = 0;
    tap->command_open = false;
    if (!device && (tap->task == MSCP_TAP_REPLAY_SENT || tap->task == MSCP_TAP_FLIP_SENT)) {
        answer(tap, "error: the chip has left");
    }
}
