/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "identity/factory/ca.h"
#include "identity/factory/test_maker.h"

#define DEVICES 4

static struct test_maker maker;
static struct mico_manifest_entry entries[DEVICES];

static int start(void **state)
{
    uint8_t prev[32];
    test_maker_start(&maker, "manifest");
    mico_manifest_start("Test", prev);
    for (uint32_t i = 0; i < DEVICES; i++) {
        test_maker_entry(&maker, i + 1, prev, &entries[i]);
        memcpy(prev, entries[i].hash, 32);
    }
    return 0;
}

static int end(void **state)
{
    for (size_t i = 0; i < DEVICES; i++) {
        mico_manifest_entry_free(&entries[i]);
    }
    test_maker_end(&maker);
    return 0;
}

/* The manifest of these entries as JSON. */
static cJSON *manifest_of(const struct mico_manifest_entry *list, size_t count)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "version", 1);
    cJSON_AddStringToObject(json, "maker", "Test");
    cJSON *array = cJSON_AddArrayToObject(json, "entries");
    for (size_t i = 0; i < count; i++) {
        cJSON_AddItemToArray(array, mico_manifest_entry_to_json(&list[i]));
    }
    return json;
}

static void publish(const cJSON *json, bool sign)
{
    char *text = cJSON_Print(json);
    assert_non_null(text);
    test_maker_publish(&maker, text, sign);
    cJSON_free(text);
}

static mico_err verify(struct mico_manifest **out, char why[MICO_MANIFEST_WHY_MAX])
{
    char path[128], root[128];
    snprintf(path, sizeof path, "%s/m.json", maker.dir);
    snprintf(root, sizeof root, "%s/root.pem", maker.dir);
    return mico_manifest_verify(path, root, out, why);
}

/* Refused, whether its signature was made anew or not; the reason has all the words. */
static void refused(const cJSON *json, bool sign, const char *word, const char *other_word)
{
    struct mico_manifest *manifest;
    char why[MICO_MANIFEST_WHY_MAX];
    publish(json, sign);
    assert_int_not_equal(verify(&manifest, why), MICO_OK);
    assert_null(manifest);
    if (strstr(why, word) == NULL || strstr(why, other_word) == NULL) {
        fail_msg("\"%s\" lacks \"%s\" or \"%s\"", why, word, other_word);
    }
}

static void publish_good(void)
{
    cJSON *json = manifest_of(entries, DEVICES);
    publish(json, true);
    cJSON_Delete(json);
}

static void good_manifest_gives_all_its_entries(void **state)
{
    struct mico_manifest *manifest;
    char why[MICO_MANIFEST_WHY_MAX];
    publish_good();
    assert_int_equal(verify(&manifest, why), MICO_OK);
    assert_string_equal(mico_manifest_maker(manifest), "Test");
    assert_int_equal(mico_manifest_count(manifest), DEVICES);
    for (size_t i = 0; i < DEVICES; i++) {
        const struct mico_manifest_entry *entry = mico_manifest_at(manifest, i);
        assert_int_equal(entry->index, i + 1);
        assert_string_equal(entry->device_id, entries[i].device_id);
        assert_memory_equal(entry->serial, entries[i].serial, MSCP_SERIAL_SIZE);
        assert_memory_equal(entry->identity_key, entries[i].identity_key, 32);
        assert_memory_equal(entry->firmware_key, entries[i].firmware_key, 32);
        assert_true(entry->made_at == entries[i].made_at);
        assert_int_equal(entry->certificate.len, entries[i].certificate.len);
        assert_memory_equal(entry->certificate.data, entries[i].certificate.data, entry->certificate.len);
        assert_memory_equal(entry->hash, entries[i].hash, 32);
    }
    assert_null(mico_manifest_at(manifest, DEVICES));
    assert_true(mico_manifest_issuer(manifest).len > 100);
    mico_manifest_close(manifest);
}

static void manifest_without_devices_is_good(void **state)
{
    struct mico_manifest *manifest;
    char why[MICO_MANIFEST_WHY_MAX];
    cJSON *json = manifest_of(entries, 0);
    publish(json, true);
    assert_int_equal(verify(&manifest, why), MICO_OK);
    assert_int_equal(mico_manifest_count(manifest), 0);
    mico_manifest_close(manifest);
    cJSON_Delete(json);
}

