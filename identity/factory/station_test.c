/* SPDX-License-Identifier: Apache-2.0 */
/* The station with a real chip (a process) and a real PKCS#11 module (SoftHSM2). Each run of the station is a process
 * of its own, as in life, so it can be stopped anywhere: by leaving after a step, or killed at any moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/srp/srp.h"
#include "identity/chain.h"
#include "identity/factory/ca.h"
#include "identity/factory/chip.h"
#include "identity/factory/cloud_ca.h"
#include "identity/factory/export.h"
#include "identity/factory/log.h"
#include "identity/factory/make.h"
#include "identity/factory/pending.h"
#include "os/boards/posix/posix.h"

#define STOPPED 77 /* exit status of a run that was told to stop */

static char dir[64];     /* under /tmp: everything of this test */
static char factory[80]; /* the station */
static char other[80];   /* another maker's */
static unsigned made;    /* devices in the station's log, as this test counts them */

struct device {
    pid_t chip;
    char link[96], chip_flash[96], flash[96];
};

/* ---- processes ---- */

static pid_t start_program(const char *const argv[], const char *log)
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

/* Exit status, or minus the signal. */
static int wait_for(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void start_chip(struct device *device)
{
    char log[96];
    snprintf(log, sizeof log, "%s/chip.log", dir);
    unlink(device->link); /* of one that was killed */
    const char *const argv[] = {MSCPD, "--flash", device->chip_flash, "--listen", device->link, NULL};
    device->chip = start_program(argv, log);
    /* A busy machine may take its time to write the new flash: longer than the station waits for a chip. */
    for (unsigned i = 0; access(device->link, F_OK) != 0; i++) {
        assert_in_range(i, 0, 6000);
        usleep(10000);
    }
}

static void stop_chip(struct device *device)
{
    kill(device->chip, SIGKILL);
    wait_for(device->chip);
}

/* A chip fresh from its maker, and no flash yet. */
static void new_device(struct device *device, const char *name)
{
    snprintf(device->link, sizeof device->link, "%s/%s.sock", dir, name);
    snprintf(device->chip_flash, sizeof device->chip_flash, "%s/%s.chip", dir, name);
    snprintf(device->flash, sizeof device->flash, "%s/%s.flash", dir, name);
    start_chip(device);
}

static void end_device(struct device *device)
{
    char anchor[sizeof device->chip_flash + 8];
    stop_chip(device);
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

/* One run of `make` in a process of its own; its exit status is the negated mico_err, or STOPPED. What it made goes to
 * *result through a pipe. With deliver the label is given out. */
static int run_make(const char *station_dir, const struct device *device, const char *after, bool deliver,
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
    return wait_for(pid);
}

static int make(const struct device *device, struct station_made *result)
{
    return run_make(factory, device, NULL, true, result);
}

/* ---- what must hold ---- */

/* The log has `made` devices, and this chip's exactly once or not at all. */
static bool in_log(const uint8_t serial[MSCP_SERIAL_SIZE], char id[MICO_DEVICE_ID_SIZE + 1])
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
static void check_chip(const struct device *device, struct mico_store *store, const struct station_made *result)
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

static void check_device(const struct device *device, const struct station_made *result)
{
    struct mico_posix_flash flash;
    struct mico_store store;
    char id[MICO_DEVICE_ID_SIZE + 1];
    assert_true(in_log(result->entry.serial, id));
    assert_string_equal(id, result->entry.device_id);
    assert_int_equal(mico_posix_flash_open(&flash, device->flash), MICO_OK);
    assert_int_equal(mico_store_open(&store, &flash.flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE), MICO_OK);
    check_chip(device, &store, result);
    check_setup(&store, result);
    mico_posix_flash_close(&flash);
}

static size_t under_way(void)
{
    struct station station;
    size_t count;
    assert_int_equal(station_open(&station, factory, false), MICO_OK);
    assert_int_equal(station_pending_count(&station, &count), MICO_OK);
    station_close(&station);
    return count;
}

/* ---- tests ---- */

__attribute__((format(printf, 1, 2))) static int shell(const char *format, ...)
{
    char command[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    return system(command);
}

static int init_station(const char *station_dir, const char *maker)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        _exit(-station_init(station_dir, maker, NULL));
    }
    return wait_for(pid);
}

static int start(void **state)
{
    strcpy(dir, "/tmp/mico-station-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(factory, sizeof factory, "%s/factory", dir);
    snprintf(other, sizeof other, "%s/other", dir);
    assert_int_equal(init_station(factory, "Example Lights"), 0);
    assert_int_equal(init_station(other, "Other Lights"), 0);
    return 0;
}

static int end(void **state)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command);
}

