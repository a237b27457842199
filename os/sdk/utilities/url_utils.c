/* SPDX-License-Identifier: Apache-2.0 */
/* URLs in both of MiCO SDK v3's shapes: as places in a text (URLUtils.h) and, on top of that, as strings (url.h). */
#include "base/log.h"
#include "os/sdk/utilities/URLUtils.h"
#include "os/sdk/utilities/url.h"

/* The first of the characters of set in [at, end), or end. */
static const char *find_any(const char *at, const char *end, const char *set)
{
    while (at < end && (*at == '\0' || strchr(set, *at) == NULL)) {
        at++;
    }
    return at;
}

static const char *split_authority(URLComponents *out, const char *at, const char *end)
{
    const char *authority_end = find_any(at, end, "/?#");
    const char *sign = find_any(at, authority_end, "@");
    out->hostPtr = at;
    if (sign < authority_end) {
        const char *colon = find_any(at, sign, ":");
        out->userPtr = at;
        out->userLen = (size_t)(colon - at);
        out->passwordPtr = colon < sign ? colon + 1 : NULL;
        out->passwordLen = colon < sign ? (size_t)(sign - colon - 1) : 0;
        out->hostPtr = sign + 1;
    }
    out->hostLen = (size_t)(authority_end - out->hostPtr);
    return authority_end;
}

OSStatus URLParseComponents(const char *src, const char *end, URLComponents *out, const char **out_src)
{
    if (src == NULL || out == NULL || (end != NULL && end < src)) {
        return kParamErr;
    }
    memset(out, 0, sizeof *out);
    end = end != NULL ? end : src + strlen(src);
    const char *colon = find_any(src, end, ":/?#");
    if (colon < end && *colon == ':') {
        out->schemePtr = src;
        out->schemeLen = (size_t)(colon - src);
        src = colon + 1;
    }
    if (end - src >= 2 && src[0] == '/' && src[1] == '/') {
        src = split_authority(out, src + 2, end);
    }
    out->pathPtr = src;
    src = find_any(src, end, "?#");
    out->pathLen = (size_t)(src - out->pathPtr);
    if (src < end && *src == '?') {
        out->queryPtr = src + 1;
        src = find_any(src + 1, end, "#");
        out->queryLen = (size_t)(src - out->queryPtr);
    }
    if (src < end) {
        out->fragmentPtr = src + 1;
        out->fragmentLen = (size_t)(end - src - 1);
    }
    bool leading = out->pathLen > 0 && out->pathPtr[0] == '/';
    bool trailing = out->pathLen > 1 && out->pathPtr[out->pathLen - 1] == '/';
    out->segmentPtr = out->pathPtr + leading;
    out->segmentEnd = out->pathPtr + out->pathLen - trailing;
    if (out_src != NULL) {
        *out_src = end;
    }
    return kNoErr;
}

void PrintURL(URLComponents *url)
{
    if (url != NULL) {
        MICO_LOG("url", "scheme %.*s, user %.*s, password of %u, host %.*s, path %.*s, query %.*s, fragment %.*s",
                 (int)url->schemeLen, url->schemePtr, (int)url->userLen, url->userPtr, (unsigned)url->passwordLen,
                 (int)url->hostLen, url->hostPtr, (int)url->pathLen, url->pathPtr, (int)url->queryLen, url->queryPtr,
                 (int)url->fragmentLen, url->fragmentPtr);
    }
}

/* ---- url.h: one block holds the fields, the pairs of the query, and the strings ---- */

/* Strings are laid one after another behind the pairs. */
struct layout {
    char *to;
};

static char *lay(struct layout *layout, const char *from, size_t len)
{
    if (from == NULL) {
        return NULL;
    }
    char *string = layout->to;
    memcpy(string, from, len);
    string[len] = '\0';
    layout->to += len + 1;
    return string;
}

static bool is_number_below_65536(const char *text, size_t len)
{
    uint32_t value = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (uint32_t)(text[i] - '0');
        if (value > 65535) {
            return false;
        }
    }
    return len > 0;
}

static bool is_ipv4(const char *text, size_t len)
{
    int dots = 0, digits = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '.' && digits > 0) {
            dots++;
            digits = 0;
        } else if (text[i] < '0' || text[i] > '9' || ++digits > 3) {
            return false;
        }
    }
    return dots == 3 && digits > 0;
}

