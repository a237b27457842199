/* SPDX-License-Identifier: Apache-2.0 */
/* JSON through json-c: a command that is read, and a report that is written. */
#include "mico.h"

#define json_log(...) custom_log("JSON", __VA_ARGS__)

static void read_command(const char *text)
{
    json_object *command = json_tokener_parse(text);
    if (command == NULL) {
        json_log("not JSON: %s", text);
        return;
    }
    json_object_object_foreach(command, key, value)
    {
        if (json_object_is_type(value, json_type_boolean)) {
            json_log("%s: %s", key, json_object_get_boolean(value) ? "on" : "off");
        } else if (json_object_is_type(value, json_type_int)) {
            json_log("%s: %d", key, (int)json_object_get_int(value));
        } else {
            json_log("%s: %s", key, json_object_get_string(value));
        }
    }
    json_object_put(command);
}

int application_start(void)
{
    json_object *report = json_object_new_object();
    json_object *history = json_object_new_array();
    json_object_object_add(report, "device", json_object_new_string("lamp \"one\""));
    json_object_object_add(report, "power", json_object_new_boolean(1));
    json_object_object_add(report, "temperature", json_object_new_double(21.5));
    for (int i = 1; i <= 3; i++) {
        json_object_array_add(history, json_object_new_int(i * i));
    }
    json_object_object_add(report, "history", history);
    json_log("%s", json_object_to_json_string(report));
    json_object_put(report);
    read_command("{\"power\": true, \"level\": 80, \"name\": \"kitchen\"}");
    read_command("{\"power\": tru");
    return 0;
}
