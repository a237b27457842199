/* SPDX-License-Identifier: Apache-2.0 */
/* What MCUboot lets pass and MiCO refuses, and every other field with a value it may not have. Each image here is signed
 * rightly by a trusted key: the form alone is why it is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "boot/image/format.h"
#include "boot/image/test_vectors.h"
#include "crypto/primitives/primitives.h"

struct tlv {
    uint16_t type;
    uint16_t len;
    const uint8_t *value; /* NULL: what belongs there, or zeros */
};

/* An image laid out by hand, so that it may be wrong. */
struct layout {
    uint32_t magic, load_addr, flags, pad;
    uint16_t header_size, protected_size; /* 0xFFFF: as it comes out */
    uint32_t payload_size;
    struct tlv protected_tlvs[12], unprotected_tlvs[8];
    uint16_t protected_magic, unprotected_magic;
    int protected_total_off, unprotected_total_off; /* added to the totals */
};

static uint8_t image[8192];

static const uint8_t version[8] = {1, 2, 3, 0};

static struct layout good(void)
{
    return (struct layout){
        .magic = IMAGE_MAGIC,
        .header_size = 32,
        .protected_size = 0xFFFF,
        .payload_size = 64,
        .protected_tlvs = {{TLV_SECURITY_COUNTER, 4, NULL}},
        .unprotected_tlvs = {{TLV_SHA256, 32, NULL}, {TLV_KEY_HASH, 32, NULL}, {TLV_ED25519, 64, NULL}},
        .protected_magic = IMAGE_PROTECTED_MAGIC,
        .unprotected_magic = IMAGE_UNPROTECTED_MAGIC,
    };
}

static struct layout good_encrypted(void)
{
    struct layout layout = good();
    layout.flags = IMAGE_AES128;
    layout.unprotected_tlvs[3] = (struct tlv){TLV_ENC_X25519, 80, NULL};
    return layout;
}

static size_t tlvs_size(const struct tlv *tlvs)
{
    size_t size = IMAGE_AREA_INFO;
    for (; tlvs->type != 0; tlvs++) {
        size += IMAGE_TLV_HEADER + tlvs->len;
    }
    return size;
}

static void write_value(struct mico_writer *w, const struct tlv *tlv, const uint8_t digest[32])
{
    uint8_t value[1024] = {0};
    if (tlv->value != NULL) {
        memcpy(value, tlv->value, tlv->len);
    } else if (tlv->type == TLV_SHA256 && digest != NULL) {
        memcpy(value, digest, 32);
    } else if (tlv->type == TLV_KEY_HASH) {
        mico_image_key_hash(vector_root_public, value);
    } else if (tlv->type == TLV_ED25519 && digest != NULL) {
        assert_int_equal(vector_sign(NULL, digest, value), MICO_OK);
    }
    mico_write_le16(w, tlv->type);
    mico_write_le16(w, tlv->len);
    mico_write_bytes(w, value, tlv->len);
}

static void write_area(struct mico_writer *w, const struct tlv *tlvs, uint16_t magic, int off, const uint8_t digest[32])
{
    mico_write_le16(w, magic);
    mico_write_le16(w, (uint16_t)((int)tlvs_size(tlvs) + off));
    for (; tlvs->type != 0; tlvs++) {
        write_value(w, tlvs, digest);
    }
}

static struct mico_span lay_out(const struct layout *layout)
{
    struct mico_writer w = mico_writer_of(image, sizeof image);
    uint8_t digest[32];
    bool none = layout->protected_tlvs[0].type == 0;
    size_t size = none ? 0 : tlvs_size(layout->protected_tlvs);
    mico_write_le32(&w, layout->magic);
    mico_write_le32(&w, layout->load_addr);
    mico_write_le16(&w, layout->header_size);
    mico_write_le16(&w, layout->protected_size == 0xFFFF ? (uint16_t)size : layout->protected_size);
    mico_write_le32(&w, layout->payload_size);
    mico_write_le32(&w, layout->flags);
    mico_write_bytes(&w, version, sizeof version);
    mico_write_le32(&w, layout->pad);
    for (uint32_t i = 0; i < layout->payload_size && i < 4096; i++) {
        mico_write_u8(&w, (uint8_t)i);
    }
    if (!none) {
        write_area(&w, layout->protected_tlvs, layout->protected_magic, layout->protected_total_off, NULL);
    }
    mico_sha256(image, w.len, digest);
    write_area(&w, layout->unprotected_tlvs, layout->unprotected_magic, layout->unprotected_total_off, digest);
    assert_false(w.failed);
    return (struct mico_span){image, w.len};
}

