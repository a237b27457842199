/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in a PKCS#11 token. Generation speaks PKCS#11 itself, because GnuTLS 3.7 asks for an Ed25519 key pair by
 * CKM_EDDSA, which is the signing mechanism; signing goes through GnuTLS by PKCS#11 URI. */
#include "identity/factory/hsm.h"

#include <gnutls/crypto.h>
#include <gnutls/pkcs11.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "identity/factory/files.h"
#include "identity/factory/say.h"
#include "identity/factory/softhsm.h"

#define PIN_BYTES 12 /* random; 24 characters */
#define SLOTS_MAX 64

static mico_err choose(const char *dir, const char **module, bool make)
{
    if (*module != NULL && (*module)[0] != '\0') {
        return MICO_OK;
    }
    *module = MICO_SOFTHSM2_MODULE;
    return station_softhsm_use(dir, !make);
}

static mico_err pin_path(char out[STATION_PATH_MAX], const char *dir, const char *name)
{
    char file[64];
    snprintf(file, sizeof file, "%s.pin", name);
    return station_path(out, dir, file);
}

static mico_err make_pin(const char *dir, const char *name, char pin[2 * PIN_BYTES + 1])
{
    uint8_t random[PIN_BYTES];
    char path[STATION_PATH_MAX];
    if (gnutls_rnd(GNUTLS_RND_KEY, random, sizeof random) != 0) {
        return station_fail(MICO_ERR_ENTROPY, NULL, "no random numbers for the PIN");
    }
    mico_hex(random, sizeof random, pin);
    mico_wipe(random, sizeof random);
    mico_err err = pin_path(path, dir, name);
    return err == MICO_OK ? station_write_file(path, pin, strlen(pin), 0600) : err;
}

static mico_err fail_pkcs11(const char *what, CK_RV rv)
{
    return station_fail(MICO_ERR_IO, "check the module, and that a slot is free", "PKCS#11: %s: %s", what,
                        p11_kit_strerror(rv));
}

/* The label as C_InitToken wants it: 32 characters, padded with spaces. */
static void token_label(const char *name, CK_UTF8CHAR out[33])
{
    char text[64];
    snprintf(text, sizeof text, "mico-%s", name);
    snprintf((char *)out, 33, "%-32.32s", text);
}

/* Gives the first slot whose token is not initialised, or with `label` the one that bears it. */
static mico_err find_slot(CK_FUNCTION_LIST_PTR p11, const CK_UTF8CHAR *label, CK_SLOT_ID *out)
{
    CK_SLOT_ID slots[SLOTS_MAX];
    CK_ULONG count = SLOTS_MAX;
    CK_RV rv = p11->C_GetSlotList(CK_TRUE, slots, &count);
    if (rv != CKR_OK) {
        return fail_pkcs11("list of slots", rv);
    }
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info;
        if (p11->C_GetTokenInfo(slots[i], &info) != CKR_OK) {
            continue;
        }
        bool ready = (info.flags & CKF_TOKEN_INITIALIZED) != 0;
        if (label == NULL ? !ready : ready && memcmp(info.label, label, 32) == 0) {
            *out = slots[i];
            return MICO_OK;
        }
    }
    return station_fail(MICO_ERR_FULL, "free a slot of the module, or use SoftHSM2",
                        label == NULL ? "PKCS#11: no slot with a free token" : "PKCS#11: the new token did not appear");
}

/* A token with label and PIN; the security officer's PIN is the same, since one person runs this station. */
static mico_err init_token(CK_FUNCTION_LIST_PTR p11, const char *name, const char *pin, CK_SESSION_HANDLE *session)
{
    CK_UTF8CHAR label[33];
    CK_SLOT_ID slot;
    CK_UTF8CHAR_PTR p = (CK_UTF8CHAR_PTR)(uintptr_t)pin;
    token_label(name, label);
    mico_err err = find_slot(p11, NULL, &slot);
    if (err != MICO_OK) {
        return err;
    }
    CK_RV rv = p11->C_InitToken(slot, p, strlen(pin), label);
    if (rv != CKR_OK) {
        return fail_pkcs11("initialisation of the token", rv);
    }
    err = find_slot(p11, label, &slot); /* a module may move a token to a slot of its own */
    if (err != MICO_OK) {
        return err;
    }
    rv = p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, session);
    if (rv == CKR_OK) {
        rv = p11->C_Login(*session, CKU_SO, p, strlen(pin));
    }
    if (rv == CKR_OK) {
        rv = p11->C_InitPIN(*session, p, strlen(pin));
    }
    if (rv == CKR_OK) {
        rv = p11->C_Logout(*session);
    }
    if (rv == CKR_OK) {
        rv = p11->C_Login(*session, CKU_USER, p, strlen(pin));
    }
    return rv == CKR_OK ? MICO_OK : fail_pkcs11("PIN of the token", rv);
}

