/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever text comes: the helpers that parse stay inside of it, and what they take apart can be put together again. */
#include <assert.h>

#include "StringUtils.h"
#include "TLVUtils.h"
#include "base64.h"
#include "url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void base64_goes_round(const uint8_t *data, size_t len)
{
    int text_len = 0, back_len = 0;
    unsigned char *text = base64_encode(data, (int)len, &text_len);
    unsigned char *back = base64_decode(text, text_len, &back_len);
    assert(back != NULL && back_len == (int)len && memcmp(back, data, len) == 0);
    free(text);
    free(back);
    free(base64_decode(data, (int)len, &back_len));
}

static void records_stay_inside(const uint8_t *data, size_t len)
{
    const uint8_t *at = data, *end = data + len, *value, *next;
    uint8_t id;
    size_t value_len;
    while (TLVGetNext(at, end, &id, &value, &value_len, &next) == kNoErr) {
        assert(next > at && value + value_len == next && next <= end);
        at = next;
    }
}

static void texts_are_read(const uint8_t *data, size_t len)
{
    uint8_t bytes[8];
    int32_t number;
    uint32_t value;
    char *text = malloc(len + 1);
    memcpy(text, data, len);
    text[len] = '\0';
    url_free(url_parse(text));
    (void)str2hex((unsigned char *)text, bytes, sizeof bytes);
    (void)Str2Int((uint8_t *)text, &number);
    (void)string_to_unsigned(text, (uint8_t)(len < 255 ? len : 255), &value, 1);
    (void)TextToHardwareAddress(text, len, sizeof bytes, bytes);
    (void)strnicmp_suffix(text, len, ".html");
    (void)strnstr_suffix(text, len, "host");
    free(text);
}

/* Behind a scheme the rest is looked at more closely. */
static void urls_are_taken_apart(const uint8_t *data, size_t len)
{
    char *text = malloc(len + 8);
    memcpy(text, "http://", 7);
    memcpy(text + 7, data, len);
    text[7 + len] = '\0';
    url_field_t *url = url_parse(text);
    if (url != NULL) {
        assert(strcmp(url->href, text) == 0 && strcmp(url->schema, "http") == 0 && url->host[0] != '\0');
        for (int i = 0; i < url->query_num; i++) {
            assert(strlen(url->query[i].name) < len);
        }
    }
    url_free(url);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    urls_are_taken_apart(data, len);
    base64_goes_round(data, len);
    records_stay_inside(data, len);
    texts_are_read(data, len);
    return 0;
}
