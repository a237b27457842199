/* SPDX-License-Identifier: Apache-2.0 */
/* The client against OpenSSL's s_server, whose certificates OpenSSL makes at the start of the test. Our key stands in a
 * PSA location of its own, as it would in the coprocessor. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "crypto/tls/tls.h"
#include "os/port/clock.h"

uint64_t mico_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* --- certificates ------------------------------------------------------------------------------------------------- */

static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void run(const char *format, ...)
{
    char command[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    if (system(command) != 0) {
        fail_msg("failed: %s", command);
    }
}

/* A certificate NAME.pem with its key NAME.key; issuer NULL: self-signed. */
static void make_for(const char *days, const char *name, const char *subject, const char *algorithm, const char *issuer,
                     const char *extensions)
{
    char signer[128] = "";
    run("openssl genpkey -algorithm %s -out %s.key 2>/dev/null", algorithm, name);
    run("openssl req -new -key %s.key -subj '/CN=%s' -out %s.csr", name, subject, name);
    if (issuer == NULL) {
        snprintf(signer, sizeof signer, "-signkey %s.key", name);
    } else {
        snprintf(signer, sizeof signer, "-CA %s.pem -CAkey %s.key -CAcreateserial", issuer, issuer);
    }
    run("printf '%s\\n' > %s.ext", extensions, name);
    run("openssl x509 -req -in %s.csr %s -days %s -extfile %s.ext -out %s.pem 2>/dev/null", name, signer, days, name,
        name);
    run("openssl x509 -in %s.pem -outform DER -out %s.der", name, name);
}

static void make(const char *name, const char *subject, const char *algorithm, const char *issuer,
                 const char *extensions)
{
    make_for("30", name, subject, algorithm, issuer, extensions);
}

#define CA "basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,keyCertSign"
#define SERVER(alt) \
    "basicConstraints=CA:FALSE\\nkeyUsage=digitalSignature\\nextendedKeyUsage=serverAuth\\nsubjectAltName=" alt
#define CLIENT "basicConstraints=CA:FALSE\\nkeyUsage=digitalSignature\\nextendedKeyUsage=clientAuth"
#define P256 "EC -pkeyopt ec_paramgen_curve:P-256"

static struct mico_span load(const char *path, uint8_t *out, size_t cap)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(out, 1, cap, file);
    fclose(file);
    assert_true(len > 0 && len < cap);
    return (struct mico_span){out, len};
}

static uint8_t root_der[1024], other_der[1024], chain_der[2048];
static struct mico_span root, other_root, chain;
static psa_key_id_t key, wrong_key, refused_key;

/* --- our key, elsewhere ------------------------------------------------------------------------------------------- */

static uint8_t seeds[2][32], publics[2][32];
static unsigned signatures_made;

static psa_status_t away_sign(void *ctx, const struct mico_psa_key *which, psa_algorithm_t alg, struct mico_span text,
                              uint8_t *out, size_t cap, size_t *len)
{
    *len = 64;
    if (which->note[0] == 2) {
        return PSA_ERROR_COMMUNICATION_FAILURE; /* a chip that does not answer */
    }
    mico_ed25519_sign(seeds[which->note[0]], publics[which->note[0]], text, out);
    signatures_made++;
    return PSA_SUCCESS;
}

static const struct mico_psa_driver away = {.location = 0x800042, .sign_message = away_sign};

static psa_key_id_t register_key(uint8_t which)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t id;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_bits(&attributes, 255);
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    psa_set_key_lifetime(&attributes, 0x80004201);
    assert_int_equal(mico_psa_register_key(&attributes, (struct mico_span){&which, 1}, &id), PSA_SUCCESS);
    return id;
}

