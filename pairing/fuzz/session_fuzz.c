/* SPDX-License-Identifier: Apache-2.0 */
/* Frames of a session. Bytes as they come: nothing that the peer did not seal comes out. Frames that the peer sealed come out as
 * they went in, but for one that was altered, and one behind another that was lost.
 *
 * input: kind (1), odd for sealed frames; then bytes, or for each frame its text's length (2), what happens to it (1), and a
 * place (1). */
#include <stdlib.h>
#include <string.h>

#include "pairing/session.h"

#define FRAMES 8 /* of one input */

enum { ALTERED, LOST, DONE_TO = 8 }; /* the rest of the eight: nothing */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mico_session session, peer;

static void must(bool promise)
{
    if (!promise) {
        abort();
    }
}

/* In pieces, up to an error or a text. */
static mico_err deliver(const uint8_t *data, size_t len, size_t piece, uint8_t text[MICO_FRAME_TEXT_MAX],
                        size_t *text_len)
{
    mico_err err = MICO_OK;
    *text_len = 0;
    for (size_t at = 0; at < len && err == MICO_OK && *text_len == 0;) {
        size_t used, take = len - at < piece ? len - at : piece;
        err = mico_session_receive(&session, data + at, take, &used, text, text_len);
        must(used <= take && (err != MICO_OK || used > 0) && (err == MICO_OK || *text_len == 0));
        at += used;
    }
    return err;
}

/* Returns false when the session is over. */
static bool sealed_frame(struct mico_reader *input, bool *lost)
{
    static uint8_t sent[MICO_FRAME_TEXT_MAX], got[MICO_FRAME_TEXT_MAX], frame[MICO_FRAME_MAX];
    size_t len = 1 + mico_read_be16(input) % MICO_FRAME_TEXT_MAX, frame_len, got_len;
    uint8_t happens = mico_read_u8(input), place = mico_read_u8(input);
    memset(sent, place, len);
    must(mico_session_seal(&peer, sent, len, frame, &frame_len) == MICO_OK);
    if (happens % DONE_TO == LOST) {
        *lost = true;
        return true;
    }
    bool altered = happens % DONE_TO == ALTERED;
    if (altered) {
        frame[place * 5u % frame_len] ^= (uint8_t)(1u << happens / DONE_TO % 8);
    }
    mico_err err = deliver(frame, frame_len, 1u + place, got, &got_len);
    bool whole = got_len == len && memcmp(got, sent, len) == 0;
    must(*lost || altered ? got_len == 0 : err == MICO_OK && whole);
    return !*lost && !altered;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t shared[32] = {7};
    struct mico_reader input = mico_reader_of(data, size);
    uint8_t text[MICO_FRAME_TEXT_MAX];
    size_t text_len;
    bool lost = false;
    must(psa_crypto_init() == PSA_SUCCESS && mico_session_start(&session, shared, MICO_SESSION_ACCESSORY) == MICO_OK &&
         mico_session_start(&peer, shared, MICO_SESSION_CONTROLLER) == MICO_OK);
    if (mico_read_u8(&input) % 2 == 0) {
        (void)!deliver(input.at, input.left, 100, text, &text_len);
        must(text_len == 0);
    } else {
        for (int i = 0; i < FRAMES && input.left >= 4 && sealed_frame(&input, &lost); i++) {
        }
    }
    mico_session_end(&session);
    mico_session_end(&peer);
    return 0;
}
