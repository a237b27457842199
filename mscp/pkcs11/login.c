/* SPDX-License-Identifier: Apache-2.0 */
/* The PINs of the SO and of the user. The chip keeps and counts them (AUTH objects; docs/MSCP.md, "Authentication"), and asks for
 * the user's itself wherever a private object is used or read: the module could not let anyone past.
 *
 * A token without a user PIN asks nobody to log in: whoever may read its binding may use its keys. */
#include <string.h>

#include "mscp/pkcs11/p11.h"

#define SO_ID 0x41u   /* below 0x1000: the chip deletes neither */
#define USER_ID 0x42u /* P11_PRIVATE_POLICY names it */
#define SO_TRIES 10
#define USER_TRIES 5
#define PIN_MIN 4
#define PIN_MAX 32

/* Who is logged in. The PIN is kept, because the chip forgets with each session of the link; it is wiped with the login. */
static struct {
    bool in;
    CK_USER_TYPE user;
    size_t len;
    uint8_t pin[PIN_MAX];
} the_login;

const uint8_t p11_private_policy[P11_PRIVATE_POLICY] = {1, 2, USER_ID, 0, 0, 0};

bool p11_user_in(void)
{
    return the_login.in && the_login.user == CKU_USER;
}

bool p11_so_in(void)
{
    return the_login.in && the_login.user == CKU_SO;
}

void p11_login_forget(void)
{
    mico_wipe(&the_login, sizeof the_login);
}

static uint32_t id_of(CK_USER_TYPE user)
{
    return user == CKU_SO ? SO_ID : USER_ID;
}

static CK_RV prove(struct mscp_host *chip, CK_USER_TYPE user, struct mico_span pin)
{
    unsigned left = 0;
    if (pin.len < PIN_MIN || pin.len > PIN_MAX) {
        return CKR_PIN_INCORRECT; /* it cannot be; no try is spent */
    }
    mico_err err = mscp_host_auth_pin(chip, id_of(user), pin, &left);
    if (err == MICO_ERR_AUTH && mscp_host_last_status(chip) == MSCP_AUTH_FAILED) {
        return left == 0 ? CKR_PIN_LOCKED : CKR_PIN_INCORRECT;
    }
    return p11_error(err);
}

bool p11_login_again(mico_err err)
{
    struct mscp_host *chip;
    if (err != MICO_ERR_AUTH || !the_login.in || p11_token(&chip) != CKR_OK ||
        mscp_host_last_status(chip) != MSCP_AUTH_REQUIRED) {
        return false;
    }
    CK_RV rv = prove(chip, the_login.user, (struct mico_span){the_login.pin, the_login.len});
    if (rv == CKR_PIN_INCORRECT || rv == CKR_PIN_LOCKED) {
        p11_login_forget(); /* another process changed it: each further try would cost its owner one */
        p11_objects_private_forget();
    }
    return rv == CKR_OK;
}

static CK_RV log_in(CK_USER_TYPE user, struct mico_span pin)
{
    struct mscp_host *chip;
    CK_RV rv = p11_token(&chip);
    rv = rv == CKR_OK ? prove(chip, user, pin) : rv;
    if (rv == CKR_OK) {
        the_login.in = true;
        the_login.user = user;
        the_login.len = pin.len;
        memcpy(the_login.pin, pin.data, pin.len);
    }
    return rv;
}

/* ---- setting PINs ---- */

static CK_RV pin_allowed(const CK_UTF8CHAR *pin, CK_ULONG len)
{
    return pin == NULL ? CKR_ARGUMENTS_BAD : len < PIN_MIN || len > PIN_MAX ? CKR_PIN_LEN_RANGE : CKR_OK;
}

static mico_err write_pin(struct mscp_host *chip, CK_USER_TYPE user, struct mico_span pin)
{
    /* The SO's PIN is changed by the SO; the user's by the SO, and by the user. Either may be tried by anyone. */
    static const uint8_t who[] = {2, 1, 4, 2, SO_ID, 0, 0, 0, 2, 1, 4, 2, USER_ID, 0, 0, 0, 1, 1, 1};
    struct mscp_attributes attributes = {.type = MSCP_AUTH, .write = SO_ID};
    uint8_t value[2 + PIN_MAX] = {MSCP_AUTH_PIN, user == CKU_SO ? SO_TRIES : USER_TRIES};
    memcpy(value + 2, pin.data, pin.len);
    struct mico_span whole = {value, 2 + pin.len};
    if (user == CKU_USER) {
        attributes.write = MSCP_SESSION;
        attributes.policy_len = sizeof who;
        memcpy(attributes.policy, who, sizeof who);
    }
    mico_err err = mscp_host_write(chip, id_of(user), whole);
    if (err == MICO_ERR_STATE) {
        err = mscp_host_create(chip, id_of(user), &attributes, whole);
    }
    mico_wipe(value, sizeof value);
    return err;
}

CK_RV p11_so_prove_or_set(struct mscp_host *chip, const uint8_t *pin, size_t len)
{
    struct mscp_attributes attributes;
    bool found = false;
    CK_RV rv = p11_error(mscp_host_attributes(chip, SO_ID, &attributes, &found));
    if (rv != CKR_OK || (!found && len == 0)) {
        return rv;
    }
    if (found) {
        return len == 0 ? CKR_PIN_INCORRECT : prove(chip, CKU_SO, (struct mico_span){pin, len});
    }
    rv = pin_allowed(pin, len);
    return rv == CKR_OK ? p11_error(write_pin(chip, CKU_SO, (struct mico_span){pin, len})) : rv;
}

