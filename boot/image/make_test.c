/* SPDX-License-Identifier: Apache-2.0 */
/* What we make is what imgtool makes, byte for byte where nothing is drawn by chance; and wrapping for devices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "boot/image/format.h"
#include "boot/image/test_vectors.h"
#include "crypto/primitives/primitives.h"

static uint8_t made[32768];
static size_t made_len;

static struct mico_image_recipe recipe(void)
{
    struct mico_image_recipe r = {
        .payload = vector_file("payload.bin"),
        .version = {1, 2, 3, 0},
        .security_counter = 6,
        .header_size = 512,
        .sign = vector_sign,
    };
    memcpy(r.public_key, vector_root_public, 32);
    return r;
}

static void make(const struct mico_image_recipe *r)
{
    struct mico_reason reason = {""};
    if (mico_image_make(r, made, sizeof made, &made_len, &reason) != MICO_OK) {
        fail_msg("%s", reason.text);
    }
    assert_int_equal(made_len, mico_image_make_size(r));
}

static void equals(const char *name)
{
    struct mico_span theirs = vector_file(name);
    assert_int_equal(made_len, theirs.len);
    assert_memory_equal(made, theirs.data, theirs.len);
}

static void images_in_the_clear_are_imgtools_byte_for_byte(void **state)
{
    struct mico_image_recipe r = recipe();
    make(&r);
    equals("v01_ed25519_sha256.bin");
    r.header_size = 32;
    make(&r);
    equals("v02_hdr32.bin");
    r = recipe();
    r.security_counter = 5;
    make(&r);
    equals("v03_seccnt_equal.bin");
    r = recipe();
    r.rom_fixed = true;
    r.load_addr = 0x8010000;
    make(&r);
    equals("v07_rom_fixed.bin");
    r = recipe();
    r.version = (struct mico_boot_version){255, 255, 65535, 4294967295};
    make(&r);
    equals("v08_big_version.bin");
    r.version = (struct mico_boot_version){0, 9, 0, 0};
    make(&r);
    equals("v09_old_version_ok_counter.bin");
}

static void more_protected_tlvs_are_imgtools_byte_for_byte(void **state)
{
    struct mico_image theirs;
    struct mico_image_recipe r = recipe();
    assert_int_equal(vector_parse(&theirs, vector_file("v04_deps_bootrec_custom_uuid.bin"), NULL), MICO_OK);
    r.more_protected = (struct mico_span){theirs.protected_area + 12, theirs.protected_size - 12u};
    make(&r);
    equals("v04_deps_bootrec_custom_uuid.bin");
}

/* With the content key that imgtool drew, all but the wrapped key must come out as imgtool wrote it; and what imgtool
 * wrapped, we unwrap. */
static void encrypted_like_imgtool(const char *name, size_t payload_len)
{
    struct mico_image theirs;
    struct mico_image_key key;
    struct mico_image_recipe r = recipe();
    struct mico_span file = vector_file(name);
    assert_int_equal(vector_parse(&theirs, file, NULL), MICO_OK);
    assert_int_equal(mico_image_unwrap(&theirs, vector_agree, NULL, &key, NULL), MICO_OK);
    r.payload.len = payload_len;
    r.content_key = &key;
    r.device_key = vector_device_public;
    make(&r);
    assert_int_equal(made_len, file.len);
    assert_memory_equal(made, file.data, file.len - theirs.wrap_len);
    assert_int_equal(vector_accept((struct mico_span){made, made_len}, &vector_trust, NULL, NULL), MICO_OK);
}

static void encrypted_images_are_imgtools_but_for_the_wrapped_key(void **state)
{
    encrypted_like_imgtool("e01_x25519_aes128.bin", 8197);
    encrypted_like_imgtool("e02_x25519_aes128_aligned.bin", 6000);
    encrypted_like_imgtool("e04_x25519_aes256.bin", 8197);
}

