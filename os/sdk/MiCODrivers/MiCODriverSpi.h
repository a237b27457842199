/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the SPI bus. No board has one that applications can reach: every call gives kUnsupportedErr. */
#ifndef OS_SDK_MICODRIVERS_MICODRIVERSPI_H
#define OS_SDK_MICODRIVERS_MICODRIVERSPI_H

#include "os/sdk/MiCODrivers/MiCODriverGpio.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SPI_CLOCK_FALLING_EDGE 0
#define SPI_CLOCK_RISING_EDGE 1
#define SPI_CLOCK_IDLE_LOW 0
#define SPI_CLOCK_IDLE_HIGH 2
#define SPI_NO_DMA 0
#define SPI_USE_DMA 4
#define SPI_LSB_FIRST 0
#define SPI_MSB_FIRST 8

typedef int8_t mico_spi_t;
#define MICO_SPI_NONE 0

typedef struct {
    mico_spi_t port;
    mico_gpio_t chip_select;
    uint32_t speed;
    uint8_t mode;
    uint8_t bits;
} mico_spi_device_t;

typedef struct {
    const void *tx_buffer;
    void *rx_buffer;
    uint32_t length;
} mico_spi_message_segment_t;

OSStatus MicoSpiInitialize(const mico_spi_device_t *spi);
OSStatus MicoSpiTransfer(const mico_spi_device_t *spi, const mico_spi_message_segment_t *segments,
                         uint16_t number_of_segments);
OSStatus MicoSpiFinalize(const mico_spi_device_t *spi);

#ifdef __cplusplus
}
#endif

#endif
