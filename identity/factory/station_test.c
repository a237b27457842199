/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes a device and what may not, and the manifest of what did. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "identity/factory/chip.h"
#include "identity/factory/export.h"
#include "identity/factory/files.h"
#include "identity/factory/test_station.h"
#include "os/boards/posix/posix.h"

static void device_is_made_whole(void **state)
{
    struct test_device device;
    struct station_made result;
    test_new_device(&device, "whole");
    assert_int_equal(test_make(&device, &result), 0);
    made++;
    test_check_device(&device, &result);
    assert_int_equal(test_under_way(), 0);
    test_end_device(&device);
}

static void same_chip_twice_is_refused(void **state)
{
    struct test_device device;
    struct station_made result;
    test_new_device(&device, "twice");
    assert_int_equal(test_make(&device, &result), 0);
    made++;
    assert_int_equal(test_make(&device, NULL), -MICO_ERR_DENIED);
    snprintf(device.flash, sizeof device.flash, "%s/twice.other", dir); /* nor with another flash */
    assert_int_equal(test_make(&device, NULL), -MICO_ERR_DENIED);
    assert_int_not_equal(access(device.flash, F_OK), 0);
    test_stop_chip(&device); /* nor after a reset */
    test_start_chip(&device);
    assert_int_equal(test_make(&device, NULL), -MICO_ERR_DENIED);
    char id[MICO_DEVICE_ID_SIZE + 1];
    assert_true(test_in_log(result.entry.serial, id));
    assert_int_equal(test_under_way(), 0);
    test_end_device(&device);
}

static void chip_locked_by_another_station_is_reported_and_left_alone(void **state)
{
    struct test_device device;
    struct station_made result;
    char id[MICO_DEVICE_ID_SIZE + 1];
    test_new_device(&device, "foreign");
    assert_int_equal(test_run_make(other, &device, NULL, true, &result), 0);
    assert_int_equal(test_make(&device, NULL), -MICO_ERR_DENIED);
    assert_false(test_in_log(result.entry.serial, id));
    assert_int_equal(test_under_way(), 0);
    test_end_device(&device);
}

static void chip_that_another_station_began_is_refused(void **state)
{
    struct test_device device;
    test_new_device(&device, "begun");
    assert_int_equal(test_run_make(other, &device, "certify", true, NULL), STOPPED);
    /* With its flash the binding is known, but the chain is not ours; without it, not even that. */
    assert_int_equal(test_make(&device, NULL), -MICO_ERR_AUTH);
    unlink(device.flash);
    assert_int_equal(test_make(&device, NULL), -MICO_ERR_STATE);
    assert_int_equal(test_shell("rm -f %s/pending/*.json", factory), 0);
    test_end_device(&device);
}

static void flash_of_another_chip_is_refused(void **state)
{
    struct test_device first, second;
    struct station_made result;
    test_new_device(&first, "first");
    test_new_device(&second, "second");
    assert_int_equal(test_make(&first, &result), 0);
    made++;
    char *own = strdup(second.flash);
    strcpy(second.flash, first.flash);
    assert_int_equal(test_make(&second, NULL), -MICO_ERR_DENIED);
    test_check_device(&first, &result); /* and it is as it was */
    strcpy(second.flash, own);
    free(own);
    assert_int_equal(test_make(&second, &result), 0);
    made++;
    test_end_device(&first);
    test_end_device(&second);
}

static void key_with_another_policy_is_refused(void **state)
{
    /* As if someone had used the chip before: its identity key may sign anything that pairing signs, and no more. */
    static const struct mscp_attributes odd = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_PAIRING};
    struct test_device device;
    struct station_chip chip;
    struct mscp_binding binding;
    struct mico_posix_flash flash;
    struct mico_store store;
    uint8_t record[MSCP_BINDING_SIZE], key[32];
    test_new_device(&device, "odd");
    assert_int_equal(station_chip_open(&chip, device.link), MICO_OK);
    assert_int_equal(station_chip_pair(&chip, &binding), MICO_OK);
    assert_int_equal(mscp_host_generate(&chip.host, MSCP_ID_IDENTITY, &odd, key), MICO_OK);
    station_chip_close(&chip);
    assert_int_equal(mico_posix_flash_open(&flash, device.flash), MICO_OK);
    assert_int_equal(mico_store_open(&store, &flash.flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE), MICO_OK);
    mscp_binding_encode(&binding, record);
    assert_int_equal(mico_store_put(&store, MSCP_BINDING_RECORD, record, sizeof record), MICO_OK);
    mico_posix_flash_close(&flash);
    assert_int_equal(test_make(&device, NULL), -MICO_ERR_DENIED);
    assert_int_equal(test_shell("rm -f %s/pending/*.json", factory), 0);
    test_end_device(&device);
}

