/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a peer's chain trusted and what does not: issuers, dates, names, usages, constraints, signatures, revocation; of a server
 * by a client, and of a client by a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tls/tls_test_pair.h"

static struct mico_span ed_root, middle_crls[2];
static struct identity ed, device, revoked;

/* NAME.pem and NAME.der again, valid between two moments of RFC 5280's form. */
static void make_between(const char *name, const char *subject, const char *from, const char *until,
                         const char *extensions)
{
    kit_run("rm -rf %s.ca; mkdir %s.ca; : > %s.ca/index; printf '[ca]\\ndefault_ca=c\\n[c]\\ndatabase=%s.ca/index\\n"
            "rand_serial=yes\\nnew_certs_dir=%s.ca\\ndefault_md=default\\npolicy=p\\nunique_subject=no\\n[p]\\n"
            "commonName=supplied\\n' > %s.ca/conf",
            name, name, name, name, name, name);
    kit_run("openssl genpkey -algorithm ED25519 -out %s.key 2>/dev/null && openssl req -new -key %s.key -subj '/CN=%s' "
            "-out %s.csr && printf '%s\\n' > %s.ext",
            name, name, subject, name, extensions, name);
    kit_run("openssl ca -batch -notext -config %s.ca/conf -in %s.csr -keyfile root.key -cert root.pem -startdate %s "
            "-enddate %s "
            "-extfile %s.ext -out %s.pem 2>/dev/null && openssl x509 -in %s.pem -outform DER -out %s.der",
            name, name, from, until, name, name, name, name);
}

static void make(const char *name, const char *issuer, const char *extensions)
{
    kit_make("30", name, name, KIT_ED25519, issuer, extensions);
}

static psa_key_id_t keys[16]; /* of this test's leaves: PSA has 32 places */
static size_t key_count;

static int forget_keys(void **state)
{
    while (key_count > 0) {
        assert_int_equal(psa_destroy_key(keys[--key_count]), PSA_SUCCESS);
    }
    return 0;
}

/* The leaf NAME behind what stands in NAME.chain, made of the files named. */
static struct identity load(const char *name, const char *files)
{
    char path[64];
    kit_run("cat %s > %s.chain", files, name);
    snprintf(path, sizeof path, "%s.chain", name);
    assert_true(key_count < sizeof keys / sizeof keys[0]);
    keys[key_count++] = KIT_KEY_ED25519(name);
    return (struct identity){kit_load(path), keys[key_count - 1]};
}

static int set_up(void **state)
{
    assert_int_equal(kit_enter(state), 0);
    make("root", NULL, KIT_CA);
    make("middle", "root", KIT_CA);
    make("ed", "middle", KIT_SERVER("DNS:ed.example"));
    make("device", "root", KIT_CLIENT);
    make("revoked", "middle", KIT_CLIENT);
    ed_root = kit_load("root.der");
    ed = load("ed", "ed.der middle.der");
    device = load("device", "device.der");
    revoked = load("revoked", "revoked.der middle.der");
    key_count = 0; /* these stay */
    return 0;
}

static struct mico_tls_config client_config(bool datagram, enum mico_tls_version version)
{
    return (struct mico_tls_config){
        .roots = &ed_root, .root_count = 1, .server_name = "ed.example", .datagram = datagram, .version = version};
}

static struct mico_tls_server_config server_config(bool datagram, enum mico_tls_version version)
{
    return (struct mico_tls_server_config){
        .base = {.chain = ed.chain, .key = ed.key, .now_s = pair_now_s(), .datagram = datagram, .version = version}};
}

/* --- chains ------------------------------------------------------------------------------------------------------------- */

static struct mico_tls_server_config serving(struct identity identity, enum mico_tls_version version)
{
    struct mico_tls_server_config config = server_config(false, version);
    config.base.chain = identity.chain;
    config.base.key = identity.key;
    return config;
}