static void refused(const struct layout *layout, mico_err expected, const char *words)
{
    struct mico_image parsed;
    struct mico_reason reason = {""};
    mico_err err = vector_parse(&parsed, lay_out(layout), &reason);
    if (err != expected || strstr(reason.text, words) == NULL) {
        fail_msg("expected %s with '%s', got %s with '%s'", mico_err_name(expected), words, mico_err_name(err), reason.text);
    }
    assert_true(mico_ct_is_zero(&parsed, sizeof parsed));
}

static void taken(const struct layout *layout)
{
    struct mico_image parsed;
    struct mico_reason reason = {""};
    if (vector_parse(&parsed, lay_out(layout), &reason) != MICO_OK) {
        fail_msg("%s", reason.text);
    }
}

static void layouts_of_these_tests_are_taken_while_nothing_is_wrong(void **state)
{
    struct layout layout = good();
    taken(&layout);
    assert_int_equal(vector_accept(lay_out(&layout), &vector_trust, NULL, NULL), MICO_OK);
    layout = good_encrypted();
    taken(&layout);
    layout.flags = IMAGE_AES256 | IMAGE_RAM_LOAD;
    layout.load_addr = 0x40000;
    layout.unprotected_tlvs[3].len = 96;
    taken(&layout);
}

static void wrong_magic_is_refused(void **state)
{
    struct layout layout = good();
    layout.magic = 0xFFFFFFFF;
    refused(&layout, MICO_ERR_FORMAT, "magic is 0xffffffff, not 0x96f3b83d: no image here");
}

static void header_size_0_16_and_31_are_refused(void **state)
{
    struct layout layout = good();
    const uint16_t sizes[] = {0, 16, 31};
    for (int i = 0; i < 3; i++) {
        char words[40];
        snprintf(words, sizeof words, "header size is %u;", sizes[i]);
        layout.header_size = sizes[i];
        refused(&layout, MICO_ERR_FORMAT, words);
    }
}

static void payload_size_0_is_refused(void **state)
{
    struct layout layout = good();
    layout.payload_size = 0;
    refused(&layout, MICO_ERR_FORMAT, "payload size is 0");
}

static void payload_size_past_the_end_and_past_32_bits_is_refused(void **state)
{
    struct layout layout = good();
    layout.payload_size = 100000;
    refused(&layout, MICO_ERR_SIZE, "cut off: the protected area");
    layout.payload_size = UINT32_MAX - 31;
    refused(&layout, MICO_ERR_FORMAT, "pass the end of memory");
    layout.payload_size = UINT32_MAX - 32;
    refused(&layout, MICO_ERR_SIZE, "cut off");
}

static void flags_unknown_or_not_taken_are_refused(void **state)
{
    static const struct { uint32_t flag; mico_err err; const char *words; } flags[] = {
        {0x1, MICO_ERR_UNSUPPORTED, "flag PIC"},        {0x10, MICO_ERR_UNSUPPORTED, "flag NON_BOOTABLE"},
        {0x200, MICO_ERR_UNSUPPORTED, "flag LZMA1"},    {0x400, MICO_ERR_UNSUPPORTED, "flag LZMA2"},
        {0x800, MICO_ERR_UNSUPPORTED, "LZMA ARM-thumb"}, {0xC, MICO_ERR_FORMAT, "both AES-128 and AES-256"},
        {0x120, MICO_ERR_FORMAT, "both RAM_LOAD and ROM_FIXED"},
    };
    struct layout layout = good();
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        layout.flags = flags[i].flag;
        refused(&layout, flags[i].err, flags[i].words);
    }
    for (int bit = 0; bit < 32; bit++) {
        if ((0xF3Du >> bit & 1) == 0) { /* 0x1 4 8 10 20 100 200 400 800 have names */
            char words[40];
            snprintf(words, sizeof words, "unknown bits 0x%x", 1u << bit);
            layout.flags = 1u << bit;
            refused(&layout, MICO_ERR_FORMAT, words);
        }
    }
}

