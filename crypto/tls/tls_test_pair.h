/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests of crypto/tls: a client and a server of ours on tls_pair.h's wires, and what tests ask of them. */
#ifndef CRYPTO_TLS_TLS_TEST_PAIR_H
#define CRYPTO_TLS_TLS_TEST_PAIR_H

#include "crypto/tls/tls_pair.h"
#include "crypto/tls/tls_test_kit.h"

struct identity {
    struct mico_span chain;
    psa_key_id_t key;
};

extern struct pair pair;

/* pair.server; fails the test when it does not open. */
void pair_serve(const struct mico_tls_server_config *config);
/* Both handshakes, on fresh wires, as far as they come. */
void pair_shake(struct mico_tls_config *client);
/* pair_shake on wires that stand already, as the test has made them bad. */
void pair_shake_on(struct mico_tls_config *client);
void pair_assert_stands(void);
/* A word from one to the other; and one each way. */
void pair_assert_says(struct mico_tls *from, struct mico_tls *to, const char *word);
void pair_assert_talks(void);
/* The connection and pair.server. */
void pair_end(void);

/* A root, and a server under it that is ed.example and other.example; kit_enter is in it, kit_leave ends it. Configurations
 * of a client that trusts it, and of the server. */
int pair_enter_ed25519(void **state);
struct mico_tls_config pair_client_of(bool datagram, enum mico_tls_version version);
struct mico_tls_server_config pair_server_of(bool datagram, enum mico_tls_version version);

/* A whole life: serve, shake, talk, end. */
void pair_assert_good(struct mico_tls_config client, struct mico_tls_server_config server);
/* The client's error and reason, and the server's reason; parts of reasons do. */
void pair_assert_refused(struct mico_tls_config client, struct mico_tls_server_config server, mico_err client_err,
                         const char *client_reason, const char *server_reason);

#endif
