/* SPDX-License-Identifier: Apache-2.0 */
/* Images as imgtool makes them are taken; damaged, cut, foreign and old ones are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "boot/image/format.h"
#include "boot/image/test_vectors.h"
#include "crypto/primitives/primitives.h"

static uint8_t loaded[16384];

static void every_image_of_imgtool_is_taken_and_its_payload_comes_out(void **state)
{
    static const struct { const char *name; size_t header, payload; } images[] = {
        {"v01_ed25519_sha256.bin", 512, 8197},           {"v02_hdr32.bin", 32, 8197},
        {"v03_seccnt_equal.bin", 512, 8197},             {"v04_deps_bootrec_custom_uuid.bin", 512, 8197},
        {"v05_padded_confirm.bin", 512, 8197},           {"v07_rom_fixed.bin", 512, 8197},
        {"v08_big_version.bin", 512, 8197},              {"v09_old_version_ok_counter.bin", 512, 8197},
        {"e01_x25519_aes128.bin", 512, 8197},            {"e02_x25519_aes128_aligned.bin", 512, 6000},
        {"e04_x25519_aes256.bin", 512, 8197},            {"e08_rewrapped.bin", 512, 8197},
    };
    struct mico_span payload = vector_file("payload.bin");
    for (size_t i = 0; i < sizeof images / sizeof images[0]; i++) {
        struct mico_reason reason = {""};
        struct mico_span bytes = vector_file(images[i].name);
        mico_err err = vector_accept(bytes, &vector_trust, loaded, &reason);
        if (err != MICO_OK) {
            fail_msg("%s: %s", images[i].name, reason.text);
        }
        assert_memory_equal(loaded, bytes.data, images[i].header);
        assert_memory_equal(loaded + images[i].header, payload.data, images[i].payload);
        assert_int_equal(vector_accept(bytes, &vector_trust, NULL, &reason), MICO_OK);
    }
}

static void fields_are_as_imgtool_was_told(void **state)
{
    struct mico_image image;
    assert_int_equal(vector_parse(&image, vector_file("v07_rom_fixed.bin"), NULL), MICO_OK);
    assert_int_equal(image.flags, IMAGE_ROM_FIXED);
    assert_int_equal(image.load_addr, 0x8010000);
    assert_int_equal(image.header_size, 512);
    assert_int_equal(image.payload_size, 8197);
    assert_int_equal(image.security_counter, 6);
    assert_int_equal(image.size, vector_file("v07_rom_fixed.bin").len);
    assert_int_equal(vector_parse(&image, vector_file("v08_big_version.bin"), NULL), MICO_OK);
    assert_int_equal(image.version.major, 255);
    assert_int_equal(image.version.revision, 65535);
    assert_int_equal(image.version.build, 4294967295);
    assert_int_equal(vector_parse(&image, vector_file("v05_padded_confirm.bin"), NULL), MICO_OK);
    assert_int_equal(image.size, vector_file("v01_ed25519_sha256.bin").len);
    assert_int_equal(vector_parse(&image, vector_file("e04_x25519_aes256.bin"), NULL), MICO_OK);
    assert_true(mico_image_is_encrypted(&image));
    assert_int_equal(image.wrap_len, 96);
}

static bool collect_types(void *ctx, uint16_t type, struct mico_span value)
{
    uint16_t **at = ctx;
    *(*at)++ = type;
    return true;
}

static void protected_tlvs_can_be_listed(void **state)
{
    struct mico_image image;
    uint16_t types[8] = {0}, *at = types;
    const uint16_t expected[] = {0x50, 0x60, 0x40, 0x74, 0x75, 0xA0};
    assert_int_equal(vector_parse(&image, vector_file("v04_deps_bootrec_custom_uuid.bin"), NULL), MICO_OK);
    mico_image_each_protected(&image, collect_types, &at);
    assert_int_equal(at - types, 6);
    assert_memory_equal(types, expected, sizeof expected);
}

static mico_err agree_as_another(void *ctx, const uint8_t peer[32], uint8_t out[32])
{
    return mico_x25519(vector_root_seed, peer, out);
}

static void image_wrapped_for_another_device_is_refused(void **state)
{
    struct mico_image image;
    struct mico_image_key key;
    struct mico_reason reason;
    assert_int_equal(vector_parse(&image, vector_file("e01_x25519_aes128.bin"), NULL), MICO_OK);
    assert_int_equal(mico_image_unwrap(&image, agree_as_another, NULL, &key, &reason), MICO_ERR_AUTH);
    assert_string_equal(reason.text, "image: the content key is not wrapped for this device (HMAC differs)");
}

static void older_counter_than_allowed_is_refused_with_both_figures(void **state)
{
    struct mico_image image;
    struct mico_reason reason;
    assert_int_equal(vector_parse(&image, vector_file("v03_seccnt_equal.bin"), NULL), MICO_OK);
    assert_int_equal(mico_image_check_counter(&image, 5, &reason), MICO_OK);
    assert_int_equal(mico_image_check_counter(&image, 6, &reason), MICO_ERR_ROLLBACK);
    assert_string_equal(reason.text, "image: security counter 5 is older than the chip allows (6)");
    assert_int_equal(mico_image_check_counter(&image, UINT64_MAX, &reason), MICO_ERR_ROLLBACK);
}

static void signer_that_is_not_trusted_is_refused(void **state)
{
    struct mico_image image;
    struct mico_reason reason;
    uint8_t other[1][32], digest[32] = {1};
    const struct mico_image_trust others = {.keys = other, .key_count = 1}, nobody = {0};
    mico_ed25519_public(vector_device_private, other[0]);
    assert_int_equal(vector_parse(&image, vector_file("v01_ed25519_sha256.bin"), NULL), MICO_OK);
    assert_int_equal(mico_image_verify(&image, &others, image.digest, &reason), MICO_ERR_AUTH);
    assert_string_equal(reason.text, "image: the key hash ac5ea0a31024826e... is none of the 1 that are trusted");
    assert_int_equal(mico_image_verify(&image, &nobody, image.digest, &reason), MICO_ERR_AUTH);
    assert_int_equal(mico_image_verify(&image, &vector_trust, digest, &reason), MICO_ERR_AUTH);
    assert_string_equal(reason.text, "image: the Ed25519 signature is wrong");
}

static void trusted_hash_alone_needs_the_key_in_the_image(void **state)
{
    struct mico_image image;
    struct mico_reason reason;
    uint8_t hash[1][32];
    const struct mico_image_trust by_hash = {.key_hashes = hash, .key_hash_count = 1};
    mico_image_key_hash(vector_root_public, hash[0]);
    assert_int_equal(vector_parse(&image, vector_file("v01_ed25519_sha256.bin"), NULL), MICO_OK);
    assert_int_equal(mico_image_verify(&image, &by_hash, image.digest, &reason), MICO_ERR_AUTH);
    assert_non_null(strstr(reason.text, "does not carry the public key"));
}

/* A byte that is not part of an image's meaning would be one that nobody checks. */
static void every_single_flipped_bit_is_refused(void **state)
{
    static const char *const names[] = {"v02_hdr32.bin", "v04_deps_bootrec_custom_uuid.bin", "e04_x25519_aes256.bin",
                                        "e02_x25519_aes128_aligned.bin"};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        struct mico_span whole = vector_file(names[n]);
        struct mico_image image;
        assert_int_equal(vector_parse(&image, whole, NULL), MICO_OK);
        uint8_t *bytes = malloc(whole.len);
        memcpy(bytes, whole.data, whole.len);
        size_t payload_end = (size_t)image.header_size + image.payload_size;
        for (size_t i = 0; i < whole.len; i++) {
            if (i > image.header_size + 32u && i < payload_end - 32) {
                continue; /* of the payload the first and the last bytes */
            }
            for (int bit = 0; bit < 8; bit++) {
                struct mico_reason reason = {""};
                bytes[i] ^= (uint8_t)(1u << bit);
                mico_err err = vector_accept((struct mico_span){bytes, whole.len}, &vector_trust, NULL, &reason);
                bytes[i] ^= (uint8_t)(1u << bit);
                if (err == MICO_OK || strncmp(reason.text, "image: ", 7) != 0) {
                    fail_msg("%s: byte %zu bit %d: taken, or without a reason", names[n], i, bit);
                }
            }
        }
        free(bytes);
    }
}

