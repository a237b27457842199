/* SPDX-License-Identifier: Apache-2.0 */
/* What the loader tells the application it starts: 64 bytes at the top of RAM, valid until overwritten. */
#ifndef BOOT_HANDOFF_H
#define BOOT_HANDOFF_H

#include <stdint.h>

#define MICO_HANDOFF_MAGIC 0x4D694341u /* "ACiM" in memory order */

struct mico_boot_version {
    uint8_t major;
    uint8_t minor;
    uint16_t revision;
    uint32_t build;
};

struct mico_handoff {
    uint32_t magic;
    uint32_t security_counter; /* of the image that runs; raise the chip's counter to it once the image is healthy */
    struct mico_boot_version version;
    uint8_t digest[32]; /* SHA-256 of the image */
    uint8_t reserved[16];
};

#endif
