/* SPDX-License-Identifier: Apache-2.0 */
/* SDK v3's TLS over its sockets. See REFERENCE.md. */
#ifndef OS_SDK_MICO_SSL_H
#define OS_SDK_MICO_SSL_H

#include <stddef.h>
#include <stdint.h>

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void *mico_ssl_t; /* a small number; NULL is none */

/* SSL 3.0, TLS 1.0 and TLS 1.1 are broken: whoever asks for one of them gets TLS 1.2. */
enum ssl_version_type_e {
    SSL_V3_MODE = 1,
    TLS_V1_0_MODE = 2,
    TLS_V1_1_MODE = 3,
    TLS_V1_2_MODE = 4,
};
typedef uint8_t ssl_version_type_t;

#define SSL_ERROR_NONE 0
#define SSL_ERROR_SSL 1
#define SSL_ERROR_WANT_READ 2
#define SSL_ERROR_WANT_WRITE 3
#define SSL_ERROR_SYSCALL 5
#define SSL_ERROR_ZERO_RETURN 6

/* PEM. Read at once: neither has to stay. The first is the server's, the second the client's. */
void ssl_set_cert(const char *_cert_pem, const char *private_key_pem);
void ssl_set_client_cert(const char *_cert_pem, const char *private_key_pem);
void ssl_set_client_version(ssl_version_type_t version);

/** Over a connected socket. calen 0: whoever answers is the server. Else ca is PEM, and the server's chain must end there.
 * NULL with a MiCO SDK error in *error (which may be NULL). */
mico_ssl_t ssl_connect(int fd, int calen, char *ca, int *error);
/** The same, at most timeout milliseconds. */
mico_ssl_t ssl_nonblock_connect(int fd, int calen, char *ca, int *error, int timeout);
mico_ssl_t ssl_accept(int fd);
int ssl_send(mico_ssl_t ssl, const void *data, size_t len);
int ssl_recv(mico_ssl_t ssl, void *data, size_t len);
int ssl_close(mico_ssl_t ssl);

/** Bytes that ssl_recv gives though select may say that there is nothing. */
int ssl_pending(mico_ssl_t ssl);
int ssl_get_error(mico_ssl_t ssl, int ret);
void ssl_set_using_nonblock(mico_ssl_t ssl, int nonblock);
int ssl_socket(mico_ssl_t ssl);

#ifdef __cplusplus
}
#endif

#endif
