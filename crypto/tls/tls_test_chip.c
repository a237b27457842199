/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tls/tls_test_chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psa/psa_mscp.h"
#include "mscp/protocol/policy.h"

struct rig chip_rig;
struct mscp_binding chip_binding;
struct mico_span chip_root;

#define DEVICE_USAGE (MSCP_USE_SIGN_TLS_CLIENT | MSCP_USE_SIGN_PAIRING | MSCP_USE_ATTEST)
#define IDENTITY(its_name, id, kind, uses)                          \
    {                                                               \
        .name = its_name, .object = id, .p256 = kind, .usage = uses \
    }
struct chip_identity chip_device = IDENTITY("device", MSCP_ID_IDENTITY, false, DEVICE_USAGE);
struct chip_identity chip_client = IDENTITY("client", 0x300, true, MSCP_USE_SIGN_TLS_CLIENT);
struct chip_identity chip_server = IDENTITY("server", 0x301, false, MSCP_USE_SIGN_TLS_SERVER);
struct chip_identity chip_server_p256 =
    IDENTITY("server256", 0x302, true, MSCP_USE_SIGN_TLS_SERVER | MSCP_USE_SIGN_CSR);
struct chip_identity chip_scarce = IDENTITY("scarce", 0x303, true, MSCP_USE_SIGN_TLS_CLIENT);

static struct chip_identity *const all[] = {&chip_device, &chip_client, &chip_server, &chip_server_p256, &chip_scarce};

/* SubjectPublicKeyInfo before the key: RFC 8410, RFC 5480. */
static const uint8_t spki_ed25519[] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
static const uint8_t spki_p256[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
                                    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};

static void make_key(const struct chip_identity *identity)
{
    struct mscp_attributes attributes = {.type = identity->p256 ? MSCP_KEY_P256 : MSCP_KEY_ED25519,
                                         .usage = identity->usage};
    uint8_t key[MSCP_P256_SIZE];
    if (identity == &chip_scarce) { /* one branch, one clause: 7, one use, an hour */
        static const uint8_t policy[] = {1, MSCP_IF_RATE, 1, 0, 0x80, 0xEE, 0x36, 0};
        memcpy(attributes.policy, policy, sizeof policy);
        attributes.policy_len = sizeof policy;
    }
    mico_err err = identity->object == MSCP_ID_IDENTITY ? MICO_OK /* rig_provision made it */
                   : identity->p256 ? mscp_host_generate_p256(&chip_rig.host, identity->object, &attributes, key)
                                    : mscp_host_generate(&chip_rig.host, identity->object, &attributes, key);
    assert_int_equal(err, MICO_OK);
}

/* NAME.pub as OpenSSL reads it, of what PSA says about the key in the chip. */
static void write_public(const struct chip_identity *identity)
{
    char path[64];
    uint8_t key[MSCP_P256_SIZE];
    size_t len;
    assert_int_equal(psa_export_public_key(identity->key, key, sizeof key, &len), PSA_SUCCESS);
    snprintf(path, sizeof path, "%s.pub", identity->name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(identity->p256 ? spki_p256 : spki_ed25519, 1, identity->p256 ? sizeof spki_p256 : sizeof spki_ed25519, file);
    fwrite(key, 1, len, file);
    fclose(file);
}

static void certify(struct chip_identity *identity, const char *extensions)
{
    char path[64];
    kit_run(
        "openssl req -new -key root.key -subj '/CN=%s' -out %s.csr && printf '%s\\n' > %s.ext && "
        "openssl x509 -req -in %s.csr -force_pubkey %s.pub -keyform DER -CA root.pem -CAkey root.key -CAcreateserial "
        "-days 30 -extfile %s.ext -out %s.pem 2>/dev/null && openssl x509 -in %s.pem -outform DER -out %s.der",
        identity->name, identity->name, extensions, identity->name, identity->name, identity->name, identity->name,
        identity->name, identity->name, identity->name);
    snprintf(path, sizeof path, "%s.der", identity->name);
    identity->chain = kit_load(path);
}

static void know(struct chip_identity *identity)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_ecc_family_t family = identity->p256 ? PSA_ECC_FAMILY_SECP_R1 : PSA_ECC_FAMILY_TWISTED_EDWARDS;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(family));
    psa_set_key_algorithm(&attributes, identity->p256 ? PSA_ALG_ECDSA(PSA_ALG_SHA_256) : PSA_ALG_PURE_EDDSA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_EXPORT);
    assert_int_equal(mico_psa_register_mscp_key(&attributes, identity->object, &identity->key), PSA_SUCCESS);
}

void chip_kit_set_up(void)
{
    rig_start(&chip_rig);
    rig_provision(&chip_rig, &chip_binding, false);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        make_key(all[i]);
    }
    assert_int_equal(mscp_host_set_lifecycle(&chip_rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    assert_int_equal(mico_psa_attach_mscp(&chip_rig.host), PSA_SUCCESS);
    kit_make("30", "root", "Root", KIT_P256, NULL, KIT_CA);
    chip_root = kit_load("root.der");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        bool serves = (all[i]->usage & MSCP_USE_SIGN_TLS_SERVER) != 0;
        know(all[i]);
        write_public(all[i]);
        certify(all[i], serves ? KIT_SERVER("DNS:server.example") : KIT_CLIENT);
    }
}

void chip_kit_tear_down(void)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_int_equal(mico_psa_forget_key(all[i]->key), PSA_SUCCESS);
    }
    rig_end(&chip_rig);
}
