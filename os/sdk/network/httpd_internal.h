/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the SDK's HTTP server share: the connection that is served now. */
#ifndef OS_SDK_NETWORK_HTTPD_INTERNAL_H
#define OS_SDK_NETWORK_HTTPD_INTERNAL_H

#include "os/net/http/http.h"
#include "os/sdk/network/httpd.h"

struct httpd_connection {
    int sock;
    struct mico_http http;
    char rest[512]; /* received, not used from rest_at on */
    size_t rest_at, rest_len;
    uint64_t until_ms; /* when the message must be whole */
    char *out;         /* where the body goes that is being read */
    size_t out_len;
    bool begun;     /* something of an answer was sent */
    bool head_only; /* to HEAD */
    bool keep_alive;
    bool failed;
};

extern struct httpd_connection httpd_now;

/** Answer with a status alone, unless an answer has begun, and end the connection. */
void httpd_refuse(struct httpd_connection *c, int status);

#endif
