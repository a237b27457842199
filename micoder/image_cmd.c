/* SPDX-License-Identifier: Apache-2.0 */
/* `mico image`: a table of subcommands; what they make and check is boot/image's. */
#include "micoder/image_cmd.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/image/image_make.h"
#include "micoder/image_files.h"
#include "micoder/image_show.h"

#define KEYS_MAX 4 /* trusted keys on a maker's key page */
#define LOAD_ADDR_DEFAULT 0x40000
#define HEADER_SIZE_DEFAULT 0x400

#define OK 0
#define FAILED 1
#define MISUSE 2

/* Every option of every subcommand; a subcommand's row says which it takes. */
struct options {
    const char *keys[KEYS_MAX];
    int key_count;
    const char *version, *counter, *encrypt_for, *content_key_file, *load_addr, *rom_fixed, *header_size;
    const char *aes, *out, *public_path, *lowest;
    bool json, no_public_key, help;
    char **files;
    int file_count;
};

enum which_option {
    O_KEY = 1,
    O_VERSION,
    O_COUNTER,
    O_ENCRYPT,
    O_CONTENT,
    O_LOAD,
    O_ROM,
    O_HEADER,
    O_AES,
    O_OUT,
    O_PUBLIC,
    O_LOWEST,
    O_JSON,
    O_NO_PUBLIC,
    O_HELP,
};

static const struct option_row {
    struct option long_form;
    const char *argument, *about;
} option_rows[] = {
    {{"key", required_argument, NULL, O_KEY}, "KEY", "Ed25519 key: PEM file or pkcs11: URI"},
    {{"version", required_argument, NULL, O_VERSION}, "V", "version, as 1.2.3 or 1.2.3+4"},
    {{"security-counter", required_argument, NULL, O_COUNTER}, "N", "a device that ran N refuses lower ones"},
    {{"encrypt-for", required_argument, NULL, O_ENCRYPT},
     "KEY",
     "device's X25519 firmware key: 64 hex digits or PEM file"},
    {{"content-key-file", required_argument, NULL, O_CONTENT},
     "FILE",
     "where the image's content key is kept, mode 0600"},
    {{"lowest-counter", required_argument, NULL, O_LOWEST}, "N", "refuse security counters below N"},
    {{"load-addr", required_argument, NULL, O_LOAD}, "ADDR", "where the loader copies the image (default 0x40000)"},
    {{"rom-fixed", required_argument, NULL, O_ROM}, "ADDR", "where the image must lie, instead of being copied"},
    {{"header-size", required_argument, NULL, O_HEADER}, "N", "bytes in front of the payload (default 0x400)"},
    {{"aes", required_argument, NULL, O_AES}, "BITS", "128 (default) or 256"},
    {{"no-public-key", no_argument, NULL, O_NO_PUBLIC}, NULL, "carry the key's hash only, as imgtool does"},
    {{"output", required_argument, NULL, O_OUT}, "FILE", "file to write (also -o)"},
    {{"public", required_argument, NULL, O_PUBLIC}, "FILE", "write the public key there, PEM"},
    {{"json", no_argument, NULL, O_JSON}, NULL, "as JSON"},
    {{"help", no_argument, NULL, O_HELP}, NULL, "this text"},
};
#define OPTION_ROWS (sizeof option_rows / sizeof option_rows[0])
#define BIT(option) (1u << (option))

static bool take_option(struct options *o, int which, const char *value)
{
    const char **const texts[] = {
        [O_VERSION] = &o->version,          [O_COUNTER] = &o->counter, [O_ENCRYPT] = &o->encrypt_for,
        [O_CONTENT] = &o->content_key_file, [O_LOAD] = &o->load_addr,  [O_ROM] = &o->rom_fixed,
        [O_HEADER] = &o->header_size,       [O_AES] = &o->aes,         [O_OUT] = &o->out,
        [O_PUBLIC] = &o->public_path,       [O_LOWEST] = &o->lowest,
    };
    switch (which) {
    case O_KEY:
        if (o->key_count == KEYS_MAX) {
            return image_fail(NULL, "--key: at most %d keys", KEYS_MAX);
        }
        o->keys[o->key_count++] = value;
        return true;
    case O_JSON:
        o->json = true;
        return true;
    case O_NO_PUBLIC:
        o->no_public_key = true;
        return true;
    case O_HELP:
        o->help = true;
        return true;
    default:
        *texts[which] = value;
        return true;
    }
}

