/* SPDX-License-Identifier: Apache-2.0 */
/* Multicast DNS: a lamp that tells the local network of itself, changes its text at the first word that comes
 * to its port 80, and says goodbye at the second. */
#include "mico.h"

#define mdns_log(...) custom_log("MDNS", __VA_ARGS__)

static char service[] = "_mico-lamp._tcp.local.";

/* Wait for a datagram at fd. */
static void wait_for_word(int fd)
{
    char word[8];
    recv(fd, word, sizeof(word), 0);
}

int application_start(void)
{
    mdns_init_t lamp = {.service_name = service,
                        .host_name = "mico-lamp.local.",
                        .instance_name = "Lamp in the hall",
                        .txt_record = "on=0.version=1/.0.",
                        .service_port = 80};
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(80)};
    int fd;
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    require_action(bind(fd, (struct sockaddr *)&own, sizeof(own)) == 0, exit, err = kConnectionErr);
    err = mdns_add_record(lamp, Station, 1500);
    require_noerr(err, exit);
    mdns_log("told");
    wait_for_word(fd);
    mdns_update_txt_record(service, Station, "on=1.version=1/.0");
    mdns_log("told anew");
    wait_for_word(fd);
    mdns_suspend_record(service, Station, true);
    mdns_log("goodbye");

exit:
    return err;
}
