/* SPDX-License-Identifier: Apache-2.0 */
/* A chip on the emulated board with its boot stage: first start, update, restart, and power lost in the middle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "mscp/chip/test_firmware.h"
#include "mscp/chip/test_rig.h"
#include "mscp/host/transport_socket.h"
#include "tests/boards/emulator.h"

#define FLASH_SIZE (16u << 20)
#define BOOT_MS 60000
#define PATIENCE_MS 60000 /* of the driver: an erase of a slot, on a machine with other things to do */

static struct emulator board;
static uint8_t *flash; /* the board's, shared with the emulator */
static struct mscp_socket socket_link;
static struct mscp_transport transport;
static struct mscp_host host;
static struct mscp_binding binding;
static uint8_t code[2][TEST_FIRMWARE_MAX];
static size_t code_len[2];

static size_t read_code(const char *name, uint8_t *out)
{
    char path[512];
    emulator_firmware(path, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t len = fread(out, 1, TEST_FIRMWARE_MAX, f);
    fclose(f);
    return len;
}

static struct test_firmware firmware_of(unsigned slot, uint8_t minor, uint32_t security)
{
    return (struct test_firmware){{code[slot], code_len[slot]}, slot, 0, minor, 0, security, false};
}

/* A board with an empty flash that we can reach; what runs on it does not matter yet. */
static int set_up(void **state)
{
    char path[128];
    code_len[0] = read_code("mscp/chip/chip_a.bin", code[0]);
    code_len[1] = read_code("mscp/chip/chip_b.bin", code[1]);
    emulator_start(&board, "board_bare", "/dev/urandom");
    emulator_expect(&board, "bare firmware", BOOT_MS);
    snprintf(path, sizeof path, "%s/flash.bin", board.dir);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    flash = mmap(NULL, FLASH_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(flash, MAP_FAILED);
    close(fd);
    memset(flash, 0xFF, FLASH_SIZE);
    test_firmware_keys(flash);
    emulator_firmware(board.firmware, "mscp/chip/chip_boot.elf");
    return 0;
}

static int tear_down(void **state)
{
    host.timeout_ms = 100; /* it may be starting again */
    mscp_host_stop(&host);
    mscp_socket_close(&socket_link);
    emulator_stop(&board);
    munmap(flash, FLASH_SIZE);
    return 0;
}

static void connect_host(const struct mscp_binding *known)
{
    char path[100];
    snprintf(path, sizeof path, "%s/link.sock", board.dir);
    mscp_socket_close(&socket_link);
    assert_int_equal(mscp_socket_open(&socket_link, path, PATIENCE_MS, &transport), MICO_OK);
    mscp_host_start(&host, &transport, known);
    host.timeout_ms = PATIENCE_MS;
}

static uint32_t version(void)
{
    struct mscp_info info;
    assert_int_equal(mscp_host_info(&host, &info), MICO_OK);
    return info.firmware_version;
}

static void nothing_starts_without_the_makers_signature(void **state)
{
    struct test_firmware strange = firmware_of(0, 1, 1);
    strange.stranger = true;
    test_firmware_install(&strange, flash);
    emulator_restart(&board);
    emulator_expect(&board, "chip: no firmware in its flash that its maker signed", BOOT_MS);
}

static void an_updated_chip_has_the_new_version_and_its_old_keys(void **state)
{
    static uint8_t image[TEST_FIRMWARE_MAX];
    static const struct mscp_attributes attributes = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_PAIRING};
    uint8_t key[32], same[32];
    uint32_t address, committed;
    struct test_firmware first = firmware_of(0, 1, 1), second = firmware_of(1, 2, 1), old = firmware_of(0, 1, 1);
    test_firmware_install(&first, flash);
    emulator_restart(&board);
    emulator_expect(&board, "chip: starting 0.1.0 (security version 1) from slot 1", BOOT_MS);
    emulator_expect(&board, "lifecycle 0x01", BOOT_MS);
    connect_host(NULL);
    assert_int_equal(mscp_host_pair(&host, &binding), MICO_OK);
    assert_int_equal(mscp_host_generate(&host, MSCP_ID_PAIRING, &attributes, key), MICO_OK);
    assert_int_equal(version(), 0x00010000);

    assert_int_equal(mscp_host_update_ask(&host, &address, &committed), MICO_OK);
    assert_int_equal(address, MSCP_FIRMWARE_BASE + mscp_firmware_slot(1));
    size_t len = test_firmware_image(&second, image);
    assert_int_equal(mscp_host_update(&host, (struct mico_span){image, len}, &committed), MICO_OK);
    assert_int_equal(committed, 0x00020000);
    emulator_expect(&board, "chip: starting 0.2.0 (security version 1) from slot 2", BOOT_MS); /* by itself */
    emulator_expect(&board, "lifecycle 0x03", BOOT_MS);
    assert_int_equal(version(), 0x00020000);
    assert_int_equal(mscp_host_public_key(&host, MSCP_ID_PAIRING, same), MICO_OK);
    assert_memory_equal(key, same, 32);

    len = test_firmware_image(&old, image); /* back to the old one, rightly signed and linked */
    assert_int_equal(mscp_host_update(&host, (struct mico_span){image, len}, &committed), MICO_ERR_ROLLBACK);
    assert_int_equal(version(), 0x00020000);
    emulator_restart(&board); /* a cut: what was half-done is not started */
    emulator_expect(&board, "chip: starting 0.2.0 (security version 1) from slot 2", BOOT_MS);
}

static void a_cut_in_mid_update_starts_the_old_firmware(void **state)
{
    uint32_t committed;
    static uint8_t image[TEST_FIRMWARE_MAX];
    struct test_firmware first = firmware_of(0, 1, 1), second = firmware_of(1, 2, 1);
    test_firmware_install(&first, flash);
    emulator_restart(&board);
    emulator_expect(&board, "lifecycle 0x01", BOOT_MS);
    connect_host(NULL);
    assert_int_equal(mscp_host_pair(&host, &binding), MICO_OK);
    size_t len = test_firmware_image(&second, image);
    /* All but the last word of the signature: taken, and refused at the commit. */
    assert_int_equal(mscp_host_update(&host, (struct mico_span){image, len - 4}, &committed), MICO_ERR_CRYPTO);
    emulator_restart(&board);
    emulator_expect(&board, "chip: starting 0.1.0 (security version 1) from slot 1", BOOT_MS);
    emulator_expect(&board, "lifecycle 0x03", BOOT_MS);
    connect_host(&binding);
    assert_int_equal(mscp_host_update(&host, (struct mico_span){image, len}, &committed), MICO_OK);
    emulator_expect(&board, "chip: starting 0.2.0 (security version 1) from slot 2", BOOT_MS);
}

int main(void)
{
#define ON_BOARD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ON_BOARD(nothing_starts_without_the_makers_signature),
        ON_BOARD(an_updated_chip_has_the_new_version_and_its_old_keys),
        ON_BOARD(a_cut_in_mid_update_starts_the_old_firmware),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
