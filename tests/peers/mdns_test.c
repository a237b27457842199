/* SPDX-License-Identifier: Apache-2.0 */
/* mDNS on the posix board beside python-zeroconf and avahi, on one Ethernet of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/net/mdns/service.h"
#include "os/port/board.h"
#include "tests/peers/private_net.h"
#include "tests/peers/program.h"

#define ADDRESS "10.0.2.77"
#define SECOND_ADDRESS "10.0.2.78"
#define PYTHON "/usr/bin/python3"
#define PEER MICO_SOURCE_DIR "/tests/peers/zeroconf_peer.py"

static bool ready; /* there is a network of its own, with an Ethernet */

static void need_network(void)
{
    if (!ready) {
        skip();
    }
}

/* Our own responder, once. */
static void start_own(const char *host)
{
    mico_err err = mico_mdns_start(host);
    assert_true(err == MICO_OK || err == MICO_ERR_STATE);
}

/* ---- a device of ours, another's browser ---- */

static void say(const char *word, uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr(ADDRESS), .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_true(sendto(fd, word, strlen(word), 0, (struct sockaddr *)&to, sizeof to) > 0);
    close(fd);
}

static void zeroconf_finds_our_service_sees_it_change_and_go(void **state)
{
    struct program lamp, browser;
    need_network();
    program_start(&lamp, (const char *const[]){LAMP, "--address", ADDRESS, "--port", "8080", NULL});
    program_expect(&lamp, "told");
    program_start(&browser, (const char *const[]){PYTHON, PEER, "find", ADDRESS, "_mico-lamp._tcp.local.", NULL});
    program_expect(&browser,
                   "added Lamp in the hall._mico-lamp._tcp.local. mico-lamp.local. 10.0.2.77 80 on=0 version=1.0");
    say("on", 8080);
    program_expect(&browser,
                   "updated Lamp in the hall._mico-lamp._tcp.local. mico-lamp.local. 10.0.2.77 80 on=1 version=1.0");
    say("end", 8080);
    program_expect(&browser, "removed Lamp in the hall._mico-lamp._tcp.local.");
    program_stop(&browser);
    program_kill(&lamp);
}

static void second_lamp_takes_another_name(void **state)
{
    struct program one, two, browser;
    need_network();
    program_start(&one, (const char *const[]){LAMP, "--address", ADDRESS, "--port", "8080", NULL});
    program_expect(&one, "told");
    program_start(&browser, (const char *const[]){PYTHON, PEER, "find", ADDRESS, "_mico-lamp._tcp.local.", NULL});
    program_expect(&browser, "added Lamp in the hall._mico-lamp");
    program_start(&two, (const char *const[]){LAMP, "--address", SECOND_ADDRESS, "--port", "8081", NULL});
    program_expect(&browser, "added Lamp in the hall (2)._mico-lamp._tcp.local. mico-lamp-2.local. 10.0.2.78 80");
    program_stop(&browser);
    program_kill(&one);
    program_kill(&two);
}

/* ---- others' services, our browser ---- */

static struct mico_mdns_found found;
static int added, removed;
static struct mico_semaphore news;

static void on_found(void *ctx, enum mico_mdns_event event, const struct mico_mdns_found *what)
{
    found = *what;
    *(event == MICO_MDNS_REMOVED ? &removed : &added) += 1;
    (void)mico_semaphore_give(&news);
}

static void await(const int *count, int want)
{
    while (*count < want) {
        assert_int_equal(mico_semaphore_take(&news, 30000), MICO_OK);
    }
}

