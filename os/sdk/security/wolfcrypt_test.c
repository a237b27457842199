/* SPDX-License-Identifier: Apache-2.0 */
/* wolfCrypt's classic names, by the examples of RFC 1321, FIPS 180-4, RFC 2202, SP 800-38A, SP 800-67, RFC 7748 and RFC 8032. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "StringUtils.h"
#include "mico.h"

static void assert_hex(const uint8_t *got, size_t len, const char *wanted)
{
    char hex[2 * 128 + 1];
    mico_hex(got, len, hex);
    assert_string_equal(hex, wanted);
}

static void bytes_of(const char *hex, uint8_t *out)
{
    assert_int_not_equal(str2hex((unsigned char *)(uintptr_t)hex, out, 128), 0);
}

static void a_hash_begins_anew_after_its_end(void **state)
{
    md5_context md5;
    Sha sha;
    Sha256 sha256;
    Sha512 sha512;
    uint8_t digest[64], again[64];
    InitMd5(&md5);
    Md5Update(&md5, (unsigned char *)"message ", 8);
    Md5Update(&md5, (unsigned char *)"digest", 6);
    Md5Final(&md5, digest);
    assert_hex(digest, 16, "f96b697d7cb7938d525a2f31aaf161d0");
    Md5Update(&md5, (unsigned char *)"message digest", 14);
    Md5Final(&md5, again);
    assert_memory_equal(again, digest, 16);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(i == 0 ? InitSha(&sha) : 0, 0);
        assert_int_equal(ShaUpdate(&sha, (const byte *)"abc", 3), 0);
        assert_int_equal(ShaFinal(&sha, digest), 0);
        assert_hex(digest, 20, "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_int_equal(i == 0 ? InitSha256(&sha256) : 0, 0);
        assert_int_equal(Sha256Update(&sha256, (const byte *)"abc", 3), 0);
        assert_int_equal(Sha256Final(&sha256, digest), 0);
        assert_hex(digest, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_int_equal(i == 0 ? InitSha512(&sha512) : 0, 0);
        assert_int_equal(Sha512Update(&sha512, (const byte *)"abc", 3), 0);
        assert_int_equal(Sha512Final(&sha512, digest), 0);
        assert_hex(digest, 32, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a");
    }
}

static void hmac_is_that_of_rfc_2202_and_begins_anew(void **state)
{
    Hmac state_of;
    uint8_t mac[64];
    assert_int_equal(HmacSetKey(&state_of, MD5, (const byte *)"Jefe", 4), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(HmacUpdate(&state_of, (const byte *)"what do ya want ", 16), 0);
        assert_int_equal(HmacUpdate(&state_of, (const byte *)"for nothing?", 12), 0);
        assert_int_equal(HmacFinal(&state_of, mac), 0);
        assert_hex(mac, 16, "750c783e6ab0b503eaa86e310a5db738");
    }
    assert_int_equal(HmacSetKey(&state_of, SHA, (const byte *)"Jefe", 4), 0);
    assert_int_equal(HmacUpdate(&state_of, (const byte *)"what do ya want for nothing?", 28), 0);
    assert_int_equal(HmacFinal(&state_of, mac), 0);
    assert_hex(mac, 20, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    assert_int_equal(HmacSetKey(&state_of, SHA256, (const byte *)"Jefe", 4), 0);
    assert_int_equal(HmacUpdate(&state_of, (const byte *)"what do ya want for nothing?", 28), 0);
    assert_int_equal(HmacFinal(&state_of, mac), 0);
    assert_hex(mac, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void aes_in_cbc_is_that_of_sp_800_38a(void **state)
{
    static Aes aes;
    uint8_t key[16], iv[16], text[64], out[64];
    bytes_of("2b7e151628aed2a6abf7158809cf4f3c", key);
    bytes_of("000102030405060708090a0b0c0d0e0f", iv);
    bytes_of("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51", text);
    assert_int_equal(AesSetKey(&aes, key, 16, iv, AES_ENCRYPTION), 0);
    assert_int_equal(AesCbcEncrypt(&aes, out, text, 16), 0);
    assert_int_equal(AesCbcEncrypt(&aes, out + 16, text + 16, 16), 0); /* goes on */
    assert_hex(out, 32, "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2");
    assert_int_equal(AesSetKey(&aes, key, 16, iv, AES_DECRYPTION), 0);
    assert_int_equal(AesCbcDecrypt(&aes, out, out, 32), 0); /* in place */
    assert_memory_equal(out, text, 32);
    assert_int_equal(AesSetIV(&aes, iv), 0);
    assert_int_equal(AesCbcEncrypt(&aes, out, text, 16), kParamErr); /* the other direction */
    assert_int_equal(AesCbcDecrypt(&aes, out, text, 15), kSizeErr);
}

