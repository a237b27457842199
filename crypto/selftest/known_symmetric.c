/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers of hashes, MACs, ciphers, authenticated encryption and key wrapping. Each comment says where its answer is from. */
#include "crypto/selftest/known.h"

const struct known known_symmetric[] = {
#ifdef PSA_WANT_ALG_MD5
    /* RFC 1321 A.5 */
    {.name = "MD5", .run = known_hash, .alg = PSA_ALG_MD5, .in = "616263", .want = "900150983cd24fb0d6963f7d28e17f72"},
#endif
#ifdef PSA_WANT_ALG_SHA_1
    /* FIPS 180-4, "abc" */
    {.name = "SHA-1",
     .run = known_hash,
     .alg = PSA_ALG_SHA_1,
     .in = "616263",
     .want = "a9993e364706816aba3e25717850c26c9cd0d89d"},
#endif
#ifdef PSA_WANT_ALG_SHA_224
    /* FIPS 180-4, "abc" */
    {.name = "SHA-224",
     .run = known_hash,
     .alg = PSA_ALG_SHA_224,
     .in = "616263",
     .want = "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
#endif
#ifdef PSA_WANT_ALG_SHA_256
    /* FIPS 180-4, "abc" */
    {.name = "SHA-256",
     .run = known_hash,
     .alg = PSA_ALG_SHA_256,
     .in = "616263",
     .want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
#endif
#ifdef PSA_WANT_ALG_SHA_384
    /* FIPS 180-4, "abc" */
    {.name = "SHA-384",
     .run = known_hash,
     .alg = PSA_ALG_SHA_384,
     .in = "616263",
     .want = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
#endif
#ifdef PSA_WANT_ALG_SHA_512
    /* FIPS 180-4, "abc" */
    {.name = "SHA-512",
     .run = known_hash,
     .alg = PSA_ALG_SHA_512,
     .in = "616263",
     .want = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
             "454d4423643ce80e2a9ac94fa54ca49f"},
#endif
#if defined PSA_WANT_ALG_HMAC && defined PSA_WANT_ALG_MD5
    /* RFC 2202 section 2, case 2 */
    {.name = "HMAC-MD5",
     .run = known_mac,
     .alg = PSA_ALG_HMAC(PSA_ALG_MD5),
     .type = PSA_KEY_TYPE_HMAC,
     .key = "4a656665",
     .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     .want = "750c783e6ab0b503eaa86e310a5db738"},
#endif
#if defined PSA_WANT_ALG_HMAC && defined PSA_WANT_ALG_SHA_1
    /* RFC 2202 section 3, case 2 */
    {.name = "HMAC-SHA-1",
     .run = known_mac,
     .alg = PSA_ALG_HMAC(PSA_ALG_SHA_1),
     .type = PSA_KEY_TYPE_HMAC,
     .key = "4a656665",
     .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     .want = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
#endif
#if defined PSA_WANT_ALG_HMAC && defined PSA_WANT_ALG_SHA_224
    /* RFC 4231 section 4.3 */
    {.name = "HMAC-SHA-224",
     .run = known_mac,
     .alg = PSA_ALG_HMAC(PSA_ALG_SHA_224),
     .type = PSA_KEY_TYPE_HMAC,
     .key = "4a656665",
     .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     .want = "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44"},
#endif
#if defined PSA_WANT_ALG_HMAC && defined PSA_WANT_ALG_SHA_256
    /* RFC 4231 section 4.3 */
    {.name = "HMAC-SHA-256",
     .run = known_mac,
     .alg = PSA_ALG_HMAC(PSA_ALG_SHA_256),
     .type = PSA_KEY_TYPE_HMAC,
     .key = "4a656665",
     .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     .want = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
#endif
#if defined PSA_WANT_ALG_HMAC && defined PSA_WANT_ALG_SHA_384
    /* RFC 4231 section 4.3 */
    {.name = "HMAC-SHA-384",
     .run = known_mac,
     .alg = PSA_ALG_HMAC(PSA_ALG_SHA_384),
     .type = PSA_KEY_TYPE_HMAC,
     .key = "4a656665",
     .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     .want = "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"},
#endif
#if defined PSA_WANT_ALG_HMAC && defined PSA_WANT_ALG_SHA_512
    /* RFC 4231 section 4.3 */
    {.name = "HMAC-SHA-512",
     .run = known_mac,
     .alg = PSA_ALG_HMAC(PSA_ALG_SHA_512),
     .type = PSA_KEY_TYPE_HMAC,
     .key = "4a656665",
     .in = "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     .want = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
             "caeab1a34d4a6b4b636e070a38bce737"},
#endif
#if defined PSA_WANT_ALG_CMAC && defined PSA_WANT_KEY_TYPE_AES
    /* SP 800-38B D.1, example 2 */
    {.name = "AES-CMAC",
     .run = known_mac,
     .alg = PSA_ALG_CMAC,
     .type = PSA_KEY_TYPE_AES,
     .key = "2b7e151628aed2a6abf7158809cf4f3c",
     .in = "6bc1bee22e409f96e93d7e117393172a",
     .want = "070a16b46b4d4144f79bdd9dd04a287c"},
#endif
#if defined PSA_WANT_ALG_CMAC && defined PSA_WANT_KEY_TYPE_DES
    /* SP 800-38B D.4, example 2 */
    {.name = "3DES-CMAC",
     .run = known_mac,
     .alg = PSA_ALG_CMAC,
     .type = PSA_KEY_TYPE_DES,
     .key = "8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5",
     .in = "6bc1bee22e409f96",
     .want = "8e8f293136283797"},
#endif
#if defined PSA_WANT_ALG_ECB_NO_PADDING && defined PSA_WANT_KEY_TYPE_AES
    /* FIPS 197 C.1 */
    {.name = "AES-128",
     .run = known_cipher,
     .alg = PSA_ALG_ECB_NO_PADDING,
     .type = PSA_KEY_TYPE_AES,
     .key = "000102030405060708090a0b0c0d0e0f",
     .in = "00112233445566778899aabbccddeeff",
     .want = "69c4e0d86a7b0430d8cdb78070b4c55a"},
    /* FIPS 197 C.2 */
    {.name = "AES-192",
     .run = known_cipher,
     .alg = PSA_ALG_ECB_NO_PADDING,
     .type = PSA_KEY_TYPE_AES,
     .key = "000102030405060708090a0b0c0d0e0f1011121314151617",
     .in = "00112233445566778899aabbccddeeff",
     .want = "dda97ca4864cdfe06eaf70a0ec0d7191"},
    /* FIPS 197 C.3 */
    {.name = "AES-256",
     .run = known_cipher,
     .alg = PSA_ALG_ECB_NO_PADDING,
     .type = PSA_KEY_TYPE_AES,
     .key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     .in = "00112233445566778899aabbccddeeff",
     .want = "8ea2b7ca516745bfeafc49904b496089"},
#endif
#if defined PSA_WANT_ALG_CBC_NO_PADDING && defined PSA_WANT_KEY_TYPE_AES
    /* SP 800-38A F.2.1 */
    {.name = "AES-CBC",
     .run = known_cipher,
     .alg = PSA_ALG_CBC_NO_PADDING,
     .type = PSA_KEY_TYPE_AES,
     .key = "2b7e151628aed2a6abf7158809cf4f3c",
     .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     .iv = "000102030405060708090a0b0c0d0e0f",
     .want = "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
#endif
#if defined PSA_WANT_ALG_CBC_PKCS7 && defined PSA_WANT_KEY_TYPE_AES
    /* RFC 3602 section 4, case 1, with the padding of RFC 5652 section 6.3 (OpenSSL's answer) */
    {.name = "AES-CBC-PKCS7",
     .run = known_cipher,
     .alg = PSA_ALG_CBC_PKCS7,
     .type = PSA_KEY_TYPE_AES,
     .key = "06a9214036b8a15b512e03d534120006",
     .in = "53696e676c6520626c6f636b206d7367",
     .iv = "3dafba429d9eb430b422da802c9fac41",
     .want = "e353779c1079aeb82708942dbe77181ab97c825e1c785146542d396941bce55d"},
#endif
#if defined PSA_WANT_ALG_CTR && defined PSA_WANT_KEY_TYPE_AES
    /* SP 800-38A F.5.1 */
    {.name = "AES-CTR",
     .run = known_cipher,
     .alg = PSA_ALG_CTR,
     .type = PSA_KEY_TYPE_AES,
     .key = "2b7e151628aed2a6abf7158809cf4f3c",
     .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     .iv = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
     .want = "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"},
#endif
#if defined PSA_WANT_ALG_CFB && defined PSA_WANT_KEY_TYPE_AES
    /* SP 800-38A F.3.13 */
    {.name = "AES-CFB",
     .run = known_cipher,
     .alg = PSA_ALG_CFB,
     .type = PSA_KEY_TYPE_AES,
     .key = "2b7e151628aed2a6abf7158809cf4f3c",
     .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     .iv = "000102030405060708090a0b0c0d0e0f",
     .want = "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b"},
#endif
#if defined PSA_WANT_ALG_OFB && defined PSA_WANT_KEY_TYPE_AES
    /* SP 800-38A F.4.1 */
    {.name = "AES-OFB",
     .run = known_cipher,
     .alg = PSA_ALG_OFB,
     .type = PSA_KEY_TYPE_AES,
     .key = "2b7e151628aed2a6abf7158809cf4f3c",
     .in = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     .iv = "000102030405060708090a0b0c0d0e0f",
     .want = "3b3fd92eb72dad20333449f8e83cfb4a7789508d16918f03f53c52dac54ed825"},
#endif
#if defined PSA_WANT_ALG_CCM_STAR_NO_TAG && defined PSA_WANT_KEY_TYPE_AES
    /* SP 800-38C's counter blocks; the answer is OpenSSL's */
    {.name = "AES-CCM*",
     .run = known_cipher,
     .alg = PSA_ALG_CCM_STAR_NO_TAG,
     .type = PSA_KEY_TYPE_AES,
     .key = "404142434445464748494a4b4c4d4e4f",
     .in = "746869727465656e206279746573",
     .iv = "101112131415161718191a1b1c",
     .want = "3dd816fc4ec4857e622391c93713"},
#endif
#if defined PSA_WANT_ALG_CBC_NO_PADDING && defined PSA_WANT_KEY_TYPE_DES
    /* NIST CAVP, TCBCMMT3 */
    {.name = "3DES-CBC",
     .run = known_cipher,
     .alg = PSA_ALG_CBC_NO_PADDING,
     .type = PSA_KEY_TYPE_DES,
     .key = "b5cb1504802326c73df186e3e352a20de643b0d63ee30e37",
     .in = "dcc153cef81d6f24",
     .iv = "43f791134c5647ba",
     .want = "92538bd8af18d3ba"},
#endif
#if defined PSA_WANT_ALG_ECB_NO_PADDING && defined PSA_WANT_KEY_TYPE_DES
    /* FIPS 81, table B1 */
    {.name = "DES",
     .run = known_cipher,
     .alg = PSA_ALG_ECB_NO_PADDING,
     .type = PSA_KEY_TYPE_DES,
     .key = "0123456789abcdef",
     .in = "4e6f772069732074",
     .want = "3fa40e8a984d4815"},
#endif
#if defined PSA_WANT_ALG_STREAM_CIPHER && defined PSA_WANT_KEY_TYPE_CHACHA20
    /* RFC 8439 section 2.4.2 */
    {.name = "ChaCha20",
     .run = known_cipher,
     .alg = PSA_ALG_STREAM_CIPHER,
     .type = PSA_KEY_TYPE_CHACHA20,
     .key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     .in = "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a20496620492063"
           "6f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
           "637265656e20776f756c642062652069742e",
     .iv = "01000000000000000000004a00000000",
     .want = "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593dabcd62b357"
             "1639d624e65152ab8f530c359f0861d807ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
             "5af90bbf74a35be6b40b8eedf2785e42874d"},
#endif
#if defined PSA_WANT_ALG_GCM && defined PSA_WANT_KEY_TYPE_AES
    /* SP 800-38D: test case 4 of its validation */
    {.name = "AES-GCM",
     .run = known_aead,
     .alg = PSA_ALG_GCM,
     .type = PSA_KEY_TYPE_AES,
     .key = "feffe9928665731c6d6a8f9467308308",
     .in = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
           "b16aedf5aa0de657ba637b39",
     .iv = "cafebabefacedbaddecaf888",
     .more = "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     .want = "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa05"
             "1ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47"},
#endif
#if defined PSA_WANT_ALG_CCM && defined PSA_WANT_KEY_TYPE_AES
    /* SP 800-38C, example 2 */
    {.name = "AES-CCM",
     .run = known_aead,
     .alg = PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 6),
     .type = PSA_KEY_TYPE_AES,
     .key = "404142434445464748494a4b4c4d4e4f",
     .in = "202122232425262728292a2b2c2d2e2f",
     .iv = "1011121314151617",
     .more = "000102030405060708090a0b0c0d0e0f",
     .want = "d2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd"},
#endif
#if defined PSA_WANT_ALG_CHACHA20_POLY1305 && defined PSA_WANT_KEY_TYPE_CHACHA20
    /* RFC 8439 section 2.8.2 */
    {.name = "ChaCha20-Poly1305",
     .run = known_aead,
     .alg = PSA_ALG_CHACHA20_POLY1305,
     .type = PSA_KEY_TYPE_CHACHA20,
     .key = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
     .in = "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a20496620492063"
           "6f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
           "637265656e20776f756c642062652069742e",
     .iv = "070000004041424344454647",
     .more = "50515253c0c1c2c3c4c5c6c7",
     .want = "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
             "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
             "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"},
#endif
#if defined PSA_WANT_ALG_KW && defined PSA_WANT_KEY_TYPE_AES
    /* RFC 3394 section 4.1 */
    {.name = "AES-KW",
     .run = known_wrap,
     .alg = PSA_ALG_KW,
     .type = PSA_KEY_TYPE_AES,
     .key = "000102030405060708090a0b0c0d0e0f",
     .in = "00112233445566778899aabbccddeeff",
     .want = "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"},
#endif
#if defined PSA_WANT_ALG_KWP && defined PSA_WANT_KEY_TYPE_AES
    /* RFC 5649 section 6 */
    {.name = "AES-KWP",
     .run = known_wrap,
     .alg = PSA_ALG_KWP,
     .type = PSA_KEY_TYPE_AES,
     .key = "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8",
     .in = "466f7250617369",
     .want = "afbeb0f07dfbf5419200f2ccb50bb24f"},
#endif
};
const size_t known_symmetric_count = sizeof known_symmetric / sizeof known_symmetric[0];
