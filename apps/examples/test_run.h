/* SPDX-License-Identifier: Apache-2.0 */
/* An example that runs: on posix as a process, on the board in the emulator. For tests alone. */
#ifndef APPS_EXAMPLES_TEST_RUN_H
#define APPS_EXAMPLES_TEST_RUN_H

#include <stddef.h>
#include <stdint.h>

/** Start the example called name. */
void run_start(const char *name);

/** The same, with a way for multicast to it and back. */
void run_start_wired(const char *name);

/** Send a message of mDNS to the network of a wired example; the next answer that anybody multicasts within a second, or 0. */
size_t run_mdns(const uint8_t *query, size_t len, uint8_t *answer, size_t cap);

/** Its next line of log, without the prefix of time and place; valid until the next call. Fails the test after 20 s. */
const char *run_line(void);

/** Type line and Enter on its console. */
void run_type(const char *line);

/** Wait until it says text, after what was read last. Fails the test after 20 s. */
void run_expect(const char *text);

/** The port of 127.0.0.1 that leads to its port 80. */
uint16_t run_port(void);

/** A connection to its port 80. */
int run_connect(void);
/** A UDP socket that talks to its port 80. */
int run_connect_udp(void);

void run_stop(void);

#endif
