/* SPDX-License-Identifier: Apache-2.0 */
/* The software primitives under PSA: shapes in the prototypes, wolfCrypt inside. Used by the PSA software driver, and
 * directly by what stands below PSA: the loader, the coprocessor and the link to it. Nothing else includes wolfSSL.
 *
 * None of these keeps a pointer. Time depends on lengths only, never on keys or messages. Outputs may not overlap
 * inputs unless said. Functions that cannot fail return void. */
#ifndef CRYPTO_PRIMITIVES_PRIMITIVES_H
#define CRYPTO_PRIMITIVES_PRIMITIVES_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

/* Hashes. The contexts are the caller's; wipe them by finishing. */
struct mico_sha256 {
    _Alignas(16) uint64_t opaque[32];
};
struct mico_sha512 {
    _Alignas(16) uint64_t opaque[48];
};
void mico_sha256_start(struct mico_sha256 *hash);
void mico_sha256_add(struct mico_sha256 *hash, const void *data, size_t len);
void mico_sha256_finish(struct mico_sha256 *hash, uint8_t out[32]);
void mico_sha256(const void *data, size_t len, uint8_t out[32]);
void mico_sha512_start(struct mico_sha512 *hash);
void mico_sha512_add(struct mico_sha512 *hash, const void *data, size_t len);
void mico_sha512_finish(struct mico_sha512 *hash, uint8_t out[64]);
/* SHA-384 shares SHA-512's context, and mico_sha512_add. */
void mico_sha384_start(struct mico_sha512 *hash);
void mico_sha384_finish(struct mico_sha512 *hash, uint8_t out[48]);
void mico_sha512(const void *data, size_t len, uint8_t out[64]);

/* RFC 2104 and RFC 5869. */
void mico_hmac_sha256(struct mico_span key, struct mico_span data, uint8_t out[32]);
void mico_hmac_sha384(struct mico_span key, struct mico_span data, uint8_t out[48]);
void mico_hmac_sha512(struct mico_span key, struct mico_span data, uint8_t out[64]);
/** out_len at most 255 * 32 (MICO_ERR_SIZE). An empty salt is a salt of 32 zero bytes. */
MICO_MUST_USE mico_err mico_hkdf_sha256(struct mico_span salt, struct mico_span ikm, struct mico_span info,
                                        uint8_t *out, size_t out_len);
MICO_MUST_USE mico_err mico_hkdf_sha512(struct mico_span salt, struct mico_span ikm, struct mico_span info,
                                        uint8_t *out, size_t out_len);

/* RFC 8439. sealed is text_len + 16 bytes: ciphertext, then the tag. In place (out == in) is allowed; text may be
 * empty. */
void mico_chachapoly_seal(const uint8_t key[32], const uint8_t nonce[12], struct mico_span aad, struct mico_span text,
                          uint8_t *sealed);
/** MICO_ERR_AUTH (text wiped, sealed.len - 16 bytes) or MICO_ERR_SIZE (sealed shorter than 16). */
MICO_MUST_USE mico_err mico_chachapoly_open(const uint8_t key[32], const uint8_t nonce[12], struct mico_span aad,
                                            struct mico_span sealed, uint8_t *text);

/* AES-CTR (NIST SP 800-38A), key 16, 24 or 32 bytes; counter is the 16-byte block, big-endian, advanced for the next call,
 * which continues at a block boundary (so len is a multiple of 16 on all calls but the last). In place is allowed. */
MICO_MUST_USE mico_err mico_aes_ctr(struct mico_span key, uint8_t counter[16], struct mico_span in, uint8_t *out);

/* AES-GCM (SP 800-38D; any nonce but an empty one, tag of 4 to 16 bytes) and AES-CCM (SP 800-38C; nonce of 7 to 13 bytes,
 * tag of 4, 6 … 16), key 16, 24 or 32 bytes. sealed is text and tag. In place is allowed; text may be empty. On processors
 * without AES instructions the time of AES depends on key and text where memory has a cache. MICO_ERR_PARAM for other
 * lengths; on opening also MICO_ERR_AUTH (text wiped) and MICO_ERR_SIZE (sealed shorter than a tag). */
MICO_MUST_USE mico_err mico_aes_gcm_seal(struct mico_span key, struct mico_span nonce, struct mico_span aad,
                                         struct mico_span text, uint8_t *sealed, size_t tag_len);
MICO_MUST_USE mico_err mico_aes_gcm_open(struct mico_span key, struct mico_span nonce, struct mico_span aad,
                                         struct mico_span sealed, uint8_t *text, size_t tag_len);
MICO_MUST_USE mico_err mico_aes_ccm_seal(struct mico_span key, struct mico_span nonce, struct mico_span aad,
                                         struct mico_span text, uint8_t *sealed, size_t tag_len);
MICO_MUST_USE mico_err mico_aes_ccm_open(struct mico_span key, struct mico_span nonce, struct mico_span aad,
                                         struct mico_span sealed, uint8_t *text, size_t tag_len);

/* RFC 4493, key 16, 24 or 32 bytes (MICO_ERR_PARAM). */
MICO_MUST_USE mico_err mico_aes_cmac(struct mico_span key, struct mico_span data, uint8_t out[16]);

/* RFC 7748. An all-zero result (a low-order point) is MICO_ERR_CRYPTO, out wiped. */
MICO_MUST_USE mico_err mico_x25519(const uint8_t private_key[32], const uint8_t peer[32], uint8_t out[32]);
void mico_x25519_public(const uint8_t private_key[32], uint8_t out[32]);

