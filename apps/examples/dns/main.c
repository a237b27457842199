/* SPDX-License-Identifier: Apache-2.0 */
/* Names: one that is known and one that is not. */
#include "mico.h"

#define dns_log(...) custom_log("DNS", __VA_ARGS__)

static void look_up(const char *name)
{
    struct in_addr address;
    struct hostent *host = gethostbyname(name);
    if (host == NULL) {
        dns_log("%s is not known", name);
        return;
    }
    memcpy(&address, host->h_addr, sizeof(address));
    dns_log("%s is at %s", name, inet_ntoa(address));
}

int application_start(void)
{
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    look_up("lamp.test");
    look_up("desk.test");
    look_up("192.168.1.7");

exit:
    return err;
}