/* Change a field so that it keeps its form: another digit, another number. */
static void alter(cJSON *field)
{
    if (cJSON_IsNumber(field)) {
        cJSON_SetNumberValue(field, field->valuedouble + 1);
        return;
    }
    char *at = field->valuestring + strlen(field->valuestring) / 2;
    if (*at == ':') {
        at++;
    }
    *at = *at == 'A' ? 'B' : *at == 'a' ? 'b' : *at == '0' ? '1' : *at >= 'a' ? 'a' : *at >= 'A' ? 'A' : '0';
}

static void alteration_of_any_field_of_any_entry_names_the_entry(void **state)
{
    static const char *const fields[] = {"index",   "device_id",          "serial",      "identity_key", "firmware_key",
                                         "made_at", "certificate_sha256", "certificate", "prev",         "hash"};
    for (int i = 0; i < DEVICES; i++) {
        for (size_t f = 0; f < sizeof fields / sizeof fields[0]; f++) {
            for (int anew = 0; anew < 2; anew++) { /* also when who altered it could sign */
                char name[32];
                cJSON *json = manifest_of(entries, DEVICES);
                cJSON *entry = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "entries"), i);
                alter(cJSON_GetObjectItem(entry, fields[f]));
                snprintf(name, sizeof name, "entry %d ", i + 1);
                refused(json, anew != 0, name, "does not fit");
                cJSON_Delete(json);
                publish_good(); /* so that the next signature is the genuine one */
            }
        }
    }
}

static void field_missing_added_or_misspelt_names_the_entry(void **state)
{
    static const char *const edits[] = {"missing", "added", "capitals", "text for number", "fraction"};
    for (int e = 0; e < 5; e++) {
        cJSON *json = manifest_of(entries, DEVICES);
        cJSON *entry = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "entries"), 2);
        switch (e) {
        case 0:
            cJSON_DeleteItemFromObject(entry, "serial");
            break;
        case 1:
            cJSON_AddStringToObject(entry, "note", "x");
            break;
        case 2:
            for (char *c = cJSON_GetObjectItem(entry, "hash")->valuestring; *c != '\0'; c++) {
                *c = (char)(*c >= 'a' ? *c - 32 : *c);
            }
            break;
        case 3:
            cJSON_ReplaceItemInObject(entry, "index", cJSON_CreateString("3"));
            break;
        default:
            cJSON_SetNumberValue(cJSON_GetObjectItem(entry, "index"), 3.5);
            break;
        }
        print_message("%s\n", edits[e]);
        refused(json, true, "entry 3 ", "does not fit");
        cJSON_Delete(json);
    }
}

static void deleted_or_swapped_entry_names_its_place(void **state)
{
    for (int i = 0; i < DEVICES - 1; i++) {
        char name[32];
        snprintf(name, sizeof name, "entry %d ", i + 1);
        cJSON *json = manifest_of(entries, DEVICES);
        cJSON_DeleteItemFromArray(cJSON_GetObjectItem(json, "entries"), i);
        refused(json, true, name, "index");
        cJSON_Delete(json);
        struct mico_manifest_entry list[DEVICES];
        memcpy(list, entries, sizeof list);
        list[i] = entries[i + 1];
        list[i + 1] = entries[i];
        json = manifest_of(list, DEVICES);
        refused(json, true, name, "index");
        cJSON_Delete(json);
    }
}

/* Give a list of entries new places and a new chain. */
static void chain_anew(struct mico_manifest_entry *list, size_t count)
{
    uint8_t prev[32];
    mico_manifest_start("Test", prev);
    for (size_t i = 0; i < count; i++) {
        list[i].index = (uint32_t)i + 1;
        memcpy(list[i].prev, prev, 32);
        mico_manifest_entry_hash(&list[i], list[i].hash);
        memcpy(prev, list[i].hash, 32);
    }
}

