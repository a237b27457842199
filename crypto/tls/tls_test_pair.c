/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tls/tls_test_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct pair pair;

void pair_serve(const struct mico_tls_server_config *config)
{
    mico_err err = mico_tls_server_open(&pair.server, config);
    if (err != MICO_OK) {
        fail_msg("server: %s: %s", mico_err_name(err), pair.server.reason);
    }
}

void pair_shake_on(struct mico_tls_config *client)
{
    mico_err err = pair_open(&pair, client, &pair.server);
    if (err != MICO_OK) {
        fail_msg("open: %s: %s %s", mico_err_name(err), mico_tls_reason(&pair.client), mico_tls_reason(&pair.served));
    }
    pair_handshake(&pair);
}

void pair_shake(struct mico_tls_config *client)
{
    pair_wires(&pair, !client->datagram);
    pair_shake_on(client);
}

static void fail_with_both(void)
{
    fail_msg("client %s (%s), server %s (%s)", mico_err_name(pair.client_err), mico_tls_reason(&pair.client),
             mico_err_name(pair.served_err), mico_tls_reason(&pair.served));
}

void pair_assert_stands(void)
{
    if (pair.client_err != MICO_OK || pair.served_err != MICO_OK) {
        fail_with_both();
    }
}

void pair_assert_says(struct mico_tls *from, struct mico_tls *to, const char *word)
{
    uint8_t got[64];
    size_t len = 0;
    assert_int_equal(mico_tls_write(from, (const uint8_t *)word, strlen(word), 0), MICO_OK);
    mico_err err = mico_tls_read(to, got, sizeof got, &len, 0);
    if (err != MICO_OK) {
        fail_msg("read: %s: %s", mico_err_name(err), mico_tls_reason(to));
    }
    assert_int_equal(len, strlen(word));
    assert_memory_equal(got, word, len);
}

void pair_assert_talks(void)
{
    pair_assert_stands();
    pair_assert_says(&pair.client, &pair.served, "question");
    pair_assert_says(&pair.served, &pair.client, "answer");
}

void pair_end(void)
{
    pair_close(&pair);
    mico_tls_server_close(&pair.server);
}

void pair_assert_good(struct mico_tls_config client, struct mico_tls_server_config server)
{
    pair_serve(&server);
    pair_shake(&client);
    pair_assert_talks();
    pair_end();
}

void pair_assert_refused(struct mico_tls_config client, struct mico_tls_server_config server, mico_err client_err,
                         const char *client_reason, const char *server_reason)
{
    pair_serve(&server);
    pair_shake(&client);
    if (pair.client_err != client_err || strstr(mico_tls_reason(&pair.client), client_reason) == NULL ||
        strstr(mico_tls_reason(&pair.served), server_reason) == NULL) {
        fail_with_both();
    }
    pair_end();
}

static struct mico_span root;
static struct identity ed;

int pair_enter_ed25519(void **state)
{
    assert_int_equal(kit_enter(state), 0);
    kit_make("30", "root", "Root", KIT_ED25519, NULL, KIT_CA);
    kit_make("30", "ed", "ed.example", KIT_ED25519, "root", KIT_SERVER("DNS:ed.example,DNS:other.example"));
    root = kit_load("root.der");
    ed = (struct identity){kit_load("ed.der"), KIT_KEY_ED25519("ed")};
    return 0;
}

struct mico_tls_config pair_client_of(bool datagram, enum mico_tls_version version)
{
    return (struct mico_tls_config){
        .roots = &root, .root_count = 1, .server_name = "ed.example", .datagram = datagram, .version = version};
}

struct mico_tls_server_config pair_server_of(bool datagram, enum mico_tls_version version)
{
    return (struct mico_tls_server_config){
        .base = {.chain = ed.chain, .key = ed.key, .now_s = pair_now_s(), .datagram = datagram, .version = version}};
}
