/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests of crypto/tls: certificates that OpenSSL makes in a directory of the test's own, and keys behind PSA. */
#ifndef CRYPTO_TLS_TLS_TEST_KIT_H
#define CRYPTO_TLS_TLS_TEST_KIT_H

#include "base/bytes.h"
#include "crypto/psa/mico_psa.h"

/* Run a shell command, or fail the test. */
void kit_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Go to a new directory, and come back and remove it. As cmocka's set-up and tear-down. */
int kit_enter(void **state);
int kit_leave(void **state);

#define KIT_ED25519 "ED25519"
#define KIT_P256 "EC -pkeyopt ec_paramgen_curve:P-256"
#define KIT_P384 "EC -pkeyopt ec_paramgen_curve:P-384"
#define KIT_RSA "RSA -pkeyopt rsa_keygen_bits:2048"
#define KIT_CA "basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,keyCertSign,cRLSign\\nsubjectKeyIdentifier=hash"
#define KIT_SERVER(alt) \
    "basicConstraints=CA:FALSE\\nkeyUsage=digitalSignature\\nextendedKeyUsage=serverAuth\\nsubjectAltName=" alt
#define KIT_CLIENT "basicConstraints=CA:FALSE\\nkeyUsage=digitalSignature\\nextendedKeyUsage=clientAuth"

/* NAME.key, NAME.pem and NAME.der, for so many days from now; issuer NULL: self-signed. */
void kit_make(const char *days, const char *name, const char *subject, const char *algorithm, const char *issuer,
              const char *extensions);

/* A whole file; what it holds stays until the program ends. */
struct mico_span kit_load(const char *path);

/* NAME.key as a volatile key of PSA that may sign by alg. */
psa_key_id_t kit_key(const char *name, psa_key_type_t type, psa_algorithm_t alg);

#define KIT_KEY_ED25519(name) \
    kit_key(name, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), PSA_ALG_PURE_EDDSA)
#define KIT_KEY_P256(name) \
    kit_key(name, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_ALG_ECDSA(PSA_ALG_ANY_HASH))
#define KIT_KEY_RSA(name) kit_key(name, PSA_KEY_TYPE_RSA_KEY_PAIR, MICO_PSA_ALG_RSA_TLS)

#endif