static void image_cut_at_any_length_is_refused(void **state)
{
    static const char *const names[] = {"v04_deps_bootrec_custom_uuid.bin", "e01_x25519_aes128.bin"};
    for (size_t n = 0; n < 2; n++) {
        struct mico_span whole = vector_file(names[n]);
        for (size_t len = 0; len < whole.len; len++) {
            struct mico_reason reason = {""};
            uint8_t *bytes = malloc(len + 1); /* exactly as long, so that the sanitizer sees a step beyond */
            memcpy(bytes, whole.data, len);
            struct mico_image image;
            mico_err err = vector_parse(&image, (struct mico_span){bytes, len}, &reason);
            free(bytes);
            assert_int_equal(err, MICO_ERR_SIZE);
            assert_int_equal(strncmp(reason.text, "image: cut off: ", 16), 0);
        }
    }
}

static void output_is_wiped_when_the_digest_differs(void **state)
{
    struct mico_image image;
    uint8_t digest[32];
    struct mico_span bytes = vector_file("v01_ed25519_sha256.bin");
    struct mico_image_source source = mico_image_in_memory(&bytes);
    assert_int_equal(mico_image_parse(&image, &source, NULL), MICO_OK);
    image.digest[0] ^= 1;
    memset(loaded, 0x77, sizeof loaded);
    assert_int_equal(mico_image_load(&image, &source, NULL, loaded, sizeof loaded, digest, NULL), MICO_ERR_AUTH);
    assert_true(mico_ct_is_zero(loaded, 512 + 8197));
    assert_true(mico_ct_is_zero(digest, sizeof digest));
    assert_int_equal(loaded[512 + 8197], 0x77);
    image.digest[0] ^= 1;
    assert_int_equal(mico_image_load(&image, &source, NULL, loaded, 512 + 8196, digest, NULL), MICO_ERR_SIZE);
}

