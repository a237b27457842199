/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers for PSA's symmetric algorithms: every file that Debian's python3-cryptography-vectors has of them, NIST's
 * CAVS, the RFCs' and others'. A table says how each file runs or why this build has nothing for it; what it skips it
 * counts and prints, and a file that it does not know fails. */
#include <fnmatch.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/tests/psa_cases.h"

#define FILES_MAX 4000
#define PATH_SIZE 128
#define AES "ciphers/AES/"
#define DES "ciphers/3DES/"
#define KW "keywrap/kwtestvectors/"
#define HMAC_OF(hash) PSA_ALG_HMAC(PSA_ALG_##hash)

enum kind { SKIP, HASH, MAC, CIPHER, AEAD, WRAP, DERIVATION };

/* The first row whose pattern a path matches is the file's; `*` matches `/` too. */
struct row {
    const char *pattern;
    enum kind kind;
    const char *first; /* the name that begins a case; of a skipped row, the reason */
    psa_case *run;
    psa_algorithm_t alg;
};

#define SKIPPED(pattern, reason)       \
    {                                  \
        pattern, SKIP, reason, NULL, 0 \
    }
#define NOT_OFFERED "the algorithm is not offered"
#define TWICE "the .rsp of the same name has the same answers"
#define CFB_BITS "CFB in steps of 1 or 8 bits: PSA's CFB takes whole blocks"
#define INTERLEAVED "3DES over three chains at a time: PSA has one"
#define INVERSE "key wrapping by the inverse cipher: PSA has the cipher's"

