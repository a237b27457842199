/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests of crypto/tls: keys in a coprocessor in its field stage, the chip's own code in this process, known to PSA by its
 * location; certificates for them by a root of OpenSSL's. */
#ifndef CRYPTO_TLS_TLS_TEST_CHIP_H
#define CRYPTO_TLS_TLS_TEST_CHIP_H

#include "crypto/tls/tls_test_kit.h"
#include "mscp/chip/test_rig.h"

/* A key of the chip's and its certificate: NAME.pem, NAME.der. */
struct chip_identity {
    const char *name;
    uint32_t object;
    bool p256;
    uint16_t usage;
    struct mico_span chain;
    psa_key_id_t key;
};

/* The identity of a device is one that a factory makes: it signs as a client, for pairing, and evidence. */
extern struct chip_identity chip_device, chip_client, chip_server, chip_server_p256, chip_scarce;
extern struct rig chip_rig;
extern struct mscp_binding chip_binding;
extern struct mico_span chip_root;

/* In a directory of kit_enter's: root.pem, and the identities above. chip_scarce is a client's P-256 key whose policy allows one use
 * an hour. */
void chip_kit_set_up(void);
void chip_kit_tear_down(void);

#endif
