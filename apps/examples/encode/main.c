/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as text, text as bytes: hexadecimal, Base64, URLs, check sums. */
#include "mico.h"
#include "CheckSumUtils.h"
#include "StringUtils.h"
#include "base64.h"
#include "url.h"

#define encode_log(...) custom_log("ENCODE", __VA_ARGS__)

static void show_url(const char *text)
{
    url_field_t *url = url_parse(text);
    if (url == NULL) {
        encode_log("%s is no URL", text);
        return;
    }
    encode_log("%s at port %s of %s: %s", url->schema, url->port != NULL ? url->port : "?", url->host, url->path);
    for (int i = 0; i < url->query_num; i++) {
        encode_log("%s is %s", url->query[i].name, url->query[i].value);
    }
    url_free(url);
}

int application_start(void)
{
    uint8_t mac[6];
    int len;
    CRC16_Context crc;
    uint16_t sum;
    OSStatus err = TextToMACAddress("c8:93:46:1:2:3", kSizeCString, mac);
    require_noerr(err, exit);
    char *hex = DataToHexStringWithColons(mac, sizeof mac);
    encode_log("%s", hex);
    free(hex);
    unsigned char *text = base64_encode((const unsigned char *)"MiCO", 4, &len);
    encode_log("Base64: %.*s", len - 1, (char *)text);
    free(text);
    CRC16_Init(&crc);
    CRC16_Update(&crc, "123456789", 9);
    CRC16_Final(&crc, &sum);
    encode_log("CRC-16: %04x", sum);
    show_url("coap://lamp.local:5683/light?power=on&level=80");
    show_url("lamp.local");

exit:
    return err;
}
