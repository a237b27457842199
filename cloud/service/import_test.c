/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests, good and altered, into a registry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <unistd.h>

#include <cmocka.h>

#include "cloud/broker/test_pki.h"
#include "cloud/service/import.h"
#include "identity/manifest_entry.h"

#define DEVICES 4
#define MAKER "Example Lights"

static struct test_cert root, issuing, device[DEVICES];
static struct mico_registry *registry;
static struct mico_complaint complaint;
static struct mico_imported imported;
static char json[32768];

static void write_file(const char *path, const void *data, size_t len)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    fclose(f);
}

static void sign_manifest(const struct test_cert *signer)
{
    gnutls_privkey_t key;
    gnutls_datum_t signature, data = {(unsigned char *)json, (unsigned)strlen(json)};
    assert_int_equal(gnutls_privkey_init(&key), 0);
    assert_int_equal(gnutls_privkey_import_x509(key, signer->key, 0), 0);
    assert_int_equal(gnutls_privkey_sign_data2(key, GNUTLS_SIGN_EDDSA_ED25519, 0, &data, &signature), 0);
    write_file("m.json", json, strlen(json));
    write_file("m.json.sig", signature.data, signature.size);
    gnutls_free(signature.data);
    gnutls_privkey_deinit(key);
}

static cJSON *entry_of(const struct test_cert *cert, uint32_t index, uint8_t prev[32])
{
    struct mico_manifest_entry entry = {
        .index = index, .made_at = 1700000000 + index, .certificate = {cert->der, cert->der_len}};
    snprintf(entry.device_id, sizeof entry.device_id, "%s", cert->device_id);
    memcpy(entry.serial, cert->serial, sizeof entry.serial);
    memcpy(entry.identity_key, cert->public_key, 32);
    memset(entry.firmware_key, (int)index, 32);
    memcpy(entry.certificate_sha256, cert->sha256, 32);
    memcpy(entry.prev, prev, 32);
    mico_manifest_entry_hash(&entry, entry.hash);
    memcpy(prev, entry.hash, 32);
    return mico_manifest_entry_to_json(&entry);
}

/* A signed manifest of these devices, in this order. */
static void make_manifest(const struct test_cert *signer, const struct test_cert *const *devices, uint32_t count)
{
    uint8_t prev[32];
    cJSON *tree = cJSON_CreateObject();
    cJSON_AddNumberToObject(tree, "version", 1);
    cJSON_AddStringToObject(tree, "maker", MAKER);
    cJSON *entries = cJSON_AddArrayToObject(tree, "entries");
    mico_manifest_start(MAKER, prev);
    for (uint32_t i = 0; i < count; i++) {
        cJSON_AddItemToArray(entries, entry_of(devices[i], i + 1, prev));
    }
    char *text = cJSON_Print(tree);
    snprintf(json, sizeof json, "%s", text);
    free(text);
    cJSON_Delete(tree);
    test_cert_write(signer, NULL, "m.json"); /* m.json.pem; its key is nobody's business here */
    unlink("m.json.key");
    sign_manifest(signer);
}

static void make_first(uint32_t count)
{
    const struct test_cert *const devices[DEVICES] = {&device[0], &device[1], &device[2], &device[3]};
    make_manifest(&issuing, devices, count);
}

static mico_err take(void)
{
    memset(&complaint, 0, sizeof complaint);
    return mico_import_manifest(registry, "m.json", "root.pem", &imported, &complaint);
}

static void must_take(void)
{
    if (take()) {
        fail_msg("%s", complaint.what);
    }
}

static bool count_one(void *ctx, const struct mico_device *found)
{
    ++*(unsigned *)ctx;
    return true;
}

static unsigned registered(void)
{
    unsigned count = 0;
    assert_int_equal(mico_registry_each(registry, "", -1, count_one, &count), MICO_OK);
    return count;
}

static int make_certificates(void **state)
{
    char folder[] = "import-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    test_cert_make(&root, "Root", TEST_CA, NULL);
    test_cert_make(&issuing, "Issuing", TEST_CA, &root);
    test_cert_write(&root, NULL, "root");
    for (int i = 0; i < DEVICES; i++) {
        test_cert_make(&device[i], NULL, TEST_CLIENT, &issuing);
    }
    return 0;
}

