/* SPDX-License-Identifier: Apache-2.0 */
/* The words of mico-controller; see say.h. */
#include "pairing/controller/say.h"

#include <stdio.h>

#include <cjson/cJSON.h>

static bool as_json;

void say_json(bool json)
{
    as_json = json;
}

int say_result(bool json, struct cJSON *object, const char *text)
{
    if (json) {
        char *line = cJSON_PrintUnformatted(object);
        (void)puts(line);
        cJSON_free(line);
    } else {
        (void)puts(text);
    }
    cJSON_Delete(object);
    return EXIT_DONE;
}

int say_error(enum exit_status status, const char *what, const char *why, const char *next)
{
    char text[512];
    (void)snprintf(text, sizeof text, "%s%s%s", what, why != NULL ? ": " : "", why != NULL ? why : "");
    if (as_json) {
        cJSON *object = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(object, "error", text);
        (void)cJSON_AddStringToObject(object, "try", next);
        char *line = cJSON_PrintUnformatted(object);
        (void)puts(line);
        cJSON_free(line);
        cJSON_Delete(object);
    } else {
        (void)fprintf(stderr, "error: %s; %s\n", text, next);
    }
    return (int)status;
}

static const struct refusal {
    enum mico_hap_error error;
    bool pairing;
    const char *what;
    const char *next;
} refusals[] = {
    {MICO_HAP_AUTHENTICATION, true, "setup code refused (HAP error 2 Authentication)",
     "read the code on the device's label again; after 100 wrong codes it locks until its reset"},
    {MICO_HAP_MAX_TRIES, true, "the device is locked after 100 wrong setup codes (HAP error 5 MaxTries)",
     "do its physical reset, then pair again"},
    {MICO_HAP_UNAVAILABLE, true, "the device is paired already (HAP error 6 Unavailable)",
     "unpair it with the controller that has it, or do its physical reset"},
    {MICO_HAP_BUSY, true, "the device is being paired by someone else (HAP error 7 Busy)", "try again in 30 seconds"},
    {MICO_HAP_BACKOFF, true, "the device asks for patience (HAP error 3 Backoff)", "try again in a minute"},
    {MICO_HAP_AUTHENTICATION, false, "the device does not accept this controller (HAP error 2 Authentication)",
     "it was reset or the pairing removed: pair again"},
    {MICO_HAP_MAX_PEERS, false, "the device has no room for another controller (HAP error 4 MaxPeers)", "remove one first"},
};

static int say_refusal(const struct mico_client *client, bool pairing)
{
    char what[96];
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (refusals[i].error == client->hap_error && refusals[i].pairing == pairing) {
            return say_error(EXIT_REFUSED, refusals[i].what, NULL, refusals[i].next);
        }
    }
    if (client->hap_error != MICO_HAP_OK) {
        (void)snprintf(what, sizeof what, "the device refuses M%d (HAP error %d)", client->step - 1, (int)client->hap_error);
    } else {
        (void)snprintf(what, sizeof what, "the device answers HTTP %d", client->reply.status);
    }
    return say_error(EXIT_REFUSED, what, NULL,
                     pairing ? "if it cannot show a certificate, --allow-uncertified pairs without" : "try again");
}

int say_trouble(const struct mico_client *client, bool pairing)
{
    switch (client->trouble) {
    case MICO_TROUBLE_REFUSED:
        return say_refusal(client, pairing);
    case MICO_TROUBLE_WIRE:
        return say_error(EXIT_NOT_REACHED, "the connection to the device failed", client->why,
                         "see that it runs and that the address is right");
    case MICO_TROUBLE_PROOF:
        return say_error(EXIT_IDENTITY, "the device cannot prove that it knows the setup code", NULL,
                         "do not trust it: another device may answer at this address");
    case MICO_TROUBLE_NO_CERTIFICATE:
        return say_error(EXIT_CERTIFICATE, "the device shows no device certificate", NULL,
                         "if it is a plain HomeKit accessory and you accept that, add --allow-uncertified");
    case MICO_TROUBLE_CERTIFICATE:
        return say_error(EXIT_CERTIFICATE, "the device's certificate is refused", client->why,
                         "it may be a copy: ask its maker; is --maker-root the right one?");
    case MICO_TROUBLE_IDENTITY:
        return say_error(EXIT_IDENTITY, "this is not the paired device", client->why,
                         "check the address; if the device was replaced, unpair and pair again");
    case MICO_TROUBLE_PROTOCOL:
        return say_error(EXIT_FAILED, "the device's answer cannot be understood", client->why,
                         "is it an accessory that answers there?");
    default:
        return say_error(EXIT_FAILED, "this computer's cryptography failed", client->why, "try again");
    }
}
