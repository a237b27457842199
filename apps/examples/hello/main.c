/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest application: it says hello three times and returns. */
#include "mico.h"

#define hello_log(...) custom_log("HELLO", __VA_ARGS__)

int application_start(void)
{
    for (int i = 1; i <= 3; i++) {
        hello_log("hello %d", i);
        mico_thread_msleep(20);
    }
    hello_log("done");
    return kNoErr;
}