/* A whole number in decimal or 0x-hexadecimal, at most `most`. */
static bool number(const char *name, const char *text, uint32_t most, uint32_t *out)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > most) {
        return image_fail(NULL, "--%s %s: not a number from 0 to %u", name, text, most);
    }
    *out = (uint32_t)value;
    return true;
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
           image_fail("--version 1.2.3 or --version 1.2.3+4",
                      "--version %s: not MAJOR.MINOR.REVISION[+BUILD] (at most 255.255.65535+4294967295)", text);
}

static int keygen(const struct options *o)
{
    uint8_t key[32], hash[32];
    char hex[65];
    if (!image_keygen(o->files[0], o->public_path, key)) {
        return FAILED;
    }
    mico_image_key_hash(key, hash);
    mico_hex(hash, sizeof hash, hex);
    printf("%s: new Ed25519 firmware key, hash %s\n", o->files[0], hex);
    return OK;
}

/* "MOTP" | count u32 | SHA-256 of each key's DER SubjectPublicKeyInfo. */
static int otp(const struct options *o)
{
    uint8_t page[8 + 32 * KEYS_MAX], key[32];
    struct mico_writer w = mico_writer_of(page, sizeof page);
    mico_write_bytes(&w, "MOTP", 4);
    mico_write_le32(&w, (uint32_t)o->key_count);
    for (int i = 0; i < o->key_count; i++) {
        uint8_t hash[32];
        if (!image_read_verifier(o->keys[i], key)) {
            return FAILED;
        }
        mico_image_key_hash(key, hash);
        mico_write_bytes(&w, hash, sizeof hash);
    }
    if (!image_write_file(o->out, page, w.len)) {
        return FAILED;
    }
    printf("%s: key page that trusts %d key%s\n", o->out, o->key_count, o->key_count == 1 ? "" : "s");
    return OK;
}

/* What the options say of the image's place and form. */
static bool recipe_of(const struct options *o, struct mico_image_recipe *recipe)
{
    uint32_t header = HEADER_SIZE_DEFAULT;
    if (!version_of(o->version, &recipe->version) ||
        !number("security-counter", o->counter, UINT32_MAX, &recipe->security_counter) ||
        (o->header_size != NULL && !number("header-size", o->header_size, 0xFFFF, &header))) {
        return false;
    }
    recipe->header_size = (uint16_t)header;
    recipe->load_addr = LOAD_ADDR_DEFAULT;
    if (o->rom_fixed != NULL && o->load_addr != NULL) {
        return image_fail("one of them", "--rom-fixed and --load-addr are both there");
    }
    recipe->rom_fixed = o->rom_fixed != NULL;
    recipe->ram_load = !recipe->rom_fixed;
    recipe->carry_public_key = !o->no_public_key;
    if (recipe->rom_fixed) {
        return number("rom-fixed", o->rom_fixed, UINT32_MAX, &recipe->load_addr);
    }
    return o->load_addr == NULL || number("load-addr", o->load_addr, UINT32_MAX, &recipe->load_addr);
}

/* A fresh content key, wrapped for the device and kept in a file if asked. Never an old one: AES-CTR under the same key
 * twice would show what differs. */
