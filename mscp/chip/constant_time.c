/* SPDX-License-Identifier: Apache-2.0 */
/* Each command that uses a secret, under valgrind: whatever the chip loads as a private key or secret is marked undefined,
 * so that memcheck reports every branch and every address that depends on it. What a comparison says in the end is public;
 * constant_time.supp names the functions that branch on that. `control` must be reported. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/protocol/noise.h"
#include "os/store/test_flash.h"

#define FLASH_SIZE (MSCP_CHIP_STORE_ADDRESS + MSCP_CHIP_STORE_SIZE)

static uint8_t memory[FLASH_SIZE], request[MSCP_BODY_MAX], answer[MSCP_BODY_MAX];
static struct test_flash flash;
static struct mscp_chip chip;
static struct mico_writer body;
static bool secret;

/* The linker's --wrap puts it in the place of the chip's own: CMakeLists.txt. */
mscp_status_t __real_mscp_object_load(struct mscp_chip *c, uint32_t id, struct mscp_object *object);
mscp_status_t __wrap_mscp_object_load(struct mscp_chip *c, uint32_t id, struct mscp_object *object);

mscp_status_t __wrap_mscp_object_load(struct mscp_chip *c, uint32_t id, struct mscp_object *object)
{
    mscp_status_t status = __real_mscp_object_load(c, id, object);
    if (secret && status == MSCP_OK) {
        /* Not an AUTH object's kind and tries. */
        size_t open = object->attributes.type == MSCP_AUTH ? 2 : 0;
        VALGRIND_MAKE_MEM_UNDEFINED(object->private_key + open, sizeof object->private_key - open);
    }
    return status;
}

/* Records are sealed before they are written: what lies in flash is not secret any more. */
mico_err __real_mico_store_put(struct mico_store *store, const char *name, const void *data, size_t len);
mico_err __wrap_mico_store_put(struct mico_store *store, const char *name, const void *data, size_t len);

mico_err __wrap_mico_store_put(struct mico_store *store, const char *name, const void *data, size_t len)
{
    VALGRIND_MAKE_MEM_DEFINED(data, len);
    return __real_mico_store_put(store, name, data, len);
}

static uint64_t now_ms(void *ctx)
{
    static uint64_t ms;
    return ms += 1000;
}

/* What is drawn for keys is secret, in the cases that say so. */
mico_err __real_mico_random(uint8_t *out, size_t len);
mico_err __wrap_mico_random(uint8_t *out, size_t len);
static bool random_is_secret;

mico_err __wrap_mico_random(uint8_t *out, size_t len)
{
    mico_err err = __real_mico_random(out, len);
    if (random_is_secret && len >= 32) { /* not a session's number or a nonce */
        VALGRIND_MAKE_MEM_UNDEFINED(out, len);
    }
    return err;
}

/* A new key's pair-wise test looks at a signature and a public key. */
mico_err __real_mico_ed25519_verify(const uint8_t public_key[32], struct mico_span message,
                                    const uint8_t signature[64]);
mico_err __wrap_mico_ed25519_verify(const uint8_t public_key[32], struct mico_span message,
                                    const uint8_t signature[64]);

mico_err __wrap_mico_ed25519_verify(const uint8_t public_key[32], struct mico_span message, const uint8_t signature[64])
{
    VALGRIND_MAKE_MEM_DEFINED(public_key, 32);
    VALGRIND_MAKE_MEM_DEFINED(message.data, message.len);
    VALGRIND_MAKE_MEM_DEFINED(signature, 64);
    return __real_mico_ed25519_verify(public_key, message, signature);
}

static void no_reply(void *ctx, const uint8_t *bytes, size_t len)
{
}

static void run_as(uint8_t command, bool in_session, mscp_status_t want)
{
    struct mico_writer out = mico_writer_of(answer, sizeof answer);
    mscp_status_t status = mscp_chip_run(&chip, command, in_session, (struct mico_span){request, body.len}, &out);
    VALGRIND_MAKE_MEM_DEFINED(&status, sizeof status); /* public, as what goes out is */
    VALGRIND_MAKE_MEM_DEFINED(answer, sizeof answer);
    if (status != want) {
        fprintf(stderr, "command %02x: %d\n", command, status);
        exit(1);
    }
}

static void run(uint8_t command, mscp_status_t want)
{
    run_as(command, true, want);
}

static void begin(uint32_t id)
{
    body = mico_writer_of(request, sizeof request);
    mscp_put_u32(&body, MSCP_TAG_ID, id);
}

static void put_attributes(uint8_t type, uint16_t usage)
{
    uint8_t bytes[MSCP_ATTRIBUTES_MAX];
    const struct mscp_attributes a = {.type = type, .usage = usage};
    mscp_put_bytes(&body, MSCP_TAG_ATTRIBUTES, bytes, mscp_attributes_encode(&a, bytes));
}

