/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as requests and as responses: whole and byte by byte they give the same messages and the same error. */
#include <stdlib.h>
#include <string.h>

#include "os/net/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
    mico_err err;
    int messages;
    uint32_t sum;
};

static struct outcome feed(unsigned flags, const uint8_t *data, size_t size, size_t piece)
{
    static char head[256];
    static uint8_t body[100];
    struct mico_http http;
    struct outcome outcome = {MICO_OK, 0, 0};
    mico_http_init(&http, flags, head, sizeof head, body, sizeof body);
    for (size_t at = 0; at < size && outcome.err == MICO_OK;) {
        size_t used, len = size - at < piece ? size - at : piece;
        outcome.err = mico_http_feed(&http, data + at, len, &used);
        if (used > len || http.body_len > sizeof body || (outcome.err == MICO_OK && !http.complete && used != len)) {
            abort();
        }
        at += used;
        if (outcome.err == MICO_OK && http.complete) {
            const char *host = mico_http_field(&http, "Host");
            const char *text = (flags & MICO_HTTP_RESPONSE) != 0 ? http.reason : http.path;
            outcome.messages++;
            outcome.sum = mico_crc32(outcome.sum, (const uint8_t *)text, strlen(text));
            outcome.sum = mico_crc32(outcome.sum, body, http.body_len);
            outcome.sum = host != NULL ? mico_crc32(outcome.sum, (const uint8_t *)host, strlen(host)) : outcome.sum;
            if ((flags & MICO_HTTP_RESPONSE) == 0) {
                (void)mico_http_query(http.query, "id");
            }
            mico_http_reset(&http);
        }
    }
    if (outcome.err == MICO_OK && mico_http_closed(&http) == MICO_OK) {
        outcome.messages++;
    }
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned ways[] = {0, MICO_HTTP_CHUNKED_ALLOWED | MICO_HTTP_HOST_NEEDED,
                                    MICO_HTTP_RESPONSE | MICO_HTTP_CHUNKED_ALLOWED | MICO_HTTP_EVENTS_ALLOWED};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct outcome whole = feed(ways[i], data, size, size);
        struct outcome bytes = feed(ways[i], data, size, 1);
        if (whole.err != bytes.err || whole.messages != bytes.messages || whole.sum != bytes.sum) {
            abort();
        }
    }
    return 0;
}