/* A client of both versions refuses the server for this reason; NULL: takes it. */
static void assert_judged(struct identity identity, const char *name, const char *reason)
{
    print_message("%s: %s\n", name, reason == NULL ? "good" : reason);
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        struct mico_tls_config client = client_config(false, version);
        client.server_name = name;
        if (reason == NULL) {
            pair_assert_good(client, serving(identity, version));
        } else {
            pair_assert_refused(client, serving(identity, version), MICO_ERR_AUTH, reason, "alert from peer");
        }
    }
}

#define SERVES KIT_SERVER("DNS:ed.example")
#define CA_WITH(more) "basicConstraints=critical,CA:TRUE" more "\\nkeyUsage=critical,keyCertSign,cRLSign"

static void a_chain_is_followed_to_the_root_and_may_miss_no_issuer(void **state)
{
    make("second", "middle", KIT_CA);
    make("third", "second", KIT_CA);
    make("deep", "third", SERVES);
    assert_judged(load("deep", "deep.der third.der second.der middle.der"), "ed.example", NULL);
    assert_judged(load("deep", "deep.der third.der second.der middle.der root.der"), "ed.example", NULL);
    assert_judged(load("deep", "deep.der third.der middle.der"), "ed.example", "unknown issuer");
    assert_judged(load("deep", "deep.der second.der middle.der"), "ed.example", "unknown issuer");
    assert_judged(load("deep", "deep.der"), "ed.example", "unknown issuer");
    make("alone", NULL, SERVES);
    assert_judged(load("alone", "alone.der"), "ed.example", "certificate: ");
}

static void dates_count_for_leaf_and_issuer(void **state)
{
    make_between("past", "past", "20200101000000Z", "20210101000000Z", SERVES);
    assert_judged(load("past", "past.der"), "ed.example", "certificate: expired");
    make_between("future", "future", "20900101000000Z", "20910101000000Z", SERVES);
    assert_judged(load("future", "future.der"), "ed.example", "certificate: not yet valid");
    make_between("now", "now", "20200101000000Z", "20910101000000Z", SERVES);
    assert_judged(load("now", "now.der"), "ed.example", NULL);
    make_between("oldmiddle", "oldmiddle", "20200101000000Z", "20210101000000Z", KIT_CA);
    make("underold", "oldmiddle", SERVES);
    assert_judged(load("underold", "underold.der oldmiddle.der"), "ed.example", "certificate: expired");
    make_between("earlymiddle", "earlymiddle", "20900101000000Z", "20910101000000Z", KIT_CA);
    make("underearly", "earlymiddle", SERVES);
    assert_judged(load("underearly", "underearly.der earlymiddle.der"), "ed.example", "certificate: not yet valid");
}

static void an_issuer_must_be_a_certificate_authority_that_may_sign(void **state)
{
    make("leafissuer", "root", SERVES);
    make("underleaf", "leafissuer", SERVES);
    assert_judged(load("underleaf", "underleaf.der leafissuer.der"), "ed.example", "certificate: ");
    make("nosign", "root", "basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,cRLSign");
    make("undernosign", "nosign", SERVES);
    assert_judged(load("undernosign", "undernosign.der nosign.der"), "ed.example", "certificate: ");
    make("plain", "root", "subjectKeyIdentifier=hash"); /* no word about being an authority */
    make("underplain", "plain", SERVES);
    assert_judged(load("underplain", "underplain.der plain.der"), "ed.example", "certificate: ");
    kit_run(
        "openssl genpkey -algorithm ED25519 -out v1.key 2>/dev/null && openssl req -new -key v1.key -subj /CN=v1 -out "
        "v1.csr "
        "&& openssl x509 -req -in v1.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -out v1.pem 2>/dev/null "
        "&& openssl x509 -in v1.pem -outform DER -out v1.der"); /* of version 1, which has no extensions */
    make("underv1", "v1", SERVES);
    assert_judged(load("underv1", "underv1.der v1.der"), "ed.example", "certificate: ");
}

