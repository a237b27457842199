/* SPDX-License-Identifier: Apache-2.0 */
/* A tap on the link between a device and its chip: passes frames both ways, writes them down, and on request attacks:
 * replays a record or flips a bit of one. It has no keys: it sees and does what anyone with a probe on the line can. */
#ifndef MSCP_TAP_TAP_H
#define MSCP_TAP_TAP_H

#include <stdbool.h>

#include "mscp/protocol/frame.h"

#define MSCP_TAP_QUEUE (16 * 1024) /* bytes of the device that wait while an injected frame is with the chip */
#define MSCP_TAP_ANSWER_MS 2000    /* how long the chip may take for an injected frame */
#define MSCP_TAP_LINE (2 * MSCP_WIRE_MAX + 160)

/* Where the tap's doings go. */
struct mscp_tap_out {
    void (*send)(void *ctx, bool to_chip, const uint8_t *bytes, size_t len);
    void (*record)(void *ctx, const char *line); /* one frame, one line, without '\n' */
    void (*answer)(void *ctx, const char *line); /* to the one who gave the command */
    void *ctx;
};

/* One direction of the line: bytes since the last frame ended, and the frame they make. */
struct mscp_tap_side {
    struct mscp_deframer deframer;
    uint8_t raw[2 * MSCP_WIRE_MAX];
    size_t raw_len;
    uint32_t frames;
    uint64_t bytes;
};

enum mscp_tap_task {
    MSCP_TAP_IDLE,
    MSCP_TAP_REPLAY_WAITS,
    MSCP_TAP_REPLAY_SENT,
    MSCP_TAP_FLIP_WAITS,
    MSCP_TAP_FLIP_SENT
};

/* The caller's storage. */
struct mscp_tap {
    struct mscp_tap_out out;
    struct mscp_tap_side device, chip;
    bool command_open; /* the device's command is with the chip */
    uint64_t command_ms;
    uint8_t last[MSCP_FRAME_MAX]; /* the latest record of the device */
    size_t last_len;
    enum mscp_tap_task task;
    uint64_t deadline_ms;
    uint32_t flip_bit;
    uint32_t replays, flips;
    uint8_t queue[MSCP_TAP_QUEUE];
    size_t queue_len;
    uint8_t wire[MSCP_WIRE_MAX];
    char line[MSCP_TAP_LINE];
};

void mscp_tap_start(struct mscp_tap *tap, const struct mscp_tap_out *out);

/** Bytes that came from the device (from_device) or the chip. */
void mscp_tap_bytes(struct mscp_tap *tap, bool from_device, const uint8_t *bytes, size_t len, uint64_t now_ms);

/** "replay", "flip" or "stats"; exactly one answer, now or later. */
void mscp_tap_command(struct mscp_tap *tap, const char *command, uint64_t now_ms);

/** Time passes: call at least every 100 ms. */
void mscp_tap_tick(struct mscp_tap *tap, uint64_t now_ms);

/** An end of the line has left: what it began is dropped, what waits for it is answered. */
void mscp_tap_gone(struct mscp_tap *tap, bool device);

#endif