static void entries_cut_from_the_end_or_chained_anew_need_the_issuing_key(void **state)
{
    struct mico_manifest_entry list[DEVICES];
    publish_good();
    for (size_t left = 0; left < DEVICES; left++) {
        cJSON *json = manifest_of(entries, left);
        refused(json, false, ".sig", "altered");
        cJSON_Delete(json);
    }
    memcpy(list, entries + 1, (DEVICES - 1) * sizeof *list); /* the first is left out */
    chain_anew(list, DEVICES - 1);
    cJSON *json = manifest_of(list, DEVICES - 1);
    refused(json, false, ".sig", "altered");
    cJSON_Delete(json);
}

static void device_or_chip_twice_is_refused_even_when_signed(void **state)
{
    struct mico_manifest_entry list[DEVICES + 1];
    memcpy(list, entries, sizeof entries);
    list[DEVICES] = entries[1];
    chain_anew(list, DEVICES + 1);
    cJSON *json = manifest_of(list, DEVICES + 1);
    refused(json, true, "entry 5 ", "repeats");
    cJSON_Delete(json);
}

static void head_of_another_version_or_maker_or_form_is_refused(void **state)
{
    cJSON *json = manifest_of(entries, DEVICES);
    cJSON_SetNumberValue(cJSON_GetObjectItem(json, "version"), 2);
    refused(json, true, "version", "");
    cJSON_Delete(json);
    json = manifest_of(entries, DEVICES);
    cJSON_ReplaceItemInObject(json, "maker", cJSON_CreateString("Tess"));
    refused(json, true, "entry 1 ", "prev");
    cJSON_Delete(json);
    json = manifest_of(entries, DEVICES);
    cJSON_AddStringToObject(json, "note", "x");
    refused(json, true, "version, maker", "entries");
    cJSON_Delete(json);
}

static void certificate_by_another_ca_is_refused(void **state)
{
    struct test_maker other;
    struct mico_manifest_entry list[1];
    uint8_t prev[32];
    test_maker_start(&other, "other");
    mico_manifest_start("Test", prev);
    test_maker_entry(&other, 1, prev, &list[0]);
    cJSON *json = manifest_of(list, 1);
    refused(json, true, "entry 1 ", "certificate");
    cJSON_Delete(json);
    mico_manifest_entry_free(&list[0]);

    /* And a manifest that is that maker's altogether. */
    gnutls_x509_crt_t mine = maker.issuing;
    gnutls_privkey_t my_key = maker.issuing_key;
    test_maker_entry(&other, 1, prev, &list[0]);
    json = manifest_of(list, 1);
    maker.issuing = other.issuing;
    maker.issuing_key = other.issuing_key;
    refused(json, true, "not by the maker's root", "");
    maker.issuing = mine;
    maker.issuing_key = my_key;
    cJSON_Delete(json);
    mico_manifest_entry_free(&list[0]);
    test_maker_end(&other);
}

static void device_cannot_sign_a_manifest(void **state)
{
    struct mico_manifest *manifest;
    char why[MICO_MANIFEST_WHY_MAX], path[128];
    gnutls_x509_crt_t leaf;
    const gnutls_datum_t der = {(unsigned char *)(uintptr_t)entries[0].certificate.data,
                                (unsigned)entries[0].certificate.len};
    publish_good();
    assert_int_equal(gnutls_x509_crt_init(&leaf), 0);
    assert_int_equal(gnutls_x509_crt_import(leaf, &der, GNUTLS_X509_FMT_DER), 0);
    snprintf(path, sizeof path, "%s/m.json.pem", maker.dir);
    assert_int_equal(station_write_certificates(path, &leaf, 1), MICO_OK);
    assert_int_equal(verify(&manifest, why), MICO_ERR_AUTH);
    /* The root itself signs issuing CAs, not manifests. */
    assert_int_equal(station_write_certificates(path, &maker.root, 1), MICO_OK);
    assert_int_equal(verify(&manifest, why), MICO_ERR_AUTH);
    gnutls_x509_crt_deinit(leaf);
}

