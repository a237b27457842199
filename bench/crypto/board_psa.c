/* SPDX-License-Identifier: Apache-2.0 */
/* The other algorithms, through PSA: over 1 KiB what takes a text; derivations give 32 bytes, PBKDF2 by 100 iterations. An RSA
 * key's generation is not counted: it takes as many candidates as chance has. */
#include "bench/crypto/board.h"

#include <string.h>

#include "crypto/psa/mico_psa.h"
#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/tests/rsa_test_key.h"

static uint8_t text[1024], out[1200], short_out[512];
static psa_key_id_t key;
static psa_key_type_t type;
static psa_algorithm_t alg;
static size_t made; /* bytes of short_out: a signature, a ciphertext, a public key */

static void done(psa_status_t status)
{
    if (status != PSA_SUCCESS) {
        board_failed();
    }
}

static void hash(void)
{
    size_t len;
    done(psa_hash_compute(alg, text, sizeof text, out, sizeof out, &len));
}

static void mac(void)
{
    size_t len;
    done(psa_mac_compute(key, alg, text, sizeof text, out, sizeof out, &len));
}

static void cipher(void)
{
    psa_cipher_operation_t op = PSA_CIPHER_OPERATION_INIT;
    size_t first, last, iv = PSA_CIPHER_IV_LENGTH(type, alg);
    done(psa_cipher_encrypt_setup(&op, key, alg));
    if (iv != 0) {
        done(psa_cipher_set_iv(&op, text, iv));
    }
    done(psa_cipher_update(&op, text, sizeof text, out, sizeof out, &first));
    done(psa_cipher_finish(&op, out + first, sizeof out - first, &last));
}

static void seal(void)
{
    size_t len;
    done(psa_aead_encrypt(key, alg, text, 12, NULL, 0, text, sizeof text, out, sizeof out, &len));
}

/* Secret, salt or seed, info or label. */
static void derive(void)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    bool tls = PSA_ALG_IS_TLS12_PRF(alg) || PSA_ALG_IS_TLS12_PSK_TO_MS(alg);
    done(psa_key_derivation_setup(&op, alg));
    done(psa_key_derivation_input_bytes(&op, tls ? PSA_KEY_DERIVATION_INPUT_SEED : PSA_KEY_DERIVATION_INPUT_SALT, text,
                                        32));
    done(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SECRET, text, 32));
    done(psa_key_derivation_input_bytes(&op, tls ? PSA_KEY_DERIVATION_INPUT_LABEL : PSA_KEY_DERIVATION_INPUT_INFO, text,
                                        16));
    done(psa_key_derivation_output_bytes(&op, out, 32));
    done(psa_key_derivation_abort(&op));
}

static void stretch(void)
{
    psa_key_derivation_operation_t op = PSA_KEY_DERIVATION_OPERATION_INIT;
    done(psa_key_derivation_setup(&op, alg));
    done(psa_key_derivation_input_integer(&op, PSA_KEY_DERIVATION_INPUT_COST, 100));
    done(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_SALT, text, 32));
    done(psa_key_derivation_input_bytes(&op, PSA_KEY_DERIVATION_INPUT_PASSWORD, text, 32));
    done(psa_key_derivation_output_bytes(&op, out, 32));
    done(psa_key_derivation_abort(&op));
}

static void sign(void)
{
    done(psa_sign_hash(key, alg, text, PSA_HASH_LENGTH(alg), short_out, sizeof short_out, &made));
}

/* Of what sign has made before. */
static void verify(void)
{
    done(psa_verify_hash(key, alg, text, PSA_HASH_LENGTH(alg), short_out, made));
}

static void encrypt(void)
{
    done(psa_asymmetric_encrypt(key, alg, text, 32, NULL, 0, short_out, sizeof short_out, &made));
}

/* Of what encrypt has made before. */
static void decrypt(void)
{
    size_t len;
    done(psa_asymmetric_decrypt(key, alg, short_out, made, NULL, 0, out, sizeof out, &len));
}

/* With the key's own public key. */
static void agree(void)
{
    size_t len;
    done(psa_raw_key_agreement(alg, key, short_out, made, out, sizeof out, &len));
}

static void wrap(void)
{
    size_t len;
    done(psa_wrap_key(key, alg, key, out, sizeof out, &len));
}

static void random_numbers(void)
{
    done(psa_generate_random(out, sizeof text));
}

#define P_PAIR PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ED_PAIR PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define DH_PAIR PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919)
#define S256 PSA_ALG_SHA_256