static void put_piece(const void *bytes, size_t len)
{
    mscp_put_u16(&body, MSCP_TAG_TOTAL, (uint16_t)len);
    mscp_put_u16(&body, MSCP_TAG_OFFSET, 0);
    mscp_put_bytes(&body, MSCP_TAG_BYTES, bytes, len);
}

#define ED25519_ID 0x1000u
#define X25519_ID 0x1001u
#define P256_ID 0x1002u
#define P256_AGREE_ID 0x1003u
#define SECRET_ID 0x1004u
#define WRAPPER_ID 0x1005u
#define IDENTITY_ID MSCP_ID_IDENTITY
#define HMAC_ID 0x40u
#define PIN_ID 0x41u

static void import(uint32_t id, uint8_t type, uint16_t usage)
{
    static const uint8_t key[32] = {1, 2, 3};
    begin(id);
    put_attributes(type, usage);
    mscp_put_bytes(&body, MSCP_TAG_KEY, key, sizeof key);
    run(MSCP_IMPORT_KEY, MSCP_OK);
}

static void start(void)
{
    static const struct mscp_chip_platform platform = {.flash = &flash.flash, .now_ms = now_ms, .reply = no_reply};
    static const uint8_t hmac[34] = {MSCP_AUTH_HMAC, 9}, pin[] = {MSCP_AUTH_PIN, 9, '1', '2', '3', '4'};
    test_flash_init(&flash, memory, sizeof memory, 4096, 1);
    if (mscp_chip_start(&chip, &platform) != MICO_OK) {
        exit(1);
    }
    chip.paired = true;
    import(ED25519_ID, MSCP_KEY_ED25519, MSCP_USE_SIGN_RAW);
    import(X25519_ID, MSCP_KEY_X25519, MSCP_USE_AGREE);
    import(P256_ID, MSCP_KEY_P256, MSCP_USE_SIGN_RAW);
    import(P256_AGREE_ID, MSCP_KEY_P256, MSCP_USE_AGREE);
    import(IDENTITY_ID, MSCP_KEY_ED25519, MSCP_USE_ATTEST);
    import(SECRET_ID, MSCP_SECRET, MSCP_USE_DERIVE | MSCP_USE_MAC | MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT);
    import(WRAPPER_ID, MSCP_SECRET, MSCP_USE_WRAP);
    begin(HMAC_ID);
    put_attributes(MSCP_AUTH, 0);
    put_piece(hmac, sizeof hmac);
    run(MSCP_CREATE_OBJECT, MSCP_OK);
    begin(PIN_ID);
    put_attributes(MSCP_AUTH, 0);
    put_piece(pin, sizeof pin);
    run(MSCP_CREATE_OBJECT, MSCP_OK);
    secret = true;
}

/* ---- the cases ---- */

static void sign(uint32_t id)
{
    begin(id);
    put_piece("message", 7);
    run(MSCP_SIGN, MSCP_OK);
}

static void sign_ed25519(void)
{
    sign(ED25519_ID);
}

static void sign_p256(void)
{
    sign(P256_ID);
}

static void agree_x25519(void)
{
    static const uint8_t peer[32] = {9};
    begin(X25519_ID);
    mscp_put_bytes(&body, MSCP_TAG_PUBLIC_KEY, peer, sizeof peer);
    run(MSCP_KEY_AGREEMENT, MSCP_OK);
}

static void agree_p256(void)
{
    static const uint8_t scalar[32] = {7};
    uint8_t peer[65];
    if (mico_p256_public(scalar, peer) != MICO_OK) {
        exit(1);
    }
    begin(P256_AGREE_ID);
    mscp_put_bytes(&body, MSCP_TAG_PUBLIC_KEY, peer, sizeof peer);
    run(MSCP_KEY_AGREEMENT, MSCP_OK);
}

static void derive(void)
{
    for (uint8_t algorithm = MSCP_HKDF_SHA256; algorithm <= MSCP_HKDF_SHA512; algorithm++) {
        begin(SECRET_ID);
        mscp_put_u8(&body, MSCP_TAG_ALGORITHM, algorithm);
        mscp_put_u16(&body, MSCP_TAG_COUNT, 32);
        run(MSCP_DERIVE_KEY, MSCP_OK);
        begin(SECRET_ID);
        mscp_put_u8(&body, MSCP_TAG_ALGORITHM, algorithm);
        mscp_put_u16(&body, MSCP_TAG_COUNT, 32);
        mscp_put_u32(&body, MSCP_TAG_TARGET, 0x1100u + algorithm); /* into flash */
        put_attributes(MSCP_SECRET, MSCP_USE_MAC);
        run(MSCP_DERIVE_KEY, MSCP_OK);
    }
}

