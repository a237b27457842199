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

static void no_reply(void *ctx, const uint8_t *bytes, size_t len)
{
}

static void run(uint8_t command, mscp_status_t want)
{
    struct mico_writer out = mico_writer_of(answer, sizeof answer);
    mscp_status_t status = mscp_chip_run(&chip, command, true, (struct mico_span){request, body.len}, &out);
    VALGRIND_MAKE_MEM_DEFINED(&status, sizeof status); /* public, as what goes out is */
    VALGRIND_MAKE_MEM_DEFINED(answer, sizeof answer);
    if (status != want) {
        fprintf(stderr, "command %02x: %d\n", command, status);
        exit(1);
    }
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
    import(SECRET_ID, MSCP_SECRET,
           MSCP_USE_DERIVE | MSCP_USE_MAC | MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT | MSCP_USE_WRAP);
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
    mscp_put_u32(&body, MSCP_TAG_WRAPPER, SECRET_ID);
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
