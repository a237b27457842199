/* SPDX-License-Identifier: Apache-2.0 */
/* pairing-test-lamp: the tests' lamp for controllers that others wrote. Prints its port and serves until stdin ends. */
#include <signal.h>
#include <stdio.h>

#include "pairing/controller/test_lamp.h"

int main(void)
{
    struct test_maker maker;
    uint16_t port;
    test_maker_make(&maker);
    struct test_lamp_options options = {.maker = &maker};
    pid_t lamp = test_lamp_start(&options, &port);
    (void)printf("%u\n", port);
    (void)fflush(stdout);
    while (getchar() != EOF) {
    }
    (void)kill(lamp, SIGKILL);
    test_maker_free(&maker);
    return 0;
}
