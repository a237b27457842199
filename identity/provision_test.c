/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "identity/provision.h"
#include "os/store/test_flash.h"

static char log_text[1024];

static void keep_line(const char *line, size_t len)
{
    snprintf(log_text, sizeof log_text, "%.*s", (int)len, line);
}

static uint64_t zero_ms(void)
{
    return 0;
}

static struct mico_cloud_config good_config(void)
{
    struct mico_cloud_config config = {.host = "10.0.2.2",
                                       .port = 8883,
                                       .server_name = "broker.mico.test",
                                       .made_at = 1790000000,
                                       .root = {0x30, 0x03, 0x02, 0x01, 0x05},
                                       .root_len = 5};
    return config;
}

static struct mico_cloud_config longest_config(void)
{
    struct mico_cloud_config config = good_config();
    memset(config.host, 'h', 63);
    memset(config.server_name, 's', 63);
    memcpy(config.root, "\x30\x82\x03\xFC", 4);
    config.root_len = 1024;
    return config;
}

static void device_id_is_the_hash_of_the_key_in_capitals(void **state)
{
    /* SHA-256 of 32 zero bytes begins 66687aadf862. */
    const uint8_t key[32] = {0};
    char id[MICO_DEVICE_ID_SIZE + 1];
    mico_device_id(key, id);
    assert_string_equal(id, "66:68:7A:AD:F8:62");
}

static void cloud_config_comes_back_from_the_store_as_it_went_in(void **state)
{
    static uint8_t memory[2 * 4096];
    struct test_flash rig;
    struct mico_store store;
    const struct mico_cloud_config configs[] = {good_config(), longest_config()};
    test_flash_init(&rig, memory, sizeof memory, 4096, 1);
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, sizeof memory), MICO_OK);
    for (size_t i = 0; i < 2; i++) {
        struct mico_cloud_config back;
        memset(&back, 0xEE, sizeof back);
        assert_int_equal(mico_provision_put_cloud(&store, &configs[i]), MICO_OK);
        assert_int_equal(mico_provision_get_cloud(&store, &back), MICO_OK);
        assert_string_equal(back.host, configs[i].host);
        assert_int_equal(back.port, configs[i].port);
        assert_string_equal(back.server_name, configs[i].server_name);
        assert_true(back.made_at == configs[i].made_at);
        assert_int_equal(back.root_len, configs[i].root_len);
        assert_memory_equal(back.root, configs[i].root, sizeof back.root);
    }
}

static void device_without_a_cloud_says_so(void **state)
{
    static uint8_t memory[2 * 4096];
    struct test_flash rig;
    struct mico_store store;
    struct mico_cloud_config config;
    test_flash_init(&rig, memory, sizeof memory, 4096, 1);
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, sizeof memory), MICO_OK);
    assert_int_equal(mico_provision_get_cloud(&store, &config), MICO_ERR_STATE);
}

static void malformed_record_in_the_store_is_a_format_error(void **state)
{
    static uint8_t memory[4 * 4096], record[4000];
    struct test_flash rig;
    struct mico_store store;
    struct mico_cloud_config config;
    test_flash_init(&rig, memory, sizeof memory, 4096, 1);
    assert_int_equal(mico_store_open(&store, &rig.flash, 0, sizeof memory), MICO_OK);
    assert_int_equal(mico_store_put(&store, MICO_RECORD_CLOUD, record, 3), MICO_OK);
    assert_int_equal(mico_provision_get_cloud(&store, &config), MICO_ERR_FORMAT);
    assert_int_equal(mico_store_put(&store, MICO_RECORD_CLOUD, record, sizeof record), MICO_OK);
    assert_int_equal(mico_provision_get_cloud(&store, &config), MICO_ERR_FORMAT);
}

static void each_bad_field_is_refused_and_named(void **state)
{
    struct mico_cloud_config bad[8];
    static const char *const names[] = {
        "host", "host", "port", "server name", "server name", "time of making", "root certificate", "root certificate"};
    uint8_t out[MICO_CLOUD_CONFIG_MAX];
    size_t len;
    for (size_t i = 0; i < 8; i++) {
        bad[i] = good_config();
    }
    bad[0].host[0] = '\0';
    memset(bad[1].host, 'h', sizeof bad[1].host); /* no end */
    bad[2].port = 0;
    bad[3].server_name[2] = ' ';
    bad[4].server_name[2] = (char)0x80;
    bad[5].made_at = 0;
    bad[6].root_len = 4;
    bad[7].root_len = 1025;
    mico_log_to(keep_line, zero_ms);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(mico_cloud_config_encode(&bad[i], out, &len), MICO_ERR_FORMAT);
        assert_non_null(strstr(log_text, names[i]));
    }
    mico_log_to(NULL, NULL);
}

static void record_cut_or_lengthened_or_of_another_version_is_refused(void **state)
{
    const struct mico_cloud_config config = good_config();
    struct mico_cloud_config back, zero;
    uint8_t record[MICO_CLOUD_CONFIG_MAX + 1] = {0};
    size_t len;
    memset(&zero, 0, sizeof zero);
    assert_int_equal(mico_cloud_config_encode(&config, record, &len), MICO_OK);
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_equal(mico_cloud_config_decode(&back, record, cut), MICO_ERR_FORMAT);
        assert_memory_equal(&back, &zero, sizeof back);
    }
    assert_int_equal(mico_cloud_config_decode(&back, record, len + 1), MICO_ERR_FORMAT);
    record[0] = 2;
    assert_int_equal(mico_cloud_config_decode(&back, record, len), MICO_ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(device_id_is_the_hash_of_the_key_in_capitals),
        cmocka_unit_test(cloud_config_comes_back_from_the_store_as_it_went_in),
        cmocka_unit_test(device_without_a_cloud_says_so),
        cmocka_unit_test(malformed_record_in_the_store_is_a_format_error),
        cmocka_unit_test(each_bad_field_is_refused_and_named),
        cmocka_unit_test(record_cut_or_lengthened_or_of_another_version_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