static int set_up(void **state)
{
    static char directory[] = "tls_test_XXXXXX";
    uint8_t der[256];

    assert_non_null(mkdtemp(directory));
    assert_int_equal(chdir(directory), 0);
    make("root", "Cloud root", "ED25519", NULL, CA);
    make("other", "Another root", "ED25519", NULL, CA);
    make("middle", "Cloud issuer", "ED25519", "root", CA ",cRLSign");
    make("ed", "broker.example", "ED25519", "middle", SERVER("DNS:broker.example,IP:127.0.0.1"));
    make("ec", "broker.example", P256, "root", SERVER("DNS:broker.example"));
    make("fake", "broker.example", "ED25519", "ec", SERVER("DNS:broker.example")); /* issued by a leaf */
    make("notserver", "broker.example", "ED25519", "root", CLIENT);
    make_for("1", "brief", "broker.example", "ED25519", "root", SERVER("DNS:broker.example"));
    make("maker", "Maker root", "ED25519", NULL, CA);
    make("issuing", "Maker issuing", "ED25519", "maker", CA);
    make("device", "A1:B2:C3:D4:E5:F6", "ED25519", "issuing", CLIENT);
    run("openssl pkey -in device.key -outform DER -out device.key.der");
    run("cat device.der issuing.der > chain.der; cat ed.pem middle.pem > ed_chain.pem; cat fake.pem ec.pem > "
        "fake_chain.pem");
    root = load("root.der", root_der, sizeof root_der);
    other_root = load("other.der", other_der, sizeof other_der);
    chain = load("chain.der", chain_der, sizeof chain_der);
    struct mico_span pkcs8 = load("device.key.der", der, sizeof der);
    memcpy(seeds[0], pkcs8.data + pkcs8.len - 32, 32);
    memset(seeds[1], 0x66, 32);
    mico_ed25519_public(seeds[0], publics[0]);
    mico_ed25519_public(seeds[1], publics[1]);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(mico_psa_attach_driver(&away, NULL), PSA_SUCCESS);
    key = register_key(0);
    wrong_key = register_key(1);
    refused_key = register_key(2);
    return 0;
}

/* --- the server --------------------------------------------------------------------------------------------------- */

struct server {
    pid_t pid;
    uint16_t port;
};

static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static int dial(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    for (int i = 0; i < 500; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
            return fd;
        }
        close(fd);
        usleep(20000);
    }
    fail_msg("nothing listens on port %u", port);
    return -1;
}

/* openssl s_server with a certificate file (leaf first) and its key; it sends each line back reversed. */
static struct server serve(const char *certificate, const char *key_file, const char *more)
{
    struct server server = {.port = free_port()};
    char command[512];
    snprintf(command, sizeof command,
             "exec openssl s_server -accept 127.0.0.1:%u -cert %s -cert_chain %s -key %s -CAfile maker.pem -Verify 3 "
             "-verify_return_error -rev %s >server.log 2>&1",
             server.port, certificate, certificate, key_file, more);
    server.pid = fork();
    if (server.pid == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    return server;
}

static void stop(struct server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
}

/* --- sockets for the client --------------------------------------------------------------------------------------- */

struct pipe {
    int fd;
    size_t flip_after; /* turn one bit of the byte received after this many; 0 never */
    size_t received;
};

static mico_err wait_for(int fd, short events, uint32_t timeout_ms)
{
    struct pollfd poller = {.fd = fd, .events = events};
    return poll(&poller, 1, (int)timeout_ms) == 1 ? MICO_OK : MICO_ERR_TIMEOUT;
}

static mico_err socket_send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    struct pipe *pipe = ctx;
    if (wait_for(pipe->fd, POLLOUT, timeout_ms) != MICO_OK) {
        return MICO_ERR_TIMEOUT;
    }
    ssize_t got = send(pipe->fd, data, len, MSG_NOSIGNAL);
    *sent = got > 0 ? (size_t)got : 0;
    return got > 0 ? MICO_OK : errno == EPIPE || errno == ECONNRESET ? MICO_ERR_CLOSED : MICO_ERR_IO;
}

