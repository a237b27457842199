/* SPDX-License-Identifier: Apache-2.0 */
/* /pairings: an admin adds, removes and lists controllers. Facts: docs/PAIRING.md. */
#include <string.h>

#include "base/log.h"
#include "pairing/accessory/internal.h"

static enum mico_hap_error error_of(mico_err err)
{
    switch (err) {
    case MICO_OK:
        return MICO_HAP_OK;
    case MICO_ERR_FULL:
        return MICO_HAP_MAX_PEERS;
    default:
        return MICO_HAP_UNKNOWN;
    }
}

static enum mico_hap_error add(struct mico_accessory *acc, const struct mico_tlv8 *in, struct mico_writer *out)
{
    int permissions = mico_tlv8_byte(in, MICO_TLV8_PERMISSIONS);
    if (!mico_tlv8_is(in, MICO_TLV8_PUBLIC_KEY, 32) || permissions < 0 || permissions > 1) {
        return MICO_HAP_UNKNOWN;
    }
    mico_err err = mico_controllers_add(&acc->controllers, in->value[MICO_TLV8_IDENTIFIER],
                                        in->value[MICO_TLV8_PUBLIC_KEY].data, permissions == 1);
    mico_end_sessions_without_pairing(acc); /* an admin may have resigned, and was the last */
    return error_of(err);
}

static enum mico_hap_error remove_one(struct mico_accessory *acc, const struct mico_tlv8 *in, struct mico_writer *out)
{
    if (!in->has[MICO_TLV8_IDENTIFIER]) {
        return MICO_HAP_UNKNOWN;
    }
    mico_err err = mico_controllers_remove(&acc->controllers, in->value[MICO_TLV8_IDENTIFIER]);
    mico_end_sessions_without_pairing(acc);
    return error_of(err);
}

static enum mico_hap_error list(struct mico_accessory *acc, const struct mico_tlv8 *in, struct mico_writer *out)
{
    bool first = true;
    for (int i = 0; i < MICO_CONTROLLERS_MAX; i++) {
        const struct mico_controller *controller = &acc->controllers.slot[i];
        if (controller->id_len == 0) {
            continue;
        }
        if (!first) {
            mico_tlv8_put(out, MICO_TLV8_SEPARATOR, "", 0);
        }
        first = false;
        mico_tlv8_put(out, MICO_TLV8_IDENTIFIER, controller->id, controller->id_len);
        mico_tlv8_put(out, MICO_TLV8_PUBLIC_KEY, controller->public_key, sizeof controller->public_key);
        mico_tlv8_put_byte(out, MICO_TLV8_PERMISSIONS, controller->admin ? 1 : 0);
    }
    return MICO_HAP_OK;
}

static enum mico_hap_error act(struct mico_accessory *acc, const struct mico_connection *conn, const struct mico_tlv8 *in,
                               struct mico_writer *out)
{
    if (conn->controller < 0 || !acc->controllers.slot[conn->controller].admin) {
        return MICO_HAP_AUTHENTICATION;
    }
    switch (mico_tlv8_byte(in, MICO_TLV8_METHOD)) {
    case MICO_METHOD_ADD_PAIRING:
        return add(acc, in, out);
    case MICO_METHOD_REMOVE_PAIRING:
        return remove_one(acc, in, out);
    case MICO_METHOD_LIST_PAIRINGS:
        return list(acc, in, out);
    default:
        return MICO_HAP_UNKNOWN;
    }
}

void mico_pairings_handle(struct mico_accessory *acc, struct mico_connection *conn, struct mico_response *response)
{
    struct mico_tlv8 in;
    mico_err err = mico_tlv8_parse(conn->request.body, conn->request.body_len, &in, NULL);
    if (err != MICO_OK || mico_tlv8_byte(&in, MICO_TLV8_STATE) != 1) {
        mico_answer_malformed(response);
        return;
    }
    response->type = MICO_TYPE_TLV8;
    mico_tlv8_put_byte(&response->body, MICO_TLV8_STATE, 2);
    enum mico_hap_error refused = act(acc, conn, &in, &response->body);
    if (refused != MICO_HAP_OK) {
        mico_answer_error(response, 2, refused);
    }
}