static int free_certificates(void **state)
{
    char folder[4096];
    assert_non_null(getcwd(folder, sizeof folder));
    test_cert_free(&root);
    test_cert_free(&issuing);
    for (int i = 0; i < DEVICES; i++) {
        test_cert_free(&device[i]);
    }
    static const char *const files[] = {"root.pem", "root.key", "m.json", "m.json.sig", "m.json.pem"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        unlink(files[i]);
    }
    assert_int_equal(chdir(".."), 0);
    return rmdir(folder);
}

static int fresh(void **state)
{
    assert_int_equal(mico_registry_create("r.db", &complaint), MICO_OK);
    return mico_registry_open("r.db", &registry, &complaint);
}

static int clean(void **state)
{
    mico_registry_close(registry);
    unlink("r.db-wal");
    unlink("r.db-shm");
    return unlink("r.db");
}

/* ---- tests ---- */

static void manifest_is_taken_in_once(void **state)
{
    struct mico_device found;
    int64_t entries, again;
    bool is;
    make_first(3);
    must_take();
    assert_int_equal(imported.entries, 3);
    assert_int_equal(imported.added, 3);
    assert_int_equal(mico_registry_find(registry, device[1].device_id, &is, &found), MICO_OK);
    assert_true(is);
    assert_memory_equal(found.identity_key, device[1].public_key, 32);
    assert_memory_equal(found.certificate_sha256, device[1].sha256, 32);
    assert_int_equal(found.state, MICO_DEVICE_MADE);
    assert_int_equal(mico_registry_audit_last(registry, &entries), MICO_OK);
    must_take();
    assert_int_equal(imported.added, 0);
    assert_int_equal(mico_registry_audit_last(registry, &again), MICO_OK);
    assert_int_equal(again, entries);
}

static void longer_manifest_adds_the_new_and_an_older_one_is_refused(void **state)
{
    make_first(2);
    must_take();
    make_first(4);
    must_take();
    assert_int_equal(imported.added, 2);
    make_first(3);
    assert_int_equal(take(), MICO_ERR_ROLLBACK);
    assert_non_null(strstr(complaint.what, "(3 < 4 entries)"));
    assert_int_equal(registered(), 4);
}

static void rewritten_history_is_refused_though_well_signed(void **state)
{
    const struct test_cert *const other[] = {&device[3], &device[1], &device[2]};
    make_first(2);
    must_take();
    make_manifest(&issuing, other, 3);
    assert_int_equal(take(), MICO_ERR_AUTH);
    assert_non_null(strstr(complaint.what, "entry 2"));
    assert_int_equal(registered(), 2);
}

/* Change one character of the file, wherever it stands: nothing is imported. */
static void every_altered_character_is_refused(void **state)
{
    make_first(2);
    size_t len = strlen(json);
    for (size_t i = 0; i < len; i += 7) {
        char was = json[i];
        json[i] = was == '0' ? '1' : '0';
        write_file("m.json", json, len);
        json[i] = was;
        mico_err err = take();
        if (err != MICO_ERR_AUTH && err != MICO_ERR_FORMAT) {
            fail_msg("character %zu altered: %s", i, mico_err_name(err));
        }
        assert_int_equal(registered(), 0);
    }
}

static void altered_entry_is_named(void **state)
{
    make_first(3);
    char *second = strstr(json, device[1].device_id);
    assert_non_null(second);
    memcpy(second, device[3].device_id, strlen(device[3].device_id));
    sign_manifest(&device[0]); /* and signed with another key than the issuing CA's */
    assert_int_equal(take(), MICO_ERR_AUTH);
    assert_non_null(strstr(complaint.what, "entry 2"));
    assert_int_equal(imported.entries, 0);
    assert_int_equal(registered(), 0);
}

static void manifest_of_another_maker_is_refused(void **state)
{
    struct test_cert other_root, other_issuing, made;
    test_cert_make(&other_root, "Root", TEST_CA, NULL);
    test_cert_make(&other_issuing, "Issuing", TEST_CA, &other_root);
    test_cert_make(&made, NULL, TEST_CLIENT, &other_issuing);
    make_manifest(&other_issuing, (const struct test_cert *const[]){&made}, 1);
    assert_int_equal(take(), MICO_ERR_AUTH);
    assert_int_equal(registered(), 0);
    test_cert_free(&other_root);
    test_cert_free(&other_issuing);
    test_cert_free(&made);
}

