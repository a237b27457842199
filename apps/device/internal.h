/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the device share. */
#ifndef APPS_DEVICE_INTERNAL_H
#define APPS_DEVICE_INTERNAL_H

#include <psa/crypto.h>

#include "apps/device/device.h"
#include "identity/provision.h"
#include "mscp/host/mscp_host_state.h"
#include "os/kernel/kernel.h"
#include "os/store/store.h"
#include "pairing/accessory/accessory.h"
#include "pairing/accessory/accessory_state.h"

#define MICO_DEVICE_CHAIN_MAX MICO_ACCESSORY_CHAIN_MAX

/* One device: there is one of these, in device.c. */
struct mico_device {
    const struct mico_product *product;
    char id[MICO_DEVICE_ID_SIZE + 1];
    char serial[2 * MSCP_SERIAL_SIZE + 1];
    uint8_t setup[MICO_SETUP_SALT_SIZE + MICO_SETUP_VERIFIER_SIZE];
    struct mico_cloud_config cloud;
    uint8_t chain[MICO_DEVICE_CHAIN_MAX];
    size_t chain_len;
    psa_key_id_t identity_key, pairing_key;

    struct mico_store provision, records;
    struct mscp_transport transport;
    struct mscp_host chip;
    struct mico_mutex chip_lock; /* PSA's: one command to the chip at a time */
    struct mico_mutex random_lock;
    struct mico_accessory accessory;
    struct mico_mutex accessory_lock;
    struct mico_mutex advert_lock; /* mDNS is told of one change after the other; taken before accessory_lock */
};

/** identity.c: read what the factory left, open the chip, make its keys known. */
MICO_MUST_USE mico_err mico_device_identify(struct mico_device *device);

/** identity.c: this firmware works: no older one may boot from now on. */
void mico_device_confirm(struct mico_device *device);

/** server.c: listen for controllers, in threads. port 80 on boards. */
MICO_MUST_USE mico_err mico_device_serve(struct mico_device *device, uint16_t port);

/** advert.c: tell the local network of the device, and of a change of its pairing. Not while the accessory is locked. */
void mico_device_advertise(struct mico_device *device);

/** cloud.c: keep the connection to the cloud, in a thread. */
void mico_device_cloud_start(struct mico_device *device);

/** Lock and unlock the accessory; every call into it happens between. */
void mico_device_lock(struct mico_mutex *mutex);

#endif