static void we_find_zeroconfs_service_and_see_its_goodbye(void **state)
{
    struct program peer;
    int id;
    need_network();
    added = removed = 0;
    program_start(&peer, (const char *const[]){PYTHON, PEER, "offer", ADDRESS, "_http._tcp.local.", "Shelf", "8088",
                                               "path=/x", NULL});
    start_own("desk");
    assert_int_equal(mico_mdns_find("_http._tcp", on_found, NULL, &id), MICO_OK);
    await(&added, 1);
    assert_string_equal(found.instance, "Shelf");
    assert_string_equal(found.host, "Shelf");
    assert_memory_equal(found.ip, "\12\0\2\115", 4);
    assert_int_equal(found.port, 8088);
    assert_int_equal(found.txt_len, 8);
    assert_memory_equal(found.txt, "\7path=/x", 8);
    program_stop(&peer);
    await(&removed, 1);
    mico_mdns_find_end(id);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* avahi with a host name and a service of its own; its folders are the test's alone. */
static void start_avahi(struct program *avahi)
{
    assert_int_equal(mount("none", "/etc/avahi/services", "tmpfs", 0, NULL), 0);
    assert_int_equal(mount("none", "/run", "tmpfs", 0, NULL), 0);
    assert_true(mkdir("/run/avahi-daemon", 0755) == 0);
    write_file("/etc/avahi/services/desk.service",
               "<service-group><name>Desk of avahi</name><service><type>_ipp._tcp</type><port>631</port>"
               "<txt-record>color=yes</txt-record></service></service-group>\n");
    write_file("/run/avahi.conf", "[server]\nhost-name=desk\nuse-ipv4=yes\nuse-ipv6=no\nenable-dbus=no\n"
                                  "allow-interfaces=peer0\n[wide-area]\nenable-wide-area=no\n[publish]\n"
                                  "publish-workstation=no\npublish-hinfo=no\n[rlimits]\n");
    program_start(avahi, (const char *const[]){"/usr/sbin/avahi-daemon", "-f", "/run/avahi.conf", "--no-drop-root",
                                               "--no-chroot", "--no-rlimits", NULL});
    program_expect(avahi, "Service \"Desk of avahi\"");
    program_expect(avahi, "successfully established");
}

static void we_find_avahis_service_and_leave_it_its_host_name(void **state)
{
    struct program avahi;
    int id, own;
    need_network();
    added = removed = 0;
    start_avahi(&avahi);
    start_own("desk"); /* as avahi's host is called */
    assert_int_equal(mico_mdns_find("_ipp._tcp", on_found, NULL, &id), MICO_OK);
    await(&added, 1);
    assert_string_equal(found.instance, "Desk of avahi");
    assert_string_equal(found.host, "desk");
    assert_int_equal(found.port, 631);
    assert_memory_equal(found.txt, "\11color=yes", 10);
    assert_int_equal(mico_mdns_publish("Desk of avahi", "_ipp._tcp", 632, NULL, 0, 0, &own), MICO_OK);
    for (int tries = 0; mico_mdns_publish_state(own) != MICO_MDNS_READY; tries++) {
        assert_true(tries < 300);
        mico_thread_sleep_ms(100);
    }
    await(&added, 2); /* ours, by another name than avahi's */
    assert_string_equal(found.instance, "Desk of avahi (2)");
    assert_string_equal(found.host, "desk-2"); /* this device wanted to be "desk" as well */
    mico_mdns_publish_end(own);
    mico_mdns_find_end(id);
    program_kill(&avahi);
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroconf_finds_our_service_sees_it_change_and_go),
        cmocka_unit_test(second_lamp_takes_another_name),
        cmocka_unit_test(we_find_avahis_service_and_leave_it_its_host_name), /* before anybody has its name */
        cmocka_unit_test(we_find_zeroconfs_service_and_see_its_goodbye),
    };
    mico_semaphore_init(&news, 0, 100);
    mico_board_halt(cmocka_run_group_tests_name("mDNS beside others", tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[8192];
    char *own[] = {"test", "--address", ADDRESS, NULL};
    ready =
        private_net_enter() && private_net_tap("peer0", ADDRESS) >= 0 && private_net_address("peer0:1", SECOND_ADDRESS);
    mico_posix_board_options(3, own);
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
