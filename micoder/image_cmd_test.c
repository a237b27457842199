/* SPDX-License-Identifier: Apache-2.0 */
/* `mico image` as a user runs it, in a folder of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "boot/image/image.h"
#include "crypto/primitives/primitives.h"
#include "micoder/image_cmd.h"
#include "micoder/line_rig.h"

#define VECTORS MICO_SOURCE_DIR "/boot/image/vectors/"
#define DEVICE "f543e5835dcd60050570c34ac860ad0c5cfcd99b9f3e808e620b2b63b83e0a43" /* of device-x25519-pub.pem */

static int run(const char *line)
{
    char whole[2048];
    snprintf(whole, sizeof whole, "image %s", line);
    return line_run(mico_image_command, whole);
}

static void works(const char *line)
{
    if (run(line) != 0) {
        fail_msg("image %s: %s", line, line_complained);
    }
}

static void fails(const char *line, int status, const char *words)
{
    int got = run(line);
    if (got != status || strstr(line_complained, words) == NULL || strncmp(line_complained, "error: ", 7) != 0 ||
        strstr(line_complained, "\n  try: ") == NULL) {
        fail_msg("image %s: status %d with '%s'", line, got, line_complained);
    }
}

static bool same_files(const char *a, const char *b)
{
    char command[1024];
    snprintf(command, sizeof command, "cmp -s %s %s", a, b);
    return system(command) == 0;
}

