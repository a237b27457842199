/* SPDX-License-Identifier: Apache-2.0 */
/* `mico image`: a table of subcommands; what they make and check is boot/image's. */
#include "micoder/image_cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/image/image_make.h"
#include "micoder/image_files.h"
#include "micoder/image_show.h"
#include "micoder/subcommand.h"

#define KEYS_MAX 4 /* trusted keys on a maker's key page */
#define LOAD_ADDR_DEFAULT 0x40000
#define HEADER_SIZE_DEFAULT 0x400

enum {
    KEY,
    VERSION,
    COUNTER,
    ENCRYPT,
    CONTENT,
    LOWEST,
    LOAD,
    ROM,
    HEADER,
    AES,
    NO_PUBLIC,
    OUT,
    PUBLIC,
    JSON,
};

static const struct mico_option options[] = {
    [KEY] = {"key", "KEY", "Ed25519 key: PEM file or pkcs11: URI", KEYS_MAX},
    [VERSION] = {"version", "V", "version, as 1.2.3 or 1.2.3+4", 0},
    [COUNTER] = {"security-counter", "N", "a device that ran N refuses lower ones", 0},
    [ENCRYPT] = {"encrypt-for", "KEY", "device's X25519 firmware key: 64 hex digits or PEM file", 0},
    [CONTENT] = {"content-key-file", "FILE", "where the image's content key is kept, mode 0600", 0},
    [LOWEST] = {"lowest-counter", "N", "refuse security counters below N", 0},
    [LOAD] = {"load-addr", "ADDR", "where the loader copies the image (default 0x40000)", 0},
    [ROM] = {"rom-fixed", "ADDR", "where the image must lie, instead of being copied", 0},
    [HEADER] = {"header-size", "N", "bytes in front of the payload (default 0x400)", 0},
    [AES] = {"aes", "BITS", "128 (default) or 256", 0},
    [NO_PUBLIC] = {"no-public-key", NULL, "carry the key's hash only, as imgtool does", 0},
    [OUT] = {"output", "FILE", "file to write (also -o)", 0},
    [PUBLIC] = {"public", "FILE", "write the public key there, PEM", 0},
    [JSON] = {"json", NULL, "as JSON", 0},
};
#define BIT(option) MICO_OPTION(option)

static const char *value(const struct mico_given *o, int option)
{
    return o->value[option][0];
}

static bool version_field(const char **at, uint32_t most, uint32_t *out)
{
    char *end;
    if (**at < '0' || **at > '9') {
        return false;
    }
    unsigned long long value = strtoull(*at, &end, 10);
    *at = end;
    *out = (uint32_t)value;
    return value <= most;
}

static bool version_of(const char *text, struct mico_boot_version *version)
{
    uint32_t major = 0, minor = 0, revision = 0, build = 0;
    const char *at = text;
    bool good = version_field(&at, 255, &major) && *at++ == '.' && version_field(&at, 255, &minor) && *at++ == '.' &&
                version_field(&at, 65535, &revision) &&
                (*at == '\0' || (*at++ == '+' && version_field(&at, UINT32_MAX, &build))) && *at == '\0';
    *version = (struct mico_boot_version){(uint8_t)major, (uint8_t)minor, (uint16_t)revision, build};
    return good ||
           mico_complain("--version 1.2.3 or --version 1.2.3+4",
                         "--version %s: not MAJOR.MINOR.REVISION[+BUILD] (at most 255.255.65535+4294967295)", text);
}

static int keygen(const struct mico_given *o)
{
    uint8_t key[32], hash[32];
    char hex[65];
    if (!image_keygen(o->files[0], value(o, PUBLIC), key)) {
        return MICO_FAILED;
    }
    mico_image_key_hash(key, hash);
    mico_hex(hash, sizeof hash, hex);
    if (o->count[JSON] > 0) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "file", o->files[0]);
        cJSON_AddStringToObject(json, "key hash", hex);
        mico_print_json(json);
    } else {
        printf("%s: new Ed25519 firmware key, hash %s\n", o->files[0], hex);
    }
    return MICO_HOLDS;
}