static void wrap_is_a_function_of_its_ephemeral_key(void **state)
{
    struct mico_image_key key = {.len = 16};
    uint8_t ephemeral[32], one[MICO_IMAGE_WRAP_MAX], two[MICO_IMAGE_WRAP_MAX], public_key[32];
    memset(key.bytes, 0xA5, 16);
    memset(ephemeral, 0x42, sizeof ephemeral);
    assert_int_equal(mico_image_wrap_with(&key, vector_device_public, ephemeral, one), MICO_OK);
    assert_int_equal(mico_image_wrap_with(&key, vector_device_public, ephemeral, two), MICO_OK);
    assert_memory_equal(one, two, 80);
    mico_x25519_public(ephemeral, public_key);
    assert_memory_equal(one, public_key, 32);
    assert_int_equal(mico_image_wrap(&key, vector_device_public, two), MICO_OK);
    assert_memory_not_equal(one, two, 32);
}

static const uint8_t other_private[32] = {7, 7, 7};

static mico_err other_agree(void *ctx, const uint8_t peer[32], uint8_t out[32])
{
    return mico_x25519(other_private, peer, out);
}

static void rewrapping_moves_an_image_to_another_device_without_signing(void **state)
{
    struct mico_image image;
    struct mico_image_key key, got;
    struct mico_image_recipe r = recipe();
    uint8_t other_public[32];
    assert_int_equal(mico_image_make_key(&key, 32), MICO_OK);
    r.content_key = &key;
    r.device_key = vector_device_public;
    r.carry_public_key = true;
    make(&r);

    static uint8_t before[sizeof made];
    memcpy(before, made, made_len);
    mico_x25519_public(other_private, other_public);
    assert_int_equal(mico_image_rewrap(made, made_len, &key, other_public, NULL), MICO_OK);
    assert_memory_equal(made, before, made_len - 96);
    assert_int_equal(vector_accept((struct mico_span){made, made_len}, &vector_trust, NULL, NULL), MICO_ERR_AUTH);
    assert_int_equal(vector_parse(&image, (struct mico_span){made, made_len}, NULL), MICO_OK);
    assert_int_equal(mico_image_verify(&image, &vector_trust, image.digest, NULL), MICO_OK);
    assert_int_equal(mico_image_unwrap(&image, other_agree, NULL, &got, NULL), MICO_OK);
    assert_memory_equal(&got, &key, sizeof key);
}

static void rewrapping_of_imgtools_image_works_too(void **state)
{
    struct mico_image theirs;
    struct mico_image_key key;
    struct mico_span file = vector_file("e01_x25519_aes128.bin");
    memcpy(made, file.data, file.len);
    assert_int_equal(vector_parse(&theirs, file, NULL), MICO_OK);
    assert_int_equal(mico_image_unwrap(&theirs, vector_agree, NULL, &key, NULL), MICO_OK);
    assert_int_equal(mico_image_rewrap(made, file.len, &key, vector_device_public, NULL), MICO_OK);
    assert_memory_not_equal(made + file.len - 80, file.data + file.len - 80, 80);
    assert_int_equal(vector_accept((struct mico_span){made, file.len}, &vector_trust, NULL, NULL), MICO_OK);
}

static void rewrapping_with_a_wrong_key_changes_nothing(void **state)
{
    struct mico_image_key key = {.len = 16};
    struct mico_reason reason;
    struct mico_span file = vector_file("e01_x25519_aes128.bin");
    memcpy(made, file.data, file.len);
    assert_int_equal(mico_image_rewrap(made, file.len, &key, vector_device_public, &reason), MICO_ERR_AUTH);
    key.len = 32;
    assert_int_equal(mico_image_rewrap(made, file.len, &key, vector_device_public, &reason), MICO_ERR_PARAM);
    assert_memory_equal(made, file.data, file.len);
    file = vector_file("v01_ed25519_sha256.bin");
    memcpy(made, file.data, file.len);
    assert_int_equal(mico_image_rewrap(made, file.len, &key, vector_device_public, &reason), MICO_ERR_PARAM);
    assert_string_equal(reason.text, "image: is not encrypted: there is nothing to wrap");
}

