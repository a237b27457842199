/* SPDX-License-Identifier: Apache-2.0 */
/* Pair-verify, the controller's side: M1 to M4; afterwards the connection is encrypted. */
#include <string.h>

#include "pairing/controller/client.h"

#define PATH "/pair-verify"

struct run {
    psa_key_id_t ephemeral;
    uint8_t own_public[32];
    uint8_t peer_public[32];
    uint8_t shared[32];
    uint8_t key[32];
};

static mico_err agree(struct mico_client *client, struct run *run, const struct mico_tlv8 *m2)
{
    if (!mico_tlv8_is(m2, MICO_TLV8_PUBLIC_KEY, 32)) {
        return mico_client_fail(client, MICO_TROUBLE_PROTOCOL, MICO_ERR_FORMAT, "M2 lacks the accessory's key");
    }
    memcpy(run->peer_public, m2->value[MICO_TLV8_PUBLIC_KEY].data, sizeof run->peer_public);
    mico_err err = mico_hap_agree(run->ephemeral, (struct mico_span)MICO_SPAN(run->peer_public), run->shared);
    if (err == MICO_OK) {
        err = mico_hap_hkdf((struct mico_span)MICO_SPAN(run->shared), "Pair-Verify-Encrypt-Salt",
                            "Pair-Verify-Encrypt-Info", run->key, sizeof run->key);
    }
    return err == MICO_OK ? MICO_OK
                          : mico_client_fail(client, MICO_TROUBLE_PROTOCOL, err, "the accessory's ephemeral key is refused");
}

/* M2 names the paired accessory and is signed by its long-term key. */
static mico_err check_m2(struct mico_client *client, struct run *run, const struct mico_tlv8 *m2,
                         const struct mico_client_peer *peer)
{
    uint8_t text[512];
    struct mico_tlv8 info;
    struct mico_span sealed = m2->value[MICO_TLV8_ENCRYPTED_DATA];
    if (sealed.len > sizeof text || mico_hap_open(run->key, "PV-Msg02", sealed, text) != MICO_OK ||
        mico_tlv8_parse(text, sealed.len - MICO_HAP_TAG, &info, NULL) != MICO_OK) {
        return mico_client_fail(client, MICO_TROUBLE_PROTOCOL, MICO_ERR_FORMAT, "M2 does not check");
    }
    struct mico_span id = info.value[MICO_TLV8_IDENTIFIER];
    if (id.len != strlen(peer->id) || memcmp(id.data, peer->id, id.len) != 0) {
        return mico_client_fail(client, MICO_TROUBLE_IDENTITY, MICO_ERR_AUTH, "another accessory answers at this address");
    }
    struct mico_hap_statement statement = {run->peer_public, id, run->own_public};
    if (mico_hap_verify(peer->public_key, &statement, info.value[MICO_TLV8_SIGNATURE]) != MICO_OK) {
        return mico_client_fail(client, MICO_TROUBLE_IDENTITY, MICO_ERR_AUTH,
                                "it does not hold the key that was paired");
    }
    return MICO_OK;
}

static mico_err make_m3(const struct run *run, const struct mico_client_self *self, struct mico_writer *m3)
{
    uint8_t signature[MICO_HAP_SIGNATURE], text[256], sealed[256 + MICO_HAP_TAG];
    struct mico_span id = {(const uint8_t *)self->id, strlen(self->id)};
    struct mico_hap_statement statement = {run->own_public, id, run->peer_public};
    mico_err err = mico_hap_sign(self->key, &statement, signature);
    struct mico_writer w = mico_writer_of(text, sizeof text);
    if (err == MICO_OK) {
        mico_tlv8_put(&w, MICO_TLV8_IDENTIFIER, id.data, id.len);
        mico_tlv8_put(&w, MICO_TLV8_SIGNATURE, signature, sizeof signature);
        err = mico_hap_seal(run->key, "PV-Msg03", (struct mico_span){text, w.len}, sealed);
    }
    if (err == MICO_OK) {
        mico_tlv8_put_byte(m3, MICO_TLV8_STATE, 3);
        mico_tlv8_put(m3, MICO_TLV8_ENCRYPTED_DATA, sealed, w.len + MICO_HAP_TAG);
    }
    return err;
}

static mico_err handshake(struct mico_client *client, struct run *run, const struct mico_client_self *self,
                          const struct mico_client_peer *peer)
{
    uint8_t bytes[512];
    struct mico_tlv8 answer;
    struct mico_writer m1 = mico_writer_of(bytes, sizeof bytes);
    mico_tlv8_put_byte(&m1, MICO_TLV8_STATE, 1);
    mico_tlv8_put(&m1, MICO_TLV8_PUBLIC_KEY, run->own_public, sizeof run->own_public);
    mico_err err = mico_client_exchange(client, PATH, (struct mico_span){m1.out, m1.len}, 2, &answer);
    if (err == MICO_OK) {
        err = agree(client, run, &answer);
    }
    if (err == MICO_OK) {
        err = check_m2(client, run, &answer, peer);
    }
    if (err != MICO_OK) {
        return err;
    }
    struct mico_writer m3 = mico_writer_of(bytes, sizeof bytes);
    err = make_m3(run, self, &m3);
    if (err != MICO_OK) {
        return mico_client_fail(client, MICO_TROUBLE_LOCAL, err, mico_err_name(err));
    }
    return mico_client_exchange(client, PATH, (struct mico_span){m3.out, m3.len}, 4, &answer);
}

mico_err mico_client_verify(struct mico_client *client, const struct mico_client_self *self,
                            const struct mico_client_peer *peer)
{
    struct run run;
    mico_err err = mico_hap_ephemeral(&run.ephemeral, run.own_public);
    if (err == MICO_OK) {
        err = handshake(client, &run, self, peer);
    }
    if (err == MICO_OK) {
        err = mico_session_start(&client->session, run.shared, MICO_SESSION_CONTROLLER);
        client->secure = err == MICO_OK;
    }
    (void)psa_destroy_key(run.ephemeral);
    mico_wipe(&run, sizeof run);
    if (err != MICO_OK && client->trouble == MICO_TROUBLE_NONE) {
        client->trouble = MICO_TROUBLE_LOCAL;
        client->why = mico_err_name(err);
    }
    return err;
}