static void cas_have_their_keys_in_the_token_and_pass_openssl(void **state)
{
    assert_int_equal(shell("cd %s && openssl verify -x509_strict -CAfile root.pem issuing.pem >/dev/null", factory), 0);
    assert_int_equal(
        shell("openssl x509 -in %s/issuing.pem -noout -ext basicConstraints | grep -q 'pathlen:0'", factory), 0);
    assert_int_equal(shell("test $(stat -c %%a %s/root.pin %s/issuing.pin | sort -u) = 600", factory, factory), 0);
    /* No private key lies about: neither PEM nor PKCS#8 nor a raw one beside its public key. */
    assert_int_not_equal(shell("grep -rq 'PRIVATE KEY' %s", factory), 0);
    /* The token gives it to nobody. */
    assert_int_equal(
        shell("cd %s && SOFTHSM2_CONF=softhsm2.conf pkcs11-tool --module %s --token-label mico-issuing --login "
              "--pin $(cat issuing.pin) --list-objects --type privkey 2>/dev/null | grep -q 'never extractable'",
              factory, MICO_SOFTHSM2_MODULE),
        0);
}

static void station_is_made_once_in_a_directory(void **state)
{
    assert_int_equal(init_station(factory, "Example Lights"), -MICO_ERR_STATE);
}

static void device_is_made_whole(void **state)
{
    struct device device;
    struct station_made result;
    new_device(&device, "whole");
    assert_int_equal(make(&device, &result), 0);
    made++;
    check_device(&device, &result);
    assert_int_equal(under_way(), 0);
    end_device(&device);
}

static void same_chip_twice_is_refused(void **state)
{
    struct device device;
    struct station_made result;
    new_device(&device, "twice");
    assert_int_equal(make(&device, &result), 0);
    made++;
    assert_int_equal(make(&device, NULL), -MICO_ERR_DENIED);
    snprintf(device.flash, sizeof device.flash, "%s/twice.other", dir); /* nor with another flash */
    assert_int_equal(make(&device, NULL), -MICO_ERR_DENIED);
    assert_int_not_equal(access(device.flash, F_OK), 0);
    stop_chip(&device); /* nor after a reset */
    start_chip(&device);
    assert_int_equal(make(&device, NULL), -MICO_ERR_DENIED);
    char id[MICO_DEVICE_ID_SIZE + 1];
    assert_true(in_log(result.entry.serial, id));
    assert_int_equal(under_way(), 0);
    end_device(&device);
}

static void chip_locked_by_another_station_is_reported_and_left_alone(void **state)
{
    struct device device;
    struct station_made result;
    char id[MICO_DEVICE_ID_SIZE + 1];
    new_device(&device, "foreign");
    assert_int_equal(run_make(other, &device, NULL, true, &result), 0);
    assert_int_equal(make(&device, NULL), -MICO_ERR_DENIED);
    assert_false(in_log(result.entry.serial, id));
    assert_int_equal(under_way(), 0);
    end_device(&device);
}

static void chip_that_another_station_began_is_refused(void **state)
{
    struct device device;
    new_device(&device, "begun");
    assert_int_equal(run_make(other, &device, "certify", true, NULL), STOPPED);
    /* With its flash the binding is known, but the chain is not ours; without it, not even that. */
    assert_int_equal(make(&device, NULL), -MICO_ERR_AUTH);
    unlink(device.flash);
    assert_int_equal(make(&device, NULL), -MICO_ERR_STATE);
    assert_int_equal(shell("rm -f %s/pending/*.json", factory), 0);
    end_device(&device);
}

static void flash_of_another_chip_is_refused(void **state)
{
    struct device first, second;
    struct station_made result;
    new_device(&first, "first");
    new_device(&second, "second");
    assert_int_equal(make(&first, &result), 0);
    made++;
    char *own = strdup(second.flash);
    strcpy(second.flash, first.flash);
    assert_int_equal(make(&second, NULL), -MICO_ERR_DENIED);
    check_device(&first, &result); /* and it is as it was */
    strcpy(second.flash, own);
    free(own);
    assert_int_equal(make(&second, &result), 0);
    made++;
    end_device(&first);
    end_device(&second);
}

