/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests of crypto/tls: programs of others, and sockets to them that may lose, shuffle and repeat datagrams. */
#ifndef CRYPTO_TLS_TLS_TEST_PEER_H
#define CRYPTO_TLS_TLS_TEST_PEER_H

#include <sys/types.h>

#include "crypto/tls/tls_server.h"
#include "crypto/tls/tls_test_kit.h"

/* A shell command's program, with pipes to its input and from its output and errors. */
struct peer {
    pid_t pid;
    int in, out;
    char said[16384];
    size_t said_len;
};

struct peer peer_start(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Wait until it has said words; false after 20 s or when it has ended without. */
bool peer_says(struct peer *peer, const char *words);
void peer_tell(struct peer *peer, const char *words);
void peer_stop(struct peer *peer);

/* Who talks: files NAME.key, NAME.pem, NAME_chain.pem and, for us, the chain and the key behind PSA. */
struct peer_identity {
    const char *name;
    struct mico_span chain;
    psa_key_id_t key; /* 0: PSA of this build has no such keys */
};

/* Servers ed, ec, rsa and p384 of NAME.example at 127.0.0.1; clients device, of Ed25519, and rsadevice. */
extern struct peer_identity peer_ed, peer_ec, peer_rsa, peer_p384, peer_device, peer_rsa_device;
extern struct mico_span peer_roots[3];
#define PEER_PSK_HEX "303132333435363738396162636465663031323334353637383961626364656600" /* of "sensor", in psk.txt */
extern const uint8_t peer_psk[33];

/* Makes them all, and roots.pem, in a new directory. As cmocka's set-up; kit_leave is the tear-down. */
int peer_set_up(void **state);
/* Seconds since 1970: behind the beginning of the certificates. */
uint64_t peer_now_s(void);

/* A socket. Chances are out of 100, and fall by the seed. */
struct peer_link {
    int fd;
    bool datagram;
    unsigned lose, shuffle, repeat;
    uint32_t seed;
    uint8_t held[2048]; /* waits for the next one */
    size_t held_len;
    size_t sent; /* bytes of a stream */
};

uint16_t peer_free_port(bool datagram);
/* To a server that may take a while to start. */
void peer_dial(struct peer_link *link, bool datagram, uint16_t port);
/* A listener; then the next client. A datagram's client is whoever sends first. */
int peer_listen(bool datagram, uint16_t *port);
void peer_accept(int listener, bool datagram, struct peer_link *link);
struct mico_tls_io peer_io(struct peer_link *link);

#endif