static void a_path_may_not_be_longer_than_an_issuer_says(void **state)
{
    make("short", "root", CA_WITH(",pathlen:0"));
    make("undershort", "short", SERVES);
    assert_judged(load("undershort", "undershort.der short.der"), "ed.example", NULL);
    make("below", "short", KIT_CA);
    make("toolong", "below", SERVES);
    assert_judged(load("toolong", "toolong.der below.der short.der"), "ed.example", "certificate: path");
    make("one", "root", CA_WITH(",pathlen:1"));
    make("two", "one", KIT_CA);
    make("undertwo", "two", SERVES);
    assert_judged(load("undertwo", "undertwo.der two.der one.der"), "ed.example", NULL);
    make("three", "two", KIT_CA);
    make("underthree", "three", SERVES);
    assert_judged(load("underthree", "underthree.der three.der two.der one.der"), "ed.example", "certificate: path");
}

static void a_key_is_used_for_what_its_certificate_says(void **state)
{
#define LEAF(usage, extended) \
    "basicConstraints=CA:FALSE\\nkeyUsage=" usage "\\nextendedKeyUsage=" extended "\\nsubjectAltName=DNS:ed.example"
    make("cipher", "root", LEAF("keyEncipherment", "serverAuth"));
    assert_judged(load("cipher", "cipher.der"), "ed.example", "key usage does not allow signing");
    make("forclients", "root", LEAF("digitalSignature", "clientAuth"));
    assert_judged(load("forclients", "forclients.der"), "ed.example", "not for this side");
    make("formail", "root", LEAF("digitalSignature", "emailProtection"));
    assert_judged(load("formail", "formail.der"), "ed.example", "not for this side");
    make("forboth", "root", LEAF("digitalSignature", "serverAuth,clientAuth"));
    assert_judged(load("forboth", "forboth.der"), "ed.example", NULL);
    make("free", "root", "subjectAltName=DNS:ed.example"); /* RFC 5280: without the extensions, any use */
    assert_judged(load("free", "free.der"), "ed.example", NULL);
    make("critical", "root", SERVES "\\n1.2.3.4=critical,ASN1:NULL");
    assert_judged(load("critical", "critical.der"), "ed.example", "unknown critical extension");
}

static void name_constraints_of_an_issuer_bind_the_leaf(void **state)
{
    make("inside", "root", CA_WITH("") "\\nnameConstraints=critical,permitted;DNS:mine.example");
    make("mine", "inside", KIT_SERVER("DNS:a.mine.example"));
    assert_judged(load("mine", "mine.der inside.der"), "a.mine.example", NULL);
    make("theirs", "inside", KIT_SERVER("DNS:ed.example"));
    assert_judged(load("theirs", "theirs.der inside.der"), "ed.example", "certificate: name constraint");
    make("twonames", "inside", KIT_SERVER("DNS:a.mine.example,DNS:ed.example"));
    assert_judged(load("twonames", "twonames.der inside.der"), "a.mine.example", "certificate: name constraint");
    make("outside", "root", CA_WITH("") "\\nnameConstraints=critical,excluded;DNS:mine.example");
    make("notmine", "outside", KIT_SERVER("DNS:a.mine.example"));
    assert_judged(load("notmine", "notmine.der outside.der"), "a.mine.example", "certificate: name constraint");
    make("others", "outside", SERVES);
    assert_judged(load("others", "others.der outside.der"), "ed.example", NULL);
}

static void a_servers_name_must_be_in_its_certificate(void **state)
{
    make("names", "root", KIT_SERVER("DNS:a.example,DNS:*.wild.example,IP:192.0.2.7"));
    struct identity names = load("names", "names.der");
    static const char *const good[] = {"a.example", "A.Example", "one.wild.example", "192.0.2.7"};
    static const char *const bad[] = {"b.example", "example", "a.a.example", "wild.example", "two.one.wild.example",
                                      "192.0.2.8", "names",   "xa.example"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_judged(names, good[i], NULL);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_judged(names, bad[i], "wrong server ");
    }
    struct mico_tls_config client = client_config(false, MICO_TLS_1_2);
    client.server_name = "b.example";
    client.checks = MICO_TLS_CHECK_CHAIN;
    pair_assert_good(client, serving(names, MICO_TLS_1_2));
    make("stranger", NULL, KIT_CA);
    struct mico_span other = kit_load("stranger.der");
    client.roots = &other;
    pair_assert_refused(client, serving(names, MICO_TLS_1_2), MICO_ERR_AUTH, "unknown issuer", "alert from peer");
    client.checks = MICO_TLS_CHECK_NOTHING;
    pair_assert_good(client, serving(names, MICO_TLS_1_2));
}

