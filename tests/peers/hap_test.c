/* SPDX-License-Identifier: Apache-2.0 */
/* A device of the demo, as python-zeroconf finds it on the local network: on posix, paired, kept after the demo. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/peers/private_net.h"
#include "tests/peers/program.h"

static void device_is_found_as_an_accessory_with_its_record(void **state)
{
    struct program demo, browser;
    char dir[] = "/tmp/mico-hap-XXXXXX", own[64], command[64];
    if (!private_net_entered()) {
        skip();
    }
    assert_non_null(mkdtemp(dir));
    snprintf(own, sizeof own, "%s/demo", dir); /* the demo makes it */
    program_start(&browser, (const char *const[]){"/usr/bin/python3", MICO_SOURCE_DIR "/tests/peers/zeroconf_peer.py",
                                                  "find", "127.0.0.1", "_hap._tcp.local.", NULL});
    program_start(&demo,
                  (const char *const[]){MICO_TOOL, "demo", "--json", "--keep", "--board", "posix", "--dir", own, NULL});
    program_expect(&browser, "added MiCO light._hap._tcp.local. mico-");
    program_expect(&browser, ".local. 127.0.0.1 ");
    program_expect(&browser, " c#=1 ci=5 ff=0 id=");
    program_expect(&browser, " md=light pv=1.1 s#=1 sf=0 sh=");
    program_kill(&browser);
    kill(demo.pid, SIGINT);
    program_stop(&demo);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(device_is_found_as_an_accessory_with_its_record),
    };
    (void)private_net_enter();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
