/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/selftest: the answer that PSA's TLS 1.2 PRF and TLS's own have in common. */
#ifndef CRYPTO_SELFTEST_KNOWN_PRF_H
#define CRYPTO_SELFTEST_KNOWN_PRF_H

/* RFC 5246 section 5, with SHA-256: the vector of the TLS working group, of 2009. */
#define PRF_KEY "9bbe436ba940f017b17652849a71db35"
#define PRF_SEED "a0ba9f936cda311827a6f796ffd5198c"
#define PRF_LABEL "74657374206c6162656c"
#define PRF_ANSWER                                                                                     \
    "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af" \
    "0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701" \
    "87347b66"

#endif