static mico_err socket_receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    struct pipe *pipe = ctx;
    if (wait_for(pipe->fd, POLLIN, timeout_ms) != MICO_OK) {
        return MICO_ERR_TIMEOUT;
    }
    ssize_t got = recv(pipe->fd, out, cap, 0);
    *len = got > 0 ? (size_t)got : 0;
    if (got > 0 && pipe->flip_after != 0 && pipe->received + (size_t)got > pipe->flip_after) {
        out[got - 1] ^= 1;
    }
    pipe->received += *len;
    return got > 0 ? MICO_OK : got == 0 || errno == ECONNRESET ? MICO_ERR_CLOSED : MICO_ERR_IO;
}

static struct mico_tls_config config_of(struct pipe *pipe, uint16_t port)
{
    *pipe = (struct pipe){.fd = dial(port)};
    return (struct mico_tls_config){
        .roots = &root,
        .root_count = 1,
        .chain = chain,
        .key = key,
        .server_name = "broker.example",
        .now_s = (uint64_t)time(NULL) + 60,
        .timeout_ms = 5000,
        .io = {pipe, socket_send, socket_receive},
    };
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

/* One line there and back. */
static void assert_talks(struct mico_tls *tls)
{
    uint8_t answer[16] = {0};
    size_t got = 0, len;
    assert_int_equal(mico_tls_write(tls, (const uint8_t *)"coprocessor\n", 12, 2000), MICO_OK);
    while (got < 12) {
        assert_int_equal(mico_tls_read(tls, answer + got, sizeof answer - got, &len, 3000), MICO_OK);
        assert_true(len > 0);
        got += len;
    }
    assert_memory_equal(answer, "rossecorpoc\n", 12);
}

static void check_talks(const char *certificate, const char *key_file, const char *more, const char *name)
{
    struct server server = serve(certificate, key_file, more);
    struct pipe pipe;
    struct mico_tls tls;
    struct mico_tls_config config = config_of(&pipe, server.port);
    config.server_name = name;
    unsigned before = signatures_made;
    mico_err err = mico_tls_connect(&tls, &config);
    if (err != MICO_OK) {
        fail_msg("%s: %s", mico_err_name(err), mico_tls_reason(&tls));
    }
    assert_int_equal(signatures_made, before + 1);
    assert_talks(&tls);
    mico_tls_close(&tls);
    close(pipe.fd);
    stop(&server);
}

static void talks_with_an_ed25519_server_behind_an_issuer(void **state)
{
    check_talks("ed_chain.pem", "ed.key", "-tls1_2", "broker.example");
}

static void talks_with_a_p256_server(void **state)
{
    check_talks("ec.pem", "ec.key", "-tls1_2", "broker.example");
}

static void talks_with_a_server_that_prefers_tls_1_3(void **state)
{
    check_talks("ec.pem", "ec.key", "", "broker.example");
}

static void talks_by_address(void **state)
{
    check_talks("ed_chain.pem", "ed.key", "-tls1_2", "127.0.0.1");
}

static void talks_in_each_suite_and_group(void **state)
{
    check_talks("ec.pem", "ec.key", "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305 -groups X25519", "broker.example");
    check_talks("ec.pem", "ec.key", "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 -groups P-256", "broker.example");
    check_talks("ed_chain.pem", "ed.key", "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 -groups X25519",
                "broker.example");
}

/* Connect with a changed config; must fail so, and say why. */
static void check_refused(const char *certificate, const char *key_file, const char *more,
                          void (*change)(struct mico_tls_config *config), mico_err want, const char *reason)
{
    struct server server = serve(certificate, key_file, more);
    struct pipe pipe;
    struct mico_tls tls;
    struct mico_tls_config config = config_of(&pipe, server.port);
    uint8_t byte;
    size_t len;
    if (change != NULL) {
        change(&config);
    }
    mico_err err = mico_tls_connect(&tls, &config);
    if (err != want || strstr(mico_tls_reason(&tls), reason) == NULL) {
        fail_msg("got %s: %s", mico_err_name(err), mico_tls_reason(&tls));
    }
    assert_int_equal(mico_tls_read(&tls, &byte, 1, &len, 10), MICO_ERR_STATE);
    mico_tls_close(&tls);
    close(pipe.fd);
    stop(&server);
}

static void use_other_root(struct mico_tls_config *config)
{
    config->roots = &other_root;
}
static void use_other_name(struct mico_tls_config *config)
{
    config->server_name = "broker.example.org";
}
static void use_other_address(struct mico_tls_config *config)
{
    config->server_name = "127.0.0.2";
}
static void be_late(struct mico_tls_config *config)
{
    config->now_s += 40u * 86400;
}
static void be_late_for_the_leaf(struct mico_tls_config *config)
{
    config->now_s += 3u * 86400;
}
static void be_early(struct mico_tls_config *config)
{
    config->now_s -= 86400;
}
static void know_no_time(struct mico_tls_config *config)
{
    config->now_s = 0;
}
static void use_wrong_key(struct mico_tls_config *config)
{
    config->key = wrong_key;
}
static void use_refused_key(struct mico_tls_config *config)
{
    config->key = refused_key;
}
static void use_no_certificate(struct mico_tls_config *config)
{
    config->chain.len = 0;
    config->key = 0;
}
static void use_no_root(struct mico_tls_config *config)
{
    config->root_count = 0;
}

static void refuses_a_server_of_another_root(void **state)
{
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_other_root, MICO_ERR_AUTH, "certificate: unknown issuer");
}
static void refuses_a_server_whose_issuer_is_missing(void **state)
{
    check_refused("ed.pem", "ed.key", "-tls1_2", NULL, MICO_ERR_AUTH, "certificate: unknown issuer");
}
static void refuses_a_server_certified_by_a_leaf(void **state)
{
    check_refused("fake_chain.pem", "fake.key", "-tls1_2", NULL, MICO_ERR_AUTH, "certificate: ");
}
static void refuses_a_server_with_a_client_certificate(void **state)
{
    check_refused("notserver.pem", "notserver.key", "-tls1_2", NULL, MICO_ERR_AUTH, "not for this side");
}
static void refuses_another_name_or_address(void **state)
{
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_other_name, MICO_ERR_AUTH, "wrong server name");
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_other_address, MICO_ERR_AUTH, "wrong server name");
}
static void refuses_certificates_outside_their_dates(void **state)
{
    check_refused("brief.pem", "brief.key", "-tls1_2", be_late_for_the_leaf, MICO_ERR_AUTH, "certificate: expired");
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", be_late, MICO_ERR_PARAM, "expired");
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", be_early, MICO_ERR_PARAM, "not yet valid");
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", know_no_time, MICO_ERR_PARAM, "not yet valid");
}
static void says_when_the_server_refuses_our_key(void **state)
{
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_wrong_key, MICO_ERR_DENIED, "alert from peer: ");
}
static void says_when_the_server_wants_a_certificate_that_we_lack(void **state)
{
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_no_certificate, MICO_ERR_DENIED, "alert from peer: ");
}
static void says_when_our_key_does_not_answer(void **state)
{
    check_refused("ed_chain.pem", "ed.key", "-tls1_2", use_refused_key, MICO_ERR_IO, "signing with our key failed");
}
static void says_when_no_suite_is_in_common(void **state)
{
    check_refused("ec.pem", "ec.key", "-tls1_2 -cipher ECDHE-ECDSA-AES256-CCM", NULL, MICO_ERR_DENIED,
                  "handshake_failure");
}
static void says_when_the_server_speaks_tls_1_3_only(void **state)
{
    check_refused("ec.pem", "ec.key", "-tls1_3", NULL, MICO_ERR_DENIED, "protocol_version");
}
static void refuses_a_config_without_a_root(void **state)
{
    check_refused("ec.pem", "ec.key", "-tls1_2", use_no_root, MICO_ERR_PARAM, "config: no root certificate");
}

