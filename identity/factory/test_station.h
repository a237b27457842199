/* SPDX-License-Identifier: Apache-2.0 */
/* A station with a real chip (a process) and a real PKCS#11 module (SoftHSM2), for tests. Each run of the station is a
 * process of its own, as in life, so it can be stopped anywhere: by leaving after a step, or killed at any moment. */
#ifndef IDENTITY_FACTORY_TEST_STATION_H
#define IDENTITY_FACTORY_TEST_STATION_H

#include <sys/types.h>

#include "identity/factory/make.h"

#define STOPPED 77 /* exit status of a run that was told to stop */

extern char dir[64];     /* under /tmp: everything of this test */
extern char factory[80]; /* the station */
extern char other[80];   /* another maker's */
extern unsigned made;    /* devices in the station's log, as this test counts them */

struct test_device {
    pid_t chip;
    char link[96], chip_flash[96], flash[96];
};

/** A group's setup and teardown. */
int test_station_start(void **state);
int test_station_end(void **state);

/** Run a command line; as system. */
int test_shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

pid_t test_start_program(const char *const argv[], const char *log);
/** Exit status, or minus the signal. */
int test_wait_for(pid_t pid);

int test_init_station(const char *station_dir, const char *maker);

/** A chip fresh from its maker, and no flash yet. */
void test_new_device(struct test_device *device, const char *name);
void test_end_device(struct test_device *device);
void test_start_chip(struct test_device *device);
void test_stop_chip(struct test_device *device);

/** One run of `make` in a process of its own; its exit status is the negated mico_err, or STOPPED. What it made goes to
 * *result through a pipe. With deliver the label is given out. */
int test_run_make(const char *station_dir, const struct test_device *device, const char *after, bool deliver,
                  struct station_made *result);
int test_make(const struct test_device *device, struct station_made *result);

/** The log has `made` devices, and this chip's exactly once or not at all. */
bool test_in_log(const uint8_t serial[MSCP_SERIAL_SIZE], char id[MICO_DEVICE_ID_SIZE + 1]);
/** In the log, in its flash and in its chip the device is what result says. */
void test_check_device(const struct test_device *device, const struct station_made *result);
/** Labels that were not given out. */
size_t test_under_way(void);

#endif
