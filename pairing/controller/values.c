/* SPDX-License-Identifier: Apache-2.0 */
/* get and set: an accessory's values by name; see commands.h. */
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "pairing/controller/commands.h"
#include "pairing/controller/database.h"

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {{"on", "25"}, {"current", "1D"}, {"target", "1E"}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i][0], name) == 0) {
            return types[i][1];
        }
    }
    return NULL;
}

static mico_err request(struct mico_client *client, const char *method, const char *path, const char *body)
{
    return mico_client_request(client, method, path, body != NULL ? "application/hap+json" : NULL,
                               (struct mico_span){(const uint8_t *)body, body != NULL ? strlen(body) : 0});
}

static int say_status(const struct mico_client *client)
{
    char what[64];
    cJSON *answer = cJSON_Parse((const char *)client->reply.body);
    const cJSON *item = cJSON_GetArrayItem(cJSON_GetObjectItem(answer, "characteristics"), 0);
    const cJSON *status = cJSON_GetObjectItem(item != NULL ? item : answer, "status");
    int used = snprintf(what, sizeof what, "the device answers HTTP %d", client->reply.status);
    if (cJSON_IsNumber(status)) {
        (void)snprintf(what + used, sizeof what - (size_t)used, ", HAP status %d", status->valueint);
    }
    cJSON_Delete(answer);
    return say_error(EXIT_REFUSED, what, NULL, "check the value; see docs/PAIRING.md for the statuses");
}

static int show_value(struct mico_client *client, const struct options *options, const char *id, int aid, int iid)
{
    char path[64], text[96];
    (void)snprintf(path, sizeof path, "/characteristics?id=%d.%d", aid, iid);
    if (request(client, "GET", path, NULL) != MICO_OK) {
        return say_trouble(client, false);
    }
    if (client->reply.status != 200) {
        return say_status(client);
    }
    cJSON *answer = cJSON_Parse((const char *)client->reply.body);
    cJSON *value = cJSON_DetachItemFromObject(cJSON_GetArrayItem(cJSON_GetObjectItem(answer, "characteristics"), 0), "value");
    cJSON_Delete(answer);
    if (value == NULL) {
        return say_error(EXIT_FAILED, "the device's answer has no value", NULL, "is it an accessory that answers there?");
    }
    if (cJSON_IsNumber(value) && strcmp(options->name, "on") == 0) { /* some accessories write a bool as 0 or 1 */
        cJSON *flag = cJSON_CreateBool(cJSON_GetNumberValue(value) != 0);
        cJSON_Delete(value);
        value = flag;
    }
    char *printed = cJSON_PrintUnformatted(value);
    (void)snprintf(text, sizeof text, "%s %s", options->name, printed);
    cJSON_free(printed);
    cJSON *object = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(object, "device", id);
    (void)cJSON_AddItemToObject(object, options->name, value);
    return say_result(options->json, object, text);
}

static int change_value(struct mico_client *client, const struct options *options, int aid, int iid)
{
    char body[160];
    (void)snprintf(body, sizeof body, "{\"characteristics\":[{\"aid\":%d,\"iid\":%d,\"value\":%s}]}", aid, iid, options->value);
    if (request(client, "PUT", "/characteristics", body) != MICO_OK) {
        return say_trouble(client, false);
    }
    return client->reply.status == 204 ? EXIT_DONE : say_status(client);
}

static bool value_is_well_formed(const char *value)
{
    bool digits = value[0] != '\0' && strlen(value) <= 3 && strspn(value, "0123456789") == strlen(value);
    return digits || strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
}

/* get and set: set writes first; both show what the device has then. */
static int values_in_session(struct mico_client *client, const struct options *options, const char *id)
{
    int aid, iid;
    if (request(client, "GET", "/accessories", NULL) != MICO_OK) {
        return say_trouble(client, false);
    }
    cJSON *database = cJSON_Parse((const char *)client->reply.body);
    bool found = client->reply.status == 200 && mico_database_find(database, type_of(options->name), &aid, &iid);
    cJSON_Delete(database);
    if (!found) {
        return say_error(EXIT_FAILED, "the device has no such value", options->name, "on is a light's; target and current a lock's");
    }
    int status = options->value != NULL ? change_value(client, options, aid, iid) : EXIT_DONE;
    return status == EXIT_DONE ? show_value(client, options, id, aid, iid) : status;
}

int command_values(const struct options *options, struct mico_state *state)
{
    struct way way;
    struct mico_client_peer peer;
    const char *address;
    int index;
    bool set = strcmp(options->command, "set") == 0;
    if (options->name == NULL || type_of(options->name) == NULL || set != (options->value != NULL) ||
        (set && !value_is_well_formed(options->value))) {
        return say_error(EXIT_USAGE, set ? "set needs a name and a value" : "get needs a name", NULL,
                         set ? "such as: set on true" : "such as: get on");
    }
    int status = way_enter(&way, options, state, &index);
    if (status == EXIT_DONE && mico_state_get(state, index, &peer, &address) == MICO_OK) {
        status = values_in_session(&way.client, options, peer.id);
    }
    way_close(&way);
    return status;
}