static void single_blocks_are_those_of_fips_197(void **state)
{
    static Aes aes;
    uint8_t key[32], block[16], out[16];
    bytes_of("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", key);
    bytes_of("00112233445566778899aabbccddeeff", block);
    assert_int_equal(AesSetKeyDirect(&aes, key, 32, NULL, AES_ENCRYPTION), 0);
    AesEncryptDirect(&aes, out, block);
    assert_hex(out, 16, "8ea2b7ca516745bfeafc49904b496089");
    AesDecryptDirect(&aes, out, block); /* not its direction: nothing */
    assert_hex(out, 16, "8ea2b7ca516745bfeafc49904b496089");
    assert_int_equal(AesSetKeyDirect(&aes, key, 32, NULL, AES_DECRYPTION), 0);
    AesDecryptDirect(&aes, out, out);
    assert_memory_equal(out, block, 16);
}

static void padding_is_added_and_taken_off(void **state)
{
    static Aes encrypting, decrypting;
    uint8_t key[16] = {7}, text[40], sealed[64], back[64];
    memset(text, 'x', sizeof text);
    for (word32 len = 0; len <= sizeof text; len++) {
        assert_int_equal(AesSetKey(&encrypting, key, 16, NULL, AES_ENCRYPTION), 0);
        assert_int_equal(AesSetKey(&decrypting, key, 16, NULL, AES_DECRYPTION), 0);
        word32 sealed_len = AesCbcEncryptPkcs5Padding(&encrypting, sealed, text, len);
        assert_int_equal(sealed_len, len / 16 * 16 + 16);
        assert_int_equal(AesCbcDecryptPkcs5Padding(&decrypting, back, sealed, sealed_len), len);
        assert_memory_equal(back, text, len);
    }
}

static void wrong_padding_is_refused_and_wiped(void **state)
{
    static Aes encrypting, decrypting;
    uint8_t key[16] = {7}, sealed[16], back[16], zeros[16] = {0};
    for (int last = 0; last < 256; last++) {
        uint8_t block[16] = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 3, (uint8_t)last};
        assert_int_equal(AesSetKey(&encrypting, key, 16, NULL, AES_ENCRYPTION), 0);
        assert_int_equal(AesSetKey(&decrypting, key, 16, NULL, AES_DECRYPTION), 0);
        assert_int_equal(AesCbcEncrypt(&encrypting, sealed, block, 16), 0);
        word32 len = AesCbcDecryptPkcs5Padding(&decrypting, back, sealed, 16);
        assert_int_equal(len, last == 1 ? 15 : 0);
        if (len == 0) {
            assert_memory_equal(back, zeros, 16);
        }
    }
}

static void des_is_that_of_nist(void **state)
{
    static Des des;
    static Des3 des3;
    uint8_t key[24], iv[8], text[24], out[24], back[24];
    bytes_of("0123456789abcdef", key);
    bytes_of("1234567890abcdef", iv);
    memcpy(text, "Now is the time for all ", 24);
    Des_SetKey(&des, key, iv, DES_ENCRYPTION);
    Des_CbcEncrypt(&des, out, text, 24); /* FIPS 81 table C1 */
    assert_hex(out, 24, "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6");
    Des_SetKey(&des, key, iv, DES_DECRYPTION);
    Des_CbcDecrypt(&des, back, out, 24);
    assert_memory_equal(back, text, 24);
    bytes_of("0123456789abcdef23456789abcdef01456789abcdef0123", key);
    memcpy(text, "The qufc", 8); /* SP 800-67 appendix B.1: the first block, from zeros */
    Des3_SetKey(&des3, key, NULL, DES_ENCRYPTION);
    Des3_CbcEncrypt(&des3, out, text, 8);
    assert_hex(out, 8, "a826fd8ce53b855f");
    Des3_SetKey(&des3, key, NULL, DES_DECRYPTION);
    Des3_CbcDecrypt(&des3, back, out, 8);
    assert_memory_equal(back, text, 8);
}