static void load_address_without_a_flag_or_past_memory_is_refused(void **state)
{
    struct layout layout = good();
    layout.load_addr = 0x40000;
    refused(&layout, MICO_ERR_FORMAT, "load address is 0x40000, but no flag");
    layout.flags = IMAGE_RAM_LOAD;
    layout.load_addr = UINT32_MAX - 95;
    refused(&layout, MICO_ERR_FORMAT, "pass the end of memory");
}

static void last_header_word_that_is_not_zero_is_refused(void **state)
{
    struct layout layout = good();
    layout.pad = 1;
    refused(&layout, MICO_ERR_FORMAT, "the header's last word is 0x1");
}

static void unsigned_or_missing_security_counter_is_refused(void **state)
{
    struct layout layout = good();
    layout.protected_tlvs[0].type = 0; /* no protected area at all, the counter in the other */
    layout.unprotected_tlvs[3] = (struct tlv){TLV_SECURITY_COUNTER, 4, NULL};
    refused(&layout, MICO_ERR_FORMAT, "security counter, which must be signed, is missing");
    layout = good();
    layout.unprotected_tlvs[3] = (struct tlv){TLV_SECURITY_COUNTER, 4, NULL};
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x50 (security counter) may not stand in the unprotected area");
    layout = good();
    layout.protected_tlvs[0] = (struct tlv){TLV_BOOT_RECORD, 3, NULL};
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x50 (security counter) is missing");
    layout.protected_tlvs[0] = (struct tlv){TLV_SECURITY_COUNTER, 8, NULL};
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x50 (security counter) is 8 bytes, not 4");
}

static void wrapped_key_that_does_not_fit_the_flags_is_refused(void **state)
{
    struct layout layout = good_encrypted();
    layout.flags = IMAGE_AES256;
    refused(&layout, MICO_ERR_FORMAT, "X25519-wrapped key is 80 bytes; by the flags (AES-256) it must be 96");
    layout.flags = IMAGE_AES128;
    layout.unprotected_tlvs[3].len = 96;
    refused(&layout, MICO_ERR_FORMAT, "X25519-wrapped key is 96 bytes; by the flags (AES-128) it must be 80");
    layout = good_encrypted();
    layout.flags = 0;
    refused(&layout, MICO_ERR_FORMAT, "but the flags say not encrypted");
    layout = good_encrypted();
    layout.unprotected_tlvs[3].type = 0;
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x33 (X25519-wrapped key) is missing");
    layout = good_encrypted();
    layout.payload_size = 72;
    refused(&layout, MICO_ERR_FORMAT, "payload size 72 of an encrypted image is not a multiple of 16");
}

static void two_wrapped_keys_or_one_in_the_protected_area_are_refused(void **state)
{
    struct layout layout = good_encrypted();
    layout.unprotected_tlvs[4] = layout.unprotected_tlvs[3];
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x33 (X25519-wrapped key) stands there twice");
    layout = good_encrypted();
    layout.unprotected_tlvs[3].type = 0;
    layout.protected_tlvs[1] = (struct tlv){TLV_ENC_X25519, 80, NULL};
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x33 (X25519-wrapped key) may not stand in the protected area");
}

static void second_spelling_of_an_ephemeral_key_is_refused(void **state)
{
    uint8_t wrap[80] = {0};
    struct layout layout = good_encrypted();
    wrap[31] = 0x80;
    layout.unprotected_tlvs[3].value = wrap;
    refused(&layout, MICO_ERR_FORMAT, "the ephemeral key's top bit is set");
}

static void short_or_absent_key_hash_is_refused(void **state)
{
    struct layout layout = good();
    layout.unprotected_tlvs[1].len = 0;
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x1 (key hash) is 0 bytes, not 32");
    layout.unprotected_tlvs[1].len = 1;
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x1 (key hash) is 1 bytes, not 32");
    layout.unprotected_tlvs[1] = layout.unprotected_tlvs[2];
    layout.unprotected_tlvs[2].type = 0;
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x1 (key hash) is missing");
}