static void any_flipped_byte_of_the_three_files_is_refused(void **state)
{
    static const char *const names[] = {"m.json", "m.json.sig"};
    struct mico_manifest *manifest;
    char why[MICO_MANIFEST_WHY_MAX], path[128];
    publish_good();
    for (size_t n = 0; n < 2; n++) {
        char *bytes;
        size_t len;
        bool found;
        snprintf(path, sizeof path, "%s/%s", maker.dir, names[n]);
        assert_int_equal(station_read_file(path, &bytes, &len, &found), MICO_OK);
        for (size_t i = 0; i < len; i += n == 0 ? 5 : 1) {
            FILE *file = fopen(path, "r+b");
            assert_non_null(file);
            assert_int_equal(fseek(file, (long)i, SEEK_SET), 0);
            fputc(bytes[i] ^ 1, file);
            fclose(file);
            assert_int_not_equal(verify(&manifest, why), MICO_OK);
            assert_int_not_equal(why[0], '\0');
            file = fopen(path, "r+b");
            assert_non_null(file);
            fseek(file, (long)i, SEEK_SET);
            fputc(bytes[i], file);
            fclose(file);
        }
        free(bytes);
        assert_int_equal(verify(&manifest, why), MICO_OK);
        mico_manifest_close(manifest);
    }
}

static void missing_files_are_named(void **state)
{
    static const char *const names[] = {"root.pem", "m.json.pem", "m.json.sig", "m.json"};
    struct mico_manifest *manifest;
    char why[MICO_MANIFEST_WHY_MAX], path[128], aside[128];
    publish_good();
    for (size_t n = 0; n < 4; n++) {
        snprintf(path, sizeof path, "%s/%s", maker.dir, names[n]);
        snprintf(aside, sizeof aside, "%s/aside", maker.dir);
        assert_int_equal(rename(path, aside), 0);
        assert_int_equal(verify(&manifest, why), MICO_ERR_IO);
        assert_non_null(strstr(why, names[n]));
        assert_int_equal(rename(aside, path), 0);
    }
}

static void later_manifest_extends_only_what_it_begins_with(void **state)
{
    struct mico_manifest *all, *two, *others;
    struct mico_manifest_entry list[DEVICES];
    char why[MICO_MANIFEST_WHY_MAX];
    publish_good();
    assert_int_equal(verify(&all, why), MICO_OK);
    cJSON *json = manifest_of(entries, 2);
    publish(json, true);
    cJSON_Delete(json);
    assert_int_equal(verify(&two, why), MICO_OK);
    memcpy(list, entries + 1, (DEVICES - 1) * sizeof *list);
    chain_anew(list, DEVICES - 1);
    json = manifest_of(list, DEVICES - 1);
    publish(json, true);
    cJSON_Delete(json);
    assert_int_equal(verify(&others, why), MICO_OK);
    assert_true(mico_manifest_extends(all, two));
    assert_true(mico_manifest_extends(all, all));
    assert_false(mico_manifest_extends(two, all));
    assert_false(mico_manifest_extends(others, two));
    mico_manifest_close(all);
    mico_manifest_close(two);
    mico_manifest_close(others);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_manifest_gives_all_its_entries),
        cmocka_unit_test(manifest_without_devices_is_good),
        cmocka_unit_test(alteration_of_any_field_of_any_entry_names_the_entry),
        cmocka_unit_test(field_missing_added_or_misspelt_names_the_entry),
        cmocka_unit_test(deleted_or_swapped_entry_names_its_place),
        cmocka_unit_test(entries_cut_from_the_end_or_chained_anew_need_the_issuing_key),
        cmocka_unit_test(device_or_chip_twice_is_refused_even_when_signed),
        cmocka_unit_test(head_of_another_version_or_maker_or_form_is_refused),
        cmocka_unit_test(certificate_by_another_ca_is_refused),
        cmocka_unit_test(device_cannot_sign_a_manifest),
        cmocka_unit_test(any_flipped_byte_of_the_three_files_is_refused),
        cmocka_unit_test(missing_files_are_named),
        cmocka_unit_test(later_manifest_extends_only_what_it_begins_with),
    };
    return cmocka_run_group_tests(tests, start, end);
}
