/* SPDX-License-Identifier: Apache-2.0 */
/* Pair-setup, the controller's side: M1 to M6. Nothing is believed before M6 has been checked whole: the accessory knows
 * the code, its certificate is the maker's and names it, and the certificate's key has signed this run and its LTPK. */
#include <string.h>

#include "crypto/srp/srp.h"
#include "pairing/controller/client.h"

#define PATH "/pair-setup"
#define FIXED(literal) ((struct mico_span){(const uint8_t *)(literal), sizeof(literal) - 1})

/* What one run knows; wiped at its end. */
struct run {
    struct mico_srp_client srp;
    uint8_t secret[MICO_SRP_KEY_SIZE];
    uint8_t key[32];
    uint8_t A[MICO_SRP_SIZE];
    uint8_t proof[MICO_SRP_PROOF_SIZE];
    bool certified;
    char subject[MICO_HAP_ID_MAX + 1]; /* of the certificate */
    uint8_t certificate_key[32];
    uint8_t certificate_signature[MICO_HAP_SIGNATURE];
    uint8_t text[MICO_CLIENT_CHAIN_MAX + 256];
};

static mico_err start(struct mico_client *client, struct run *run, const char *code,
                      const struct mico_client_trust *trust)
{
    struct mico_span m1 =
        trust->allow_uncertified ? FIXED("\x06\x01\x01\x00\x01\x00") : FIXED("\x06\x01\x01\x00\x01\x01");
    struct mico_tlv8 m2;
    mico_err err = mico_client_exchange(client, PATH, m1, 2, &m2);
    if (err != MICO_OK) {
        return err;
    }
    if (!m2.has[MICO_TLV8_PUBLIC_KEY] || !mico_tlv8_is(&m2, MICO_TLV8_SALT, MICO_SRP_SALT_SIZE)) {
        return mico_client_fail(client, MICO_TROUBLE_PROTOCOL, MICO_ERR_FORMAT, "M2 lacks the key or the salt");
    }
    err = mico_srp_client_start(&run->srp);
    if (err == MICO_OK) {
        err = mico_srp_client_prove(&run->srp, m2.value[MICO_TLV8_SALT].data, m2.value[MICO_TLV8_PUBLIC_KEY],
                                    (struct mico_span){(const uint8_t *)code, strlen(code)}, run->A, run->proof);
    }
    return err == MICO_OK ? MICO_OK
                          : mico_client_fail(client, MICO_TROUBLE_PROTOCOL, err, "the accessory's SRP key is refused");
}

/* Open M4's EncryptedData: keep the certificate's subject, key and signature for M6. */
static mico_err take_certificate(struct mico_client *client, struct run *run, const struct mico_client_trust *trust,
                                 struct mico_span sealed)
{
    struct mico_tlv8 info;
    if (sealed.len > sizeof run->text || mico_hap_open(run->key, "PS-Msg04", sealed, run->text) != MICO_OK ||
        mico_tlv8_parse(run->text, sealed.len - MICO_HAP_TAG, &info, NULL) != MICO_OK ||
        !info.has[MICO_TLV8_CERTIFICATE] || !mico_tlv8_is(&info, MICO_TLV8_SIGNATURE, MICO_HAP_SIGNATURE)) {
        return mico_client_fail(client, MICO_TROUBLE_PROTOCOL, MICO_ERR_FORMAT,
                                "the certificate's message does not check");
    }
    memcpy(run->certificate_signature, info.value[MICO_TLV8_SIGNATURE].data, MICO_HAP_SIGNATURE);
    const char *why = "the certificate was refused";
    mico_err err =
        trust->check(trust->ctx, info.value[MICO_TLV8_CERTIFICATE], run->subject, run->certificate_key, &why);
    if (err != MICO_OK) {
        return mico_client_fail(client, MICO_TROUBLE_CERTIFICATE, MICO_ERR_AUTH, why);
    }
    run->certified = true;
    return MICO_OK;
}

