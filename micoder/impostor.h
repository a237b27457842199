/* SPDX-License-Identifier: Apache-2.0 */
/* A client that logs in to a broker with any certificate and any key, whether they belong together or not. */
#ifndef MICODER_IMPOSTOR_H
#define MICODER_IMPOSTOR_H

#include <stddef.h>
#include <stdint.h>

enum mico_login {
    MICO_LET_IN,     /* the broker answered the MQTT CONNECT with 0 */
    MICO_TURNED_OUT, /* the broker refused: in the TLS handshake or in CONNACK */
    MICO_NOT_TRIED,  /* no connection, or a file could not be read */
};

/** Connect to 127.0.0.1:port over TLS 1.2, trusting cafile, showing the certificates in `certificate` (PEM) and signing
 * with `key` (PEM), then send an MQTT CONNECT. said gets one line about what happened. */
enum mico_login mico_impostor(uint16_t port, const char *cafile, const char *certificate, const char *key, char *said,
                              size_t cap);

#endif
