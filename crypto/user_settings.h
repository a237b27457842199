/* SPDX-License-Identifier: Apache-2.0 */
/* The one configuration of wolfSSL, for this machine and for the boards. cmake/wolfssl.cmake builds the library with
 * it; only crypto/ includes wolfSSL. What differs between processors is at the end. */
#ifndef CRYPTO_USER_SETTINGS_H
#define CRYPTO_USER_SETTINGS_H

/* Parts of TLS. A program that needs few of them links an object library of mico_tls_parts (crypto/tls/CMakeLists.txt), which
 * says here what it has; all else has everything. What is laid out in memory below TLS is the same in both. */
#ifndef MICO_TLS_CHOSEN
#define MICO_TLS_DTLS
#define MICO_TLS_SERVER
#define MICO_TLS_13
#define MICO_TLS_RSA
#define MICO_TLS_P384
#define MICO_TLS_GCM
#define MICO_TLS_CHACHA
#define MICO_TLS_AES256
#define MICO_TLS_RESUME
#define MICO_TLS_ALPN
#define MICO_TLS_CRL
#define MICO_TLS_PSK
#define MICO_TLS_APPROVED
#endif

/* What the platform gives: crypto/primitives/wolf_platform.c implements these. */
#define CUSTOM_RAND_GENERATE_SEED mico_wolf_seed
#define XMALLOC_USER
#define XMALLOC mico_wolf_malloc
#define XREALLOC mico_wolf_realloc
#define XFREE mico_wolf_free
#define XTIME mico_wolf_time
#ifndef __ASSEMBLER__
#include <stddef.h>
#include <time.h>
int mico_wolf_seed(unsigned char *out, unsigned int len);
time_t mico_wolf_time(time_t *out);
long long mico_wolf_time_ms(time_t *out);
#endif
#define WOLFSSL_GENERAL_ALIGNMENT 4
#define SINGLE_THREADED /* no state is shared: MiCO's own locks stand around what is (random, PSA) */
#define NO_FILESYSTEM
#define NO_WRITEV
#define NO_MAIN_DRIVER
#define WOLFSSL_USER_IO
#define NO_ERROR_STRINGS
#define NO_WOLFSSL_DIR

/* Timing: constant-time paths everywhere. */
#define TFM_TIMING_RESISTANT
#define ECC_TIMING_RESISTANT

/* Primitives. */
#define HAVE_CURVE25519
#define HAVE_ED25519
#define HAVE_CHACHA
#define HAVE_POLY1305
#define HAVE_ONE_TIME_AUTH
#define WOLFSSL_SHA224
#define WOLFSSL_SHA384
#define WOLFSSL_SHA512
#define WOLFSSL_NOSHA512_224
#define WOLFSSL_NOSHA512_256
#define HAVE_HKDF
#define HAVE_HASHDRBG
#define HAVE_AESGCM
#if defined(__arm__)
#define GCM_SMALL /* no table: crypto/primitives/aes_even.c */
#else
#define GCM_TABLE_4BIT
#endif
#define WOLFSSL_MIN_AUTH_TAG_SZ 4 /* PSA permits shortened tags; TLS has 16 bytes */
#define WOLFSSL_AES_COUNTER
#define WOLFSSL_AES_DIRECT
#define NO_AES_CBC
#define HAVE_ECC
#define ECC_USER_CURVES /* P-256, and P-384 where MICO_TLS has it */
#if defined(MICO_TLS_P384) && !defined(MICO_WOLF_SMALL_P256)
#define HAVE_ECC384
#define WOLFSSL_SP_384
#endif
#define ECC_SHAMIR
#ifdef MICO_TLS_RSA
#define WC_RSA_BLINDING
#define WC_RSA_PSS
#else
#define NO_RSA
#endif
#define NO_DH /* no Diffie-Hellman in TLS; SRP uses its exponentiation */
#define NO_DSA
#define NO_RC4
#define NO_MD4
#ifdef MICO_WOLF_LEGACY /* for three files of wolfCrypt and two of ours: cmake/wolfssl.cmake */
#define WOLFSSL_DES_ECB
#else
#define NO_DES3
#define NO_MD5
#define NO_SHA
#endif
#define NO_PWDBASED
#define NO_PKCS12
#define NO_SIG_WRAPPER

/* Big integers: P-256, P-384 and moduli of 2048, 3072 and 4096 bits by wolfSSL's single-precision code, the rest by its
 * generic code. */
#if defined(MICO_TLS_SMALL) && defined(MICO_WOLF_ECC)
#define WOLFSSL_SP_MATH /* no generic curves beside */
#else
#define WOLFSSL_SP_MATH_ALL
#endif
#define WOLFSSL_HAVE_SP_ECC
#ifdef MICO_WOLF_SMALL_P256 /* for the three files of crypto_small alone: crypto/primitives/CMakeLists.txt */
#define WOLFSSL_SP_SMALL
#define SP_INT_BITS 256
/* Beside the functions of the same names, in one program. */
#define sp_ecc_mulmod_256 mico_small_mulmod_256
#define sp_ecc_mulmod_add_256 mico_small_mulmod_add_256
#define sp_ecc_mulmod_base_256 mico_small_mulmod_base_256
#define sp_ecc_mulmod_base_add_256 mico_small_mulmod_base_add_256
#define sp_ecc_make_key_256 mico_small_make_key_256
#define sp_ecc_secret_gen_256 mico_small_secret_gen_256
#define sp_ecc_sign_256 mico_small_sign_256
#define sp_ecc_verify_256 mico_small_verify_256
#define sp_ecc_is_point_256 mico_small_is_point_256
#define sp_ecc_check_key_256 mico_small_check_key_256
#else
#define WOLFSSL_HAVE_SP_DH
#ifdef MICO_WOLF_ALL_SIZES /* the single-precision files and crypto/primitives, which calls them: no other file may reach */
#define WOLFSSL_HAVE_SP_RSA
#define WOLFSSL_SP_4096
#ifndef WOLFSSL_SP_384
#define WOLFSSL_SP_384
#endif
#else
#define WOLFSSL_SP_NO_2048
#endif
#if defined(__arm__)
#define SP_INT_BITS 4096 /* the longest modulus; every number takes twice so much memory */
#else
#define SP_INT_BITS 8192
#endif
#endif