static mico_err generate_pair(CK_FUNCTION_LIST_PTR p11, CK_SESSION_HANDLE session, const char *name)
{
    static const CK_BYTE curve[] = "\x13\x0c"
                                   "edwards25519"; /* PrintableString */
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_BYTE id = 1;
    void *label = (void *)(uintptr_t)name;
    CK_ATTRIBUTE public_template[] = {
        {CKA_TOKEN, &yes, sizeof yes},
        {CKA_VERIFY, &yes, sizeof yes},
        {CKA_ENCRYPT, &no, sizeof no},
        {CKA_WRAP, &no, sizeof no},
        {CKA_ID, &id, sizeof id},
        {CKA_LABEL, label, strlen(name)},
        {CKA_EC_PARAMS, (void *)(uintptr_t)curve, sizeof curve - 1},
    };
    CK_ATTRIBUTE private_template[] = {
        {CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes}, {CKA_SENSITIVE, &yes, sizeof yes},
        {CKA_EXTRACTABLE, &no, sizeof no}, {CKA_SIGN, &yes, sizeof yes},    {CKA_DECRYPT, &no, sizeof no},
        {CKA_UNWRAP, &no, sizeof no},      {CKA_DERIVE, &no, sizeof no},    {CKA_ID, &id, sizeof id},
        {CKA_LABEL, label, strlen(name)},
    };
    CK_MECHANISM mechanism = {CKM_EC_EDWARDS_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE public_key, private_key;
    CK_RV rv = p11->C_GenerateKeyPair(session, &mechanism, public_template,
                                      sizeof public_template / sizeof public_template[0], private_template,
                                      sizeof private_template / sizeof private_template[0], &public_key, &private_key);
    return rv == CKR_OK ? MICO_OK : fail_pkcs11("generation of an Ed25519 key pair", rv);
}

mico_err station_hsm_generate(const char *dir, const char *module, const char *name)
{
    char pin[2 * PIN_BYTES + 1] = {0};
    CK_SESSION_HANDLE session = 0;
    mico_err err = choose(dir, &module, true);
    if (err != MICO_OK) {
        return err;
    }
    CK_FUNCTION_LIST_PTR p11 = p11_kit_module_load(module, 0);
    if (p11 == NULL) {
        return station_fail(MICO_ERR_IO, "give the module's path with --module", "PKCS#11 module %s: %s", module,
                            p11_kit_message());
    }
    CK_RV rv = p11_kit_module_initialize(p11);
    if (rv != CKR_OK) {
        p11_kit_module_release(p11);
        return fail_pkcs11("start of the module", rv);
    }
    err = make_pin(dir, name, pin);
    if (err == MICO_OK) {
        err = init_token(p11, name, pin, &session);
    }
    if (err == MICO_OK) {
        err = generate_pair(p11, session, name);
    }
    mico_wipe(pin, sizeof pin);
    if (session != 0) {
        p11->C_CloseSession(session);
    }
    p11_kit_module_finalize(p11);
    p11_kit_module_release(p11);
    return err;
}

mico_err station_hsm_open(const char *dir, const char *module)
{
    mico_err err = choose(dir, &module, false);
    if (err != MICO_OK) {
        return err;
    }
    int failed = gnutls_pkcs11_init(GNUTLS_PKCS11_FLAG_MANUAL, NULL);
    if (failed == 0) {
        failed = gnutls_pkcs11_add_provider(module, NULL);
    }
    if (failed != 0) {
        return station_fail(MICO_ERR_IO, "check the module given to init", "PKCS#11 module %s: %s", module,
                            gnutls_strerror(failed));
    }
    return MICO_OK;
}

void station_hsm_close(void)
{
    gnutls_pkcs11_deinit();
}

/* GnuTLS asks for the PIN of a token; userdata is the directory that holds it. */
static int give_pin(void *userdata, int attempt, const char *url, const char *token, unsigned flags, char *pin,
                    size_t pin_max)
{
    char path[STATION_PATH_MAX], *text;
    size_t len;
    bool found;
    if (strncmp(token, "mico-", 5) != 0 || (flags & (GNUTLS_PIN_WRONG | GNUTLS_PIN_FINAL_TRY)) != 0 ||
        pin_path(path, userdata, token + 5) != MICO_OK || station_read_file(path, &text, &len, &found) != MICO_OK) {
        return -1;
    }
    bool fits = found && len < pin_max;
    if (fits) {
        memcpy(pin, text, len + 1);
    } else {
        station_fail(MICO_ERR_STATE, "bring the file back, mode 0600", "no usable PIN in %s", path);
    }
    if (found) {
        mico_wipe(text, len);
    }
    free(text);
    return fits ? 0 : -1;
}

mico_err station_hsm_key(const char *dir, const char *name, gnutls_privkey_t *out)
{
    char uri[256];
    snprintf(uri, sizeof uri, "pkcs11:token=mico-%s;object=%s;type=private", name, name);
    int failed = gnutls_privkey_init(out);
    if (failed == 0) {
        gnutls_privkey_set_pin_function(*out, give_pin, (void *)(uintptr_t)dir);
        failed = gnutls_privkey_import_url(*out, uri, 0);
        if (failed != 0) {
            gnutls_privkey_deinit(*out);
        }
    }
    if (failed != 0) {
        *out = NULL;
        return station_fail(MICO_ERR_IO, "check that the token and its PIN file are in the station's directory",
                            "%s: %s", uri, gnutls_strerror(failed));
    }
    return MICO_OK;
}