/* Host and port of parts->hostPtr. False when they are malformed. */
static bool split_host(const URLComponents *parts, url_field_t *url, struct layout *layout)
{
    const char *host = parts->hostPtr, *end = host + parts->hostLen, *host_end;
    url->host_type = HOST_DOMAIN;
    if (host < end && *host == '[') {
        host_end = find_any(++host, end, "]");
        if (host_end == end) {
            return false;
        }
        url->host_type = HOST_IPV6;
    } else {
        host_end = find_any(host, end, ":");
        url->host_type = is_ipv4(host, (size_t)(host_end - host)) ? HOST_IPV4 : HOST_DOMAIN;
    }
    const char *port = host_end + (url->host_type == HOST_IPV6);
    bool has_port = port < end;
    if (host == host_end ||
        (has_port && (*port != ':' || !is_number_below_65536(port + 1, (size_t)(end - port - 1))))) {
        return false;
    }
    url->host = lay(layout, host, (size_t)(host_end - host));
    url->port = has_port ? lay(layout, port + 1, (size_t)(end - port - 1)) : NULL;
    return true;
}

static void split_query(const URLComponents *parts, url_field_t *url, struct layout *layout)
{
    const char *at = parts->queryPtr, *end = at != NULL ? at + parts->queryLen : NULL;
    for (int i = 0; i < url->query_num; i++) {
        const char *pair_end = find_any(at, end, "&");
        const char *sign = find_any(at, pair_end, "=");
        url->query[i].name = lay(layout, at, (size_t)(sign - at));
        url->query[i].value = sign < pair_end ? lay(layout, sign + 1, (size_t)(pair_end - sign - 1)) : NULL;
        at = pair_end + 1;
    }
}

static int count_pairs(const URLComponents *parts)
{
    int count = parts->queryLen > 0 ? 1 : 0;
    for (size_t i = 0; i < parts->queryLen; i++) {
        count += parts->queryPtr[i] == '&';
    }
    return count;
}

url_field_t *url_parse(const char *text)
{
    URLComponents parts;
    if (text == NULL || URLParseComponents(text, NULL, &parts, NULL) != kNoErr || parts.schemeLen == 0 ||
        parts.hostLen == 0 || (parts.userPtr != NULL && parts.passwordPtr == NULL)) {
        return NULL;
    }
    size_t len = strlen(text);
    int pairs = count_pairs(&parts);
    size_t fields = sizeof(url_field_t) + (size_t)pairs * sizeof(*((url_field_t *)0)->query);
    url_field_t *url =
        calloc(1, fields + 2 * len + 16); /* the whole and its parts, each with a NUL where a sign stood */
    if (url == NULL) {
        return NULL;
    }
    struct layout layout = {(char *)url + fields};
    url->query_num = pairs;
    url->query = (void *)(url + 1);
    url->href = lay(&layout, text, len);
    url->schema = lay(&layout, parts.schemePtr, parts.schemeLen);
    url->username = lay(&layout, parts.userPtr, parts.userLen);
    url->password = lay(&layout, parts.passwordPtr, parts.passwordLen);
    url->path = parts.pathLen > 0 ? lay(&layout, parts.pathPtr + 1, parts.pathLen - 1) : NULL;
    url->fragment = lay(&layout, parts.fragmentPtr, parts.fragmentLen);
    if (!split_host(&parts, url, &layout)) {
        url_free(url);
        return NULL;
    }
    split_query(&parts, url, &layout);
    return url;
}

void url_free(url_field_t *url)
{
    free(url);
}

static const char *or_none(const char *text)
{
    return text != NULL ? text : "-";
}

void url_field_print(url_field_t *url)
{
    if (url == NULL) {
        return;
    }
    MICO_LOG("url", "schema %s, username %s, password of %u, host %s, port %s, path %s, fragment %s", url->schema,
             or_none(url->username), url->password != NULL ? (unsigned)strlen(url->password) : 0, url->host,
             or_none(url->port), or_none(url->path), or_none(url->fragment));
    for (int i = 0; i < url->query_num; i++) {
        MICO_LOG("url", "query %s = %s", url->query[i].name, or_none(url->query[i].value));
    }
}
