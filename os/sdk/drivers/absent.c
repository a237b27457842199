/* SPDX-License-Identifier: Apache-2.0 */
/* What no board has: converters, and buses that applications can reach. */
#include "os/sdk/mico_platform.h"

OSStatus MicoAdcInitialize(mico_adc_t adc, uint32_t sampling_cycle)
{
    return kUnsupportedErr;
}

OSStatus MicoAdcTakeSample(mico_adc_t adc, uint16_t *output)
{
    return kUnsupportedErr;
}

OSStatus MicoAdcTakeSampleStreram(mico_adc_t adc, void *buffer, uint16_t buffer_length)
{
    return kUnsupportedErr;
}

OSStatus MicoAdcFinalize(mico_adc_t adc)
{
    return kUnsupportedErr;
}

OSStatus MicoPwmInitialize(mico_pwm_t pwm, uint32_t frequency, float duty_cycle)
{
    return kUnsupportedErr;
}

OSStatus MicoPwmStart(mico_pwm_t pwm)
{
    return kUnsupportedErr;
}

OSStatus MicoPwmStop(mico_pwm_t pwm)
{
    return kUnsupportedErr;
}

OSStatus MicoI2cInitialize(mico_i2c_device_t *device)
{
    return kUnsupportedErr;
}

bool MicoI2cProbeDevice(mico_i2c_device_t *device, int retries)
{
    return false;
}

OSStatus MicoI2cBuildTxMessage(mico_i2c_message_t *message, const void *tx_buffer, uint16_t tx_buffer_length,
                               uint16_t retries)
{
    if (message == NULL || tx_buffer == NULL || tx_buffer_length == 0) {
        return kParamErr;
    }
    *message = (mico_i2c_message_t){.tx_buffer = tx_buffer, .tx_length = tx_buffer_length, .retries = retries};
    return kNoErr;
}

OSStatus MicoI2cBuildRxMessage(mico_i2c_message_t *message, void *rx_buffer, uint16_t rx_buffer_length,
                               uint16_t retries)
{
    if (message == NULL || rx_buffer == NULL || rx_buffer_length == 0) {
        return kParamErr;
    }
    *message = (mico_i2c_message_t){.rx_buffer = rx_buffer, .rx_length = rx_buffer_length, .retries = retries};
    return kNoErr;
}

OSStatus MicoI2cBuildCombinedMessage(mico_i2c_message_t *message, const void *tx_buffer, void *rx_buffer,
                                     uint16_t tx_buffer_length, uint16_t rx_buffer_length, uint16_t retries)
{
    if (message == NULL || tx_buffer == NULL || rx_buffer == NULL || tx_buffer_length == 0 || rx_buffer_length == 0) {
        return kParamErr;
    }
    *message = (mico_i2c_message_t){tx_buffer, rx_buffer, tx_buffer_length, rx_buffer_length, retries, true};
    return kNoErr;
}

OSStatus MicoI2cTransfer(mico_i2c_device_t *device, mico_i2c_message_t *message, uint16_t number_of_messages)
{
    return kUnsupportedErr;
}

OSStatus MicoI2cFinalize(mico_i2c_device_t *device)
{
    return kUnsupportedErr;
}

OSStatus MicoSpiInitialize(const mico_spi_device_t *spi)
{
    return kUnsupportedErr;
}

OSStatus MicoSpiTransfer(const mico_spi_device_t *spi, const mico_spi_message_segment_t *segments,
                         uint16_t number_of_segments)
{
    return kUnsupportedErr;
}

OSStatus MicoSpiFinalize(const mico_spi_device_t *spi)
{
    return kUnsupportedErr;
}