static void image_that_carries_its_key_is_checked_against_a_hash(void **state)
{
    uint8_t hash[2][32] = {{0}};
    const struct mico_image_trust by_hash = {.key_hashes = hash, .key_hash_count = 2};
    struct mico_image_recipe r = recipe();
    r.carry_public_key = true;
    make(&r);
    mico_image_key_hash(vector_root_public, hash[1]);
    assert_int_equal(vector_accept((struct mico_span){made, made_len}, &by_hash, NULL, NULL), MICO_OK);
    struct mico_image image;
    uint8_t digest[32];
    assert_int_equal(vector_parse(&image, (struct mico_span){made, made_len}, NULL), MICO_OK);
    memcpy(digest, image.digest, sizeof digest);
    assert_int_equal(mico_image_proof(&image, &by_hash, digest), MICO_IMAGE_PROVEN);
    assert_int_equal(mico_image_counter(&image), image.security_counter);
    digest[31] ^= 1;
    assert_int_equal(mico_image_proof(&image, &by_hash, digest), 0);
    hash[1][0] ^= 1;
    assert_int_equal(mico_image_proof(&image, &by_hash, image.digest), 0);
    assert_int_equal(vector_accept((struct mico_span){made, made_len}, &by_hash, NULL, NULL), MICO_ERR_AUTH);
}

static mico_err sign_wrongly(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    memset(signature, 1, 64);
    return MICO_OK;
}

static mico_err sign_not(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    return MICO_ERR_DENIED;
}

static void recipes_that_cannot_be_are_refused(void **state)
{
    static const uint8_t low_order[32];
    struct mico_image_key key;
    struct mico_reason reason;
    struct mico_image_recipe r = recipe();
    r.header_size = 31;
    assert_int_equal(mico_image_make(&r, made, sizeof made, &made_len, &reason), MICO_ERR_PARAM);
    r = recipe();
    assert_int_equal(mico_image_make(&r, made, 8864, &made_len, &reason), MICO_ERR_SIZE);
    assert_int_equal(made_len, 0);
    r.sign = sign_wrongly;
    assert_int_equal(mico_image_make(&r, made, sizeof made, &made_len, &reason), MICO_ERR_AUTH);
    r.sign = sign_not;
    assert_int_equal(mico_image_make(&r, made, sizeof made, &made_len, &reason), MICO_ERR_DENIED);
    r = recipe();
    r.load_addr = 4;
    assert_int_equal(mico_image_make(&r, made, sizeof made, &made_len, &reason), MICO_ERR_FORMAT);
    r = recipe();
    assert_int_equal(mico_image_make_key(&key, 24), MICO_ERR_PARAM);
    assert_int_equal(mico_image_make_key(&key, 16), MICO_OK);
    r.content_key = &key;
    assert_int_equal(mico_image_make(&r, made, sizeof made, &made_len, &reason), MICO_ERR_PARAM);
    r.device_key = low_order;
    assert_int_equal(mico_image_make(&r, made, sizeof made, &made_len, &reason), MICO_ERR_CRYPTO);
    assert_int_equal(made_len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_in_the_clear_are_imgtools_byte_for_byte),
        cmocka_unit_test(more_protected_tlvs_are_imgtools_byte_for_byte),
        cmocka_unit_test(encrypted_images_are_imgtools_but_for_the_wrapped_key),
        cmocka_unit_test(wrap_is_a_function_of_its_ephemeral_key),
        cmocka_unit_test(rewrapping_moves_an_image_to_another_device_without_signing),
        cmocka_unit_test(rewrapping_of_imgtools_image_works_too),
        cmocka_unit_test(rewrapping_with_a_wrong_key_changes_nothing),
        cmocka_unit_test(image_that_carries_its_key_is_checked_against_a_hash),
        cmocka_unit_test(recipes_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