static void an_altered_certificate_is_refused(void **state)
{
    static uint8_t altered[2048];
    for (size_t back = 1; back < 200; back += 23) { /* signature, then extensions and key */
        struct identity identity = {{altered, ed.chain.len}, ed.key};
        memcpy(altered, ed.chain.data, ed.chain.len);
        size_t leaf_len = (size_t)mico_load_be16(altered + 2) + 4;
        altered[leaf_len - back] ^= 1;
        struct mico_tls_server_config server = serving(identity, MICO_TLS_1_2);
        mico_err err = mico_tls_server_open(&pair.server, &server);
        if (err == MICO_OK) {
            struct mico_tls_config client = client_config(false, MICO_TLS_1_2);
            pair_shake(&client);
            assert_int_equal(pair.client_err, MICO_ERR_AUTH);
            pair_end();
        }
    }
}

static void weak_certificates_are_refused(void **state)
{
    kit_make("30", "small", "small", "RSA -pkeyopt rsa_keygen_bits:1024", "root", SERVES);
    struct mico_tls_server_config server = server_config(false, MICO_TLS_1_2);
    server.base.chain = kit_load("small.der");
    assert_int_equal(mico_tls_server_open(&pair.server, &server), MICO_ERR_PARAM);
    make("smallroot", NULL, KIT_CA);
    kit_run(
        "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out sha1.key 2>/dev/null && openssl req -new "
        "-key "
        "sha1.key -subj /CN=sha1 -out sha1.csr && openssl req -x509 -sha1 -newkey rsa:2048 -nodes -keyout sha1root.key "
        "-subj /CN=sha1root -days 30 -out sha1root.pem 2>/dev/null && openssl x509 -in sha1root.pem -outform DER -out "
        "sha1root.der && printf 'subjectAltName=DNS:ed.example\\n' > sha1.ext && openssl x509 -req -sha1 -in sha1.csr "
        "-CA "
        "sha1root.pem -CAkey sha1root.key -CAcreateserial -days 30 -extfile sha1.ext -out sha1.pem 2>/dev/null && "
        "openssl "
        "x509 -in sha1.pem -outform DER -out sha1.der");
    struct mico_span root = kit_load("sha1root.der");
    server.base.chain = kit_load("sha1.der");
    server.base.key = KIT_KEY_RSA("sha1");
    struct mico_tls_config client = client_config(false, MICO_TLS_1_2);
    client.roots = &root;
    if (mico_tls_server_open(&pair.server, &server) == MICO_OK) {
        pair_wires(&pair, true);
        mico_err err = pair_open(&pair, &client, &pair.server);
        if (err == MICO_OK) {
            pair_handshake(&pair);
            assert_int_equal(pair.client_err, MICO_ERR_AUTH);
        }
        pair_end();
    }
}