static mico_err prove(struct mico_client *client, struct run *run, const struct mico_client_trust *trust)
{
    uint8_t m3_bytes[MICO_SRP_SIZE + MICO_SRP_PROOF_SIZE + 16];
    struct mico_writer m3 = mico_writer_of(m3_bytes, sizeof m3_bytes);
    mico_tlv8_put_byte(&m3, MICO_TLV8_STATE, 3);
    mico_tlv8_put(&m3, MICO_TLV8_PUBLIC_KEY, run->A, sizeof run->A);
    mico_tlv8_put(&m3, MICO_TLV8_PROOF, run->proof, sizeof run->proof);
    struct mico_tlv8 m4;
    mico_err err = mico_client_exchange(client, PATH, (struct mico_span){m3.out, m3.len}, 4, &m4);
    if (err != MICO_OK) {
        return err;
    }
    if (!mico_tlv8_is(&m4, MICO_TLV8_PROOF, MICO_SRP_PROOF_SIZE) ||
        mico_srp_client_check(&run->srp, m4.value[MICO_TLV8_PROOF].data, run->secret) != MICO_OK) {
        return mico_client_fail(client, MICO_TROUBLE_PROOF, MICO_ERR_AUTH, NULL);
    }
    err = mico_hap_hkdf((struct mico_span)MICO_SPAN(run->secret), "Pair-Setup-Encrypt-Salt", "Pair-Setup-Encrypt-Info",
                        run->key, sizeof run->key);
    if (err != MICO_OK) {
        return mico_client_fail(client, MICO_TROUBLE_LOCAL, err, mico_err_name(err));
    }
    if (trust->allow_uncertified) {
        return MICO_OK; /* method 0 was asked for: plain HAP */
    }
    if (!m4.has[MICO_TLV8_ENCRYPTED_DATA]) {
        return mico_client_fail(client, MICO_TROUBLE_NO_CERTIFICATE, MICO_ERR_AUTH, NULL);
    }
    return take_certificate(client, run, trust, m4.value[MICO_TLV8_ENCRYPTED_DATA]);
}

/* M5's EncryptedData: who this controller is, signed. */
static mico_err make_m5(struct run *run, const struct mico_client_self *self, struct mico_writer *m5)
{
    uint8_t first[32], signature[MICO_HAP_SIGNATURE], text[256], sealed[256 + MICO_HAP_TAG];
    struct mico_span id = {(const uint8_t *)self->id, strlen(self->id)};
    struct mico_hap_statement statement = {first, id, self->public_key};
    mico_err err = mico_hap_hkdf((struct mico_span)MICO_SPAN(run->secret), "Pair-Setup-Controller-Sign-Salt",
                                 "Pair-Setup-Controller-Sign-Info", first, sizeof first);
    if (err == MICO_OK) {
        err = mico_hap_sign(self->key, &statement, signature);
    }
    struct mico_writer w = mico_writer_of(text, sizeof text);
    if (err == MICO_OK) {
        mico_tlv8_put(&w, MICO_TLV8_IDENTIFIER, id.data, id.len);
        mico_tlv8_put(&w, MICO_TLV8_PUBLIC_KEY, self->public_key, 32);
        mico_tlv8_put(&w, MICO_TLV8_SIGNATURE, signature, sizeof signature);
        err = mico_hap_seal(run->key, "PS-Msg05", (struct mico_span){text, w.len}, sealed);
    }
    mico_wipe(first, sizeof first);
    if (err == MICO_OK) {
        mico_tlv8_put_byte(m5, MICO_TLV8_STATE, 5);
        mico_tlv8_put(m5, MICO_TLV8_ENCRYPTED_DATA, sealed, w.len + MICO_HAP_TAG);
    }
    return err;
}

static mico_err statement_checks(struct run *run, const char *salt, const char *info, const uint8_t key[32],
                                 const struct mico_tlv8 *m6, struct mico_span signature)
{
    uint8_t first[32];
    struct mico_hap_statement statement = {first, m6->value[MICO_TLV8_IDENTIFIER],
                                           m6->value[MICO_TLV8_PUBLIC_KEY].data};
    mico_err err = mico_hap_hkdf((struct mico_span)MICO_SPAN(run->secret), salt, info, first, sizeof first);
    if (err == MICO_OK) {
        err = mico_hap_verify(key, &statement, signature);
    }
    mico_wipe(first, sizeof first);
    return err;
}

