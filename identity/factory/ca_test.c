/* SPDX-License-Identifier: Apache-2.0 */
/* The maker's CAs in the token, and the cloud's in files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "identity/factory/cloud_ca.h"
#include "identity/factory/test_station.h"

static void cas_have_their_keys_in_the_token_and_pass_openssl(void **state)
{
    assert_int_equal(
        test_shell("cd %s && openssl verify -x509_strict -CAfile root.pem issuing.pem >/dev/null", factory), 0);
    assert_int_equal(
        test_shell("openssl x509 -in %s/issuing.pem -noout -ext basicConstraints | grep -q 'pathlen:0'", factory), 0);
    assert_int_equal(test_shell("test $(stat -c %%a %s/root.pin %s/issuing.pin | sort -u) = 600", factory, factory), 0);
    /* No private key lies about: neither PEM nor PKCS#8 nor a raw one beside its public key. */
    assert_int_not_equal(test_shell("grep -rq 'PRIVATE KEY' %s", factory), 0);
    /* The token gives it to nobody. */
    assert_int_equal(
        test_shell("cd %s && SOFTHSM2_CONF=softhsm2.conf pkcs11-tool --module %s --token-label mico-issuing --login "
                   "--pin $(cat issuing.pin) --list-objects --type privkey 2>/dev/null | grep -q 'never extractable'",
                   factory, MICO_SOFTHSM2_MODULE),
        0);
}

static void station_is_made_once_in_a_directory(void **state)
{
    assert_int_equal(test_init_station(factory, "Example Lights"), -MICO_ERR_STATE);
}

static void cloud_ca_serves_its_names_and_nothing_of_the_makers(void **state)
{
    static const char *const names[] = {"broker.mico.test", NULL}, *const ips[] = {"127.0.0.1", "10.0.2.2", NULL};
    static const char *const operators[] = {"operator", NULL};
    char out[96];
    snprintf(out, sizeof out, "%s/cloud", dir);
    for (int p256 = 0; p256 < 2; p256++) {
        const struct station_cloud_order order = {out, names, ips, operators, p256 != 0};
        assert_int_equal(station_cloud_ca(&order), MICO_OK);
        assert_int_equal(station_cloud_ca(&order), MICO_ERR_STATE);
        assert_int_equal(
            test_shell("cd %s && openssl verify -x509_strict -CAfile root.pem -purpose sslserver -verify_hostname "
                       "broker.mico.test server.pem >/dev/null && openssl verify -CAfile root.pem -purpose sslserver "
                       "-verify_ip 10.0.2.2 server.pem >/dev/null",
                       out),
            0);
        assert_int_equal(
            test_shell("cd %s && openssl verify -x509_strict -CAfile root.pem -purpose sslclient operator.pem "
                       "service.pem >/dev/null && test $(stat -c %%a *.key | sort -u) = 600",
                       out),
            0);
        assert_int_not_equal(
            test_shell("openssl verify -CAfile %s/root.pem %s/server.pem >/dev/null 2>&1", factory, out), 0);
        assert_int_equal(test_shell("rm -r %s", out), 0);
    }
}

static void operator_whose_name_is_anothers_file_is_refused_before_anything_is_written(void **state)
{
    static const char *const names[] = {"localhost", NULL};
    static const char *const wrong[] = {
        "root", "server",    "service",
        "../x", "a/b",       ".hidden",
        "",     "two words", "sixty-five-characters-are-more-than-the-common-name-may-have-here"};
    char out[96];
    snprintf(out, sizeof out, "%s/named", dir);
    for (size_t i = 0; i <= sizeof wrong / sizeof wrong[0]; i++) {
        const char *const operators[] = {"alice", i < sizeof wrong / sizeof wrong[0] ? wrong[i] : "alice", NULL};
        const struct station_cloud_order order = {out, names, NULL, operators, false};
        assert_int_equal(station_cloud_ca(&order), MICO_ERR_PARAM);
        assert_int_not_equal(access(out, F_OK), 0);
    }
}

static void what_cannot_be_written_leaves_no_half_of_a_key(void **state)
{
    assert_int_equal(test_shell("cd %s && mkdir full && (trap '' XFSZ; ulimit -f 0; " MICO_STATION
                                " cloud-ca --out full 2>said); test $? = 1 && test -z \"$(ls full)\"",
                                dir),
                     0);
}

static void program_says_what_it_can_do_and_what_is_wrong(void **state)
{
    assert_int_equal(test_shell(MICO_STATION " init --help | grep -q 'mico-station init'"), 0);
    assert_int_equal(test_shell(MICO_STATION " cloud-ca 2>&1 | grep -q 'needs a directory'"), 0);
    assert_int_equal(test_shell(MICO_STATION " cloud-ca 2>/dev/null; test $? = 2"), 0);
    assert_int_equal(test_shell(MICO_STATION " report --dir %s >/dev/full 2>/dev/null; test $? = 1", factory), 0);
    assert_int_equal(test_shell(MICO_STATION " make --dir %s --link x --flash y --cloud a:1:b --cloud-root %s 2>&1 | "
                                             "grep -q 'no regular file'",
                                factory, factory),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cas_have_their_keys_in_the_token_and_pass_openssl),
        cmocka_unit_test(station_is_made_once_in_a_directory),
        cmocka_unit_test(cloud_ca_serves_its_names_and_nothing_of_the_makers),
        cmocka_unit_test(operator_whose_name_is_anothers_file_is_refused_before_anything_is_written),
        cmocka_unit_test(what_cannot_be_written_leaves_no_half_of_a_key),
        cmocka_unit_test(program_says_what_it_can_do_and_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, test_station_start, test_station_end);
}