static const struct row rows[] = {
    SKIPPED("*/Readme.txt", "no vectors in it"),
    SKIPPED("*.py*", "no vectors in it"),
    SKIPPED("asymmetric/*", "asymmetric: cavs_test"),
    SKIPPED("x509/*", "certificates"),
    SKIPPED("pkcs*", "containers of keys and certificates"),
    SKIPPED("fernet/*", NOT_OFFERED),
    SKIPPED("twofactor/*", NOT_OFFERED),

    {"hashes/MD5/*", HASH, "Len", case_hash, PSA_ALG_MD5},
    SKIPPED("hashes/SHA?/*Monte.txt", TWICE),
    {"hashes/SHA1/*Msg.rsp", HASH, "Len", case_hash, PSA_ALG_SHA_1},
    {"hashes/SHA1/*Monte.rsp", HASH, "COUNT", case_monte, PSA_ALG_SHA_1},
    {"hashes/SHA2/SHA224*Msg.rsp", HASH, "Len", case_hash, PSA_ALG_SHA_224},
    {"hashes/SHA2/SHA224Monte.rsp", HASH, "COUNT", case_monte, PSA_ALG_SHA_224},
    {"hashes/SHA2/SHA256*Msg.rsp", HASH, "Len", case_hash, PSA_ALG_SHA_256},
    {"hashes/SHA2/SHA256Monte.rsp", HASH, "COUNT", case_monte, PSA_ALG_SHA_256},
    {"hashes/SHA2/SHA384*Msg.rsp", HASH, "Len", case_hash, PSA_ALG_SHA_384},
    {"hashes/SHA2/SHA384Monte.rsp", HASH, "COUNT", case_monte, PSA_ALG_SHA_384},
    {"hashes/SHA2/SHA512[LS]*Msg.rsp", HASH, "Len", case_hash, PSA_ALG_SHA_512},
    {"hashes/SHA2/SHA512Monte.rsp", HASH, "COUNT", case_monte, PSA_ALG_SHA_512},
    SKIPPED("hashes/SHA2/SHA512_*", NOT_OFFERED),
    SKIPPED("hashes/SHA3/*", NOT_OFFERED),
    SKIPPED("hashes/SHAKE/*", NOT_OFFERED),
    SKIPPED("hashes/SM3/*", NOT_OFFERED),
    SKIPPED("hashes/blake2/*", NOT_OFFERED),
    SKIPPED("hashes/ripemd160/*", NOT_OFFERED),

    {"HMAC/*-md5.txt", MAC, "Len", case_hmac, HMAC_OF(MD5)},
    {"HMAC/*-sha1.txt", MAC, "Len", case_hmac, HMAC_OF(SHA_1)},
    {"HMAC/*-sha224.txt", MAC, "Len", case_hmac, HMAC_OF(SHA_224)},
    {"HMAC/*-sha256.txt", MAC, "Len", case_hmac, HMAC_OF(SHA_256)},
    {"HMAC/*-sha384.txt", MAC, "Len", case_hmac, HMAC_OF(SHA_384)},
    {"HMAC/*-sha512.txt", MAC, "Len", case_hmac, HMAC_OF(SHA_512)},
    SKIPPED("HMAC/*-ripemd160.txt", NOT_OFFERED),
    {"CMAC/*", MAC, "COUNT", case_cmac, PSA_ALG_CMAC},
    {"poly1305/*", MAC, "COUNT", case_poly1305, 0},

    {AES "ECB/*", CIPHER, "COUNT", case_aes, PSA_ALG_ECB_NO_PADDING},
    {AES "CBC/*", CIPHER, "COUNT", case_aes, PSA_ALG_CBC_NO_PADDING},
    {AES "CFB/CFB128*", CIPHER, "COUNT", case_aes, PSA_ALG_CFB},
    SKIPPED(AES "CFB/CFB[18][GKMV]*", CFB_BITS),
    {AES "OFB/*", CIPHER, "COUNT", case_aes, PSA_ALG_OFB},
    {AES "CTR/*", CIPHER, "COUNT", case_aes, PSA_ALG_CTR},
    {DES "ECB/*", CIPHER, "COUNT", case_des, PSA_ALG_ECB_NO_PADDING},
    SKIPPED(DES "CBC/TCBCI*", INTERLEAVED),
    {DES "CBC/*", CIPHER, "COUNT", case_des, PSA_ALG_CBC_NO_PADDING},
    SKIPPED(DES "CFB/TCFBP*", INTERLEAVED),
    {DES "CFB/TCFB64*", CIPHER, "COUNT", case_des, PSA_ALG_CFB},
    SKIPPED(DES "CFB/TCFB[18]*", CFB_BITS),
    SKIPPED(DES "OFB/TOFBI*", INTERLEAVED),
    {DES "OFB/*", CIPHER, "COUNT", case_des, PSA_ALG_OFB},
    {"ciphers/ChaCha20/*", CIPHER, "COUNT", case_chacha20, PSA_ALG_STREAM_CIPHER},

    {AES "GCM/*", AEAD, "Count", case_gcm, PSA_ALG_GCM},
    SKIPPED(AES "CCM/DVPT*.txt", TWICE),
    {AES "CCM/*", AEAD, "Count", case_ccm, PSA_ALG_CCM},
    {"ciphers/ChaCha20Poly1305/*", AEAD, "COUNT", case_chachapoly, PSA_ALG_CHACHA20_POLY1305},
    SKIPPED(AES "OCB3/*", NOT_OFFERED),
    SKIPPED(AES "SIV/*", NOT_OFFERED),
    SKIPPED(AES "XTS/*", NOT_OFFERED),
    SKIPPED("ciphers/ARC4/*", NOT_OFFERED),
    SKIPPED("ciphers/Blowfish/*", NOT_OFFERED),
    SKIPPED("ciphers/CAST5/*", NOT_OFFERED),
    SKIPPED("ciphers/Camellia/*", NOT_OFFERED),
    SKIPPED("ciphers/IDEA/*", NOT_OFFERED),
    SKIPPED("ciphers/SEED/*", NOT_OFFERED),
    SKIPPED("ciphers/SM4/*", NOT_OFFERED),

    SKIPPED(KW "TKW_*", NOT_OFFERED),
    SKIPPED(KW "*_inv.txt", INVERSE),
    {KW "KW_*", WRAP, "COUNT", case_wrap, PSA_ALG_KW},
    {KW "KWP_*", WRAP, "COUNT", case_wrap, PSA_ALG_KWP},
    {"keywrap/kwp_botan.txt", WRAP, "COUNT", case_wrap, PSA_ALG_KWP},

    {"KDF/*HKDF*", DERIVATION, "COUNT", case_hkdf, 0},
    {"KDF/hkdf-*", DERIVATION, "COUNT", case_hkdf, 0},
    {"KDF/*PBKDF2-SHA1.txt", DERIVATION, "COUNT", case_pbkdf2, PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_1)},
    SKIPPED("KDF/ansx963*", NOT_OFFERED),
    SKIPPED("KDF/nist-800-108*", NOT_OFFERED),
    SKIPPED("KDF/scrypt.txt", NOT_OFFERED),
};

