/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: a URL taken apart into strings of its own. */
#ifndef OS_SDK_UTILITIES_URL_H
#define OS_SDK_UTILITIES_URL_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    HOST_IPV4,
    HOST_IPV6, /* host is without its brackets */
    HOST_DOMAIN,
} host_type_t;

/* schema://username:password@host:port/path?name=value&name=value#fragment. What is absent is NULL. path is without its
 * '/'. Percent signs are left as they are. */
typedef struct _url_field {
    host_type_t host_type;
    char *href; /* the whole */
    char *schema;
    char *username;
    char *password;
    char *host;
    char *port;
    char *path;
    int query_num;
    struct {
        char *name;
        char *value; /* NULL without '=' */
    } * query;
    char *fragment;
} url_field_t;

/** NULL when there is no schema or host, a username without password, a port that is no number up to 65535, brackets that
 * do not match, or no memory. One block of the C library's heap, for url_free. */
url_field_t *url_parse(const char *text);
/** NULL does nothing. */
void url_free(url_field_t *url);
/** Log the parts (DEBUG); a password as its length alone. */
void url_field_print(url_field_t *url);

#ifdef __cplusplus
}
#endif

#endif
