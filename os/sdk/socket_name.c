/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: names and addresses. */
#include <string.h>

#include "os/port/context.h"
#include "os/sdk/sockets.h"

#define ANSWERS 4 /* of getaddrinfo, at a time */

struct hostent *mico_gethostbyname(const char *name)
{
    static char ip[4], text[64], *addresses[2], *none[1];
    static struct hostent found;
    if (name == NULL || mico_net_resolve(name, (uint8_t *)ip) != MICO_OK) {
        return NULL;
    }
    snprintf(text, sizeof text, "%s", name);
    addresses[0] = ip;
    found = (struct hostent){
        .h_name = text, .h_aliases = none, .h_addrtype = AF_INET, .h_length = sizeof ip, .h_addr_list = addresses};
    return &found;
}

static struct answer {
    struct addrinfo info; /* first: freeaddrinfo gets its address */
    struct sockaddr_in address;
    bool used;
} answers[ANSWERS];

static struct answer *take_answer(void)
{
    struct answer *taken = NULL;
    uint32_t irq = mico_irq_save();
    for (size_t i = 0; i < ANSWERS && taken == NULL; i++) {
        if (!answers[i].used) {
            taken = &answers[i];
            taken->used = true;
        }
    }
    mico_irq_restore(irq);
    return taken;
}

/* False when text is no port. */
static bool read_port(const char *text, uint16_t *out)
{
    unsigned long value = 0;
    size_t digits = 0;
    if (text == NULL) {
        *out = 0;
        return true;
    }
    for (; text[digits] >= '0' && text[digits] <= '9' && digits < 6; digits++) {
        value = value * 10 + (unsigned long)(text[digits] - '0');
    }
    *out = (uint16_t)value;
    return digits > 0 && text[digits] == '\0' && value <= 65535;
}

int mico_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
    uint8_t ip[4] = {0};
    uint16_t port;
    if (out == NULL || (name == NULL && service == NULL)) {
        return EAI_NONAME;
    }
    if (hints != NULL && hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET) {
        return EAI_FAMILY;
    }
    if (!read_port(service, &port)) {
        return EAI_SERVICE;
    }
    if (name != NULL && mico_net_resolve(name, ip) != MICO_OK) {
        return EAI_NONAME;
    }
    struct answer *answer = take_answer();
    if (answer == NULL) {
        return EAI_MEMORY;
    }
    answer->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    memcpy(&answer->address.sin_addr, ip, 4);
    answer->info =
        (struct addrinfo){.ai_family = AF_INET,
                          .ai_socktype = hints != NULL && hints->ai_socktype != 0 ? hints->ai_socktype : SOCK_STREAM,
                          .ai_protocol = hints != NULL ? hints->ai_protocol : 0,
                          .ai_addrlen = sizeof answer->address,
                          .ai_addr = (struct sockaddr *)&answer->address};
    *out = &answer->info;
    return 0;
}

void mico_freeaddrinfo(struct addrinfo *info)
{
    for (size_t i = 0; i < ANSWERS; i++) {
        if (info == &answers[i].info) {
            answers[i].used = false;
        }
    }
}
