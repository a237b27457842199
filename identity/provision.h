/* SPDX-License-Identifier: Apache-2.0 */
/* What the factory leaves in a device's flash, beside the firmware: the binding to its chip, its name, how to reach its
 * cloud, and the verifier of its setup code. The station writes it, loader and application read it. */
#ifndef IDENTITY_PROVISION_H
#define IDENTITY_PROVISION_H

#include "base/bytes.h"
#include "base/err.h"
#include "os/store/store.h"

/* Where things lie in a device's 16 MiB flash. */
#define MICO_FLASH_SLOT_A 0x000000u /* 2 MiB: the image that boots */
#define MICO_FLASH_SLOT_B 0x200000u /* 2 MiB: an update */
#define MICO_FLASH_SLOT_SIZE 0x200000u
#define MICO_FLASH_PROVISION 0x400000u /* a store, written by the factory only */
#define MICO_FLASH_PROVISION_SIZE 0x10000u
#define MICO_FLASH_APP 0x410000u /* a store: pairings and the application's own records */
#define MICO_FLASH_APP_SIZE 0x40000u

#define MICO_DEVICE_ID_SIZE 17 /* "A1:B2:C3:D4:E5:F6": the first 6 bytes of SHA-256(identity public key) */

void mico_device_id(const uint8_t identity_key[32], char out[MICO_DEVICE_ID_SIZE + 1]);

/* Record names in the provision store (beside MSCP_BINDING_RECORD). */
#define MICO_RECORD_DEVICE_ID "device/id"
#define MICO_RECORD_CLOUD "cloud/config"
#define MICO_RECORD_SETUP \
    "pairing/setup" /* SRP-6a salt (16) | verifier (384); the setup code itself is on the label only */

/* 4 characters of 0-9A-Z, as in the label's payload and in mDNS "sh" */
#define MICO_RECORD_SETUP_ID "pairing/setup-id"

#define MICO_SETUP_SALT_SIZE 16
#define MICO_SETUP_VERIFIER_SIZE 384
#define MICO_SETUP_ID_SIZE 4

struct mico_cloud_config {
    char host[64];        /* name or address to connect to */
    uint16_t port;        /* MQTT over TLS */
    char server_name[64]; /* what the broker's certificate must say */
    uint64_t made_at;     /* seconds since 1970: when the factory wrote this; the device's clock never starts earlier */
    uint8_t root[1024];   /* the cloud's root certificate, DER */
    uint16_t root_len;
};

#define MICO_CLOUD_CONFIG_MAX 1280 /* bytes of the record: every field at its longest fits */

/** The record's bytes: version 1 | port | made_at | host | server name | root, little-endian, each text and the root
 * after its length. MICO_ERR_FORMAT (the log names the field) for a config that the decoder would refuse. */
MICO_MUST_USE mico_err mico_cloud_config_encode(const struct mico_cloud_config *config,
                                                uint8_t out[MICO_CLOUD_CONFIG_MAX], size_t *len);
/** The inverse, strictly. MICO_ERR_FORMAT: the log names the field, config is all zeros. */
MICO_MUST_USE mico_err mico_cloud_config_decode(struct mico_cloud_config *config, const uint8_t *in, size_t len);

MICO_MUST_USE mico_err mico_provision_put_cloud(struct mico_store *store, const struct mico_cloud_config *config);
/** MICO_ERR_STATE when there is none, MICO_ERR_FORMAT when a field is malformed (the log names it). */
MICO_MUST_USE mico_err mico_provision_get_cloud(struct mico_store *store, struct mico_cloud_config *config);

#endif
