/* SPDX-License-Identifier: Apache-2.0 */
#include "pairing/controller/database.h"

#include <limits.h>
#include <string.h>

#include <cjson/cJSON.h>

/* HAP writes a type short ("25") or in full ("00000025-0000-1000-8000-0026BB765291"). */
static bool type_is(const char *text, const char *type)
{
    if (text == NULL) {
        return false;
    }
    text += strspn(text, "0");
    size_t len = strlen(type);
    return strncmp(text, type, len) == 0 &&
           (text[len] == '\0' || strcmp(text + len, "-0000-1000-8000-0026BB765291") == 0);
}

/* Whatever the accessory says: a conversion of what no int holds would be undefined. */
static bool id_of(const cJSON *object, const char *name, int *out)
{
    const cJSON *item = cJSON_GetObjectItem(object, name);
    double value = cJSON_IsNumber(item) ? item->valuedouble : 0;
    if (!(value >= 1 && value <= INT_MAX) || value != (double)(int)value) {
        return false;
    }
    *out = (int)value;
    return true;
}

bool mico_database_find(const cJSON *database, const char *type, int *aid, int *iid)
{
    const cJSON *accessory, *service, *c;
    cJSON_ArrayForEach(accessory, cJSON_GetObjectItem(database, "accessories"))
    {
        cJSON_ArrayForEach(service, cJSON_GetObjectItem(accessory, "services"))
        {
            cJSON_ArrayForEach(c, cJSON_GetObjectItem(service, "characteristics"))
            {
                int a, i;
                if (type_is(cJSON_GetStringValue(cJSON_GetObjectItem(c, "type")), type) &&
                    id_of(accessory, "aid", &a) && id_of(c, "iid", &i)) {
                    *aid = a;
                    *iid = i;
                    return true;
                }
            }
        }
    }
    return false;
}