/* The certificate names this accessory, and its key has signed challenge | id | LTPK. */
static mico_err certificate_binds(struct mico_client *client, struct run *run, const struct mico_tlv8 *m6)
{
    struct mico_span id = m6->value[MICO_TLV8_IDENTIFIER];
    if (strlen(run->subject) != id.len || memcmp(run->subject, id.data, id.len) != 0) {
        return mico_client_fail(client, MICO_TROUBLE_CERTIFICATE, MICO_ERR_AUTH,
                                "its certificate names another device");
    }
    struct mico_span signature = MICO_SPAN(run->certificate_signature);
    if (statement_checks(run, "MFi-Pair-Setup-Salt", "MFi-Pair-Setup-Info", run->certificate_key, m6, signature) !=
        MICO_OK) {
        return mico_client_fail(client, MICO_TROUBLE_CERTIFICATE, MICO_ERR_AUTH,
                                "the key of its certificate did not sign this pairing");
    }
    return MICO_OK;
}

/* The id is kept, shown to the user, and part of the relay's topics: letters, digits, ':', '-', '.' and '_' alone. */
static bool id_is_plain(struct mico_span id)
{
    for (size_t i = 0; i < id.len; i++) {
        if (id.data[i] == '\0' ||
            strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-._", id.data[i]) == NULL) {
            return false;
        }
    }
    return true;
}

static mico_err finish(struct mico_client *client, struct run *run, const struct mico_client_self *self,
                       struct mico_client_peer *peer)
{
    uint8_t m5_bytes[512];
    struct mico_writer m5 = mico_writer_of(m5_bytes, sizeof m5_bytes);
    mico_err err = make_m5(run, self, &m5);
    if (err != MICO_OK) {
        return mico_client_fail(client, MICO_TROUBLE_LOCAL, err, mico_err_name(err));
    }
    struct mico_tlv8 m6;
    err = mico_client_exchange(client, PATH, (struct mico_span){m5.out, m5.len}, 6, &m6);
    if (err != MICO_OK) {
        return err;
    }
    struct mico_span sealed = m6.value[MICO_TLV8_ENCRYPTED_DATA];
    struct mico_tlv8 info;
    if (sealed.len > sizeof run->text || mico_hap_open(run->key, "PS-Msg06", sealed, run->text) != MICO_OK ||
        mico_tlv8_parse(run->text, sealed.len - MICO_HAP_TAG, &info, NULL) != MICO_OK ||
        !mico_tlv8_is(&info, MICO_TLV8_PUBLIC_KEY, 32) || !id_is_plain(info.value[MICO_TLV8_IDENTIFIER])) {
        return mico_client_fail(client, MICO_TROUBLE_PROTOCOL, MICO_ERR_FORMAT, "M6 does not check");
    }
    const uint8_t *ltpk = info.value[MICO_TLV8_PUBLIC_KEY].data;
    if (statement_checks(run, "Pair-Setup-Accessory-Sign-Salt", "Pair-Setup-Accessory-Sign-Info", ltpk, &info,
                         info.value[MICO_TLV8_SIGNATURE]) != MICO_OK) {
        return mico_client_fail(client, MICO_TROUBLE_IDENTITY, MICO_ERR_AUTH,
                                "the accessory does not hold the key it shows");
    }
    if (run->certified && (err = certificate_binds(client, run, &info)) != MICO_OK) {
        return err;
    }
    struct mico_span id =
        info.value[MICO_TLV8_IDENTIFIER]; /* 1 to MICO_HAP_ID_MAX bytes: the signature check saw to it */
    memset(peer, 0, sizeof *peer);
    memcpy(peer->id, id.data, id.len);
    memcpy(peer->public_key, ltpk, 32);
    peer->certified = run->certified;
    return MICO_OK;
}

mico_err mico_client_pair(struct mico_client *client, const struct mico_client_self *self, const char *code,
                          const struct mico_client_trust *trust, struct mico_client_peer *peer)
{
    struct run run = {.certified = false};
    mico_err err = start(client, &run, code, trust);
    if (err == MICO_OK) {
        err = prove(client, &run, trust);
    }
    if (err == MICO_OK) {
        err = finish(client, &run, self, peer);
    }
    mico_srp_client_stop(&run.srp);
    mico_wipe(&run, sizeof run);
    return err;
}