static void curves_are_those_of_their_rfcs(void **state)
{
    uint8_t secret[32], point[32], out[32], seed[32], pk[32], sk[64], sm[66], m[2], zeros[32] = {0};
    unsigned long long len;
    bytes_of("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", secret);
    bytes_of("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", point);
    curve25519_donna(out, secret, point);
    assert_hex(out, 32, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    curve25519_donna(out, secret, zeros);
    assert_memory_equal(out, zeros, 32);
    bytes_of("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", seed);
    assert_int_equal(crypto_sign_ed25519_seed_keypair(pk, sk, seed), 0);
    assert_hex(pk, 32, "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
    bytes_of("af82", m);
    assert_int_equal(crypto_sign_ed25519(sm, &len, m, 2, sk), 0);
    assert_int_equal(len, 66);
    assert_hex(sm, 32, "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac");
    m[0] = 0;
    assert_int_equal(crypto_sign_ed25519_open(m, &len, sm, 66, pk), 0);
    assert_int_equal(len, 2);
    assert_int_equal(m[0], 0xaf);
    sm[65] ^= 1;
    assert_int_equal(crypto_sign_ed25519_open(m, &len, sm, 66, pk), -1);
    assert_int_equal(crypto_sign_ed25519_open(m, &len, sm, 63, pk), -1);
    assert_int_equal(crypto_sign_ed25519_keypair(pk, sk), 0);
    assert_int_equal(crypto_sign_ed25519(sm, NULL, m, 2, sk), 0);
    assert_int_equal(crypto_sign_ed25519_open(m, NULL, sm, 66, pk), 0);
}

static void bad_parameters_are_refused(void **state)
{
    static Aes aes;
    static Des des;
    Hmac state_of;
    uint8_t bytes[32] = {0};
    InitMd5(NULL);
    Md5Update(NULL, bytes, 1);
    Md5Final(NULL, bytes);
    assert_int_equal(InitSha(NULL), kParamErr);
    assert_int_equal(ShaUpdate((Sha *)&aes, NULL, 1), kParamErr);
    assert_int_equal(ShaFinal((Sha *)&aes, NULL), kParamErr);
    assert_int_equal(InitSha256(NULL), kParamErr);
    assert_int_equal(Sha256Update(NULL, bytes, 1), kParamErr);
    assert_int_equal(Sha256Final(NULL, bytes), kParamErr);
    assert_int_equal(InitSha512(NULL), kParamErr);
    assert_int_equal(Sha512Update(NULL, bytes, 1), kParamErr);
    assert_int_equal(Sha512Final(NULL, bytes), kParamErr);
    assert_int_equal(HmacSetKey(&state_of, 9, bytes, 1), kParamErr);
    assert_int_equal(HmacSetKey(NULL, MD5, bytes, 1), kParamErr);
    assert_int_equal(HmacSetKey(&state_of, MD5, NULL, 1), kParamErr);
    assert_int_equal(HmacUpdate(NULL, bytes, 1), kParamErr);
    assert_int_equal(HmacFinal(NULL, bytes), kParamErr);
    assert_int_equal(AesSetKey(&aes, bytes, 17, NULL, AES_ENCRYPTION), kParamErr);
    assert_int_equal(AesSetKey(&aes, bytes, 16, NULL, 2), kParamErr);
    assert_int_equal(AesSetKey(&aes, NULL, 16, NULL, AES_ENCRYPTION), kParamErr);
    assert_int_equal(AesSetKey(NULL, bytes, 16, NULL, AES_ENCRYPTION), kParamErr);
    assert_int_equal(AesSetKeyDirect(NULL, bytes, 16, NULL, AES_ENCRYPTION), kParamErr);
    assert_int_equal(AesSetIV(&aes, NULL), kParamErr);
    assert_int_equal(AesCbcEncrypt(NULL, bytes, bytes, 16), kParamErr);
    assert_int_equal(AesCbcDecrypt(NULL, bytes, bytes, 16), kParamErr);
    assert_int_equal(AesCbcEncryptPkcs5Padding(&aes, NULL, bytes, 16), 0);
    assert_int_equal(AesCbcEncryptPkcs5Padding(NULL, bytes, bytes, 16), 0);
    assert_int_equal(AesCbcDecryptPkcs5Padding(NULL, bytes, bytes, 16), 0);
    assert_int_equal(AesCbcDecryptPkcs5Padding(&aes, bytes, bytes, 0), 0);
    AesEncryptDirect(NULL, bytes, bytes);
    AesDecryptDirect(&aes, NULL, bytes);
    Des_SetKey(NULL, bytes, NULL, DES_ENCRYPTION);
    Des_SetKey(&des, NULL, NULL, DES_ENCRYPTION);
    Des_CbcEncrypt(NULL, bytes, bytes, 8);
    Des_CbcDecrypt(&des, bytes, bytes, 7);
    Des3_SetKey(NULL, bytes, NULL, DES_ENCRYPTION);
    Des3_CbcEncrypt(NULL, bytes, bytes, 8);
    Des3_CbcDecrypt(&des, NULL, bytes, 8);
    curve25519_donna(NULL, bytes, bytes);
    assert_int_equal(crypto_sign_ed25519_keypair(NULL, bytes), -1);
    assert_int_equal(crypto_sign_ed25519_seed_keypair(bytes, NULL, bytes), -1);
    assert_int_equal(crypto_sign_ed25519(NULL, NULL, bytes, 1, bytes), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_begins_anew_after_its_end),
        cmocka_unit_test(hmac_is_that_of_rfc_2202_and_begins_anew),
        cmocka_unit_test(aes_in_cbc_is_that_of_sp_800_38a),
        cmocka_unit_test(single_blocks_are_those_of_fips_197),
        cmocka_unit_test(padding_is_added_and_taken_off),
        cmocka_unit_test(wrong_padding_is_refused_and_wiped),
        cmocka_unit_test(des_is_that_of_nist),
        cmocka_unit_test(curves_are_those_of_their_rfcs),
        cmocka_unit_test(bad_parameters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