/* RFC 8032, pure Ed25519. */
void mico_ed25519_public(const uint8_t seed[32], uint8_t out[32]);
/** public_key must be the seed's own (from mico_ed25519_public), never one from outside: two signatures of one message
 * under two public keys give the private key away. */
void mico_ed25519_sign(const uint8_t seed[32], const uint8_t public_key[32], struct mico_span message, uint8_t out[64]);
/** MICO_ERR_AUTH for anything but a valid signature; S at or above the group order, a non-canonical or low-order key
 * and R are refused. */
MICO_MUST_USE mico_err mico_ed25519_verify(const uint8_t public_key[32], struct mico_span message,
                                           const uint8_t signature[64]);

/* NIST P-256: ECDSA (FIPS 186-4) and ECDH (SP 800-56A). A private key is a number from 1 to the group's order less 1, a
 * public key 04 | X | Y, a signature r | s, a secret the X of the shared point; all big-endian. MICO_ERR_PARAM: a private
 * key that is 0 or at or above the order. On any error the output is untouched or wiped. */
/** MICO_ERR_ENTROPY. */
MICO_MUST_USE mico_err mico_p256_generate(uint8_t private_key[32], uint8_t public_key[65]);
/** MICO_ERR_PARAM. */
MICO_MUST_USE mico_err mico_p256_public(const uint8_t private_key[32], uint8_t public_key[65]);
/** MICO_ERR_CRYPTO unless it begins with 04, both coordinates are below the prime and the point is on the curve. */
MICO_MUST_USE mico_err mico_p256_check(const uint8_t public_key[65]);
/** With a fresh random nonce. MICO_ERR_PARAM, MICO_ERR_ENTROPY. */
MICO_MUST_USE mico_err mico_p256_sign(const uint8_t private_key[32], const uint8_t digest[32], uint8_t signature[64]);
/** With the nonce of RFC 6979 for SHA-256. MICO_ERR_PARAM. */
MICO_MUST_USE mico_err mico_p256_sign_deterministic(const uint8_t private_key[32], const uint8_t digest[32],
                                                    uint8_t signature[64]);
/** MICO_ERR_AUTH for anything but a valid signature under a valid key. */
MICO_MUST_USE mico_err mico_p256_verify(const uint8_t public_key[65], const uint8_t digest[32],
                                        const uint8_t signature[64]);
/** MICO_ERR_PARAM, or MICO_ERR_CRYPTO for a public key that mico_p256_check refuses. */
MICO_MUST_USE mico_err mico_p256_agree(const uint8_t private_key[32], const uint8_t public_key[65], uint8_t secret[32]);

/* NIST P-384: the same. */
MICO_MUST_USE mico_err mico_p384_generate(uint8_t private_key[48], uint8_t public_key[97]);
MICO_MUST_USE mico_err mico_p384_public(const uint8_t private_key[48], uint8_t public_key[97]);
MICO_MUST_USE mico_err mico_p384_check(const uint8_t public_key[97]);
MICO_MUST_USE mico_err mico_p384_sign(const uint8_t private_key[48], const uint8_t digest[48], uint8_t signature[96]);
/** For SHA-384. */
MICO_MUST_USE mico_err mico_p384_sign_deterministic(const uint8_t private_key[48], const uint8_t digest[48],
                                                    uint8_t signature[96]);
MICO_MUST_USE mico_err mico_p384_verify(const uint8_t public_key[97], const uint8_t digest[48],
                                        const uint8_t signature[96]);
MICO_MUST_USE mico_err mico_p384_agree(const uint8_t private_key[48], const uint8_t public_key[97], uint8_t secret[48]);

/* RFC 8032, Ed25519ph with an empty context: digest is the message's SHA-512. */
void mico_ed25519ph_sign(const uint8_t seed[32], const uint8_t public_key[32], const uint8_t digest[64],
                         uint8_t out[64]);
MICO_MUST_USE mico_err mico_ed25519ph_verify(const uint8_t public_key[32], const uint8_t digest[64],
                                             const uint8_t signature[64]);

/* Random numbers: SP 800-90A Hash_DRBG, seeded from os/port/rng.h, reseeded as it says. MICO_ERR_ENTROPY; MICO_ERR_STATE: a
 * self-test has failed, or the power-on tests are still to come (crypto/selftest). out is wiped then. */
MICO_MUST_USE mico_err mico_random(uint8_t *out, size_t len);
/** With prediction resistance: fresh entropy first. len may be 0: reseed only. */
MICO_MUST_USE mico_err mico_random_fresh(uint8_t *out, size_t len);
/** A personalisation string (SP 800-90A section 8.7.1): what tells this device from others, such as its serial number; copied,
 * no secret. The state is thrown away; the next call seeds one with it. MICO_ERR_SIZE. */
#define MICO_RANDOM_PERSONAL 32
MICO_MUST_USE mico_err mico_random_personalise(struct mico_span text);
/** Throw the generator's state away; the next call seeds a new one. A process that was forked off does so by itself. */
void mico_random_forget(void);
/** What a generator of its own gives, seeded by 48 bytes of entropy and nonce, then reseeded, in its second request: for
 * known answers. MICO_ERR_CRYPTO. */
#define MICO_RANDOM_ANSWER 128
MICO_MUST_USE mico_err mico_random_answer(const uint8_t seed[48], const uint8_t reseed[32],
                                          uint8_t out[MICO_RANDOM_ANSWER]);
/** In a program with threads: how to lock the generator, the only thing here that threads share. The lock may not be
 * one that a caller of mico_random holds. Call before the first thread starts. */
void mico_random_lock_with(void (*lock)(void), void (*unlock)(void));

#endif