static int export_to(const char *path)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        struct station station;
        size_t count;
        mico_err err = station_open(&station, factory, true);
        if (err == MICO_OK) {
            err = station_export(&station, path, &count);
        }
        _exit(-err);
    }
    return test_wait_for(pid);
}

static void manifest_is_signed_in_the_token_and_verifies_here_and_with_openssl(void **state)
{
    char path[128], root[128], why[MICO_MANIFEST_WHY_MAX];
    struct mico_manifest *manifest;
    snprintf(path, sizeof path, "%s/manifest.json", dir);
    snprintf(root, sizeof root, "%s/root.pem", factory);
    assert_int_equal(export_to(path), 0);
    assert_int_equal(mico_manifest_verify(path, root, &manifest, why), MICO_OK);
    assert_int_equal(mico_manifest_count(manifest), made);
    struct mico_span leaf = mico_manifest_at(manifest, 0)->certificate;
    snprintf(path, sizeof path, "%s/leaf.der", dir);
    assert_int_equal(station_write_file(path, leaf.data, leaf.len, 0644), MICO_OK);
    mico_manifest_close(manifest);
    assert_int_equal(
        test_shell("cd %s && openssl x509 -in manifest.json.pem -pubkey -noout > pub.pem && openssl pkeyutl -verify "
                   "-pubin -inkey pub.pem -rawin -in manifest.json -sigfile manifest.json.sig >/dev/null",
                   dir),
        0);
    assert_int_equal(
        test_shell("cd %s && openssl x509 -inform DER -in leaf.der -out leaf.pem && openssl verify -x509_strict "
                   "-purpose sslclient -CAfile factory/root.pem -untrusted factory/issuing.pem leaf.pem >/dev/null",
                   dir),
        0);
    assert_int_equal(test_shell("openssl x509 -in %s/leaf.pem -noout -enddate | grep -q 9999", dir), 0);
    snprintf(root, sizeof root, "%s/root.pem", other);
    snprintf(path, sizeof path, "%s/manifest.json", dir);
    assert_int_equal(mico_manifest_verify(path, root, &manifest, why), MICO_ERR_AUTH);
}

static void damaged_log_stops_the_station_before_it_touches_a_chip(void **state)
{
    struct test_device device;
    struct station_chip chip;
    test_new_device(&device, "damaged");
    assert_int_equal(test_shell("cp %s/log.jsonl %s/saved && sed -i '2s/serial\":\"./serial\":\"x/' %s/log.jsonl",
                                factory, dir, factory),
                     0);
    assert_int_equal(test_make(&device, NULL), -MICO_ERR_CORRUPT);
    assert_int_equal(station_chip_open(&chip, device.link), MICO_OK);
    assert_false(chip.info.paired);
    station_chip_close(&chip);
    assert_int_equal(test_shell("cp %s/saved %s/log.jsonl", dir, factory), 0);
    assert_int_equal(test_make(&device, NULL), 0);
    made++;
    test_end_device(&device);
}

static void station_without_its_pin_or_chip_says_so_and_changes_nothing(void **state)
{
    struct test_device device;
    struct station_made result;
    test_new_device(&device, "pinless");
    assert_int_equal(test_shell("mv %s/issuing.pin %s/aside", factory, factory), 0);
    assert_int_equal(test_make(&device, NULL), -MICO_ERR_IO);
    assert_int_equal(test_shell("mv %s/aside %s/issuing.pin", factory, factory), 0);
    assert_int_equal(test_make(&device, &result), 0);
    made++;
    test_check_device(&device, &result);
    test_end_device(&device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(device_is_made_whole),
        cmocka_unit_test(same_chip_twice_is_refused),
        cmocka_unit_test(chip_locked_by_another_station_is_reported_and_left_alone),
        cmocka_unit_test(chip_that_another_station_began_is_refused),
        cmocka_unit_test(flash_of_another_chip_is_refused),
        cmocka_unit_test(key_with_another_policy_is_refused),
        cmocka_unit_test(manifest_is_signed_in_the_token_and_verifies_here_and_with_openssl),
        cmocka_unit_test(damaged_log_stops_the_station_before_it_touches_a_chip),
        cmocka_unit_test(station_without_its_pin_or_chip_says_so_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, test_station_start, test_station_end);
}