static void a_silent_server_times_out(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
    struct pipe pipe;
    struct mico_tls tls;
    struct mico_tls_config config = config_of(&pipe, ntohs(address.sin_port));
    config.timeout_ms = 300;
    uint64_t before = mico_clock_ms();
    assert_int_equal(mico_tls_connect(&tls, &config), MICO_ERR_TIMEOUT);
    assert_in_range(mico_clock_ms() - before, 250, 2000);
    close(pipe.fd);
    close(listener);
}

static void reading_times_out_and_goes_on(void **state)
{
    struct server server = serve("ec.pem", "ec.key", "-tls1_2");
    struct pipe pipe;
    struct mico_tls tls;
    struct mico_tls_config config = config_of(&pipe, server.port);
    uint8_t byte;
    size_t len;
    assert_int_equal(mico_tls_connect(&tls, &config), MICO_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(mico_tls_read(&tls, &byte, 1, &len, 30), MICO_ERR_TIMEOUT);
        assert_int_equal(len, 0);
    }
    assert_talks(&tls);
    stop(&server);
    assert_int_equal(mico_tls_read(&tls, &byte, 1, &len, 2000), MICO_ERR_CLOSED);
    mico_tls_close(&tls);
    close(pipe.fd);
}

static void an_altered_record_is_refused(void **state)
{
    struct server server = serve("ec.pem", "ec.key", "-tls1_2");
    struct pipe pipe;
    struct mico_tls tls;
    struct mico_tls_config config = config_of(&pipe, server.port);
    uint8_t answer[16];
    size_t len;
    assert_int_equal(mico_tls_connect(&tls, &config), MICO_OK);
    assert_int_equal(mico_tls_write(&tls, (const uint8_t *)"line\n", 5, 2000), MICO_OK);
    pipe.flip_after = pipe.received + 6; /* past the next record's header */
    assert_int_equal(mico_tls_read(&tls, answer, sizeof answer, &len, 3000), MICO_ERR_AUTH);
    assert_int_equal(len, 0);
    mico_tls_close(&tls);
    close(pipe.fd);
    stop(&server);
}