/* "MOTP" | count u32 | SHA-256 of each key's DER SubjectPublicKeyInfo. */
static int otp(const struct mico_given *o)
{
    uint8_t page[8 + 32 * KEYS_MAX], key[32];
    struct mico_writer w = mico_writer_of(page, sizeof page);
    mico_write_bytes(&w, "MOTP", 4);
    mico_write_le32(&w, (uint32_t)o->count[KEY]);
    for (int i = 0; i < o->count[KEY]; i++) {
        uint8_t hash[32];
        if (!image_read_verifier(o->value[KEY][i], key)) {
            return MICO_FAILED;
        }
        mico_image_key_hash(key, hash);
        mico_write_bytes(&w, hash, sizeof hash);
    }
    if (!image_write_file(value(o, OUT), page, w.len)) {
        return MICO_FAILED;
    }
    printf("%s: key page that trusts %d key%s\n", value(o, OUT), o->count[KEY], o->count[KEY] == 1 ? "" : "s");
    return MICO_HOLDS;
}

/* What the options say of the image's place and form. */
static bool recipe_of(const struct mico_given *o, struct mico_image_recipe *recipe)
{
    uint32_t header = HEADER_SIZE_DEFAULT;
    if (!version_of(value(o, VERSION), &recipe->version) ||
        !mico_number("security-counter", value(o, COUNTER), UINT32_MAX, &recipe->security_counter) ||
        (value(o, HEADER) != NULL && !mico_number("header-size", value(o, HEADER), 0xFFFF, &header))) {
        return false;
    }
    recipe->header_size = (uint16_t)header;
    recipe->load_addr = LOAD_ADDR_DEFAULT;
    if (value(o, ROM) != NULL && value(o, LOAD) != NULL) {
        return mico_complain("one of them", "--rom-fixed and --load-addr are both there");
    }
    recipe->rom_fixed = value(o, ROM) != NULL;
    recipe->ram_load = !recipe->rom_fixed;
    recipe->carry_public_key = o->count[NO_PUBLIC] == 0;
    if (recipe->rom_fixed) {
        return mico_number("rom-fixed", value(o, ROM), UINT32_MAX, &recipe->load_addr);
    }
    return value(o, LOAD) == NULL || mico_number("load-addr", value(o, LOAD), UINT32_MAX, &recipe->load_addr);
}

/* A fresh content key, wrapped for the device and kept in a file if asked. Never an old one: AES-CTR under the same key
 * twice would show what differs. */
static bool encryption_of(const struct mico_given *o, struct mico_image_recipe *recipe, struct mico_image_key *key,
                          uint8_t device_key[32])
{
    if (value(o, ENCRYPT) == NULL) {
        return (value(o, CONTENT) == NULL && value(o, AES) == NULL) ||
               mico_complain("--encrypt-for KEY", "--content-key-file and --aes are for encrypted images");
    }
    if (value(o, AES) != NULL && strcmp(value(o, AES), "128") != 0 && strcmp(value(o, AES), "256") != 0) {
        return mico_complain("--aes 128 or --aes 256", "--aes %s: no such key length", value(o, AES));
    }
    if (!image_read_device_key(value(o, ENCRYPT), device_key)) {
        return false;
    }
    if (mico_image_make_key(key, value(o, AES) != NULL && value(o, AES)[0] == '2' ? 32 : 16) != MICO_OK) {
        return mico_complain("again, when this computer has some", "no random numbers to be had for the content key");
    }
    recipe->content_key = key;
    recipe->device_key = device_key;
    return value(o, CONTENT) == NULL || image_save_content_key(value(o, CONTENT), key);
}

static void tell(const struct mico_given *o, const struct mico_image_recipe *recipe, size_t len)
{
    char version[32], hex[65] = "";
    image_version_text(&recipe->version, version);
    printf("%s: %s, security counter %u, %zu bytes, signed", o->files[1], version, recipe->security_counter, len);
    if (recipe->content_key != NULL) {
        mico_hex(recipe->device_key, 32, hex);
        printf(", AES-%d for the device key %s", recipe->content_key->len * 8, hex);
    } else {
        printf(", not encrypted");
    }
    putchar('\n');
}

