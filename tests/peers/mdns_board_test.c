/* SPDX-License-Identifier: Apache-2.0 */
/* mDNS on the emulated board beside python-zeroconf: the board's Ethernet is joined to one of this host. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/boards/emulator.h"
#include "tests/boards/wire.h"
#include "tests/peers/private_net.h"
#include "tests/peers/program.h"

#define ADDRESS "10.0.2.77"
#define BOOT_MS 30000

static struct emulator board;
static struct {
    int wire, tap;
} joint;

/* Carry frames both ways until the test ends. */
static void *carry(void *arg)
{
    uint8_t frame[WIRE_FRAME_MAX];
    for (;;) {
        struct pollfd ready[] = {{joint.wire, POLLIN, 0}, {joint.tap, POLLIN, 0}};
        poll(ready, 2, -1);
        ssize_t got = (ready[0].revents & POLLIN) != 0 ? recv(joint.wire, frame, sizeof frame, 0) : 0;
        if (got > 0) {
            (void)!write(joint.tap, frame, (size_t)got);
        }
        got = (ready[1].revents & POLLIN) != 0 ? read(joint.tap, frame, sizeof frame) : 0;
        if (got > 0) {
            (void)!send(joint.wire, frame, (size_t)got, 0);
        }
    }
    return NULL;
}

static void zeroconf_finds_the_boards_service_sees_it_change_and_go(void **state)
{
    struct program browser;
    pthread_t carrier;
    if (!private_net_entered() || joint.tap < 0) {
        skip();
    }
    emulator_start_wired(&board, "../../apps/examples/example_mdns", "/dev/urandom", &joint.wire);
    assert_int_equal(pthread_create(&carrier, NULL, carry, NULL), 0);
    emulator_expect(&board, "] told", BOOT_MS);
    program_start(&browser, (const char *const[]){"/usr/bin/python3", MICO_SOURCE_DIR "/tests/peers/zeroconf_peer.py",
                                                  "find", ADDRESS, "_mico-lamp._tcp.local.", NULL});
    program_expect(&browser,
                   "added Lamp in the hall._mico-lamp._tcp.local. mico-lamp.local. 10.0.2.15 80 on=0 version=1.0");
    int fd = emulator_connect_udp(&board);
    assert_int_equal(send(fd, "on", 2, 0), 2);
    program_expect(&browser,
                   "updated Lamp in the hall._mico-lamp._tcp.local. mico-lamp.local. 10.0.2.15 80 on=1 version=1.0");
    assert_int_equal(send(fd, "end", 3, 0), 3);
    program_expect(&browser, "removed Lamp in the hall._mico-lamp._tcp.local.");
    close(fd);
    program_stop(&browser);
}

static int stop(void **state)
{
    emulator_stop(&board);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(zeroconf_finds_the_boards_service_sees_it_change_and_go, stop),
    };
    joint.tap = private_net_enter() ? private_net_tap("peer0", ADDRESS) : -1;
    return cmocka_run_group_tests_name("the board's mDNS beside others", tests, NULL, NULL);
}
