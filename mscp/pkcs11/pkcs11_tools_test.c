/* SPDX-License-Identifier: Apache-2.0 */
/* The module in the hands of real programs: OpenSC's pkcs11-tool, GnuTLS's p11tool, certtool, gnutls-serv and
 * gnutls-cli, OpenSSL as the other side. Everything is done with SoftHSM2's module too: what fails there is the test's
 * fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOFTHSM "/usr/lib/softhsm/libsofthsm2.so"
#define MINE 0
#define OTHER 1

static char folder[] = "/tmp/mscp-tools-XXXXXX";
static pid_t chip;
static const struct token {
    const char *name, *module, *login, *pin_value;
} tokens[] = {{"mico", MODULE, "", ""}, {"softhsm", SOFTHSM, "--login --pin 1234", ";pin-value=1234"}};

/* Run a shell line; *token is in its environment as M, L, U. The test fails with the line and what it said. */
static void run(const struct token *token, const char *line)
{
    char url[128], said[4000];
    snprintf(url, sizeof url, "pkcs11:token=%s%s", token->name, token->pin_value);
    setenv("M", token->module, 1);
    setenv("L", token->login, 1);
    setenv("U", url, 1);
    setenv("N", token->name, 1);
    char whole[2000];
    snprintf(whole, sizeof whole, "( %s ) > said.txt 2>&1 < /dev/null", line);
    int status = system(whole);
    if (status != 0) {
        FILE *f = fopen("said.txt", "r");
        size_t len = f != NULL ? fread(said, 1, sizeof said - 1, f) : 0;
        said[len] = '\0';
        fail_msg("%s: %s\n  status %d, said: %s", token->name, line, status, said);
    }
}

