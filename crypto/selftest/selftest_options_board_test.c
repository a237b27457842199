/* SPDX-License-Identifier: Apache-2.0 */
/* Images that leave a family of options out (crypto/psa/option_families.txt, each in one of three) pass the self-tests of the
 * rest on a board, and have none of the code that only the left-out ones use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <elf.h>

#include "tests/boards/emulator.h"

#define FUNCTIONS 16
struct image {
    const char *name;
    const char *without[FUNCTIONS]; /* functions and constants of what is left out; at the end NULL */
    const char *with[FUNCTIONS];    /* and of what is not, which shows that the names are right */
};

/* Lines 3, 6, 9 … of the families; 1, 4, 7 …; 2, 5, 8 …. Stream and padding modes, CMAC, ECDSA, curves of 255 bits, RSA's signatures and the
 * groups; then SHA-512, sealing, HMAC, curves, OAEP and SRP; then AES and DES, wrapping, NIST's curves and long moduli. */
static struct image images[] = {
    {"family_0",
     {"psa_soft_cipher_start", "mico_cmac_start", "mico_ec_sign", "sp_ecc_sign_256", "sp_ecc_verify_384", "curve25519",
      "wc_ed25519_sign_msg_ex", "mico_rsa_pss_sign", "mico_rsa_pkcs1_sign", "ffdh_2048", "ffdh_generate"},
     {"psa_soft_seal", "psa_soft_wrap", "sp_ecc_secret_gen_256", "mico_rsa_oaep_decrypt", "srp6_raise", "modular_exp",
      "br_aes_ct_keysched"}},
    {"family_1",
     {"Transform_Sha512_Len", "psa_soft_seal", "wc_AesGcmEncrypt", "mico_ccm_start", "psa_kdf_start_hmac",
      "rfc6979_start", "sp_ecc_mulmod_base_256", "sp_ecc_mulmod_base_384", "curve25519", "ge_scalarmult_base",
      "mico_rsa_oaep_decrypt", "mico_rsa_pkcs1_decrypt", "srp6_raise", "mico_dsa_sign"},
     {"psa_soft_cipher_start", "psa_soft_wrap", "mico_cmac_start", "mico_rsa_pss_sign", "mico_rsa_pkcs1_sign",
      "ffdh_2048", "wc_Des3_EcbEncrypt", "br_aes_ct_keysched"}},
    {"family_2",
     {"mico_aes", "br_aes_ct_keysched", "br_ghash_ctmul", "mico_des", "wc_Des3_EcbEncrypt", "psa_soft_wrap",
      "mico_cmac_start", "sp_ecc_mulmod_base_256", "sp_ecc_mulmod_base_384", "mico_rsa_read_private", "mico_dsa_sign",
      "ffdh_2048", "srp6_raise", "modular_exp", "windows"},
     {"psa_soft_seal", "psa_soft_cipher_start", "psa_kdf_start_hmac", "ge_scalarmult_base", "Transform_Sha512_Len"}},
};

static struct emulator the_board;

static int stop(void **state)
{
    emulator_stop(&the_board);
    return 0;
}

static void passes_its_self_tests(void **state)
{
    const struct image *image = *state;
    char path[96];
    snprintf(path, sizeof path, "../../crypto/selftest/selftest_options_%s_board", image->name);
    emulator_start(&the_board, path, "/dev/urandom");
    emulator_expect(&the_board, "integrity: 0", 10000);
    emulator_expect(&the_board, "Hash_DRBG: 0", 10000);
    emulator_expect(&the_board, "started: 0, tested: 0, in ", 90000);
}

/* All of the file; *size is its length. */
static uint8_t *read_image(const char *name, size_t *size)
{
    char path[512], file[96];
    snprintf(file, sizeof file, "crypto/selftest/selftest_options_%s_board.elf", name);
    emulator_firmware(path, file);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    *size = (size_t)ftell(f);
    rewind(f);
    uint8_t *bytes = malloc(*size);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, f), *size);
    fclose(f);
    return bytes;
}

/* Does the symbol table name it? The linker takes what it drops out of the table, but not out of what debuggers read. */
static bool has(const uint8_t *elf, const char *name)
{
    const Elf32_Ehdr *head = (const Elf32_Ehdr *)(const void *)elf;
    const Elf32_Shdr *sections = (const Elf32_Shdr *)(const void *)(elf + head->e_shoff);
    for (size_t i = 0; i < head->e_shnum; i++) {
        const Elf32_Sym *symbols = (const Elf32_Sym *)(const void *)(elf + sections[i].sh_offset);
        for (size_t k = 0; sections[i].sh_type == SHT_SYMTAB && k < sections[i].sh_size / sizeof symbols[0]; k++) {
            const char *names = (const char *)elf + sections[sections[i].sh_link].sh_offset;
            if (symbols[k].st_shndx != SHN_UNDEF && strcmp(names + symbols[k].st_name, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void has_no_code_of_what_is_left_out(void **state)
{
    const struct image *image = *state;
    size_t size;
    uint8_t *elf = read_image(image->name, &size);
    assert_true(size > sizeof(Elf32_Ehdr) && memcmp(elf, ELFMAG, SELFMAG) == 0);
    for (size_t i = 0; image->without[i] != NULL; i++) {
        if (has(elf, image->without[i])) {
            fail_msg("%s has %s", image->name, image->without[i]);
        }
    }
    for (size_t i = 0; image->with[i] != NULL; i++) {
        if (!has(elf, image->with[i])) {
            fail_msg("%s has no %s", image->name, image->with[i]);
        }
    }
    free(elf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"without_the_third_families_a_board_passes", passes_its_self_tests, NULL, stop, &images[0]},
        {"without_the_first_families_a_board_passes", passes_its_self_tests, NULL, stop, &images[1]},
        {"without_the_second_families_a_board_passes", passes_its_self_tests, NULL, stop, &images[2]},
        {"an_image_without_the_third_families_has_none_of_their_code", has_no_code_of_what_is_left_out, NULL, NULL,
         &images[0]},
        {"an_image_without_the_first_families_has_none_of_their_code", has_no_code_of_what_is_left_out, NULL, NULL,
         &images[1]},
        {"an_image_without_the_second_families_has_none_of_their_code", has_no_code_of_what_is_left_out, NULL, NULL,
         &images[2]},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