static void key_and_encryption_must_go_together(void **state)
{
    struct mico_image image;
    uint8_t digest[32];
    struct mico_image_key key = {.len = 16};
    struct mico_span clear = vector_file("v01_ed25519_sha256.bin"), sealed = vector_file("e01_x25519_aes128.bin");
    struct mico_image_source source = mico_image_in_memory(&clear);
    assert_int_equal(mico_image_parse(&image, &source, NULL), MICO_OK);
    assert_int_equal(mico_image_check_digest(&image, &source, &key, digest, NULL), MICO_ERR_PARAM);
    assert_int_equal(mico_image_unwrap(&image, vector_agree, NULL, &key, NULL), MICO_ERR_FORMAT);
    source = mico_image_in_memory(&sealed);
    assert_int_equal(mico_image_parse(&image, &source, NULL), MICO_OK);
    assert_int_equal(mico_image_check_digest(&image, &source, NULL, digest, NULL), MICO_ERR_PARAM);
}

static mico_err agree_on_nothing(void *ctx, const uint8_t peer[32], uint8_t out[32])
{
    memset(out, 0, 32);
    return MICO_OK;
}

static mico_err agree_denied(void *ctx, const uint8_t peer[32], uint8_t out[32])
{
    memset(out, 0x55, 32);
    return MICO_ERR_DENIED;
}

static void failed_or_empty_agreement_leaves_no_key(void **state)
{
    struct mico_image image;
    struct mico_image_key key;
    struct mico_reason reason;
    assert_int_equal(vector_parse(&image, vector_file("e01_x25519_aes128.bin"), NULL), MICO_OK);
    memset(&key, 0x11, sizeof key);
    assert_int_equal(mico_image_unwrap(&image, agree_on_nothing, NULL, &key, &reason), MICO_ERR_CRYPTO);
    assert_true(mico_ct_is_zero(&key, sizeof key));
    assert_int_equal(mico_image_unwrap(&image, agree_denied, NULL, &key, &reason), MICO_ERR_DENIED);
    assert_non_null(strstr(reason.text, "(denied)"));
    assert_true(mico_ct_is_zero(&key, sizeof key));
}

/* A flash that shows another counter the second time it is read. */
struct changing {
    struct mico_span bytes;
    int reads;
};

static mico_err changing_read(void *ctx, uint32_t offset, void *out, size_t len)
{
    struct changing *flash = ctx;
    memcpy(out, flash->bytes.data + offset, len);
    if (++flash->reads > 3) { /* header, protected area and info of the other have been seen */
        memset(out, 0, len);
    }
    return MICO_OK;
}

static void flash_that_changes_its_mind_gains_nothing(void **state)
{
    struct changing flash = {vector_file("v02_hdr32.bin"), 0};
    struct mico_image_source source = {changing_read, &flash, (uint32_t)flash.bytes.len};
    struct mico_image image;
    assert_int_equal(mico_image_parse(&image, &source, NULL), MICO_ERR_FORMAT);
    flash.reads = -1; /* now the payload is the first that is not as it was */
    assert_int_equal(mico_image_parse(&image, &source, NULL), MICO_OK);
    uint8_t digest[32];
    assert_int_equal(mico_image_check_digest(&image, &source, NULL, digest, NULL), MICO_ERR_AUTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_image_of_imgtool_is_taken_and_its_payload_comes_out),
        cmocka_unit_test(fields_are_as_imgtool_was_told),
        cmocka_unit_test(protected_tlvs_can_be_listed),
        cmocka_unit_test(image_wrapped_for_another_device_is_refused),
        cmocka_unit_test(older_counter_than_allowed_is_refused_with_both_figures),
        cmocka_unit_test(signer_that_is_not_trusted_is_refused),
        cmocka_unit_test(trusted_hash_alone_needs_the_key_in_the_image),
        cmocka_unit_test(every_single_flipped_bit_is_refused),
        cmocka_unit_test(image_cut_at_any_length_is_refused),
        cmocka_unit_test(output_is_wiped_when_the_digest_differs),
        cmocka_unit_test(key_and_encryption_must_go_together),
        cmocka_unit_test(failed_or_empty_agreement_leaves_no_key),
        cmocka_unit_test(flash_that_changes_its_mind_gains_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
