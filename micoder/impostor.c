/* SPDX-License-Identifier: Apache-2.0 */
/* A client with any certificate and any key; see impostor.h. */
#include "micoder/impostor.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

/* MQTT 3.1.1 section 3.1: CONNECT, clean session, keep-alive 60 s, client id "impostor". */
static const uint8_t mqtt_connect[] = {0x10, 20, 0, 4,   'M', 'Q', 'T', 'T', 4,   2,   0,
                                       60,   0,  8, 'i', 'm', 'p', 'o', 's', 't', 'o', 'r'};

static int dial(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    struct timeval limit = {10, 0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* What the broker did with us, once the TLS session object stands on a connected socket. */
static enum mico_login try_in(gnutls_session_t tls, char *said, size_t cap)
{
    int status;
    do {
        status = gnutls_handshake(tls);
    } while (status < 0 && gnutls_error_is_fatal(status) == 0);
    uint8_t answer[4] = {0};
    const char *when = "in the TLS handshake";
    if (status == 0) {
        when = "right after the TLS handshake";
        ssize_t got = gnutls_record_send(tls, mqtt_connect, sizeof mqtt_connect);
        if (got > 0) {
            got = gnutls_record_recv(tls, answer, sizeof answer);
        }
        if (got == sizeof answer && answer[0] == 0x20) {
            snprintf(said, cap, "CONNACK %u", answer[3]);
            return answer[3] == 0 ? MICO_LET_IN : MICO_TURNED_OUT;
        }
        status = got < 0 ? (int)got : GNUTLS_E_PREMATURE_TERMINATION;
    }
    bool alert = status == GNUTLS_E_FATAL_ALERT_RECEIVED || status == GNUTLS_E_WARNING_ALERT_RECEIVED;
    snprintf(said, cap, "%s: %s", when, alert ? gnutls_alert_get_name(gnutls_alert_get(tls)) : gnutls_strerror(status));
    return MICO_TURNED_OUT;
}

enum mico_login mico_impostor(uint16_t port, const char *cafile, const char *certificate, const char *key, char *said,
                              size_t cap)
{
    gnutls_certificate_credentials_t credentials = NULL;
    gnutls_session_t tls = NULL;
    enum mico_login outcome = MICO_NOT_TRIED;
    int fd = -1;
    snprintf(said, cap, "a file could not be read");
    if (gnutls_certificate_allocate_credentials(&credentials) != 0) {
        return outcome;
    }
    gnutls_certificate_set_flags(credentials, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
    if (gnutls_certificate_set_x509_trust_file(credentials, cafile, GNUTLS_X509_FMT_PEM) <= 0 ||
        gnutls_certificate_set_x509_key_file(credentials, certificate, key, GNUTLS_X509_FMT_PEM) < 0) {
        goto out;
    }
    fd = dial(port);
    if (fd < 0 || gnutls_init(&tls, GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT) != 0) {
        snprintf(said, cap, "no connection to port %u", port);
        goto out;
    }
    gnutls_priority_set_direct(tls, "NORMAL:-VERS-ALL:+VERS-TLS1.2", NULL);
    gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_transport_set_int(tls, fd);
    outcome = try_in(tls, said, cap);
out:
    if (tls != NULL) {
        gnutls_deinit(tls);
    }
    if (fd >= 0) {
        close(fd);
    }
    gnutls_certificate_free_credentials(credentials);
    return outcome;
}