static int in_a_fresh_folder(void **state)
{
    static char folder[64];
    snprintf(folder, sizeof folder, "/tmp/mico-image-XXXXXX");
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int folder_removed(void **state)
{
    char folder[256], command[300];
    if (getcwd(folder, sizeof folder) == NULL || strncmp(folder, "/tmp/mico-image-", 16) != 0) {
        return -1;
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void new_key_is_its_owners_only_and_never_overwritten(void **state)
{
    struct stat st;
    works("keygen k.pem --public p.pem");
    assert_int_equal(stat("k.pem", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    fails("keygen k.pem", 1, "k.pem is there already; a key is never overwritten");
    assert_int_equal(system("openssl pkey -in k.pem -pubout 2>/dev/null | cmp -s - p.pem"), 0);
}

static void key_page_holds_the_hash_of_the_der_key(void **state)
{
    uint8_t page[200], hash[32];
    works("otp --key " VECTORS "root-ed25519-pub.pem --key " VECTORS "root-ed25519.pem -o otp.bin");
    FILE *file = fopen("otp.bin", "rb");
    size_t len = fread(page, 1, sizeof page, file);
    fclose(file);
    assert_int_equal(len, 8 + 64);
    assert_memory_equal(page, "MOTP\2\0\0\0", 8);
    assert_int_equal(mico_unhex("ac5ea0a31024826e2e2ee3dc4ea6cd06cdd1a8d5820076436637aef9b209c7eb", hash, 32), MICO_OK);
    assert_memory_equal(page + 8, hash, 32);
    assert_memory_equal(page + 40, hash, 32);
    fails("otp --key " VECTORS "device-x25519-pub.pem -o otp.bin", 1, "not an Ed25519 public key");
}

static void signed_image_is_imgtools_byte_for_byte(void **state)
{
    works("sign --key " VECTORS "root-ed25519.pem --version 1.2.3 --security-counter 6 --rom-fixed 0x8010000"
          " --header-size 512 --no-public-key " VECTORS "payload.bin v07.img");
    assert_true(same_files("v07.img", VECTORS "v07_rom_fixed.bin"));
}

static void image_is_signed_encrypted_shown_and_verified(void **state)
{
    works("keygen k.pem --public p.pem");
    works("sign --key k.pem --version 1.2.3+4 --security-counter 7 --encrypt-for " DEVICE " --content-key-file c.key"
          " --aes 256 " VECTORS "payload.bin a.img");
    assert_non_null(strstr(line_said, "a.img: 1.2.3+4, security counter 7"));
    works("verify a.img --key p.pem");
    assert_non_null(strstr(line_said, "encrypted and was not checked"));
    works("verify a.img --key p.pem --content-key-file c.key --lowest-counter 7");
    assert_non_null(strstr(line_said, "header, payload and counter are as signed"));
    works("verify a.img --key p.pem --json");
    assert_non_null(strstr(line_said, "\"signed\":\ttrue"));
    fails("verify a.img --key p.pem --lowest-counter 8", 1, "security counter 7 is older than the chip allows (8)");
    fails("verify a.img --key " VECTORS "root-ed25519-pub.pem", 1, "is none of the 1 that are trusted");

    works("show a.img --json");
    cJSON *json = cJSON_Parse(line_said);
    assert_non_null(json);
    assert_string_equal(cJSON_GetObjectItem(json, "version")->valuestring, "1.2.3+4");
    assert_int_equal(cJSON_GetObjectItem(json, "security counter")->valueint, 7);
    assert_int_equal(cJSON_GetObjectItem(json, "load address")->valueint, 0x40000);
    assert_int_equal(cJSON_GetObjectItem(json, "header size")->valueint, 0x400);
    assert_string_equal(cJSON_GetObjectItem(json, "encryption")->valuestring, "AES-256-CTR");
    assert_string_equal(cJSON_GetObjectItem(json, "placing")->valuestring, "RAM_LOAD");
    cJSON_Delete(json);
    works("show a.img");
    assert_non_null(strstr(line_said, "security counter       7\n"));
}

static void image_for_a_pem_device_key_opens_with_its_private_key(void **state)
{
    works("sign --key " VECTORS "root-ed25519.pem --version 1.0.0 --security-counter 0 --encrypt-for " VECTORS
          "device-x25519-pub.pem " VECTORS "payload.bin a.img");
    works("show a.img");
    assert_non_null(strstr(line_said, "AES-128-CTR"));
}

static void content_key_is_its_owners_only_and_never_used_for_two_images(void **state)
{
    struct stat st;
    works("keygen k.pem");
    works("sign --key k.pem --version 1.0.0 --security-counter 1 --encrypt-for " DEVICE
          " --content-key-file c.key " VECTORS "payload.bin a.img");
    assert_int_equal(stat("c.key", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    fails("sign --key k.pem --version 1.0.1 --security-counter 1 --encrypt-for " DEVICE
          " --content-key-file c.key " VECTORS "payload.bin b.img",
          1, "c.key is there already");
    assert_int_not_equal(access("b.img", F_OK), 0);
}

static void wrapping_for_another_device_changes_the_wrapped_key_only(void **state)
{
    const char *other = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
    char line[600], a[32768], b[32768];
    works("keygen k.pem");
    works("sign --key k.pem --version 1.0.0 --security-counter 1 --encrypt-for " DEVICE
          " --content-key-file c.key " VECTORS "payload.bin a.img");
    snprintf(line, sizeof line, "wrap --content-key-file c.key --encrypt-for %s a.img b.img", other);
    works(line);
    line_slurp("a.img", a, sizeof a);
    line_slurp("b.img", b, sizeof b);
    struct stat st;
    assert_int_equal(stat("b.img", &st), 0);
    assert_memory_equal(a, b, (size_t)st.st_size - 80);
    assert_memory_not_equal(a + st.st_size - 80, b + st.st_size - 80, 80);
    works("verify b.img --key k.pem --content-key-file c.key");

    works("sign --key k.pem --version 1.0.0 --security-counter 1 --encrypt-for " DEVICE
          " --content-key-file other.key " VECTORS "payload.bin c.img");
    snprintf(line, sizeof line, "wrap --content-key-file other.key --encrypt-for %s a.img d.img", other);
    fails(line, 1, "digest");
    assert_int_not_equal(access("d.img", F_OK), 0);
}

static void misuse_is_explained(void **state)
{
    works("keygen k.pem");
    fails("", 2, "no command");
    fails("sing", 2, "no command 'sing'");
    fails("sign --key k.pem --version 1.0.0 a b", 2, "missing --security-counter");
    fails("sign --key k.pem --version 1.0.0 --security-counter 1 a", 2, "the files must be: IN.bin OUT.img");
    fails("show --key k.pem a", 2, "does not take");
    fails("show --colour a", 2, "unknown option");
    fails("show missing.img", 1, "cannot read missing.img");
    fails("show k.pem", 1, "no image here");
    fails("sign --key k.pem --version 1.0 --security-counter 1 a b", 1, "--version 1.0: not MAJOR.MINOR.REVISION");
    fails("sign --key k.pem --version 1.0.70000 --security-counter 1 a b", 1, "--version 1.0.70000");
    fails("sign --key k.pem --version 1.0.0 --security-counter -1 a b", 1, "--security-counter -1: not a number");
    fails("sign --key k.pem --version 1.0.0 --security-counter 1 --aes 128 " VECTORS "payload.bin b", 1,
          "are for encrypted images");
    fails("sign --key k.pem --version 1.0.0 --security-counter 1 --encrypt-for abc " VECTORS "payload.bin b", 1,
          "neither 64 hexadecimal digits nor a file");
    fails("sign --key " VECTORS "payload.bin --version 1.0.0 --security-counter 1 " VECTORS "payload.bin b", 1,
          "not a private key");
    fails("sign --key " VECTORS "device-x25519.pem --version 1.0.0 --security-counter 1 " VECTORS "payload.bin b", 1,
          "--key");
    assert_int_not_equal(access("b", F_OK), 0);
}

static void every_command_has_help_with_an_example(void **state)
{
    const char *const names[] = {"keygen", "otp", "sign", "wrap", "show", "verify"};
    works("--help");
    for (int i = 0; i < 6; i++) {
        char line[40];
        snprintf(line, sizeof line, "%s --help", names[i]);
        works(line);
        assert_non_null(strstr(line_said, "example: ./mico image "));
    }
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, in_a_fresh_folder, folder_removed)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(new_key_is_its_owners_only_and_never_overwritten),
        IN_FOLDER(key_page_holds_the_hash_of_the_der_key),
        IN_FOLDER(signed_image_is_imgtools_byte_for_byte),
        IN_FOLDER(image_is_signed_encrypted_shown_and_verified),
        IN_FOLDER(image_for_a_pem_device_key_opens_with_its_private_key),
        IN_FOLDER(content_key_is_its_owners_only_and_never_used_for_two_images),
        IN_FOLDER(wrapping_for_another_device_changes_the_wrapped_key_only),
        IN_FOLDER(misuse_is_explained),
        IN_FOLDER(every_command_has_help_with_an_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