static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static pid_t start(const char *line)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        char whole[1000];
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        snprintf(whole, sizeof whole, "exec %s >> server.txt 2>&1", line);
        execl("/bin/sh", "sh", "-c", whole, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static void stop(pid_t pid)
{
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

static int setup(void **state)
{
    if (mkdtemp(folder) == NULL || chdir(folder) != 0 || mkdir("tokens", 0700) != 0) {
        return -1;
    }
    FILE *f = fopen("softhsm.conf", "w");
    fprintf(f, "directories.tokendir = %s/tokens\n", folder);
    fclose(f);
    f = fopen("site.cfg", "w");
    fputs("cn = localhost\ndns_name = localhost\nexpiration_days = 10\ntls_www_server\ntls_www_client\nsigning_key\n",
          f);
    fclose(f);
    setenv("SOFTHSM2_CONF", "softhsm.conf", 1);
    setenv("MICO_TOKEN", folder, 1);
    chip = start(MSCPD " --flash chip.bin --listen chip.sock");
    struct stat found;
    for (int i = 0; i < 500 && stat("chip.sock", &found) != 0; i++) {
        usleep(10000);
    }
    return 0;
}

static int teardown(void **state)
{
    stop(chip);
    char line[100];
    snprintf(line, sizeof line, "rm -rf %s", folder);
    return chdir("/") == 0 && system(line) == 0 ? 0 : -1;
}

static void pkcs11_tool_makes_a_key_and_signs_what_it_verifies(void **state)
{
    for (int i = MINE; i <= OTHER; i++) {
        const struct token *t = &tokens[i];
        run(t, "pkcs11-tool --module $M --init-token --slot-index 0 --label $N --so-pin 12345678");
        if (i == OTHER) {
            run(t, "pkcs11-tool --module $M --token-label $N --login --login-type so --so-pin 12345678 --init-pin "
                   "--pin 1234");
        }
        run(t,
            "pkcs11-tool --module $M --token-label $N $L --keypairgen --key-type EC:edwards25519 --label tool --id 01");
        run(t, "printf 'a message' > message");
        run(t, "pkcs11-tool --module $M --token-label $N $L --sign -m EDDSA --id 01 -i message -o signature");
        run(t, "test $(wc -c < signature) = 64");
        run(t, "pkcs11-tool --module $M --token-label $N $L --verify -m EDDSA --id 01 -i message --signature-file "
               "signature "
               "| grep 'Signature is valid'");
        run(t, "pkcs11-tool --module $M --token-label $N $L --delete-object --type privkey --id 01");
        run(t, "! pkcs11-tool --module $M --token-label $N $L --sign -m EDDSA --id 01 -i message -o signature");
    }
    run(&tokens[MINE], "printf abc | pkcs11-tool --module $M --hash -m SHA256 -o digest && printf abc | sha256sum | "
                       "grep $(od -An -tx1 digest | tr -d ' \\n')");
    run(&tokens[MINE],
        "pkcs11-tool --module $M --keypairgen --key-type EC:curve25519 --label agree --id 02 | grep derive");
}

static void p11tool_makes_a_key_and_certtool_certifies_it(void **state)
{
    for (int i = MINE; i <= OTHER; i++) {
        const struct token *t = &tokens[i];
        if (i == MINE) {
            run(t, "p11tool --provider $M --generate-privkey=ed25519 --label web \"$U\" --outfile web.pub");
        } else { /* GnuTLS 3.7 asks by CKM_EDDSA, which SoftHSM2 2.6 does not take */
            run(t, "pkcs11-tool --module $M --token-label $N $L --keypairgen --key-type EC:edwards25519 --label web "
                   "--id 05");
        }
        run(t, "GNUTLS_PIN=1234 p11tool --provider $M $(test -z \"$L\" || echo --login) --test-sign --hash=SHA512 "
               "\"$U;object=web;type=private\"");
        run(t, "certtool --provider $M --generate-self-signed --load-privkey \"$U;object=web;type=private\" "
               "--load-pubkey \"$U;object=web;type=public\" --template site.cfg --outfile $N.pem");
        run(t, "openssl verify -CAfile $N.pem $N.pem");
        if (i == MINE) {
            run(t, "openssl x509 -in $N.pem -noout -pubkey | cmp - web.pub");
        }
        run(t,
            "GNUTLS_PIN=1234 p11tool --provider $M $(test -z \"$L\" || echo --login) --write --load-certificate $N.pem "
            "--label web \"$U\"");
        run(t, "p11tool --provider $M --list-all-certs \"$U\" | grep web");
    }
}

static void a_web_server_lives_on_the_tokens_key(void **state)
{
    for (int i = MINE; i <= OTHER; i++) {
        char line[1000];
        unsigned port = free_port();
        snprintf(
            line, sizeof line,
            "gnutls-serv --provider %s --x509keyfile 'pkcs11:token=%s;object=web;type=private%s' --x509certfile %s.pem "
            "--port %u --http",
            tokens[i].module, tokens[i].name, tokens[i].pin_value, tokens[i].name, port);
        pid_t server = start(line);
        for (int version = 2; version <= 3; version++) {
            snprintf(line, sizeof line,
                     "for i in 1 2 3 4 5 6 7 8 9 10; do timeout 5 gnutls-cli --priority NORMAL:-VERS-ALL:+VERS-TLS1.%d "
                     "--x509cafile $N.pem -p %u localhost && exit 0; sleep 0.3; done; exit 1",
                     version, port);
            run(&tokens[i], line);
        }
        snprintf(line, sizeof line,
                 "echo Q | timeout 5 openssl s_client -connect localhost:%u -CAfile $N.pem "
                 "-verify_return_error | grep 'Verify return code: 0'",
                 port);
        run(&tokens[i], line);
        stop(server);
    }
}

static void a_client_shows_the_tokens_certificate_to_openssl(void **state)
{
    run(&tokens[MINE],
        "openssl req -x509 -newkey ed25519 -nodes -keyout server.key -out server.pem -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost");
    for (int i = MINE; i <= OTHER; i++) {
        char line[1000];
        unsigned port = free_port();
        snprintf(line, sizeof line,
                 "openssl s_server -accept %u -key server.key -cert server.pem -CAfile %s.pem -Verify 1 "
                 "-verify_return_error -www",
                 port, tokens[i].name);
        pid_t server = start(line);
        snprintf(line, sizeof line,
                 "for i in 1 2 3 4 5 6 7 8 9 10; do printf 'GET / HTTP/1.0\\r\\n\\r\\n' | timeout 5 gnutls-cli "
                 "--provider $M "
                 "--x509keyfile \"$U;object=web;type=private\" --x509certfile $N.pem --x509cafile server.pem -p %u "
                 "localhost | "
                 "grep 'Verify return code: 0 (ok)\\|Client certificate' && exit 0; sleep 0.3; done; exit 1",
                 port);
        run(&tokens[i], line);
        stop(server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pkcs11_tool_makes_a_key_and_signs_what_it_verifies),
        cmocka_unit_test(p11tool_makes_a_key_and_certtool_certifies_it),
        cmocka_unit_test(a_web_server_lives_on_the_tokens_key),
        cmocka_unit_test(a_client_shows_the_tokens_certificate_to_openssl),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
