/* SPDX-License-Identifier: Apache-2.0 */
/* A maker in software, for tests. */
#include "identity/factory/test_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gnutls/crypto.h>

#include "identity/factory/ca.h"

static void make_ca(struct test_maker *maker, enum station_kind kind, const char *name, gnutls_x509_crt_t issuer,
                    gnutls_privkey_t *key, gnutls_x509_crt_t *out)
{
    struct station_request request = {.kind = kind, .common_name = name};
    assert_int_equal(station_soft_key(false, key), MICO_OK);
    assert_int_equal(station_public_of(*key, &request.key), MICO_OK);
    assert_int_equal(station_certify(&request, issuer, issuer != NULL ? maker->root_key : *key, out), MICO_OK);
    gnutls_pubkey_deinit(request.key);
}

void test_maker_start(struct test_maker *maker, const char *name)
{
    char path[STATION_PATH_MAX];
    snprintf(maker->dir, sizeof maker->dir, "/tmp/mico-%s-XXXXXX", name);
    assert_non_null(mkdtemp(maker->dir));
    make_ca(maker, STATION_ROOT, "Test root CA", NULL, &maker->root_key, &maker->root);
    make_ca(maker, STATION_ISSUING, "Test issuing CA", maker->root, &maker->issuing_key, &maker->issuing);
    snprintf(path, sizeof path, "%s/root.pem", maker->dir);
    assert_int_equal(station_write_certificates(path, &maker->root, 1), MICO_OK);
}

void test_maker_end(struct test_maker *maker)
{
    char command[128];
    gnutls_privkey_deinit(maker->root_key);
    gnutls_privkey_deinit(maker->issuing_key);
    gnutls_x509_crt_deinit(maker->root);
    gnutls_x509_crt_deinit(maker->issuing);
    snprintf(command, sizeof command, "rm -rf %s", maker->dir);
    assert_int_equal(system(command), 0);
}

void test_maker_entry(struct test_maker *maker, uint32_t index, const uint8_t prev[32],
                      struct mico_manifest_entry *entry)
{
    gnutls_privkey_t key;
    gnutls_x509_crt_t certificate;
    gnutls_datum_t x, der;
    gnutls_ecc_curve_t curve;
    char serial[2 * MSCP_SERIAL_SIZE + 1];
    struct station_request request = {.kind = STATION_DEVICE, .common_name = entry->device_id, .serial_number = serial};
    memset(entry, 0, sizeof *entry);
    entry->index = index;
    entry->made_at = 1790000000u + index;
    memcpy(entry->prev, prev, 32);
    assert_int_equal(gnutls_rnd(GNUTLS_RND_NONCE, entry->serial, sizeof entry->serial), 0);
    assert_int_equal(gnutls_rnd(GNUTLS_RND_NONCE, entry->firmware_key, sizeof entry->firmware_key), 0);
    assert_int_equal(station_soft_key(false, &key), MICO_OK);
    assert_int_equal(station_public_of(key, &request.key), MICO_OK);
    assert_int_equal(gnutls_pubkey_export_ecc_raw(request.key, &curve, &x, NULL), 0);
    assert_int_equal(x.size, 32);
    memcpy(entry->identity_key, x.data, 32);
    gnutls_free(x.data);
    mico_device_id(entry->identity_key, entry->device_id);
    mico_hex(entry->serial, sizeof entry->serial, serial);
    assert_int_equal(station_certify(&request, maker->issuing, maker->issuing_key, &certificate), MICO_OK);
    assert_int_equal(station_der(certificate, &der), MICO_OK);
    entry->certificate = (struct mico_span){der.data, der.size};
    assert_int_equal(gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.size, entry->certificate_sha256), 0);
    mico_manifest_entry_hash(entry, entry->hash);
    gnutls_x509_crt_deinit(certificate);
    gnutls_pubkey_deinit(request.key);
    gnutls_privkey_deinit(key);
}

void test_maker_publish(struct test_maker *maker, const char *text, bool sign)
{
    char path[STATION_PATH_MAX];
    gnutls_datum_t signature;
    test_write(maker->dir, "m.json", text);
    snprintf(path, sizeof path, "%s/m.json.pem", maker->dir);
    assert_int_equal(station_write_certificates(path, &maker->issuing, 1), MICO_OK);
    if (sign) {
        assert_int_equal(
            station_sign(maker->issuing_key, (struct mico_span){(const uint8_t *)text, strlen(text)}, &signature),
            MICO_OK);
        snprintf(path, sizeof path, "%s/m.json.sig", maker->dir);
        assert_int_equal(station_write_file(path, signature.data, signature.size, 0644), MICO_OK);
        gnutls_free(signature.data);
    }
}

char *test_read(const char *dir, const char *name)
{
    char path[STATION_PATH_MAX], *text;
    size_t len;
    bool found;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(station_read_file(path, &text, &len, &found), MICO_OK);
    assert_true(found);
    return text;
}

void test_write(const char *dir, const char *name, const char *text)
{
    char path[STATION_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w"); /* without a sync: these tests write thousands */
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static FILE *caught;
static int real_stderr = -1;

void test_catch_stderr(void)
{
    caught = tmpfile();
    assert_non_null(caught);
    fflush(stderr);
    real_stderr = dup(STDERR_FILENO);
    assert_true(real_stderr >= 0 && dup2(fileno(caught), STDERR_FILENO) >= 0);
}

const char *test_caught_stderr(void)
{
    static char text[4096];
    fflush(stderr);
    assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
    close(real_stderr);
    rewind(caught);
    text[fread(text, 1, sizeof text - 1, caught)] = '\0';
    fclose(caught);
    return text;
}