static bool encryption_of(const struct options *o, struct mico_image_recipe *recipe, struct mico_image_key *key,
                          uint8_t device_key[32])
{
    if (o->encrypt_for == NULL) {
        return (o->content_key_file == NULL && o->aes == NULL) ||
               image_fail("--encrypt-for KEY", "--content-key-file and --aes are for encrypted images");
    }
    if (o->aes != NULL && strcmp(o->aes, "128") != 0 && strcmp(o->aes, "256") != 0) {
        return image_fail("--aes 128 or --aes 256", "--aes %s: no such key length", o->aes);
    }
    if (!image_read_device_key(o->encrypt_for, device_key)) {
        return false;
    }
    if (mico_image_make_key(key, o->aes != NULL && o->aes[0] == '2' ? 32 : 16) != MICO_OK) {
        return image_fail(NULL, "no random numbers to be had for the content key");
    }
    recipe->content_key = key;
    recipe->device_key = device_key;
    return o->content_key_file == NULL || image_save_content_key(o->content_key_file, key);
}

static void tell(const struct options *o, const struct mico_image_recipe *recipe, size_t len)
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

static bool make_and_write(const struct options *o, const struct mico_image_recipe *recipe)
{
    struct mico_reason reason = {""};
    struct image_bytes image = {NULL, mico_image_make_size(recipe)};
    size_t len = 0;
    image.data = malloc(image.len);
    if (image.data == NULL) {
        return image_fail(NULL, "no memory for %zu bytes", image.len);
    }
    bool good =
        mico_image_make(recipe, image.data, image.len, &len, &reason) == MICO_OK || image_fail(NULL, "%s", reason.text);
    good = good && image_write_file(o->files[1], image.data, len);
    image_free(&image);
    if (good) {
        tell(o, recipe, len);
    }
    return good;
}

static int sign(const struct options *o)
{
    struct image_signer signer;
    struct image_bytes payload;
    struct mico_image_key key = {.len = 0};
    struct mico_image_recipe recipe = {.sign = image_signer_sign, .sign_ctx = &signer};
    uint8_t device_key[32];
    if (!recipe_of(o, &recipe) || !image_read_file(o->files[0], &payload)) {
        return FAILED;
    }
    bool good = false;
    if (image_signer_open(&signer, o->keys[0])) {
        memcpy(recipe.public_key, signer.public_key, 32);
        recipe.payload = (struct mico_span){payload.data, payload.len};
        good = encryption_of(o, &recipe, &key, device_key) && make_and_write(o, &recipe);
        image_signer_close(&signer);
    }
    mico_wipe(&key, sizeof key);
    image_free(&payload);
    return good ? OK : FAILED;
}

static int wrap(const struct options *o)
{
    struct mico_reason reason = {""};
    struct image_bytes image;
    struct mico_image_key key;
    uint8_t device_key[32];
    if (!image_read_device_key(o->encrypt_for, device_key) || !image_load_content_key(o->content_key_file, &key)) {
        return FAILED;
    }
    bool good = image_read_file(o->files[0], &image);
    if (good) {
        mico_err err = mico_image_rewrap(image.data, image.len, &key, device_key, &reason);
        good = err == MICO_OK ||
               image_fail(err == MICO_ERR_AUTH ? "the content key file that was made with this very image" : NULL,
                          "%s: %s", o->files[0], reason.text[0] != '\0' ? reason.text : mico_err_name(err));
        good = good && image_write_file(o->files[1], image.data, image.len);
        image_free(&image);
    }
    mico_wipe(&key, sizeof key);
    if (good) {
        printf("%s: the image of %s, its content key wrapped for another device\n", o->files[1], o->files[0]);
    }
    return good ? OK : FAILED;
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
        return image_fail("mico image sign makes an image from a .bin", "%s: %s", path, reason.text);
    }
    return true;
}

static int show(const struct options *o)
{
    struct image_bytes bytes;
    struct mico_image image;
    if (!parse_file(o->files[0], &bytes, &image)) {
        return FAILED;
    }
    image_show(o->files[0], &image, bytes.len - image.size, o->json);
    image_free(&bytes);
    return OK;
}