static bool make_and_write(const struct mico_given *o, const struct mico_image_recipe *recipe)
{
    struct mico_reason reason = {""};
    struct image_bytes image = {NULL, mico_image_make_size(recipe)};
    size_t len = 0;
    image.data = malloc(image.len);
    if (image.data == NULL) {
        return mico_complain("fewer programs beside this one", "no memory for %zu bytes", image.len);
    }
    bool good = mico_image_make(recipe, image.data, image.len, &len, &reason) == MICO_OK ||
                mico_complain("./mico image sign --help", "%s", reason.text);
    good = good && image_write_file(o->files[1], image.data, len);
    image_free(&image);
    if (good) {
        tell(o, recipe, len);
    }
    return good;
}

static int sign(const struct mico_given *o)
{
    struct image_signer signer;
    struct image_bytes payload;
    struct mico_image_key key = {.len = 0};
    struct mico_image_recipe recipe = {.sign = image_signer_sign, .sign_ctx = &signer};
    uint8_t device_key[32];
    if (o->count[KEY] != 1) {
        mico_complain("./mico image sign --help", "mico image sign: one --key signs");
        return MICO_MISUSE;
    }
    if (!recipe_of(o, &recipe) || !image_read_file(o->files[0], &payload)) {
        return MICO_FAILED;
    }
    bool good = false;
    if (image_signer_open(&signer, o->value[KEY][0])) {
        memcpy(recipe.public_key, signer.public_key, 32);
        recipe.payload = (struct mico_span){payload.data, payload.len};
        good = encryption_of(o, &recipe, &key, device_key) && make_and_write(o, &recipe);
        image_signer_close(&signer);
    }
    mico_wipe(&key, sizeof key);
    image_free(&payload);
    return good ? MICO_HOLDS : MICO_FAILED;
}

static int wrap(const struct mico_given *o)
{
    struct mico_reason reason = {""};
    struct image_bytes image;
    struct mico_image_key key;
    uint8_t device_key[32];
    if (!image_read_device_key(value(o, ENCRYPT), device_key) || !image_load_content_key(value(o, CONTENT), &key)) {
        return MICO_FAILED;
    }
    bool good = image_read_file(o->files[0], &image);
    if (good) {
        mico_err err = mico_image_rewrap(image.data, image.len, &key, device_key, &reason);
        good = err == MICO_OK ||
               mico_complain(err == MICO_ERR_AUTH ? "the content key file that was made with this very image"
                                                  : "./mico image show tells what it is",
                             "%s: %s", o->files[0], reason.text[0] != '\0' ? reason.text : mico_err_name(err));
        good = good && image_write_file(o->files[1], image.data, image.len);
        image_free(&image);
    }
    mico_wipe(&key, sizeof key);
    if (good) {
        printf("%s: the image of %s, its content key wrapped for another device\n", o->files[1], o->files[0]);
    }
    return good ? MICO_HOLDS : MICO_FAILED;
}

static bool parse_file(const char *path, struct image_bytes *bytes, struct mico_image *image)
{
    struct mico_reason reason = {""};
    if (!image_read_file(path, bytes)) {
        return false;
    }
    struct mico_span span = {bytes->data, bytes->len};
    struct mico_image_source source = mico_image_in_memory(&span);
    if (mico_image_parse(image, &source, &reason) != MICO_OK) {
        image_free(bytes);
        return mico_complain("./mico image sign makes an image from a .bin", "%s: %s", path, reason.text);
    }
    return true;
}

static int show(const struct mico_given *o)
{
    struct image_bytes bytes;
    struct mico_image image;
    if (!parse_file(o->files[0], &bytes, &image)) {
        return MICO_FAILED;
    }
    image_show(o->files[0], &image, bytes.len - image.size, o->count[JSON] > 0);
    image_free(&bytes);
    return MICO_HOLDS;
}

