/* SPDX-License-Identifier: Apache-2.0 */
/* The client: who it wants to talk to, and the first half of a connection. */
#include "crypto/tls/internal.h"

#include <string.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/trust.h"
#include "crypto/primitives/wolf_platform.h"

static bool is_address(const char *name)
{
    return name[strspn(name, "0123456789.")] == '\0';
}

static mico_err name_server(struct mico_tls *tls, const char *name, enum mico_tls_checks checks)
{
    if (name == NULL) {
        return MICO_OK; /* a psk alone: who has it is the server */
    }
    bool named = (checks != MICO_TLS_CHECK_ALL || wolfSSL_check_domain_name(tls->session, name) == WOLFSSL_SUCCESS) &&
                 (is_address(name) || wolfSSL_UseSNI(tls->session, WOLFSSL_SNI_HOST_NAME, name,
                                                     (unsigned short)strlen(name)) == WOLFSSL_SUCCESS);
    return named ? MICO_OK : mico_tls_say(tls, "server name: out of memory", MICO_ERR_FULL);
}

static mico_err check_config(struct mico_tls *tls, const struct mico_tls_config *config)
{
    bool named = config->server_name != NULL && config->server_name[0] != '\0', psk = config->psk.identity != NULL;
    const char *wrong = NULL;
    if (config->root_count == 0 && !psk && config->checks != MICO_TLS_CHECK_NOTHING) {
        wrong = "config: no root certificate";
    } else if (config->root_count != 0 && !named && config->checks == MICO_TLS_CHECK_ALL) {
        wrong = "config: no server name";
    } else if (named && strlen(config->server_name) > 253) {
        wrong = "config: server name too long";
    }
    return wrong == NULL ? tls_check_common(tls, config) : mico_tls_say(tls, wrong, MICO_ERR_PARAM);
}

/* What a session may be used for again: the same name by the same protocol and versions, which it would choose else, under the same
 * trust, as no certificate is looked at again, and in the same mode. */
static void hash_name(struct mico_tls *tls, const struct mico_tls_config *config)
{
    uint8_t hash[32];
    struct mico_sha256 context;
    const uint8_t kind[5] = {config->datagram, config->psk.identity != NULL, (uint8_t)config->version,
                             (uint8_t)config->checks, mico_trust_approved()};
    const char *name = config->server_name != NULL ? config->server_name : "";
    mico_sha256_start(&context);
    mico_sha256_add(&context, kind, sizeof kind);
    mico_sha256_add(&context, name, strlen(name) + 1);
    for (size_t i = 0; i < config->root_count; i++) {
        mico_sha256_add(&context, config->roots[i].data, config->roots[i].len);
    }
    mico_sha256_finish(&context, hash);
    memcpy(tls->name_hash, hash, sizeof tls->name_hash);
}

static mico_err prepare(struct mico_tls *tls, const struct mico_tls_config *config)
{
    mico_err err = tls_context(tls, tls_method(config, false), config);
    if (err != MICO_OK) {
        return err;
    }
    bool check = config->checks != MICO_TLS_CHECK_NOTHING;
    wolfSSL_CTX_set_verify(tls->context, check ? WOLFSSL_VERIFY_PEER : WOLFSSL_VERIFY_NONE, NULL);
    if (config->psk.identity != NULL) {
        tls_psk_install(tls->context, false);
    }
    tls_sessions_install(tls->context, false);
    err = tls_session(tls, config->mtu, config->alpn);
    if (err == MICO_OK && config->version != MICO_TLS_1_3 &&
        wolfSSL_UseSecureRenegotiation(tls->session) != WOLFSSL_SUCCESS) { /* RFC 5746, 3.4; none is compiled in */
        err = mico_tls_say(tls, "session: out of memory", MICO_ERR_FULL);
    }
    if (err == MICO_OK) {
        err = name_server(tls, config->server_name, config->checks);
    }
    return err == MICO_OK ? tls_resume(tls, config) : err;
}

mico_err mico_tls_open(struct mico_tls *tls, const struct mico_tls_config *config)
{
    memset(tls, 0, sizeof *tls);
    tls->io = config->io;
    tls->key = config->key;
    tls->psk = config->psk;
    tls->datagram = config->datagram;
    tls->retransmit_ms = config->retransmit_ms == 0 ? 1000 : config->retransmit_ms;
    mico_err err = check_config(tls, config);
    if (err == MICO_OK) {
        err = tls_start_library();
    }
    if (err == MICO_OK) {
        hash_name(tls, config);
        mico_wolf_set_time(config->now_s);
        err = tls_leave(tls, prepare(tls, config));
    }
    if (err != MICO_OK) {
        tls_release(tls);
    }
    return err;
}

mico_err mico_tls_connect(struct mico_tls *tls, const struct mico_tls_config *config)
{
    mico_err err = mico_tls_open(tls, config);
    if (err != MICO_OK) {
        return err;
    }
    err = mico_tls_handshake(tls, config->timeout_ms);
    if (err != MICO_OK) {
        tls_release(tls);
    }
    return err;
}
