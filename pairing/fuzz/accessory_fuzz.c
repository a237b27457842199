/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes to an accessory. The first byte chooses: as they are to an unverified connection; as the plaintext of frames
 * to a verified one; as the JSON of a PUT; or as the body of a pairing message (0 to 3 of them). Whatever comes, an
 * accessory nobody paired with stays unpaired, and a later honest request is answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pairing/accessory/internal.h"
#include "pairing/test_bed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct test_bed bed;
static struct test_link link_to;
static struct mico_session controller;

static void require(int fine)
{
    if (!fine) {
        abort();
    }
}

/* A connection as after a pair-verify by the admin in slot 0. */
static void open_verified(void)
{
    static const uint8_t shared[32] = {1, 2, 3}, key[32] = {9};
    require(mico_controllers_clear(&bed.acc.controllers) == MICO_OK);
    require(mico_controllers_add(&bed.acc.controllers, (struct mico_span){(const uint8_t *)"admin", 5}, key, true) == MICO_OK);
    require(mico_session_start(&link_to.conn.session, shared, MICO_SESSION_ACCESSORY) == MICO_OK);
    require(mico_session_start(&controller, shared, MICO_SESSION_CONTROLLER) == MICO_OK);
    link_to.conn.secure = true;
    link_to.conn.controller = 0;
}

static void send_in_frames(const uint8_t *data, size_t size)
{
    while (size > 0 && !link_to.closed) {
        uint8_t frame[MICO_FRAME_MAX];
        size_t frame_len, piece = size < 700 ? size : 700;
        require(mico_session_seal(&controller, data, piece, frame, &frame_len) == MICO_OK);
        test_link_send(&link_to, frame, frame_len);
        link_to.answer_at = link_to.answer_len; /* seen */
        data += piece;
        size -= piece;
    }
}

static void send_request(const char *line, const uint8_t *body, size_t size, bool secure)
{
    char head[128];
    int head_len = snprintf(head, sizeof head, "%s HTTP/1.1\r\nContent-Length: %zu\r\n\r\n", line, size);
    if (secure) {
        send_in_frames((const uint8_t *)head, (size_t)head_len);
        send_in_frames(body, size);
    } else {
        test_link_send(&link_to, head, (size_t)head_len);
        test_link_send(&link_to, body, size);
        link_to.answer_at = link_to.answer_len;
    }
}

/* Bytes as one or more bodies, each led by its length. */
static void send_bodies(const char *line, const uint8_t *data, size_t size, bool secure)
{
    for (int i = 0; i < 3 && size > 0 && !link_to.closed; i++) {
        size_t len = data[0] < size - 1 ? data[0] : size - 1;
        send_request(line, data + 1, len, secure);
        data += 1 + len;
        size -= 1 + len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool made;
    if (!made) {
        test_bed_make(&bed);
        made = true;
    }
    if (size == 0 || size > 6000) {
        return 0;
    }
    uint8_t choice = data[0] % 6;
    bool verified = choice == 1 || choice == 2 || choice == 3;
    bed.acc.tries = 0;
    test_link_open(&link_to, &bed);
    require(mico_controllers_clear(&bed.acc.controllers) == MICO_OK);
    if (verified) {
        open_verified();
    }
    switch (choice) {
    case 0:
        link_to.piece = size % 5;
        test_link_send(&link_to, data + 1, size - 1);
        break;
    case 1:
        send_in_frames(data + 1, size - 1);
        break;
    case 2:
        send_request("PUT /characteristics", data + 1, size - 1 < 4096 ? size - 1 : 4096, true);
        break;
    case 3:
        send_bodies("POST /pairings", data + 1, size - 1, true);
        break;
    case 4:
        send_bodies("POST /pair-setup", data + 1, size - 1, false);
        break;
    default:
        send_bodies("POST /pair-verify", data + 1, size - 1, false);
        break;
    }
    test_link_poll(&link_to);
    require(verified || !mico_accessory_paired(&bed.acc));
    mico_session_end(&controller);
    test_link_close(&link_to);
    return 0;
}