static void public_key_of_another_kind_or_another_hash_is_refused(void **state)
{
    uint8_t der[IMAGE_SPKI_SIZE] = IMAGE_SPKI_PREFIX;
    struct layout layout = good();
    layout.unprotected_tlvs[3] = (struct tlv){TLV_PUBLIC_KEY, sizeof der, der};
    refused(&layout, MICO_ERR_FORMAT, "key hash is not that of the public key beside it");
    memcpy(der + IMAGE_SPKI_PREFIX_SIZE, vector_root_public, 32);
    taken(&layout);
    layout.unprotected_tlvs[1].type = TLV_PUBLIC_KEY; /* the key alone, as imgtool's "full" writes it */
    layout.unprotected_tlvs[1].len = sizeof der;
    layout.unprotected_tlvs[1].value = der;
    layout.unprotected_tlvs[3].type = 0;
    taken(&layout);
    der[8] = 0x6E; /* X25519's object identifier */
    refused(&layout, MICO_ERR_UNSUPPORTED, "public key is not an Ed25519");
}

static void missing_digest_or_signature_is_refused(void **state)
{
    struct layout layout = good();
    layout.unprotected_tlvs[0] = layout.unprotected_tlvs[2];
    layout.unprotected_tlvs[2].type = 0;
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x10 (SHA-256 digest) is missing");
    layout = good();
    layout.unprotected_tlvs[2].type = 0;
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x24 (Ed25519 signature) is missing");
    layout.unprotected_tlvs[0].type = 0;
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x10 (SHA-256 digest) is missing");
}

static void each_tlv_may_stand_once_only(void **state)
{
    for (int i = 0; i < 4; i++) {
        struct layout layout = good_encrypted();
        layout.unprotected_tlvs[4] = layout.unprotected_tlvs[i];
        refused(&layout, MICO_ERR_FORMAT, "stands there twice");
    }
    struct layout layout = good();
    layout.protected_tlvs[1] = layout.protected_tlvs[0];
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x50 (security counter) stands there twice");
}

static void tlvs_in_the_wrong_area_unknown_or_of_other_schemes_are_refused(void **state)
{
    struct layout layout = good();
    const uint16_t elsewhere[] = {TLV_SHA256, TLV_KEY_HASH, TLV_PUBLIC_KEY, TLV_ED25519};
    for (int i = 0; i < 4; i++) {
        layout.protected_tlvs[1] = (struct tlv){elsewhere[i], 32, NULL};
        refused(&layout, MICO_ERR_FORMAT, "may not stand in the protected area");
    }
    layout = good();
    const uint16_t signed_only[] = {TLV_DEPENDENCY, TLV_BOOT_RECORD, TLV_VENDOR_UUID, TLV_CLASS_UUID, 0xA0, 0x12FF};
    for (int i = 0; i < 6; i++) {
        layout.unprotected_tlvs[3] = (struct tlv){signed_only[i], 12, NULL};
        refused(&layout, MICO_ERR_FORMAT, "may not stand in the unprotected area");
    }
    const uint16_t unknown[] = {0x03, 0x13, 0x26, 0x35, 0x41, 0x51, 0x61, 0x76, 0x9F, 0x110, 0x150};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        layout = good();
        layout.protected_tlvs[1] = (struct tlv){unknown[i], 4, NULL};
        refused(&layout, MICO_ERR_FORMAT, "in the protected area is unknown");
        layout.protected_tlvs[1].type = 0;
        layout.unprotected_tlvs[3] = (struct tlv){unknown[i], 4, NULL};
        refused(&layout, MICO_ERR_FORMAT, "in the unprotected area is unknown");
    }
    const uint16_t others[] = {0x11, 0x12, 0x20, 0x22, 0x23, 0x25, 0x30, 0x31, 0x32, 0x34, 0x70, 0x71, 0x72, 0x73};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        layout = good();
        layout.unprotected_tlvs[3] = (struct tlv){others[i], 32, NULL};
        refused(&layout, MICO_ERR_UNSUPPORTED, "is not taken by MiCO");
    }
}