static void key_with_another_policy_is_refused(void **state)
{
    /* As if someone had used the chip before: its identity key may sign anything that pairing signs, and no more. */
    static const struct mscp_attributes odd = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_PAIRING};
    struct device device;
    struct station_chip chip;
    struct mscp_binding binding;
    struct mico_posix_flash flash;
    struct mico_store store;
    uint8_t record[MSCP_BINDING_SIZE], key[32];
    new_device(&device, "odd");
    assert_int_equal(station_chip_open(&chip, device.link), MICO_OK);
    assert_int_equal(station_chip_pair(&chip, &binding), MICO_OK);
    assert_int_equal(mscp_host_generate(&chip.host, MSCP_ID_IDENTITY, &odd, key), MICO_OK);
    station_chip_close(&chip);
    assert_int_equal(mico_posix_flash_open(&flash, device.flash), MICO_OK);
    assert_int_equal(mico_store_open(&store, &flash.flash, MICO_FLASH_PROVISION, MICO_FLASH_PROVISION_SIZE), MICO_OK);
    mscp_binding_encode(&binding, record);
    assert_int_equal(mico_store_put(&store, MSCP_BINDING_RECORD, record, sizeof record), MICO_OK);
    mico_posix_flash_close(&flash);
    assert_int_equal(make(&device, NULL), -MICO_ERR_DENIED);
    assert_int_equal(shell("rm -f %s/pending/*.json", factory), 0);
    end_device(&device);
}

static void station_stopped_after_any_step_finishes_with_one_device(void **state)
{
    static const char *const steps[] = {"paired",  "bound",     "binding", "label", "keys", "attest",
                                        "certify", "provision", "dry-run", "lock",  "log"};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        for (unsigned reset = 0; reset < 2; reset++) { /* and with the chip reset in between */
            struct device device;
            struct station_made result;
            struct station_chip chip;
            char id[MICO_DEVICE_ID_SIZE + 1];
            new_device(&device, "stopped");
            assert_int_equal(run_make(factory, &device, steps[i], true, NULL), STOPPED);
            if (reset == 1) {
                stop_chip(&device);
                start_chip(&device);
            }
            made += strcmp(steps[i], "log") == 0;
            assert_int_equal(station_chip_open(&chip, device.link), MICO_OK);
            station_chip_close(&chip);
            assert_int_equal(in_log(chip.info.serial, id), strcmp(steps[i], "log") == 0);
            assert_int_equal(make(&device, &result), 0);
            made += strcmp(steps[i], "log") != 0;
            check_device(&device, &result);
            assert_int_equal(under_way(), 0);
            assert_int_equal(make(&device, NULL), -MICO_ERR_DENIED);
            end_device(&device);
        }
    }
}

static void label_not_given_out_is_given_again_and_then_never_more(void **state)
{
    struct device device;
    struct station_made first, again;
    new_device(&device, "label");
    assert_int_equal(run_make(factory, &device, NULL, false, &first), 0);
    made++;
    assert_int_equal(under_way(), 1);
    assert_int_equal(run_make(factory, &device, NULL, false, &again), 0);
    assert_string_equal(first.label.code, again.label.code);
    assert_string_equal(first.payload, again.payload);
    assert_string_equal(first.entry.device_id, again.entry.device_id);
    assert_int_equal(make(&device, &again), 0);
    check_device(&device, &again);
    assert_int_equal(make(&device, NULL), -MICO_ERR_DENIED);
    assert_int_equal(shell("grep -rqF %s %s", first.label.code, factory), 256); /* the station forgot the code */
    end_device(&device);
}

static long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

#define KILLS 40