/* The same rules for what a client shows, of which a server hears in its own words. */
static void a_server_judges_a_client_by_the_same_rules(void **state)
{
    make("shown", "root", KIT_CLIENT);
    make("servers", "root", SERVES);
    make("enciphers", "root", "basicConstraints=CA:FALSE\\nkeyUsage=keyEncipherment\\nextendedKeyUsage=clientAuth");
    make_between("pastclient", "pastclient", "20200101000000Z", "20210101000000Z", KIT_CLIENT);
    make_between("futureclient", "futureclient", "20900101000000Z", "20910101000000Z", KIT_CLIENT);
    make("tight", "root", CA_WITH(",pathlen:0"));
    make("undertight", "tight", KIT_CA);
    make("longclient", "undertight", KIT_CLIENT);
    make("foreign", NULL, KIT_CA);
    make("foreigner", "foreign", KIT_CLIENT);
    const struct {
        struct identity identity;
        const char *reason;
    } cases[] = {
        {load("shown", "shown.der"), NULL},
        {load("servers", "servers.der"), "not for this side"},
        {load("enciphers", "enciphers.der"), "key usage does not allow signing"},
        {load("pastclient", "pastclient.der"), "certificate: expired"},
        {load("futureclient", "futureclient.der"), "certificate: not yet valid"},
        {load("longclient", "longclient.der undertight.der tight.der"), "certificate: path"},
        {load("longclient", "longclient.der"), "unknown issuer"},
        {load("foreigner", "foreigner.der foreign.der"), "certificate: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
            struct mico_tls_config client = client_config(false, version);
            struct mico_tls_server_config server = server_config(false, version);
            server.base.roots = &ed_root;
            server.base.root_count = 1;
            server.clients = MICO_TLS_CLIENTS_REQUIRED;
            client.chain = cases[i].identity.chain;
            client.key = cases[i].identity.key;
            pair_serve(&server);
            pair_shake(&client);
            if (cases[i].reason == NULL) {
                pair_assert_talks();
            } else if (pair.served_err != MICO_ERR_AUTH ||
                       strstr(mico_tls_reason(&pair.served), cases[i].reason) == NULL) {
                fail_msg("%zu: server %s (%s)", i, mico_err_name(pair.served_err), mico_tls_reason(&pair.served));
            }
            pair_end();
        }
    }
}

/* --- revocation ------------------------------------------------------------------------------------------------------- */

/* NAME.crl, of the certificates revoked by then; days from now until the next one. */
static struct mico_span revocation_list(const char *issuer, const char *name, const char *revoke, const char *dates)
{
    char path[64];
    kit_run("rm -rf %s.ca; mkdir %s.ca; : > %s.ca/index; echo 01 > %s.ca/number; "
            "printf '[ca]\\ndefault_ca=c\\n[c]\\ndatabase=%s.ca/index\\ncrlnumber=%s.ca/number\\ndefault_md=default\\n"
            "default_crl_days=30\\nunique_subject=no\\n' > %s.ca/conf",
            name, name, name, name, name, name, name);
    if (revoke != NULL) {
        kit_run("openssl ca -config %s.ca/conf -revoke %s.pem -keyfile %s.key -cert %s.pem 2>/dev/null", name, revoke,
                issuer, issuer);
    }
    kit_run("openssl ca -config %s.ca/conf -gencrl %s -keyfile %s.key -cert %s.pem -out %s.crl.pem 2>/dev/null", name,
            dates, issuer, issuer, name);
    kit_run("openssl crl -in %s.crl.pem -outform DER -out %s.crl", name, name);
    snprintf(path, sizeof path, "%s.crl", name);
    return kit_load(path);
}

static void revoked_clients_are_refused(void **state)
{
    struct mico_span lists[2] = {revocation_list("root", "good", NULL, ""),
                                 revocation_list("middle", "bad", "revoked", "")};
    struct mico_tls_config client = client_config(false, MICO_TLS_1_2);
    struct mico_tls_server_config server = server_config(false, MICO_TLS_1_2);
    server.base.roots = &ed_root;
    server.base.root_count = 1;
    server.base.crls = lists;
    server.base.crl_count = 2;
    server.clients = MICO_TLS_CLIENTS_REQUIRED;
    client.chain = device.chain;
    client.key = device.key;
    pair_assert_good(client, server);
    client.chain = revoked.chain;
    client.key = revoked.key;
    pair_assert_refused(client, server, MICO_ERR_DENIED, "bad_certificate", "certificate: revoked");
    server.base.crl_count = 0; /* nobody asks */
    pair_assert_good(client, server);
    server.base.crl_count = 1; /* the issuer's own list is missing */
    pair_assert_refused(client, server, MICO_ERR_DENIED, "alert from peer", "no usable revocation list");
    middle_crls[0] = lists[0];
    middle_crls[1] = revocation_list("middle", "none", NULL, "");
    server.base.crls = middle_crls;
    server.base.crl_count = 2;
    pair_assert_good(client, server);
}