static void mac(void)
{
    static const uint8_t wrong[32];
    begin(SECRET_ID);
    put_piece("message", 7);
    run(MSCP_COMPUTE_MAC, MSCP_OK);
    begin(SECRET_ID);
    mscp_put_bytes(&body, MSCP_TAG_MAC, wrong, sizeof wrong);
    put_piece("message", 7);
    run(MSCP_VERIFY_MAC, MSCP_VERIFY_FAILED);
}

static void cipher(void)
{
    static const uint8_t nonce[12], nothing[40];
    begin(SECRET_ID);
    mscp_put_bytes(&body, MSCP_TAG_IV, nonce, sizeof nonce);
    mscp_put_bytes(&body, MSCP_TAG_BYTES, "message", 7);
    run(MSCP_ENCRYPT, MSCP_OK);
    begin(SECRET_ID);
    mscp_put_bytes(&body, MSCP_TAG_IV, nonce, sizeof nonce);
    mscp_put_bytes(&body, MSCP_TAG_BYTES, nothing, sizeof nothing);
    run(MSCP_DECRYPT, MSCP_VERIFY_FAILED);
}

static void unwrap(void)
{
    static const uint8_t sealed[60];
    begin(0x1200);
    put_attributes(MSCP_SECRET, MSCP_USE_MAC);
    mscp_put_bytes(&body, MSCP_TAG_KEY, sealed, sizeof sealed);
    mscp_put_u32(&body, MSCP_TAG_WRAPPER, WRAPPER_ID);
    run(MSCP_IMPORT_KEY, MSCP_VERIFY_FAILED);
}

static void authenticate(void)
{
    static const uint8_t wrong[32];
    begin(HMAC_ID);
    run(MSCP_AUTHENTICATE, MSCP_OK);
    begin(HMAC_ID);
    mscp_put_bytes(&body, MSCP_TAG_CREDENTIAL, wrong, sizeof wrong);
    run(MSCP_AUTHENTICATE, MSCP_AUTH_FAILED);
    begin(PIN_ID);
    mscp_put_bytes(&body, MSCP_TAG_CREDENTIAL, "4711", 4);
    VALGRIND_MAKE_MEM_UNDEFINED(request + body.len - 4, 4); /* the PIN that is given is secret, too */
    run(MSCP_AUTHENTICATE, MSCP_AUTH_FAILED);
}

/* The chip's own secrets, from here on: the root key of its flash and what it is derived to. */
static void hide_root(void)
{
    VALGRIND_MAKE_MEM_UNDEFINED(chip.store_key, sizeof chip.store_key);
}

static void show_root(void)
{
    VALGRIND_MAKE_MEM_DEFINED(chip.store_key, sizeof chip.store_key);
}

static void seal(void)
{
    static uint8_t sealed[80];
    hide_root();
    body = mico_writer_of(request, sizeof request);
    mscp_put_bytes(&body, MSCP_TAG_BYTES, "message", 7);
    VALGRIND_MAKE_MEM_UNDEFINED(request + body.len - 7, 7);
    run(MSCP_SEAL_DATA, MSCP_OK);
    memcpy(sealed, answer + 3, 37);
    body = mico_writer_of(request, sizeof request);
    mscp_put_bytes(&body, MSCP_TAG_BYTES, sealed, 37);
    run(MSCP_UNSEAL_DATA, MSCP_OK);
    request[body.len - 1] ^= 1;
    run(MSCP_UNSEAL_DATA, MSCP_VERIFY_FAILED);
    show_root();
}

static void receipt(void)
{
    uint8_t proof[32];
    chip.boot.verified = true;
    hide_root();
    body = mico_writer_of(request, sizeof request);
    run(MSCP_MAKE_RECEIPT, MSCP_OK);
    memcpy(proof, answer + 3, sizeof proof);
    for (uint8_t wrong = 0; wrong < 2; wrong++) {
        proof[31] ^= wrong;
        body = mico_writer_of(request, sizeof request);
        mscp_put_bytes(&body, MSCP_TAG_DIGEST, chip.boot.digest, 32);
        mscp_put_u64(&body, MSCP_TAG_VALUE, chip.boot.security);
        mscp_put_bytes(&body, MSCP_TAG_PROOF, proof, sizeof proof);
        run(MSCP_CHECK_RECEIPT, wrong ? MSCP_VERIFY_FAILED : MSCP_OK);
    }
    show_root();
}

static void evidence(void)
{
    static const uint8_t nonce[32];
    body = mico_writer_of(request, sizeof request);
    mscp_put_bytes(&body, MSCP_TAG_NONCE, nonce, sizeof nonce);
    run(MSCP_GET_EVIDENCE, MSCP_OK);
    run(MSCP_LOGIN_PROOF, MSCP_OK);
    begin(ED25519_ID);
    mscp_put_bytes(&body, MSCP_TAG_NONCE, nonce, sizeof nonce);
    run(MSCP_ATTEST_KEY, MSCP_OK);
}