static void station_killed_at_any_moment_finishes_with_one_device(void **state)
{
    char log[96];
    long whole_run = 0; /* ns; of a run that is not killed: the first */
    snprintf(log, sizeof log, "%s/station.log", dir);
    for (unsigned i = 0; i <= KILLS; i++) {
        struct device device;
        struct station_chip chip;
        char id[MICO_DEVICE_ID_SIZE + 1];
        new_device(&device, "killed");
        assert_int_equal(station_chip_open(&chip, device.link), MICO_OK); /* it listens */
        station_chip_close(&chip);
        const char *const argv[] = {MICO_STATION, "make",    "--dir",      factory,  "--link",
                                    device.link,  "--flash", device.flash, "--json", NULL};
        pid_t pid = start_program(argv, log);
        long begun = now_ns();
        if (i > 0) {
            long pause = whole_run / KILLS * i;
            nanosleep(&(struct timespec){pause / 1000000000L, pause % 1000000000L}, NULL);
            kill(pid, SIGKILL);
        }
        wait_for(pid);
        whole_run = i == 0 ? now_ns() - begun : whole_run;
        int status = wait_for(start_program(argv, log));
        if (status != 0 && status != 3) {
            assert_int_equal(shell("tail -5 %s", log), 0);
        }
        assert_true(status == 0 || status == 3); /* 3: the first run had done it all */
        made++;
        assert_true(in_log(chip.info.serial, id));
        assert_int_equal(under_way(), 0);
        end_device(&device);
    }
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
    return wait_for(pid);
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
        shell("cd %s && openssl x509 -in manifest.json.pem -pubkey -noout > pub.pem && openssl pkeyutl -verify "
              "-pubin -inkey pub.pem -rawin -in manifest.json -sigfile manifest.json.sig >/dev/null",
              dir),
        0);
    assert_int_equal(
        shell("cd %s && openssl x509 -inform DER -in leaf.der -out leaf.pem && openssl verify -x509_strict "
              "-purpose sslclient -CAfile factory/root.pem -untrusted factory/issuing.pem leaf.pem >/dev/null",
              dir),
        0);
    assert_int_equal(shell("openssl x509 -in %s/leaf.pem -noout -enddate | grep -q 9999", dir), 0);
    snprintf(root, sizeof root, "%s/root.pem", other);
    snprintf(path, sizeof path, "%s/manifest.json", dir);
    assert_int_equal(mico_manifest_verify(path, root, &manifest, why), MICO_ERR_AUTH);
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
            shell("cd %s && openssl verify -x509_strict -CAfile root.pem -purpose sslserver -verify_hostname "
                  "broker.mico.test server.pem >/dev/null && openssl verify -CAfile root.pem -purpose sslserver "
                  "-verify_ip 10.0.2.2 server.pem >/dev/null",
                  out),
            0);
        assert_int_equal(shell("cd %s && openssl verify -x509_strict -CAfile root.pem -purpose sslclient operator.pem "
                               "service.pem >/dev/null && test $(stat -c %%a *.key | sort -u) = 600",
                               out),
                         0);
        assert_int_not_equal(shell("openssl verify -CAfile %s/root.pem %s/server.pem >/dev/null 2>&1", factory, out),
                             0);
        assert_int_equal(shell("rm -r %s", out), 0);
    }
}

static void damaged_log_stops_the_station_before_it_touches_a_chip(void **state)
{
    struct device device;
    struct station_chip chip;
    new_device(&device, "damaged");
    assert_int_equal(
        shell("cp %s/log.jsonl %s/saved && sed -i '2s/serial\":\"./serial\":\"x/' %s/log.jsonl", factory, dir, factory),
        0);
    assert_int_equal(make(&device, NULL), -MICO_ERR_CORRUPT);
    assert_int_equal(station_chip_open(&chip, device.link), MICO_OK);
    assert_false(chip.info.paired);
    station_chip_close(&chip);
    assert_int_equal(shell("cp %s/saved %s/log.jsonl", dir, factory), 0);
    assert_int_equal(make(&device, NULL), 0);
    made++;
    end_device(&device);
}

static void station_without_its_pin_or_chip_says_so_and_changes_nothing(void **state)
{
    struct device device;
    struct station_made result;
    new_device(&device, "pinless");
    assert_int_equal(shell("mv %s/issuing.pin %s/aside", factory, factory), 0);
    assert_int_equal(make(&device, NULL), -MICO_ERR_IO);
    assert_int_equal(shell("mv %s/aside %s/issuing.pin", factory, factory), 0);
    assert_int_equal(make(&device, &result), 0);
    made++;
    check_device(&device, &result);
    end_device(&device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cas_have_their_keys_in_the_token_and_pass_openssl),
        cmocka_unit_test(station_is_made_once_in_a_directory),
        cmocka_unit_test(device_is_made_whole),
        cmocka_unit_test(same_chip_twice_is_refused),
        cmocka_unit_test(chip_locked_by_another_station_is_reported_and_left_alone),
        cmocka_unit_test(chip_that_another_station_began_is_refused),
        cmocka_unit_test(flash_of_another_chip_is_refused),
        cmocka_unit_test(key_with_another_policy_is_refused),
        cmocka_unit_test(station_stopped_after_any_step_finishes_with_one_device),
        cmocka_unit_test(label_not_given_out_is_given_again_and_then_never_more),
        cmocka_unit_test(station_killed_at_any_moment_finishes_with_one_device),
        cmocka_unit_test(manifest_is_signed_in_the_token_and_verifies_here_and_with_openssl),
        cmocka_unit_test(cloud_ca_serves_its_names_and_nothing_of_the_makers),
        cmocka_unit_test(damaged_log_stops_the_station_before_it_touches_a_chip),
        cmocka_unit_test(station_without_its_pin_or_chip_says_so_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, start, end);
}
