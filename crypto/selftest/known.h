/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/selftest: one known answer a row, and how it is asked for. Bytes are hexadecimal. */
#ifndef CRYPTO_SELFTEST_KNOWN_H
#define CRYPTO_SELFTEST_KNOWN_H

#include "base/bytes.h"
#include "crypto/psa/mico_psa.h"

#define KNOWN_KEY_MAX 1200 /* bytes: an RSA key of 2048 bits */
#define KNOWN_IN_MAX 512
#define KNOWN_IV_MAX 256
#define KNOWN_MORE_MAX 64
#define KNOWN_ANSWER_MAX 512

/* What a row says, as bytes; key_id is the key, made of key where the row names a type. */
struct given {
    psa_algorithm_t alg;
    psa_key_type_t type;
    psa_key_id_t key_id;
    struct mico_span key, in, iv, more;
};
struct answer {
    uint8_t bytes[KNOWN_ANSWER_MAX];
    size_t len;
};

struct known {
    const char *name;
    psa_status_t (*run)(const struct given *given, struct answer *answer);
    psa_algorithm_t alg;
    psa_key_type_t type;
    const char *key, *in, *iv, *more, *want; /* NULL: no bytes */
};
extern const struct known known_symmetric[], known_derivations[], known_asymmetric[], known_beside[], known_tls[];
extern const size_t known_symmetric_count, known_derivations_count, known_asymmetric_count, known_beside_count,
    known_tls_count;

/** Does this program have the function of wolfSSL's that a row of known_tls asks? One without TLS has not. */
bool known_is_linked(const struct known *row);

/* The ways: each computes the answer, and what has an inverse must also give back what went in. in is the message, the
 * hash of a signature, the peer of an agreement, the ciphertext of a decryption, the iterations of PBKDF2, the bits of SRP's
 * group; iv an IV, nonce, salt, seed or context, or the signature that must verify; more additional data, info or label, or the DER
 * before an RSA signature's hash. */
psa_status_t known_hash(const struct given *given, struct answer *answer);
psa_status_t known_mac(const struct given *given, struct answer *answer);
psa_status_t known_cipher(const struct given *given, struct answer *answer);
psa_status_t known_aead(const struct given *given, struct answer *answer);
psa_status_t known_wrap(const struct given *given, struct answer *answer);
psa_status_t known_hkdf(const struct given *given, struct answer *answer);
psa_status_t known_pbkdf2(const struct given *given, struct answer *answer);
psa_status_t known_prf(const struct given *given, struct answer *answer);
psa_status_t known_counter(const struct given *given, struct answer *answer);
psa_status_t known_srp(const struct given *given, struct answer *answer);
psa_status_t known_signature(const struct given *given, struct answer *answer);
psa_status_t known_rsa_signature(const struct given *given, struct answer *answer);
psa_status_t known_rsa_decryption(const struct given *given, struct answer *answer);
psa_status_t known_verification(const struct given *given, struct answer *answer);
psa_status_t known_group(const struct given *given, struct answer *answer);
psa_status_t known_srp_secret(const struct given *given, struct answer *answer);
psa_status_t known_tls12(const struct given *given, struct answer *answer);
psa_status_t known_tls13(const struct given *given, struct answer *answer);
psa_status_t known_tls_ccm(const struct given *given, struct answer *answer);
psa_status_t known_tls_rsa(const struct given *given, struct answer *answer);
psa_status_t known_secret(const struct given *given, struct answer *answer);
psa_status_t known_generator(const struct given *given, struct answer *answer);
psa_status_t known_entropy_tests(const struct given *given, struct answer *answer);
psa_status_t known_poly1305(const struct given *given, struct answer *answer);

#endif