CK_RV p11_user_pin_void(struct mscp_host *chip)
{
    struct mscp_attributes attributes;
    uint8_t pin[PIN_MAX];
    bool found = false;
    mico_err err = mscp_host_attributes(chip, USER_ID, &attributes, &found);
    if (err == MICO_OK && found) {
        err = mico_random(pin, sizeof pin);
        err = err == MICO_OK ? write_pin(chip, CKU_USER, MICO_SPAN(pin)) : err;
        mico_wipe(pin, sizeof pin);
    }
    return p11_error(err);
}

CK_RV C_InitPIN(CK_SESSION_HANDLE handle, CK_UTF8CHAR *pin, CK_ULONG len)
{
    struct p11_session *session;
    struct mscp_host *chip;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!p11_so_in()) {
        return p11_leave(CKR_USER_NOT_LOGGED_IN);
    }
    rv = pin_allowed(pin, len);
    rv = rv == CKR_OK ? p11_token(&chip) : rv;
    if (rv == CKR_OK) {
        mico_err err = MICO_OK;
        for (int attempt = 0; attempt < 2 && (attempt == 0 || p11_login_again(err)); attempt++) {
            err = write_pin(chip, CKU_USER, (struct mico_span){pin, len});
        }
        rv = p11_error(err);
    }
    return p11_leave(rv == CKR_OK ? p11_token_set_flags(P11_FLAG_USER_PIN) : rv);
}

static CK_RV user_has_pin(void)
{
    bool set;
    CK_RV rv = p11_user_pin_set(&set);
    return rv != CKR_OK || set ? rv : CKR_USER_PIN_NOT_INITIALIZED;
}

CK_RV C_SetPIN(CK_SESSION_HANDLE handle, CK_UTF8CHAR *old, CK_ULONG old_len, CK_UTF8CHAR *new, CK_ULONG new_len)
{
    struct p11_session *session;
    struct mscp_host *chip;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    CK_USER_TYPE user = p11_so_in() ? CKU_SO : CKU_USER;
    if (!session->writable) {
        return p11_leave(CKR_SESSION_READ_ONLY);
    }
    rv = user == CKU_USER ? user_has_pin() : CKR_OK;
    if (rv != CKR_OK) {
        return p11_leave(rv);
    }
    rv = old == NULL ? CKR_ARGUMENTS_BAD : pin_allowed(new, new_len);
    rv = rv == CKR_OK ? p11_token(&chip) : rv;
    rv = rv == CKR_OK ? prove(chip, user, (struct mico_span){old, old_len}) : rv;
    rv = rv == CKR_OK ? p11_error(write_pin(chip, user, (struct mico_span){new, new_len})) : rv;
    if (rv == CKR_OK && the_login.in) {
        rv = log_in(user, (struct mico_span){new, new_len});
    }
    return p11_leave(rv);
}

/* ---- login ---- */

static CK_RV may_log_in(CK_USER_TYPE user, const CK_UTF8CHAR *pin)
{
    if (user > CKU_CONTEXT_SPECIFIC) {
        return CKR_USER_TYPE_INVALID;
    }
    if (user == CKU_CONTEXT_SPECIFIC) {
        return CKR_OPERATION_NOT_INITIALIZED; /* no key asks for it */
    }
    if (the_login.in) {
        return the_login.user == user ? CKR_USER_ALREADY_LOGGED_IN : CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
    }
    CK_RV rv = user == CKU_USER ? user_has_pin() : CKR_OK;
    if (rv != CKR_OK) {
        return rv;
    }
    if (user == CKU_SO && p11_sessions_reading()) {
        return CKR_SESSION_READ_ONLY_EXISTS;
    }
    return pin == NULL ? CKR_ARGUMENTS_BAD : CKR_OK;
}

CK_RV C_Login(CK_SESSION_HANDLE handle, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG len)
{
    struct p11_session *session;
    struct mscp_attributes attributes;
    struct mscp_host *chip;
    bool found = false;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    rv = may_log_in(user, pin);
    rv = rv == CKR_OK ? p11_token(&chip) : rv;
    rv = rv == CKR_OK ? p11_error(mscp_host_attributes(chip, id_of(user), &attributes, &found)) : rv;
    if (rv == CKR_OK && !found) {
        rv = CKR_USER_PIN_NOT_INITIALIZED; /* a token that was initialised without an SO PIN */
    }
    return p11_leave(rv == CKR_OK ? log_in(user, (struct mico_span){pin, len}) : rv);
}

/* The chip forgets with the session of its link. */
void p11_log_out(void)
{
    p11_login_forget();
    p11_objects_private_forget();
    p11_token_close();
}

CK_RV C_Logout(CK_SESSION_HANDLE handle)
{
    struct p11_session *session;
    CK_RV rv = p11_enter_session(handle, &session);
    if (rv != CKR_OK) {
        return rv;
    }
    if (!the_login.in) {
        return p11_leave(CKR_USER_NOT_LOGGED_IN);
    }
    p11_log_out();
    return p11_leave(CKR_OK);
}