/* Little code: no tables of points, and RSA in wolfSSL's generic code. */
#ifdef MICO_TLS_AWAY /* all keys are elsewhere: crypto/tls/tls_away.c */
#define WOLFSSL_RSA_PUBLIC_ONLY
#define WOLFSSL_RSA_VERIFY_INLINE
#ifdef MICO_WOLF_ECC
#define NO_ECC_SIGN
#endif
#endif
#ifndef MICO_TLS_GCM
#undef HAVE_AESGCM
#define NO_AES
#endif
#ifndef MICO_TLS_CHACHA
#undef HAVE_CHACHA
#undef HAVE_POLY1305
#endif
#ifndef MICO_TLS_AES256
#define NO_AES_256
#endif
#ifdef MICO_TLS_SMALL
#define WOLFSSL_SP_SMALL
#ifndef MICO_WOLF_ALL_SIZES
#undef WOLFSSL_HAVE_SP_DH
#endif
#endif

/* TLS: TLS 1.2 in the client's role, and the parts above. */
#define NO_OLD_TLS
#define WOLFSSL_AEAD_ONLY
#define HAVE_TLS_EXTENSIONS
#define HAVE_SNI
#define HAVE_SUPPORTED_CURVES
#define HAVE_EXTENDED_MASTER
#define HAVE_SERVER_RENEGOTIATION_INFO /* RFC 5746: that there is none is said in both roles */
#define HAVE_PK_CALLBACKS
#define WOLFSSL_ALT_NAMES
#define WOLFSSL_IP_ALT_NAME
#define WOLFSSL_NO_PEM
#define NO_CHECK_PRIVATE_KEY /* the private key is behind PSA */
#define NO_CLIENT_CACHE      /* the caller keeps sessions: crypto/tls/tls_resume.c */
#define NO_SESSION_CACHE_REF
#ifdef MICO_TLS_DTLS
#define WOLFSSL_DTLS
#define WOLFSSL_DTLS_MTU
#define WOLFSSL_MAX_MTU 1500
#endif
#ifdef MICO_TLS_SERVER
#define WOLFSSL_ALWAYS_KEEP_SNI
#else
#define NO_WOLFSSL_SERVER
#endif
#ifdef MICO_TLS_13
#define WOLFSSL_TLS13
#define XTIME_MS mico_wolf_time_ms
#ifdef MICO_TLS_DTLS
#define WOLFSSL_DTLS13
#ifdef MICO_TLS_SERVER
#define WOLFSSL_SEND_HRR_COOKIE
#define WOLFSSL_DTLS_CH_FRAG
#endif
#endif
#endif
#ifdef MICO_TLS_RESUME
#define HAVE_SESSION_TICKET
#ifdef MICO_TLS_GCM
#define WOLFSSL_TICKET_ENC_AES128_GCM /* what seals tickets, in the approved mode too; else ChaCha20-Poly1305 */
#endif
#define HAVE_EXT_CACHE
#define MICRO_SESSION_CACHE /* not used: HAVE_EXT_CACHE cannot be without */
#else
#define NO_SESSION_CACHE
#endif
#ifdef MICO_TLS_ALPN
#define HAVE_ALPN
#endif
#ifdef MICO_TLS_CRL
#define HAVE_CRL
#endif
#ifdef MICO_TLS_PSK
#define WOLFSSL_STATIC_PSK /* RFC 4279, for devices that have no public keys */
#define HAVE_AESCCM        /* RFC 6655, their suite */
#else
#define NO_PSK
#endif

/* Processors. */
#if defined(__x86_64__)
#define HAVE___UINT128_T 1
#define WOLFSSL_X86_64_BUILD
#define USE_INTEL_SPEEDUP
#define USE_INTEL_CHACHA_SPEEDUP
#define NO_POLY1305_ASM /* its AVX code looks up a table by the accumulator's top word: constant_time_chachapoly */
#define WOLFSSL_AESNI
#define WOLFSSL_AESGCM_STREAM /* Cortex-M: crypto/primitives/gcm_thumb2.c */
#define WOLFSSL_SP_X86_64
#define WOLFSSL_SP_X86_64_ASM
#elif defined(__arm__)
#ifndef MICO_WOLF_PORTABLE /* of crypto_small: rolled C in the place of unrolled assembly */
#define WOLFSSL_ARMASM
#define WOLFSSL_ARMASM_NO_HW_CRYPTO
#define WOLFSSL_ARMASM_NO_NEON
#define WOLFSSL_ARM_ARCH 7
#endif
#define WOLFSSL_SP_ARM_CORTEX_M
#define WOLFSSL_SP_ARM_CORTEX_M_ASM
#endif

#endif
