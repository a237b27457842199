/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the I2C bus. No board has one that applications can reach: what would use it gives kUnsupportedErr. */
#ifndef OS_SDK_MICODRIVERS_MICODRIVERI2C_H
#define OS_SDK_MICODRIVERS_MICODRIVERI2C_H

#include "os/sdk/common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef int8_t mico_i2c_t;
#define MICO_I2C_NONE 0

typedef enum {
    I2C_ADDRESS_WIDTH_7BIT,
    I2C_ADDRESS_WIDTH_10BIT,
    I2C_ADDRESS_WIDTH_16BIT,
} mico_i2c_bus_address_width_t;

typedef enum {
    I2C_LOW_SPEED_MODE,
    I2C_STANDARD_SPEED_MODE,
    I2C_HIGH_SPEED_MODE,
} mico_i2c_speed_mode_t;

typedef struct {
    mico_i2c_t port;
    uint16_t address;
    mico_i2c_bus_address_width_t address_width;
    mico_i2c_speed_mode_t speed_mode;
} mico_i2c_device_t;

typedef struct {
    const void *tx_buffer;
    void *rx_buffer;
    uint16_t tx_length;
    uint16_t rx_length;
    uint16_t retries;
    bool combined;
} mico_i2c_message_t;

OSStatus MicoI2cInitialize(mico_i2c_device_t *device);
bool MicoI2cProbeDevice(mico_i2c_device_t *device, int retries); /* false */
/** Fill message. kParamErr: something is NULL or of length 0. */
OSStatus MicoI2cBuildTxMessage(mico_i2c_message_t *message, const void *tx_buffer, uint16_t tx_buffer_length,
                               uint16_t retries);
OSStatus MicoI2cBuildRxMessage(mico_i2c_message_t *message, void *rx_buffer, uint16_t rx_buffer_length,
                               uint16_t retries);
OSStatus MicoI2cBuildCombinedMessage(mico_i2c_message_t *message, const void *tx_buffer, void *rx_buffer,
                                     uint16_t tx_buffer_length, uint16_t rx_buffer_length, uint16_t retries);
OSStatus MicoI2cTransfer(mico_i2c_device_t *device, mico_i2c_message_t *message, uint16_t number_of_messages);
OSStatus MicoI2cFinalize(mico_i2c_device_t *device);

#ifdef __cplusplus
}
#endif

#endif
