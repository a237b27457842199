/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as requests: whole and byte by byte they give the same requests and the same error. */
#include <stdlib.h>
#include <string.h>

#include "pairing/controller/reply.h"
#include "pairing/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
    mico_err err;
    int requests;
    uint32_t sum;
};

static struct outcome feed(const uint8_t *data, size_t size, size_t piece)
{
    static struct mico_http_request request;
    struct outcome outcome = {MICO_OK, 0, 0};
    mico_http_reset(&request);
    for (size_t at = 0; at < size && outcome.err == MICO_OK;) {
        size_t used;
        size_t len = size - at < piece ? size - at : piece;
        outcome.err = mico_http_feed(&request, data + at, len, &used);
        at += used;
        if (outcome.err == MICO_OK && request.complete) {
            outcome.requests++;
            outcome.sum = mico_crc32(outcome.sum, (const uint8_t *)request.path, strlen(request.path));
            outcome.sum = mico_crc32(outcome.sum, (const uint8_t *)request.query, strlen(request.query));
            outcome.sum = mico_crc32(outcome.sum, request.body, request.body_len);
            (void)mico_http_query(request.query, "id");
            mico_http_reset(&request);
        }
    }
    return outcome;
}

static void feed_replies(const uint8_t *data, size_t size)
{
    static struct mico_reply reply;
    mico_err err = MICO_OK;
    mico_reply_reset(&reply);
    for (size_t at = 0; at < size && err == MICO_OK;) {
        size_t used;
        err = mico_reply_feed(&reply, data + at, size - at, &used);
        at += used;
        if (reply.complete) {
            mico_reply_reset(&reply);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outcome whole = feed(data, size, size);
    struct outcome bytes = feed(data, size, 1);
    if (whole.err != bytes.err || whole.requests != bytes.requests || whole.sum != bytes.sum) {
        abort();
    }
    feed_replies(data, size);
    return 0;
}