/* bits: of a key that is generated; 0: no key. */
static const struct {
    const char *name;
    unsigned times;
    void (*run)(void);
    psa_algorithm_t alg;
    psa_key_type_t type;
    size_t bits;
} all[] = {
    {"md5-1k", 20, hash, PSA_ALG_MD5, 0, 0},
    {"sha1-1k", 20, hash, PSA_ALG_SHA_1, 0, 0},
    {"sha224-1k", 20, hash, PSA_ALG_SHA_224, 0, 0},
    {"sha384-1k", 20, hash, PSA_ALG_SHA_384, 0, 0},
    {"sha512-1k", 20, hash, PSA_ALG_SHA_512, 0, 0},
    {"hmac-sha256-1k", 20, mac, PSA_ALG_HMAC(S256), PSA_KEY_TYPE_HMAC, 256},
    {"cmac-aes128-1k", 20, mac, PSA_ALG_CMAC, PSA_KEY_TYPE_AES, 128},
    {"aes128ecb-1k", 20, cipher, PSA_ALG_ECB_NO_PADDING, PSA_KEY_TYPE_AES, 128},
    {"aes128cbc-1k", 20, cipher, PSA_ALG_CBC_PKCS7, PSA_KEY_TYPE_AES, 128},
    {"aes128ctr-1k", 20, cipher, PSA_ALG_CTR, PSA_KEY_TYPE_AES, 128},
    {"aes128cfb-1k", 20, cipher, PSA_ALG_CFB, PSA_KEY_TYPE_AES, 128},
    {"aes128ofb-1k", 20, cipher, PSA_ALG_OFB, PSA_KEY_TYPE_AES, 128},
    {"aes128ccmstar-1k", 20, cipher, PSA_ALG_CCM_STAR_NO_TAG, PSA_KEY_TYPE_AES, 128},
    {"des-cbc-1k", 5, cipher, PSA_ALG_CBC_NO_PADDING, PSA_KEY_TYPE_DES, 64},
    {"3des-cbc-1k", 5, cipher, PSA_ALG_CBC_NO_PADDING, PSA_KEY_TYPE_DES, 192},
    {"chacha20-1k", 20, cipher, PSA_ALG_STREAM_CIPHER, PSA_KEY_TYPE_CHACHA20, 256},
    {"aes128ccm-1k", 20, seal, PSA_ALG_CCM, PSA_KEY_TYPE_AES, 128},
    {"aes128kw-16", 20, wrap, PSA_ALG_KW, PSA_KEY_TYPE_AES, 128},
    {"aes128kwp-16", 20, wrap, PSA_ALG_KWP, PSA_KEY_TYPE_AES, 128},
    {"hkdf-sha256-32", 20, derive, PSA_ALG_HKDF(S256), 0, 0},
    {"tls12prf-sha256-32", 20, derive, PSA_ALG_TLS12_PRF(S256), 0, 0},
    {"tls12psk-sha256-32", 20, derive, PSA_ALG_TLS12_PSK_TO_MS(S256), 0, 0},
    {"pbkdf2-sha256-100", 2, stretch, PSA_ALG_PBKDF2_HMAC(S256), 0, 0},
    {"pbkdf2-cmac-100", 2, stretch, PSA_ALG_PBKDF2_AES_CMAC_PRF_128, 0, 0},
    {"random-1k", 20, random_numbers, 0, 0, 0},
    {"ed25519ph-sign", 4, sign, PSA_ALG_ED25519PH, ED_PAIR, 255},
    {"ed25519ph-verify", 4, verify, PSA_ALG_ED25519PH, ED_PAIR, 255},
    {"p256-sign-random", 2, sign, PSA_ALG_ECDSA(S256), P_PAIR, 256},
    {"p384-agree", 1, agree, PSA_ALG_ECDH, P_PAIR, 384},
    {"ffdh3072-agree", 1, agree, PSA_ALG_FFDH, DH_PAIR, 3072},
    {"dsa2048-sign", 1, sign, PSA_ALG_DSA(S256), PSA_KEY_TYPE_DSA_KEY_PAIR, 2048},
    {"dsa2048-verify", 1, verify, PSA_ALG_DSA(S256), PSA_KEY_TYPE_DSA_KEY_PAIR, 2048},
    {"rsa2048-sign", 1, sign, PSA_ALG_RSA_PKCS1V15_SIGN(S256), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048},
    {"rsa2048-pss-sign", 1, sign, PSA_ALG_RSA_PSS(S256), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048},
    {"rsa2048-pss-verify", 1, verify, PSA_ALG_RSA_PSS(S256), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048},
    {"rsa2048-oaep-encrypt", 1, encrypt, PSA_ALG_RSA_OAEP(S256), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048},
    {"rsa2048-oaep-decrypt", 1, decrypt, PSA_ALG_RSA_OAEP(S256), PSA_KEY_TYPE_RSA_KEY_PAIR, 2048},
    {"rsa2048-pkcs1-encrypt", 1, encrypt, PSA_ALG_RSA_PKCS1V15_CRYPT, PSA_KEY_TYPE_RSA_KEY_PAIR, 2048},
    {"rsa2048-pkcs1-decrypt", 1, decrypt, PSA_ALG_RSA_PKCS1V15_CRYPT, PSA_KEY_TYPE_RSA_KEY_PAIR, 2048},
};

/* One key for all operations of an algorithm, which follow each other. */
static void make_key(size_t bits)
{
    static const psa_custom_key_parameters_t plain = PSA_CUSTOM_KEY_PARAMETERS_INIT;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, type);
    psa_set_key_bits(&attributes, bits);
    psa_set_key_algorithm(&attributes, alg);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_SIGN_MESSAGE |
                                             PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH |
                                             PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_EXPORT);
    if (PSA_KEY_TYPE_IS_RSA(type)) {
        done(psa_import_key(&attributes, rsa_test_key, sizeof rsa_test_key, &key));
    } else if (PSA_KEY_TYPE_IS_DSA(type)) {
        done(psa_generate_key_custom(&attributes, &plain, dsa_domain, sizeof dsa_domain, &key));
    } else {
        done(psa_generate_key(&attributes, &key));
    }
}

void board_count_psa(void)
{
    memset(text, 0x35, sizeof text);
    done(psa_crypto_init());
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].bits != 0 && (i == 0 || all[i].alg != alg || all[i].type != type)) {
            alg = all[i].alg;
            type = all[i].type;
            make_key(all[i].bits);
        }
        alg = all[i].alg;
        if (all[i].run == agree) {
            done(psa_export_public_key(key, short_out, sizeof short_out, &made));
        }
        board_count(all[i].name, all[i].times, all[i].run);
        if (key != PSA_KEY_ID_NULL && (i + 1 == sizeof all / sizeof all[0] || all[i + 1].alg != alg)) {
            done(psa_destroy_key(key));
            key = PSA_KEY_ID_NULL;
        }
    }
}
