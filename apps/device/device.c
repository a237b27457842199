/* SPDX-License-Identifier: Apache-2.0 */
/* A device starts; see device.h. */
#include "apps/device/device.h"

#include "apps/device/hold.h"
#include "apps/device/internal.h"
#include "apps/device/port.h"
#include "base/log.h"
#include "crypto/primitives/primitives.h"
#include "crypto/psa/mico_psa.h"
#include "os/net/tcp.h"
#include "os/port/clock.h"

#define NET_TIMEOUT_MS 20000u
#define RESET_BUTTON 0u
#define RESET_HOLD_MS 5000u

static struct mico_device the_device;

void mico_device_lock(struct mico_mutex *mutex)
{
    if (mico_mutex_lock(mutex, MICO_FOREVER) != MICO_OK) {
        mico_context_panic("device: a lock is held by its own waiter");
    }
}

static void lock_chip(void)
{
    mico_device_lock(&the_device.chip_lock);
}

static void unlock_chip(void)
{
    mico_mutex_unlock(&the_device.chip_lock);
}

static void lock_random(void)
{
    mico_device_lock(&the_device.random_lock);
}

static void unlock_random(void)
{
    mico_mutex_unlock(&the_device.random_lock);
}

static mico_err start_accessory(struct mico_device *device)
{
    const struct mico_product *product = device->product;
    struct mico_accessory_config config = {
        .device_id = device->id,
        .name = product->name,
        .manufacturer = product->manufacturer,
        .model = product->model,
        .serial = device->serial,
        .firmware = product->firmware,
        .setup_salt = device->setup,
        .setup_verifier = device->setup + MICO_SETUP_SALT_SIZE,
        .identity_key = device->identity_key,
        .pairing_key = device->pairing_key,
        .chain = {device->chain, device->chain_len},
        .store = &device->records,
        .product = product->service,
        .get = product->get,
        .set = product->set,
        .ctx = product->ctx,
        .now_ms = mico_clock_ms,
    };
    size_t len = 0;
    if (psa_export_public_key(device->pairing_key, config.ltpk, sizeof config.ltpk, &len) != PSA_SUCCESS) {
        MICO_LOG("device", "the chip does not give the public half of its pairing key");
        return MICO_ERR_STATE;
    }
    return mico_accessory_start(&device->accessory, &config);
}

/* The physical reset: the way back in for a user whose controller is lost, and after 100 wrong setup codes. */
static void reset(void *ctx)
{
    struct mico_device *device = ctx;
    mico_device_lock(&device->accessory_lock);
    mico_err err = mico_accessory_forget(&device->accessory);
    mico_mutex_unlock(&device->accessory_lock);
    MICO_LOG("device", "reset by its button: %s",
             err == MICO_OK ? "no controller is paired, the setup code is taken again" : mico_err_name(err));
    mico_device_advertise(device);
}

int mico_device_run(const struct mico_product *product)
{
    struct mico_device *device = &the_device;
    device->product = product;
    mico_mutex_init(&device->chip_lock);
    mico_mutex_init(&device->random_lock);
    mico_mutex_init(&device->accessory_lock);
    mico_mutex_init(&device->advert_lock);
    mico_random_lock_with(lock_random, unlock_random);
    mico_psa_lock_with(lock_chip, unlock_chip);
    mico_err err = mico_net_up(NET_TIMEOUT_MS);
    if (err != MICO_OK) {
        MICO_LOG("device", "no address on the network (%s)", mico_err_name(err));
    }
    if (err == MICO_OK) {
        err = mico_device_identify(device);
    }
    if (err == MICO_OK) {
        err = start_accessory(device);
    }
    if (err == MICO_OK) {
        err = mico_device_serve(device, mico_device_port());
    }
    if (err != MICO_OK) {
        MICO_LOG("device", "cannot start (%s)", mico_err_name(err));
        return 1;
    }
    mico_device_advertise(device);
    static struct mico_hold reset_button; /* with its stack: an initial value would take as much of the image */
    reset_button.button = RESET_BUTTON;
    reset_button.hold_ms = RESET_HOLD_MS;
    reset_button.held = reset;
    reset_button.ctx = device;
    mico_hold_start(&reset_button);
    mico_device_cloud_start(device);
    return 0;
}
