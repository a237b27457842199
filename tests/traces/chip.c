/* SPDX-License-Identifier: Apache-2.0 */
/* Every command that uses a secret, through driver, link and chip: right ones and wrong ones. */
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "mscp/host/host_internal.h"
#include "mscp/protocol/policy.h"
#include "tests/traces/cases.h"

#define ED25519_ID MSCP_ID_GENERAL
#define P256_ID (MSCP_ID_GENERAL + 1)
#define X25519_ID (MSCP_ID_GENERAL + 2)
#define P256_AGREE_ID (MSCP_ID_GENERAL + 3)
#define SECRET_ID (MSCP_ID_GENERAL + 4)
#define WRAPPER_ID (MSCP_ID_GENERAL + 5)
#define CIPHER_ID (MSCP_ID_GENERAL + 6)
#define DATA_ID (MSCP_ID_GENERAL + 7)
#define NEW_ID (MSCP_ID_GENERAL + 8)
#define PIN_ID 0x41u
#define VOLATILE_ID MSCP_ID_VOLATILE

static const struct mscp_attributes signs = {.type = MSCP_KEY_ED25519, .usage = MSCP_USE_SIGN_RAW},
                                    p256_signs = {.type = MSCP_KEY_P256, .usage = MSCP_USE_SIGN_RAW},
                                    agrees = {.type = MSCP_KEY_X25519, .usage = MSCP_USE_AGREE},
                                    p256_agrees = {.type = MSCP_KEY_P256, .usage = MSCP_USE_AGREE},
                                    derives = {.type = MSCP_SECRET, .usage = MSCP_USE_DERIVE | MSCP_USE_MAC},
                                    ciphers = {.type = MSCP_SECRET, .usage = MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT},
                                    wraps = {.type = MSCP_SECRET, .usage = MSCP_USE_WRAP},
                                    data = {.type = MSCP_DATA, .read = MSCP_SESSION, .write = MSCP_SESSION},
                                    auth = {.type = MSCP_AUTH, .write = MSCP_NEVER};
static const uint8_t message[70] = "what keys sign, and what is hashed";

static void import(uint32_t id, const struct mscp_attributes *attributes, uint8_t *public_key)
{
    uint8_t key[32];
    secret(key, sizeof key);
    const struct mscp_import what = {.id = id, .attributes = attributes, .key = MICO_SPAN(key)};
    ct_must(mscp_host_import(&line_host, &what, public_key));
}

static void refused(mico_err err, mico_err want)
{
    ct_expect(err, want);
}

/* Keys that come in, that are born inside, and what they do. */
void chip_keys(void)
{
    static const uint8_t base[32] = {9};
    uint8_t key[32], p256[MSCP_P256_SIZE], signature[64], shared[32];
    line_start();
    import(ED25519_ID, &signs, key);
    import(P256_ID, &p256_signs, NULL);
    import(X25519_ID, &agrees, key);
    import(P256_AGREE_ID, &p256_agrees, p256);
    ct_must(mscp_host_sign(&line_host, ED25519_ID, MICO_SPAN(message), signature));
    ct_must(mscp_host_sign(&line_host, P256_ID, MICO_SPAN(message), signature));
    ct_must(mscp_host_sign_digest(&line_host, P256_ID, message, signature));
    ct_must(mscp_host_agree(&line_host, X25519_ID, base, shared));
    ct_must(mscp_host_agree_p256(&line_host, P256_AGREE_ID, p256, shared));
    ct_must(mscp_host_agree_inside(&line_host, X25519_ID, MICO_SPAN(base), NEW_ID, &derives));
    ct_must(mscp_host_generate(&line_host, NEW_ID + 1, &signs, key));
    ct_must(mscp_host_generate(&line_host, NEW_ID + 2, &agrees, key));
    ct_must(mscp_host_generate_p256(&line_host, NEW_ID + 3, &p256_signs, p256));
    ct_must(mscp_host_delete(&line_host, NEW_ID));
    line_restart();
    ct_must(mscp_host_sign(&line_host, ED25519_ID, MICO_SPAN(message), signature));
}

static void derive(void)
{
    uint8_t out[64];
    struct mscp_derivation what = {.id = SECRET_ID, .salt = {message, 9}, .info = {message, 5}, .len = sizeof out};
    for (what.algorithm = MSCP_HKDF_SHA256; what.algorithm <= MSCP_HKDF_SHA512; what.algorithm++) {
        ct_must(mscp_host_derive(&line_host, &what, out));
    }
    what.algorithm = MSCP_HKDF_SHA256;
    what.target = VOLATILE_ID;
    what.attributes = &derives;
    ct_must(mscp_host_derive(&line_host, &what, NULL));
}

static void mac(uint32_t id)
{
    uint8_t tag[32];
    ct_must(mscp_host_mac(&line_host, id, MICO_SPAN(message), tag));
    ct_must(mscp_host_mac_verify(&line_host, id, MICO_SPAN(message), tag));
    spoil(tag, sizeof tag);
    refused(mscp_host_mac_verify(&line_host, id, MICO_SPAN(message), tag), MICO_ERR_CRYPTO);
}