/* Signature, counter and, where the payload can be read, the digest. */
static bool check(const struct options *o, const struct mico_image *image, const struct image_bytes *bytes,
                  const struct mico_image_trust *trust, bool *digest_checked)
{
    struct mico_reason reason = {""};
    struct mico_image_key key = {.len = 0};
    struct mico_span span = {bytes->data, bytes->len};
    struct mico_image_source source = mico_image_in_memory(&span);
    uint8_t digest[32];
    uint32_t lowest = 0;
    if (o->lowest != NULL && !number("lowest-counter", o->lowest, UINT32_MAX, &lowest)) {
        return false;
    }
    if (mico_image_verify(image, trust, image->digest, &reason) != MICO_OK) {
        return image_fail("the maker's key with --key", "%s: %s", o->files[0], reason.text);
    }
    if (mico_image_check_counter(image, lowest, &reason) != MICO_OK) {
        return image_fail("sign a newer one: --security-counter", "%s: %s", o->files[0], reason.text);
    }
    *digest_checked = !mico_image_is_encrypted(image) || o->content_key_file != NULL;
    if (!*digest_checked) {
        return true;
    }
    if (mico_image_is_encrypted(image) && !image_load_content_key(o->content_key_file, &key)) {
        return false;
    }
    mico_err err =
        mico_image_check_digest(image, &source, mico_image_is_encrypted(image) ? &key : NULL, digest, &reason);
    mico_wipe(&key, sizeof key);
    return err == MICO_OK || image_fail(NULL, "%s: %s", o->files[0], reason.text);
}

static int verify(const struct options *o)
{
    struct image_bytes bytes;
    struct mico_image image;
    uint8_t keys[KEYS_MAX][32];
    const struct mico_image_trust trust = {.keys = (const uint8_t(*)[32])keys, .key_count = (size_t)o->key_count};
    bool digest_checked = false;
    for (int i = 0; i < o->key_count; i++) {
        if (!image_read_verifier(o->keys[i], keys[i])) {
            return FAILED;
        }
    }
    if (!parse_file(o->files[0], &bytes, &image)) {
        return FAILED;
    }
    bool good = check(o, &image, &bytes, &trust, &digest_checked);
    image_free(&bytes);
    if (!good) {
        return FAILED;
    }
    printf("%s: signed by a trusted key; %s\n", o->files[0],
           digest_checked ? "header, payload and counter are as signed"
                          : "the payload is encrypted and was not checked (--content-key-file would)");
    return OK;
}

static const struct subcommand {
    const char *name;
    int (*run)(const struct options *o);
    uint32_t takes, needs; /* BIT(option) */
    int files;
    const char *arguments, *about, *example;
} subcommands[] = {
    {"keygen", keygen, BIT(O_PUBLIC), 0, 1, "FILE.pem", "make a firmware signing key",
     "mico image keygen firmware-key.pem --public firmware-pub.pem"},
    {"otp", otp, BIT(O_KEY) | BIT(O_OUT), BIT(O_KEY) | BIT(O_OUT), 0, "",
     "make the key page that a device's loader trusts", "mico image otp --key firmware-pub.pem -o otp.bin"},
    {"sign", sign,
     BIT(O_KEY) | BIT(O_VERSION) | BIT(O_COUNTER) | BIT(O_ENCRYPT) | BIT(O_CONTENT) | BIT(O_LOAD) | BIT(O_ROM) |
         BIT(O_HEADER) | BIT(O_AES) | BIT(O_NO_PUBLIC),
     BIT(O_KEY) | BIT(O_VERSION) | BIT(O_COUNTER), 2, "IN.bin OUT.img", "make a signed, encrypted image from a program",
     "mico image sign --key firmware-key.pem --version 1.2.3 --security-counter 2 --encrypt-for KEY light.bin "
     "light.img"},
    {"wrap", wrap, BIT(O_ENCRYPT) | BIT(O_CONTENT), BIT(O_ENCRYPT) | BIT(O_CONTENT), 2, "IN.img OUT.img",
     "make an encrypted image one for another device, without signing it again",
     "mico image wrap --content-key-file light.key --encrypt-for KEY light.img light-b.img"},
    {"show", show, BIT(O_JSON), 0, 1, "FILE.img", "show what an image says of itself",
     "mico image show light.img --json"},
    {"verify", verify, BIT(O_KEY) | BIT(O_LOWEST) | BIT(O_CONTENT), BIT(O_KEY), 1, "FILE.img",
     "check an image's signature, counter and digest", "mico image verify light.img --key firmware-pub.pem"},
};
#define SUBCOMMANDS (sizeof subcommands / sizeof subcommands[0])

