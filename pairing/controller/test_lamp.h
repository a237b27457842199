/* SPDX-License-Identifier: Apache-2.0 */
/* A lamp as a process of its own for tests: the accessory of test_bed.h with a real certificate, on TCP and, when asked,
 * behind a relay. It shows how a program serves both with one accessory. */
#ifndef PAIRING_CONTROLLER_TEST_LAMP_H
#define PAIRING_CONTROLLER_TEST_LAMP_H

#include <stdint.h>
#include <sys/types.h>

#include "pairing/controller/test_maker.h"

struct test_lamp_options {
    const struct test_maker *maker; /* who certifies it */
    const char *certified_as;       /* subject CN; NULL: its own id */
    uint16_t relay_port;            /* MQTT over TLS on 127.0.0.1; 0: none */
    const char *relay_cafile, *relay_user, *relay_password;
};

/** Start it on a free port of 127.0.0.1; kill the process to end it. */
pid_t test_lamp_start(const struct test_lamp_options *options, uint16_t *port);

/** A TCP port of 127.0.0.1 that was free a moment ago. */
uint16_t test_free_port(void);

#endif
