/* SPDX-License-Identifier: Apache-2.0 */
/* The factory's records in a device's flash: the device id, and how to reach the cloud. */
#include "identity/provision.h"

#include <string.h>

#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "identity/chain.h"

#define CONFIG_VERSION 1
#define MADE_AT_LIMIT 253402300800u /* 10000-01-01: the first second that no certificate can express */

_Static_assert(1 + 2 + 8 + 1 + 63 + 1 + 63 + 2 + 1024 <= MICO_CLOUD_CONFIG_MAX, "the longest config fits its record");

void mico_device_id(const uint8_t identity_key[32], char out[MICO_DEVICE_ID_SIZE + 1])
{
    static const char digits[] = "0123456789ABCDEF";
    uint8_t hash[32];
    mico_sha256(identity_key, 32, hash);
    for (size_t i = 0; i < 6; i++) {
        out[3 * i] = digits[hash[i] >> 4];
        out[3 * i + 1] = digits[hash[i] & 15];
        out[3 * i + 2] = ':';
    }
    out[MICO_DEVICE_ID_SIZE] = '\0';
}

/* A host name or address: printable, no space, 1 to 63 characters. */
static bool name_is_good(const char *name, size_t len)
{
    if (len < 1 || len > 63) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (name[i] <= ' ' || name[i] > '~') {
            return false;
        }
    }
    return true;
}

static bool root_is_one_certificate(const uint8_t *root, size_t len)
{
    size_t der_len;
    return mico_der_sequence((struct mico_span){root, len}, &der_len) == MICO_OK && der_len == len;
}

/* The first field that is malformed, or NULL. */
static const char *bad_field(const struct mico_cloud_config *config)
{
    if (!name_is_good(config->host, strnlen(config->host, sizeof config->host))) {
        return "host";
    }
    if (config->port == 0) {
        return "port";
    }
    if (!name_is_good(config->server_name, strnlen(config->server_name, sizeof config->server_name))) {
        return "server name";
    }
    if (config->made_at == 0 || config->made_at >= MADE_AT_LIMIT) {
        return "time of making";
    }
    if (config->root_len > sizeof config->root || !root_is_one_certificate(config->root, config->root_len)) {
        return "root certificate";
    }
    return NULL;
}

mico_err mico_cloud_config_encode(const struct mico_cloud_config *config, uint8_t out[MICO_CLOUD_CONFIG_MAX],
                                  size_t *len)
{
    *len = 0;
    const char *bad = bad_field(config);
    if (bad != NULL) {
        MICO_LOG("Identity", "cloud config not written: its %s is malformed", bad);
        return MICO_ERR_FORMAT;
    }
    struct mico_writer w = mico_writer_of(out, MICO_CLOUD_CONFIG_MAX);
    mico_write_u8(&w, CONFIG_VERSION);
    mico_write_le16(&w, config->port);
    mico_write_le64(&w, config->made_at);
    mico_write_u8(&w, (uint8_t)strlen(config->host));
    mico_write_bytes(&w, config->host, strlen(config->host));
    mico_write_u8(&w, (uint8_t)strlen(config->server_name));
    mico_write_bytes(&w, config->server_name, strlen(config->server_name));
    mico_write_le16(&w, config->root_len);
    mico_write_bytes(&w, config->root, config->root_len);
    *len = w.len;
    return w.failed ? MICO_ERR_SIZE : MICO_OK;
}

/* A text after its length byte. False when it holds a NUL or does not fit; out is then empty. */
static bool read_name(struct mico_reader *r, char out[64])
{
    struct mico_span text = mico_read_bytes(r, mico_read_u8(r));
    if (r->failed || text.len > 63 || memchr(text.data, 0, text.len) != NULL) {
        r->failed = true;
        return false;
    }
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    return true;
}

static const char *read_fields(struct mico_reader *r, struct mico_cloud_config *config)
{
    if (mico_read_u8(r) != CONFIG_VERSION) {
        return "version";
    }
    config->port = mico_read_le16(r);
    config->made_at = mico_read_le64(r);
    if (!read_name(r, config->host)) {
        return "host";
    }
    if (!read_name(r, config->server_name)) {
        return "server name";
    }
    config->root_len = mico_read_le16(r);
    struct mico_span root = mico_read_bytes(r, config->root_len);
    if (!mico_reader_done(r) || root.len > sizeof config->root) {
        return "root certificate";
    }
    memcpy(config->root, root.data, root.len);
    return bad_field(config);
}

mico_err mico_cloud_config_decode(struct mico_cloud_config *config, const uint8_t *in, size_t len)
{
    memset(config, 0, sizeof *config);
    struct mico_reader r = mico_reader_of(in, len);
    const char *bad = read_fields(&r, config);
    if (bad != NULL) {
        memset(config, 0, sizeof *config);
        MICO_LOG("Identity", "cloud config in the provision store refused: its %s is malformed", bad);
        return MICO_ERR_FORMAT;
    }
    return MICO_OK;
}

mico_err mico_provision_put_cloud(struct mico_store *store, const struct mico_cloud_config *config)
{
    uint8_t record[MICO_CLOUD_CONFIG_MAX];
    size_t len;
    mico_err err = mico_cloud_config_encode(config, record, &len);
    return err == MICO_OK ? mico_store_put(store, MICO_RECORD_CLOUD, record, len) : err;
}

mico_err mico_provision_get_cloud(struct mico_store *store, struct mico_cloud_config *config)
{
    uint8_t record[MICO_CLOUD_CONFIG_MAX];
    size_t len;
    bool found;
    mico_err err = mico_store_get(store, MICO_RECORD_CLOUD, record, sizeof record, &len, &found);
    if (err == MICO_ERR_SIZE) {
        MICO_LOG("Identity", "cloud config in the provision store refused: %zu bytes", len);
        return MICO_ERR_FORMAT;
    }
    if (err == MICO_OK && !found) {
        err = MICO_ERR_STATE;
    }
    return err == MICO_OK ? mico_cloud_config_decode(config, record, len) : err;
}