static void help_all(FILE *out)
{
    fputs("usage: mico image COMMAND ...\n", out);
    for (size_t i = 0; i < SUBCOMMANDS; i++) {
        fprintf(out, "  %-8s %s\n", subcommands[i].name, subcommands[i].about);
    }
    fputs("  mico image COMMAND --help tells more\n", out);
}

static void help_one(const struct subcommand *sub)
{
    printf("usage: mico image %s [OPTIONS] %s\n%s\n", sub->name, sub->arguments, sub->about);
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        const struct option_row *row = &option_rows[i];
        if (sub->takes & BIT(row->long_form.val)) {
            char name[48];
            snprintf(name, sizeof name, "--%s %s", row->long_form.name, row->argument != NULL ? row->argument : "");
            printf("  %-26s %s%s\n", name, row->about, sub->needs & BIT(row->long_form.val) ? " (needed)" : "");
        }
    }
    printf("example: %s\n", sub->example);
}

static int misuse(const struct subcommand *sub, const char *what, const char *which)
{
    char to_try[64];
    snprintf(to_try, sizeof to_try, "mico image %s --help", sub->name);
    image_fail(to_try, "mico image %s: %s%s", sub->name, what, which);
    return MISUSE;
}

static int run(const struct subcommand *sub, int argc, char **argv)
{
    struct option long_forms[OPTION_ROWS + 1];
    struct options o = {.key_count = 0};
    uint32_t given = 0;
    int which;
    memset(long_forms, 0, sizeof long_forms);
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        long_forms[i] = option_rows[i].long_form;
    }
    opterr = 0;
    optind = 0; /* GNU: start anew, also in a second call */
    while ((which = getopt_long(argc, argv, ":o:", long_forms, NULL)) != -1) {
        which = which == 'o' ? O_OUT : which;
        if (which == '?' || which == ':') {
            return misuse(sub, which == ':' ? "a value is missing after " : "unknown option ", argv[optind - 1]);
        }
        if (which != O_HELP && (sub->takes & BIT(which)) == 0) {
            return misuse(sub, "does not take ", argv[optind - 1]);
        }
        given |= BIT(which);
        if (!take_option(&o, which, optarg)) {
            return MISUSE;
        }
    }
    if (o.help) {
        help_one(sub);
        return OK;
    }
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        if (sub->needs & ~given & BIT(option_rows[i].long_form.val)) {
            return misuse(sub, "missing --", option_rows[i].long_form.name);
        }
    }
    o.files = argv + optind;
    o.file_count = argc - optind;
    if (o.file_count != sub->files) {
        return misuse(sub, "the files must be: ", sub->files != 0 ? sub->arguments : "none");
    }
    if (sub->run == sign && o.key_count != 1) {
        return misuse(sub, "one --key signs", "");
    }
    return sub->run(&o);
}

int mico_image_command(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < SUBCOMMANDS; i++) {
        if (strcmp(name, subcommands[i].name) == 0) {
            return run(&subcommands[i], argc - 1, argv + 1);
        }
    }
    bool asked = strcmp(name, "--help") == 0 || strcmp(name, "help") == 0;
    if (!asked) {
        image_fail("mico image --help", "mico image: no command '%s'", name);
    }
    help_all(asked ? stdout : stderr);
    return asked ? OK : MISUSE;
}