static void cipher(void)
{
    uint8_t text[50], sealed[sizeof text + 16];
    struct mscp_nonce nonce = {0};
    secret(text, sizeof text);
    ct_must(mscp_host_encrypt(&line_host, CIPHER_ID, &nonce, MICO_SPAN(message), MICO_SPAN(text), sealed));
    ct_must(mscp_host_decrypt(&line_host, CIPHER_ID, nonce.bytes, MICO_SPAN(message), MICO_SPAN(sealed), text));
    spoil(sealed + sizeof text, 16);
    refused(mscp_host_decrypt(&line_host, CIPHER_ID, nonce.bytes, MICO_SPAN(message), MICO_SPAN(sealed), text),
            MICO_ERR_CRYPTO);
}

/* A key that comes sealed under the wrapper: nonce | ciphertext | tag. */
static void unwrap(const uint8_t wrapper[32])
{
    uint8_t sealed[12 + 32 + 16] = {1, 2}, key[32], associated[4 + MSCP_ATTRIBUTES_MAX];
    mico_store_le32(associated, NEW_ID);
    size_t len = 4 + mscp_attributes_encode(&derives, associated + 4);
    secret(key, sizeof key);
    mico_chachapoly_seal(wrapper, sealed, (struct mico_span){associated, len}, MICO_SPAN(key), sealed + 12);
    struct mscp_import what = {.id = NEW_ID, .attributes = &derives, .key = MICO_SPAN(sealed), .wrapper = WRAPPER_ID};
    ct_must(mscp_host_import(&line_host, &what, NULL));
    ct_must(mscp_host_delete(&line_host, NEW_ID));
    spoil(sealed + sizeof sealed - 16, 16);
    refused(mscp_host_import(&line_host, &what, NULL), MICO_ERR_CRYPTO);
}

static void seal(void)
{
    uint8_t text[40], sealed[sizeof text + MSCP_SEAL_OVERHEAD];
    size_t len;
    secret(text, sizeof text);
    ct_must(mscp_host_seal(&line_host, 0, MICO_SPAN(text), sealed));
    ct_must(mscp_host_unseal(&line_host, MICO_SPAN(sealed), text, &len));
    spoil(sealed + sizeof sealed - 16, 16);
    refused(mscp_host_unseal(&line_host, MICO_SPAN(sealed), text, &len), MICO_ERR_CRYPTO);
}

/* Values that only a session may read. */
static void keep(void)
{
    uint8_t value[100], back[sizeof value], random[32];
    size_t len;
    secret(value, sizeof value);
    ct_must(mscp_host_create(&line_host, DATA_ID, &data, MICO_SPAN(value)));
    secret(value, sizeof value);
    ct_must(mscp_host_write(&line_host, DATA_ID, MICO_SPAN(value)));
    ct_must(mscp_host_read(&line_host, DATA_ID, back, sizeof back, &len));
    ct_must(mscp_host_hash(&line_host, MSCP_SHA256, MICO_SPAN(value), back));
    ct_must(mscp_host_random(&line_host, random, sizeof random));
}

void chip_secrets(void)
{
    uint8_t wrapper[32];
    line_start();
    import(SECRET_ID, &derives, NULL);
    import(CIPHER_ID, &ciphers, NULL);
    secret(wrapper, sizeof wrapper);
    const struct mscp_import what = {.id = WRAPPER_ID, .attributes = &wraps, .key = MICO_SPAN(wrapper)};
    ct_must(mscp_host_import(&line_host, &what, NULL));
    derive();
    mac(SECRET_ID);
    mac(VOLATILE_ID);
    cipher();
    unwrap(wrapper);
    seal();
    keep();
}

/* The owner's proof, spoilt. The driver makes none; the chip takes it where it takes a PIN. */
static void prove_nearly(const uint8_t secret_of_owner[32])
{
    uint8_t head[8], message_of[10 + 4 + 32] = "MSCP1 auth", proof[32];
    struct mico_writer w = mico_writer_of(head, sizeof head);
    mscp_put_u32(&w, MSCP_TAG_ID, MSCP_ID_OWNER);
    ct_must(mscp_call(&line_host, &(struct mscp_call){.command = MSCP_AUTHENTICATE,
                                                      .head = {head, w.len},
                                                      .answer = MSCP_TAG_BIT(MSCP_TAG_NONCE)}));
    mico_store_le32(message_of + 10, MSCP_ID_OWNER);
    memcpy(message_of + 14, line_host.reply.value[MSCP_TAG_NONCE].data, 32);
    mico_hmac_sha256((struct mico_span){secret_of_owner, 32}, MICO_SPAN(message_of), proof);
    spoil(proof, sizeof proof);
    refused(mscp_host_auth_pin(&line_host, MSCP_ID_OWNER, MICO_SPAN(proof), NULL), MICO_ERR_AUTH);
}

