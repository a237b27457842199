/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of MCUboot's image format; docs/FIRMWARE-IMAGE.md has the picture. All integers are little-endian. */
#ifndef BOOT_IMAGE_FORMAT_H
#define BOOT_IMAGE_FORMAT_H

#define IMAGE_MAGIC 0x96F3B83Du

enum image_flag {
    IMAGE_PIC = 0x1,
    IMAGE_AES128 = 0x4,
    IMAGE_AES256 = 0x8,
    IMAGE_NON_BOOTABLE = 0x10,
    IMAGE_RAM_LOAD = 0x20,
    IMAGE_ROM_FIXED = 0x100,
    IMAGE_LZMA1 = 0x200,
    IMAGE_LZMA2 = 0x400,
    IMAGE_LZMA_THUMB = 0x800,
};

#define IMAGE_PROTECTED_MAGIC 0x6908
#define IMAGE_UNPROTECTED_MAGIC 0x6907
#define IMAGE_AREA_INFO 4 /* magic u16 | total u16, itself included */
#define IMAGE_TLV_HEADER 4 /* type u16 | length u16 */

enum image_tlv {
    TLV_KEY_HASH = 0x01,
    TLV_PUBLIC_KEY = 0x02,
    TLV_SHA256 = 0x10,
    TLV_ED25519 = 0x24,
    TLV_ENC_X25519 = 0x33,
    TLV_DEPENDENCY = 0x40,
    TLV_SECURITY_COUNTER = 0x50,
    TLV_BOOT_RECORD = 0x60,
    TLV_VENDOR_UUID = 0x74,
    TLV_CLASS_UUID = 0x75,
    TLV_VENDOR_FIRST = 0xA0, /* the low byte of a type at or above this is a vendor's own */
};

/* DER of an Ed25519 public key (RFC 8410): a fixed prefix, then the key. */
#define IMAGE_SPKI_PREFIX {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00}
#define IMAGE_SPKI_PREFIX_SIZE 12
#define IMAGE_SPKI_SIZE 44

/* A wrapped key: ephemeral public key | HMAC-SHA-256 of what follows | the content key under AES-CTR. */
#define IMAGE_WRAP_TAG 32
#define IMAGE_WRAP_KEY 64
#define IMAGE_WRAP_LABEL "MCUBoot_ECIES_v1"

#endif