/* Signature, counter and, where the payload can be read, the digest. */
static bool check(const struct mico_given *o, const struct mico_image *image, const struct image_bytes *bytes,
                  const struct mico_image_trust *trust, bool *digest_checked)
{
    struct mico_reason reason = {""};
    struct mico_image_key key = {.len = 0};
    struct mico_span span = {bytes->data, bytes->len};
    struct mico_image_source source = mico_image_in_memory(&span);
    uint8_t digest[32];
    uint32_t lowest = 0;
    if (value(o, LOWEST) != NULL && !mico_number("lowest-counter", value(o, LOWEST), UINT32_MAX, &lowest)) {
        return false;
    }
    if (mico_image_verify(image, trust, image->digest, &reason) != MICO_OK) {
        return mico_complain("the maker's key with --key", "%s: %s", o->files[0], reason.text);
    }
    if (mico_image_check_counter(image, lowest, &reason) != MICO_OK) {
        return mico_complain("sign a newer one: --security-counter", "%s: %s", o->files[0], reason.text);
    }
    *digest_checked = !mico_image_is_encrypted(image) || value(o, CONTENT) != NULL;
    if (!*digest_checked) {
        return true;
    }
    if (mico_image_is_encrypted(image) && !image_load_content_key(value(o, CONTENT), &key)) {
        return false;
    }
    mico_err err =
        mico_image_check_digest(image, &source, mico_image_is_encrypted(image) ? &key : NULL, digest, &reason);
    mico_wipe(&key, sizeof key);
    return err == MICO_OK || mico_complain("the image as it was signed", "%s: %s", o->files[0], reason.text);
}

static int verify(const struct mico_given *o)
{
    struct image_bytes bytes;
    struct mico_image image;
    uint8_t keys[KEYS_MAX][32];
    const struct mico_image_trust trust = {.keys = (const uint8_t(*)[32])keys, .key_count = (size_t)o->count[KEY]};
    bool digest_checked = false;
    for (int i = 0; i < o->count[KEY]; i++) {
        if (!image_read_verifier(o->value[KEY][i], keys[i])) {
            return MICO_FAILED;
        }
    }
    if (!parse_file(o->files[0], &bytes, &image)) {
        return MICO_FAILED;
    }
    bool good = check(o, &image, &bytes, &trust, &digest_checked);
    image_free(&bytes);
    if (!good) {
        return MICO_FAILED;
    }
    if (o->count[JSON] > 0) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "file", o->files[0]);
        cJSON_AddBoolToObject(json, "signed", true);
        cJSON_AddBoolToObject(json, "payload checked", digest_checked);
        mico_print_json(json);
    } else {
        printf("%s: signed by a trusted key; %s\n", o->files[0],
               digest_checked ? "header, payload and counter are as signed"
                              : "the payload is encrypted and was not checked (--content-key-file would)");
    }
    return MICO_HOLDS;
}

static const struct mico_subcommand subcommands[] = {
    {"keygen", keygen, BIT(PUBLIC) | BIT(JSON), 0, 1, "FILE.pem", "make a firmware signing key",
     "./mico image keygen firmware-key.pem --public firmware-pub.pem"},
    {"otp", otp, BIT(KEY) | BIT(OUT), BIT(KEY) | BIT(OUT), 0, "", "make the key page that a device's loader trusts",
     "./mico image otp --key firmware-pub.pem -o otp.bin"},
    {"sign", sign,
     BIT(KEY) | BIT(VERSION) | BIT(COUNTER) | BIT(ENCRYPT) | BIT(CONTENT) | BIT(LOAD) | BIT(ROM) | BIT(HEADER) |
         BIT(AES) | BIT(NO_PUBLIC),
     BIT(KEY) | BIT(VERSION) | BIT(COUNTER), 2, "IN.bin OUT.img", "make a signed, encrypted image from a program",
     "./mico image sign --key firmware-key.pem --version 1.2.3 --security-counter 2 --encrypt-for KEY light.bin "
     "light.img"},
    {"wrap", wrap, BIT(ENCRYPT) | BIT(CONTENT), BIT(ENCRYPT) | BIT(CONTENT), 2, "IN.img OUT.img",
     "make an encrypted image one for another device, without signing it again",
     "./mico image wrap --content-key-file light.key --encrypt-for KEY light.img light-b.img"},
    {"show", show, BIT(JSON), 0, 1, "FILE.img", "show what an image says of itself",
     "./mico image show light.img --json"},
    {"verify", verify, BIT(KEY) | BIT(LOWEST) | BIT(CONTENT) | BIT(JSON), BIT(KEY), 1, "FILE.img",
     "check an image's signature, counter and digest", "./mico image verify light.img --key firmware-pub.pem"},
};

int mico_image_command(int argc, char **argv)
{
    static const struct mico_subcommands table = {"image", options, sizeof options / sizeof options[0], subcommands,
                                                  sizeof subcommands / sizeof subcommands[0]};
    return mico_subcommand_run(&table, argc, argv);
}