/* The owner's secret and a user's PIN: right, and wrong ones of which nothing may show where they are wrong. */
void chip_owner(void)
{
    uint8_t owner[34] = {MSCP_AUTH_HMAC, 9}, pin[2 + 8] = {MSCP_AUTH_PIN, 9}, given[8];
    unsigned left;
    secret(owner + 2, 32);
    secret(pin + 2, 8);
    line_start();
    ct_must(mscp_host_create(&line_host, MSCP_ID_OWNER, &auth, MICO_SPAN(owner)));
    ct_must(mscp_host_create(&line_host, PIN_ID, &auth, MICO_SPAN(pin)));
    prove_nearly(owner + 2);
    memcpy(given, pin + 2, sizeof given);
    spoil(given, sizeof given);
    refused(mscp_host_auth_pin(&line_host, PIN_ID, MICO_SPAN(given), &left), MICO_ERR_AUTH);
    ct_must(mscp_host_auth_secret(&line_host, MSCP_ID_OWNER, owner + 2, &left));
    ct_must(mscp_host_auth_pin(&line_host, PIN_ID, (struct mico_span){pin + 2, 8}, &left));
}

/* What the chip signs about itself, the login chain, receipts. */
void chip_statements(void)
{
    static const struct mscp_attributes identity = {.type = MSCP_KEY_ED25519,
                                                    .usage = MSCP_USE_SIGN_PAIRING | MSCP_USE_ATTEST},
                                        boot_key = {.type = MSCP_DATA, .read = MSCP_SESSION, .write = MSCP_NEVER};
    static const uint8_t seed[32] = {0x51};
    static uint8_t token[MSCP_EVIDENCE_MAX];
    uint8_t key[32], signature[64], receipt[32], r[32];
    struct mscp_login_proof proof;
    size_t len;
    mico_ed25519_public(seed, key);
    mico_ed25519_sign(seed, key, (struct mico_span){message, 32}, signature);
    line_start();
    ct_must(mscp_host_create(&line_host, MSCP_ID_BOOT_KEY, &boot_key, MICO_SPAN(key)));
    import(MSCP_ID_IDENTITY, &identity, NULL);
    import(X25519_ID, &agrees, NULL);
    ct_must(mscp_host_evidence(&line_host, X25519_ID, (struct mico_span){message, 32}, token, &len));
    for (uint64_t counter = 0; counter < 2; counter++) {
        ct_must(mscp_host_login_proof(&line_host, message, &proof));
        ct_must(mscp_host_login_accept(&line_host, counter, secret(r, sizeof r)));
    }
    spoil(r, sizeof r);
    refused(mscp_host_login_accept(&line_host, 1, r), MICO_ERR_CRYPTO);
    ct_must(mscp_host_verify_boot(&line_host, message, 5, signature));
    ct_must(mscp_host_make_receipt(&line_host, receipt));
    ct_must(mscp_host_check_receipt(&line_host, message, 5, receipt));
    spoil(receipt, sizeof receipt);
    refused(mscp_host_check_receipt(&line_host, message, 5, receipt), MICO_ERR_CRYPTO);
    line_restart();
    ct_must(mscp_host_login_proof(&line_host, message, &proof));
}

/* After very many records both keys of a session give way to new ones. */
static void renew_keys(void)
{
    struct mscp_session session = {.open = true, .next = MSCP_REKEY_RECORDS - 1};
    secret(session.to_chip, sizeof session.to_chip);
    secret(session.to_host, sizeof session.to_host);
    mscp_session_advance(&session);
}

/* Handshakes by either way, of the right host and of one with another key; a new host by the owner's leave. */
void chip_sessions(void)
{
    uint8_t owner[34] = {MSCP_AUTH_HMAC, 9}, random[8];
    struct mscp_binding made;
    struct mscp_info info;
    secret(owner + 2, 32);
    line_start();
    ct_must(mscp_host_create(&line_host, MSCP_ID_OWNER, &auth, MICO_SPAN(owner)));
    mscp_host_stop(&line_host);
    line_new_driver(&line_binding);
    ct_must(mscp_host_random(&line_host, random, sizeof random));
    ct_must(mscp_host_info(&line_host, &info));
    ct_must(mscp_host_resume_sessions(&line_host, true));
    mscp_host_stop(&line_host);
    line_new_driver(&line_binding);
    ct_must(mscp_host_resume_sessions(&line_host, true));
    ct_must(mscp_host_info(&line_host, &info));
    ct_must(mscp_host_random(&line_host, random, sizeof random));

    struct mscp_binding wrong = line_binding;
    secret(wrong.key, sizeof wrong.key);
    line_new_driver(&wrong);
    refused(mscp_host_random(&line_host, random, sizeof random), MICO_ERR_AUTH);

    line_new_driver(NULL);
    ct_must(mscp_host_repair_stage(&line_host, &made));
    ct_must(mscp_host_auth_secret(&line_host, MSCP_ID_OWNER, owner + 2, NULL));
    ct_must(mscp_host_repair_prove(&line_host));
    ct_must(mscp_host_repair_commit(&line_host));
    line_restart();
    refused(mscp_host_random(&line_host, random, sizeof random), MICO_ERR_AUTH); /* the old one */
    line_new_driver(&made);
    ct_must(mscp_host_random(&line_host, random, sizeof random));
    renew_keys();
}