static int tear_down(void **state)
{
    char directory[256];
    assert_non_null(getcwd(directory, sizeof directory));
    assert_int_equal(chdir(".."), 0);
    run("rm -rf '%s'", directory);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(talks_with_an_ed25519_server_behind_an_issuer),
        cmocka_unit_test(talks_with_a_p256_server),
        cmocka_unit_test(talks_with_a_server_that_prefers_tls_1_3),
        cmocka_unit_test(talks_by_address),
        cmocka_unit_test(talks_in_each_suite_and_group),
        cmocka_unit_test(refuses_a_server_of_another_root),
        cmocka_unit_test(refuses_a_server_whose_issuer_is_missing),
        cmocka_unit_test(refuses_a_server_certified_by_a_leaf),
        cmocka_unit_test(refuses_a_server_with_a_client_certificate),
        cmocka_unit_test(refuses_another_name_or_address),
        cmocka_unit_test(refuses_certificates_outside_their_dates),
        cmocka_unit_test(says_when_the_server_refuses_our_key),
        cmocka_unit_test(says_when_the_server_wants_a_certificate_that_we_lack),
        cmocka_unit_test(says_when_our_key_does_not_answer),
        cmocka_unit_test(says_when_no_suite_is_in_common),
        cmocka_unit_test(says_when_the_server_speaks_tls_1_3_only),
        cmocka_unit_test(refuses_a_config_without_a_root),
        cmocka_unit_test(a_silent_server_times_out),
        cmocka_unit_test(reading_times_out_and_goes_on),
        cmocka_unit_test(an_altered_record_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