static char paths[FILES_MAX][PATH_SIZE]; /* sorted */
static unsigned path_count;
static struct vectors file; /* large */

static const struct row *row_of(const char *path)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (fnmatch(rows[i].pattern, path, 0) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static int list(const char *full, const struct stat *st, int type, struct FTW *place)
{
    const char *path = full + sizeof MICO_VECTORS_DIR;
    (void)st, (void)place;
    if (type == FTW_F) {
        assert_true(path_count < FILES_MAX && strlen(path) < PATH_SIZE);
        strcpy(paths[path_count++], path);
    }
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int list_all(void **state)
{
    (void)state;
    assert_int_equal(nftw(MICO_VECTORS_DIR, list, 16, FTW_PHYS), 0);
    qsort(paths, path_count, sizeof paths[0], by_name);
    return psa_crypto_init() == PSA_SUCCESS ? 0 : -1;
}

static unsigned run_file(const char *path, const struct row *row)
{
    unsigned ran = 0, skipped = 0;
    const char *reason = NULL;
    printf("%s: ", path);
    fflush(stdout);
    vectors_open(&file, path);
    while (vectors_case(&file, row->first)) {
        const char *why = row->run(&file, row->alg);
        ran += why == NULL;
        skipped += why != NULL;
        reason = why != NULL ? why : reason;
    }
    printf(skipped == 0 ? "%u cases\n" : "%u cases, %u skipped: %s\n", ran, skipped, reason);
    assert_true(ran > 0);
    return ran;
}

static void run_kind(enum kind kind)
{
    unsigned files = 0, cases = 0;
    for (unsigned i = 0; i < path_count; i++) {
        const struct row *row = row_of(paths[i]);
        if (row != NULL && row->kind == kind) {
            cases += run_file(paths[i], row);
            files++;
        }
    }
    printf("%u cases of %u files\n", cases, files);
}

static void hashes_give_the_known_answers(void **state)
{
    run_kind(HASH);
}

static void macs_give_the_known_answers_and_refuse_others(void **state)
{
    run_kind(MAC);
}

static void ciphers_give_the_known_answers_both_ways(void **state)
{
    run_kind(CIPHER);
}

static void authenticated_encryption_gives_the_known_answers_and_refuses_forgeries(void **state)
{
    run_kind(AEAD);
}

static void keys_are_wrapped_and_unwrapped_as_known_and_forgeries_are_refused(void **state)
{
    run_kind(WRAP);
}

static void derivations_give_the_known_answers(void **state)
{
    run_kind(DERIVATION);
}

/* A row that no file has any more tests nothing. */
static void every_file_has_its_row_and_every_row_its_file(void **state)
{
    unsigned files_of[sizeof rows / sizeof rows[0]] = {0};
    for (unsigned i = 0; i < path_count; i++) {
        const struct row *row = row_of(paths[i]);
        if (row == NULL) {
            fail_msg("no row says what to do with %s", paths[i]);
        }
        files_of[row - rows]++;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (files_of[i] == 0) {
            fail_msg("no file for %s", rows[i].pattern);
        }
        if (rows[i].kind == SKIP) {
            printf("%s: %u files skipped: %s\n", rows[i].pattern, files_of[i], rows[i].first);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_has_its_row_and_every_row_its_file),
        cmocka_unit_test(hashes_give_the_known_answers),
        cmocka_unit_test(macs_give_the_known_answers_and_refuse_others),
        cmocka_unit_test(ciphers_give_the_known_answers_both_ways),
        cmocka_unit_test(authenticated_encryption_gives_the_known_answers_and_refuses_forgeries),
        cmocka_unit_test(keys_are_wrapped_and_unwrapped_as_known_and_forgeries_are_refused),
        cmocka_unit_test(derivations_give_the_known_answers),
    };
    return cmocka_run_group_tests(tests, list_all, NULL);
}