static void a_revoked_issuer_is_refused(void **state)
{
    struct mico_span lists[2] = {revocation_list("root", "rootbad", "middle", ""), middle_crls[1]};
    for (int version = MICO_TLS_1_2; version <= MICO_TLS_1_3; version += 2) {
        struct mico_tls_config client = client_config(false, version);
        client.crls = lists;
        client.crl_count = 2;
        pair_assert_refused(client, server_config(false, version), MICO_ERR_AUTH, "certificate: revoked", "");
    }
}

static void lists_that_cannot_be_believed_do_not_count(void **state)
{
    struct mico_tls_config client = client_config(false, MICO_TLS_1_2);
    struct mico_tls_server_config server = server_config(false, MICO_TLS_1_2);
    struct mico_span lists[2] = {middle_crls[0], middle_crls[1]};
    uint8_t altered[2048];
    client.crls = lists;
    client.crl_count = 2;
    pair_assert_good(client, server);
    lists[1] = revocation_list("root", "forged", NULL, ""); /* another's list in the issuer's place */
    pair_assert_refused(client, server, MICO_ERR_AUTH, "no usable revocation list", "");
    memcpy(altered, middle_crls[1].data, middle_crls[1].len);
    altered[middle_crls[1].len - 1] ^= 1;
    lists[1] = (struct mico_span){altered, middle_crls[1].len};
    pair_assert_refused(client, server, MICO_ERR_AUTH, "no usable revocation list", "");
    lists[1] = middle_crls[1];
    memcpy(altered, middle_crls[0].data, middle_crls[0].len);
    altered[middle_crls[0].len - 1] ^= 1; /* the root's is checked at once */
    client.now_s = pair_now_s();
    lists[0] = (struct mico_span){altered, middle_crls[0].len};
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_ERR_PARAM);
    assert_non_null(strstr(mico_tls_reason(&pair.client), "revocation list: "));
    lists[0] = (struct mico_span){altered, middle_crls[0].len / 2};
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_ERR_PARAM);
    lists[0] =
        revocation_list("root", "early", NULL, "-crl_lastupdate 20900101000000Z -crl_nextupdate 20910101000000Z");
    assert_int_equal(mico_tls_open(&pair.client, &client), MICO_ERR_PARAM);
    assert_string_equal(mico_tls_reason(&pair.client), "revocation list: not yet valid");
    lists[0] = revocation_list("root", "late", NULL, "-crl_lastupdate 20200101000000Z -crl_nextupdate 20200201000000Z");
    mico_err err = mico_tls_open(&pair.client, &client);
    if (err == MICO_OK) {
        mico_tls_close(&pair.client);
        pair_assert_refused(client, server, MICO_ERR_AUTH, "revocation list", "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_chain_is_followed_to_the_root_and_may_miss_no_issuer, forget_keys),
        cmocka_unit_test_teardown(dates_count_for_leaf_and_issuer, forget_keys),
        cmocka_unit_test_teardown(an_issuer_must_be_a_certificate_authority_that_may_sign, forget_keys),
        cmocka_unit_test_teardown(a_path_may_not_be_longer_than_an_issuer_says, forget_keys),
        cmocka_unit_test_teardown(a_key_is_used_for_what_its_certificate_says, forget_keys),
        cmocka_unit_test_teardown(name_constraints_of_an_issuer_bind_the_leaf, forget_keys),
        cmocka_unit_test_teardown(a_servers_name_must_be_in_its_certificate, forget_keys),
        cmocka_unit_test_teardown(an_altered_certificate_is_refused, forget_keys),
        cmocka_unit_test_teardown(weak_certificates_are_refused, forget_keys),
        cmocka_unit_test_teardown(a_server_judges_a_client_by_the_same_rules, forget_keys),
        cmocka_unit_test_teardown(revoked_clients_are_refused, forget_keys),
        cmocka_unit_test_teardown(a_revoked_issuer_is_refused, forget_keys),
        cmocka_unit_test_teardown(lists_that_cannot_be_believed_do_not_count, forget_keys),
    };
    return cmocka_run_group_tests(tests, set_up, kit_leave);
}