static void dependencies_are_checked(void **state)
{
    uint8_t on[12] = {0, 0, 0, 0, 1, 2, 3, 0};
    struct layout layout = good();
    layout.protected_tlvs[1] = (struct tlv){TLV_DEPENDENCY, sizeof on, on};
    taken(&layout);
    on[8] = 1;
    refused(&layout, MICO_ERR_FORMAT, "dependency: image 0 must be 1.2.3 or newer and is 1.2.3");
    on[8] = 0;
    on[4] = 2;
    refused(&layout, MICO_ERR_FORMAT, "dependency: image 0 must be 2.2.3 or newer and is 1.2.3");
    on[4] = 1;
    on[0] = 1;
    refused(&layout, MICO_ERR_UNSUPPORTED, "dependency on image 1: this device has image 0 only");
    on[0] = 0;
    on[2] = 7;
    refused(&layout, MICO_ERR_FORMAT, "dependency: the reserved bytes are not zero");
    layout.protected_tlvs[1].len = 8;
    refused(&layout, MICO_ERR_FORMAT, "TLV 0x40 (dependency) is 8 bytes, not 12");
}

static void areas_with_wrong_magic_or_total_are_refused(void **state)
{
    struct layout layout = good();
    layout.protected_magic = IMAGE_UNPROTECTED_MAGIC;
    refused(&layout, MICO_ERR_FORMAT, "the protected area does not begin with its magic (found 0x6907)");
    layout = good();
    layout.unprotected_magic = IMAGE_PROTECTED_MAGIC;
    refused(&layout, MICO_ERR_FORMAT, "the unprotected area does not begin with its magic (found 0x6908)");
    layout = good();
    layout.protected_total_off = 1;
    refused(&layout, MICO_ERR_FORMAT, "the protected area says it is 13 bytes, not 12");
    layout = good();
    layout.unprotected_total_off = -1;
    refused(&layout, MICO_ERR_FORMAT, "a TLV runs past the end of the unprotected area");
    layout.unprotected_total_off = 1;
    refused(&layout, MICO_ERR_SIZE, "cut off");
    layout.unprotected_total_off = 5000;
    refused(&layout, MICO_ERR_FORMAT, "is the most");
    layout.unprotected_total_off = 3 - (int)tlvs_size(layout.unprotected_tlvs);
    refused(&layout, MICO_ERR_FORMAT, "the unprotected area says it is 3 bytes");
    layout = good();
    layout.protected_size = 2;
    refused(&layout, MICO_ERR_FORMAT, "the protected area does not begin with its magic");
    layout.protected_size = 513;
    refused(&layout, MICO_ERR_UNSUPPORTED, "protected TLV size is 513; at most 512");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_of_these_tests_are_taken_while_nothing_is_wrong),
        cmocka_unit_test(wrong_magic_is_refused),
        cmocka_unit_test(header_size_0_16_and_31_are_refused),
        cmocka_unit_test(payload_size_0_is_refused),
        cmocka_unit_test(payload_size_past_the_end_and_past_32_bits_is_refused),
        cmocka_unit_test(flags_unknown_or_not_taken_are_refused),
        cmocka_unit_test(load_address_without_a_flag_or_past_memory_is_refused),
        cmocka_unit_test(last_header_word_that_is_not_zero_is_refused),
        cmocka_unit_test(unsigned_or_missing_security_counter_is_refused),
        cmocka_unit_test(wrapped_key_that_does_not_fit_the_flags_is_refused),
        cmocka_unit_test(two_wrapped_keys_or_one_in_the_protected_area_are_refused),
        cmocka_unit_test(second_spelling_of_an_ephemeral_key_is_refused),
        cmocka_unit_test(short_or_absent_key_hash_is_refused),
        cmocka_unit_test(public_key_of_another_kind_or_another_hash_is_refused),
        cmocka_unit_test(missing_digest_or_signature_is_refused),
        cmocka_unit_test(each_tlv_may_stand_once_only),
        cmocka_unit_test(tlvs_in_the_wrong_area_unknown_or_of_other_schemes_are_refused),
        cmocka_unit_test(dependencies_are_checked),
        cmocka_unit_test(areas_with_wrong_magic_or_total_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