/* The chain's next secret is taken; one that is not the last taken is refused. */
static void login(void)
{
    for (uint8_t round = 0; round < 2; round++) {
        uint8_t r[32];
        memset(r, 7 + round, sizeof r);
        body = mico_writer_of(request, sizeof request);
        mscp_put_u64(&body, MSCP_TAG_VALUE, 0);
        mscp_put_bytes(&body, MSCP_TAG_SECRET, r, sizeof r);
        VALGRIND_MAKE_MEM_UNDEFINED(request + body.len - sizeof r, sizeof r);
        run(MSCP_LOGIN_ACCEPT, round == 0 ? MSCP_OK : MSCP_VERIFY_FAILED);
    }
}

static void generate(void)
{
    static const uint8_t types[] = {MSCP_KEY_ED25519, MSCP_KEY_X25519, MSCP_KEY_P256};
    static const uint16_t uses[] = {MSCP_USE_SIGN_RAW, MSCP_USE_AGREE, MSCP_USE_SIGN_RAW};
    random_is_secret = true;
    for (uint32_t i = 0; i < sizeof types; i++) {
        begin(0x1300 + i);
        put_attributes(types[i], uses[i]);
        run(MSCP_GENERATE_KEY_PAIR, MSCP_OK);
    }
    body = mico_writer_of(request, sizeof request);
    mscp_put_u16(&body, MSCP_TAG_COUNT, 32);
    run(MSCP_GET_RANDOM, MSCP_OK);
    random_is_secret = false;
}

/* The chip's half of both handshakes and of resumption: its static key, what it draws, the binding key. */
static void sessions(void)
{
    static const uint8_t host_private[32] = {3}, ephemeral[32] = {4}, nonce[32];
    uint8_t chip_public[32], message[160];
    struct mscp_noise noise;
    struct mico_writer w = mico_writer_of(message, sizeof message);
    mico_x25519_public(chip.link_private, chip_public);
    mico_x25519_public(host_private, chip.pairing.host_public);
    const struct mscp_noise_keys keys = {host_private,
                                         ephemeral,
                                         chip_public,
                                         chip.pairing.key,
                                         {(const uint8_t *)MSCP_PROLOGUE_SESSION, sizeof MSCP_PROLOGUE_SESSION - 1}};
    mscp_noise_start(&noise, MSCP_NOISE_KKPSK0, true, &keys);
    if (mscp_noise_write(&noise, (struct mico_span){NULL, 0}, &w) != MICO_OK) {
        exit(1);
    }
    random_is_secret = true;
    VALGRIND_MAKE_MEM_UNDEFINED(chip.link_private, sizeof chip.link_private);
    VALGRIND_MAKE_MEM_UNDEFINED(chip.pairing.key, sizeof chip.pairing.key);
    body = mico_writer_of(request, sizeof request);
    mscp_put_bytes(&body, MSCP_TAG_HANDSHAKE, message, w.len);
    run_as(MSCP_OPEN_SESSION, false, MSCP_OK);
    request[body.len - 1] ^= 1;
    run_as(MSCP_OPEN_SESSION, false, MSCP_AUTH_FAILED);
    body = mico_writer_of(request, sizeof request);
    mscp_put_bytes(&body, MSCP_TAG_NONCE, nonce, sizeof nonce);
    mscp_put_u32(&body, MSCP_TAG_BOOT, chip.boot_counter);
    run_as(MSCP_RESUME_SESSION, false, MSCP_OK);
    random_is_secret = false;
}

static void control(void)
{
    struct mscp_object object;
    if (mscp_object_load(&chip, SECRET_ID, &object) == MSCP_OK && (object.private_key[0] & 1) != 0) {
        puts("odd");
    }
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {{"sign-ed25519", sign_ed25519},
             {"sign-p256", sign_p256},
             {"agree-x25519", agree_x25519},
             {"agree-p256", agree_p256},
             {"derive", derive},
             {"mac", mac},
             {"cipher", cipher},
             {"unwrap", unwrap},
             {"authenticate", authenticate},
             {"seal", seal},
             {"receipt", receipt},
             {"evidence", evidence},
             {"login", login},
             {"generate", generate},
             {"sessions", sessions},
             {"control", control}};

static bool run_case(const char *name)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (strcmp(name, cases[i].name) == 0) {
            cases[i].run();
            return true;
        }
    }
    fprintf(stderr, "error: no case %s\n", name);
    return false;
}

int main(int argc, char **argv)
{
    start();
    for (int i = 1; i < argc; i++) {
        if (!run_case(argv[i])) {
            return 2;
        }
    }
    return 0;
}