static void device_made_twice_stops_the_whole_import(void **state)
{
    struct test_cert second, twin, innocent;
    make_first(2);
    must_take();
    test_cert_make(&second, "Second issuing", TEST_CA, &root);
    test_cert_make(&innocent, NULL, TEST_CLIENT, &second);
    test_cert_again(&twin, &device[1], device[1].device_id, &second); /* the same chip certified by another station */
    make_manifest(&second, (const struct test_cert *const[]){&innocent, &twin}, 2);
    assert_int_equal(take(), MICO_ERR_DENIED);
    assert_non_null(strstr(complaint.what, "entry 2"));
    assert_non_null(strstr(complaint.what, device[1].device_id));
    assert_int_equal(registered(), 2);
    test_cert_free(&second);
    test_cert_free(&twin);
    test_cert_free(&innocent);
}

/* As of a station that was stolen. */
static void manifest_of_a_revoked_issuing_ca_is_refused_and_its_devices_stay(void **state)
{
    uint8_t key[32], again[32];
    int64_t before, after;
    struct test_cert second, made;
    make_first(2);
    must_take();
    assert_int_equal(mico_import_revoke(registry, "test", "m.json.pem", key, &complaint), MICO_OK);
    assert_int_equal(mico_registry_audit_last(registry, &before), MICO_OK);
    assert_int_equal(mico_import_revoke(registry, "test", "m.json.pem", again, &complaint), MICO_OK);
    assert_memory_equal(key, again, 32);
    assert_int_equal(mico_registry_audit_last(registry, &after), MICO_OK);
    assert_int_equal(before, after);
    assert_int_equal(take(), MICO_ERR_AUTH);
    make_first(3);
    assert_int_equal(take(), MICO_ERR_AUTH);
    assert_non_null(strstr(complaint.what, "revoked"));
    assert_int_equal(registered(), 2);
    test_cert_make(&second, "Second issuing", TEST_CA, &root);
    test_cert_make(&made, NULL, TEST_CLIENT, &second);
    make_manifest(&second, (const struct test_cert *const[]){&made}, 1);
    must_take();
    assert_int_equal(registered(), 3);
    test_cert_free(&second);
    test_cert_free(&made);
}

static void only_an_issuing_ca_can_be_revoked(void **state)
{
    uint8_t key[32];
    assert_int_equal(mico_import_revoke(registry, "test", "none.pem", key, &complaint), MICO_ERR_IO);
    assert_non_null(strstr(complaint.what, "none.pem"));
    assert_int_equal(mico_import_revoke(registry, "test", "root.pem", key, &complaint), MICO_ERR_PARAM);
    make_first(1);
    test_cert_write(&device[0], NULL, "m.json");
    unlink("m.json.key");
    assert_int_equal(mico_import_revoke(registry, "test", "m.json.pem", key, &complaint), MICO_ERR_PARAM);
    assert_int_equal(mico_import_revoke(registry, "test", "m.json", key, &complaint), MICO_ERR_PARAM);
    make_first(1);
    must_take();
}

static void missing_file_is_named(void **state)
{
    make_first(1);
    unlink("m.json.sig");
    assert_int_equal(take(), MICO_ERR_IO);
    assert_non_null(strstr(complaint.what, "m.json.sig"));
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, fresh, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(manifest_is_taken_in_once),
        FRESH(longer_manifest_adds_the_new_and_an_older_one_is_refused),
        FRESH(rewritten_history_is_refused_though_well_signed),
        FRESH(every_altered_character_is_refused),
        FRESH(altered_entry_is_named),
        FRESH(manifest_of_another_maker_is_refused),
        FRESH(device_made_twice_stops_the_whole_import),
        FRESH(manifest_of_a_revoked_issuing_ca_is_refused_and_its_devices_stay),
        FRESH(only_an_issuing_ca_can_be_revoked),
        FRESH(missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, make_certificates, free_certificates);
}
