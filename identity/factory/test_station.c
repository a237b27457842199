/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/srp/srp.h"
#include "identity/chain.h"
#include "identity/factory/chip.h"
#include "identity/factory/log.h"
#include "identity/factory/pending.h"
#include "identity/factory/test_station.h"
#include "os/boards/posix/posix.h"

char dir[64], factory[80], other[80];
unsigned made;

pid_t test_start_program(const char *const argv[], const char *log)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (freopen(log, "a", stdout) == NULL || freopen(log, "a", stderr) == NULL) {
            _exit(126);
        }
        execv(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return pid;
}

int test_wait_for(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void test_start_chip(struct test_device *device)
{
    char log[96];
    snprintf(log, sizeof log, "%s/chip.log", dir);
    unlink(device->link); /* of one that was killed */
    const char *const argv[] = {MSCPD, "--flash", device->chip_flash, "--listen", device->link, NULL};
    device->chip = test_start_program(argv, log);
    /* A busy machine may take its time to write the new flash: longer than the station waits for a chip. */
    for (unsigned i = 0; access(device->link, F_OK) != 0; i++) {
        assert_in_range(i, 0, 6000);
        usleep(10000);
    }
}

void test_stop_chip(struct test_device *device)
{
    kill(device->chip, SIGKILL);
    test_wait_for(device->chip);
}

void test_new_device(struct test_device *device, const char *name)
{
    snprintf(device->link, sizeof device->link, "%s/%s.sock", dir, name);
    snprintf(device->chip_flash, sizeof device->chip_flash, "%s/%s.chip", dir, name);
    snprintf(device->flash, sizeof device->flash, "%s/%s.flash", dir, name);
    test_start_chip(device);
}

void test_end_device(struct test_device *device)
{
    char anchor[sizeof device->chip_flash + 8];
    test_stop_chip(device);
    snprintf(anchor, sizeof anchor, "%s.anchor", device->chip_flash);
    unlink(anchor);
    unlink(device->chip_flash);
    unlink(device->flash);
}

struct stop {
    const char *after; /* a step, or NULL */
};

static void stop_after(void *ctx, const char *step)
{
    const struct stop *stop = ctx;
    if (stop->after != NULL && strcmp(step, stop->after) == 0) {
        _exit(STOPPED);
    }
}

int test_run_make(const char *station_dir, const struct test_device *device, const char *after, bool deliver,
                  struct station_made *result)
{
    int pipe_fd[2];
    assert_int_equal(pipe(pipe_fd), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        struct station station;
        struct station_made device_made;
        struct stop stop = {after};
        struct station_order order = {
            .link = device->link, .flash = device->flash, .category = 5, .after_step = stop_after, .ctx = &stop};
        mico_err err = station_open(&station, station_dir, true);
        if (err == MICO_OK) {
            err = station_make(&station, &order, &device_made);
        }
        if (err == MICO_OK && write(pipe_fd[1], &device_made, sizeof device_made) != (ssize_t)sizeof device_made) {
            err = MICO_ERR_IO;
        }
        if (err == MICO_OK && deliver) {
            err = station_made_delivered(&station, &device_made);
        }
        _exit(-err);
    }
    close(pipe_fd[1]);
    struct station_made got;
    if (read(pipe_fd[0], &got, sizeof got) == (ssize_t)sizeof got && result != NULL) {
        *result = got;
        result->entry.certificate = (struct mico_span){NULL, 0}; /* it was the child's */
    }
    close(pipe_fd[0]);
    return test_wait_for(pid);
}

int test_make(const struct test_device *device, struct station_made *result)
{
    return test_run_make(factory, device, NULL, true, result);
}

bool test_in_log(const uint8_t serial[MSCP_SERIAL_SIZE], char id[MICO_DEVICE_ID_SIZE + 1])
{
    struct station station;
    struct station_log log;
    unsigned times = 0;
    assert_int_equal(station_open(&station, factory, false), MICO_OK);
    assert_int_equal(station_log_open(&log, &station, true), MICO_OK);
    assert_int_equal(log.count, made);
    for (size_t i = 0; i < log.count; i++) {
        if (memcmp(log.entries[i].serial, serial, MSCP_SERIAL_SIZE) == 0) {
            times++;
            strcpy(id, log.entries[i].device_id);
        }
    }
    assert_in_range(times, 0, 1);
    station_log_close(&log);
    station_close(&station);
    return times == 1;
}

static size_t get(struct mico_store *store, const char *name, uint8_t *out, size_t cap)
{
    size_t len;
    bool found;
    assert_int_equal(mico_store_get(store, name, out, cap, &len, &found), MICO_OK);
    assert_true(found);
    return len;
}

/* The flash's binding opens a session with the chip, which is locked, and has the keys and a chain by this maker. */
static void check_chip(const struct test_device *device, struct mico_store *store, const struct station_made *result)
{
    struct station_chip chip;
    struct mscp_binding binding;
    uint8_t record[MSCP_BINDING_SIZE], key[32], chain[STATION_CHAIN_MAX];
    struct mico_span certificates[MICO_CHAIN_MAX];
    size_t len, count;
    bool known;
    assert_int_equal(mscp_binding_decode(&binding, record, get(store, MSCP_BINDING_RECORD, record, sizeof record)),
                     MICO_OK);
    assert_int_equal(station_chip_open(&chip, device->link), MICO_OK);
    assert_int_equal(chip.info.lifecycle, MSCP_OPERATIONAL);
    assert_memory_equal(chip.info.serial, result->entry.serial, MSCP_SERIAL_SIZE);
    assert_int_equal(station_chip_resume(&chip, &binding, &known), MICO_OK);
    assert_true(known);
    assert_int_equal(mscp_host_public_key(&chip.host, MSCP_ID_IDENTITY, key), MICO_OK);
    assert_memory_equal(key, result->entry.identity_key, 32);
    assert_int_equal(mscp_host_public_key(&chip.host, MSCP_ID_FIRMWARE, key), MICO_OK);
    assert_memory_equal(key, result->entry.firmware_key, 32);
    assert_int_equal(mscp_host_public_key(&chip.host, MSCP_ID_PAIRING, key), MICO_OK);
    uint64_t counter = 1;
    assert_int_equal(mscp_host_counter(&chip.host, MSCP_ID_ROLLBACK, &counter), MICO_OK);
    assert_true(counter == 0);
    assert_int_equal(mscp_host_read(&chip.host, MSCP_ID_CHAIN, chain, sizeof chain, &len), MICO_OK);
    assert_int_equal(mico_chain_split((struct mico_span){chain, len}, certificates, &count), MICO_OK);
    assert_int_equal(count, 2);
    /* Locked: the chain stays as it is, and no key can be added. */
    assert_int_not_equal(mscp_host_write(&chip.host, MSCP_ID_CHAIN, certificates[1]), MICO_OK);
    station_chip_close(&chip);
}

/* What is in the flash lets in the code of the label, and nothing in it is the code. */
static void check_setup(struct mico_store *store, const struct station_made *result)
{
    uint8_t setup[MICO_SETUP_SALT_SIZE + MICO_SETUP_VERIFIER_SIZE], verifier[MICO_SETUP_VERIFIER_SIZE], id[64];
    assert_int_equal(get(store, MICO_RECORD_SETUP, setup, sizeof setup), sizeof setup);
    struct mico_span code = {(const uint8_t *)result->label.code, STATION_CODE_SIZE};
    assert_int_equal(mico_srp_verifier(code, setup, verifier), MICO_OK);
    assert_memory_equal(setup + MICO_SETUP_SALT_SIZE, verifier, sizeof verifier);
    assert_int_equal(get(store, MICO_RECORD_SETUP_ID, id, sizeof id), MICO_SETUP_ID_SIZE);
    assert_memory_equal(id, result->label.id, MICO_SETUP_ID_SIZE);
    assert_int_equal(get(store, MICO_RECORD_DEVICE_ID, id, sizeof id), MICO_DEVICE_ID_SIZE);
    assert_memory_equal(id, result->entry.device_id, MICO_DEVICE_ID_SIZE);
}

void test_check_device(const struct test_device *device, const struct station_made *result)
{
    struct mico_posix_flash flash;
    struct mico_store store;
    char id[MICO_DEVICE_ID_SIZE + 1];
    assert_true(test_in_log(result->entry.serial, id));
    assert_string_equal(id, result->entry.device_id);
    assert_int_equal(mico_posix_flash_open(&flash, device->flash), MICO_OK);
    assert_int_equal(mico_store_open(&store, &flash.flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE), MICO_OK);
    check_chip(device, &store, result);
    check_setup(&store, result);
    mico_posix_flash_close(&flash);
}

size_t test_under_way(void)
{
    struct station station;
    size_t count;
    assert_int_equal(station_open(&station, factory, false), MICO_OK);
    assert_int_equal(station_pending_count(&station, &count), MICO_OK);
    station_close(&station);
    return count;
}

int test_shell(const char *format, ...)
{
    char command[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    return system(command);
}

int test_init_station(const char *station_dir, const char *maker)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        _exit(-station_init(station_dir, maker, NULL));
    }
    return test_wait_for(pid);
}

int test_station_start(void **state)
{
    strcpy(dir, "/tmp/mico-station-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(factory, sizeof factory, "%s/factory", dir);
    snprintf(other, sizeof other, "%s/other", dir);
    assert_int_equal(test_init_station(factory, "Example Lights"), 0);
    assert_int_equal(test_init_station(other, "Other Lights"), 0);
    return 0;
}

int test_station_end(void **state)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command);
}
