/* SPDX-License-Identifier: Apache-2.0 */
/* wolfCrypt's classic RSA with OpenSSL at the other end: its key, its signatures and ciphertexts, and ours read by it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mico.h"
#include "os/boards/posix/posix.h"
#include "os/kernel/kernel.h"
#include "os/port/board.h"

static byte file[4096];
static RsaKey private_key, public_key;
static CyaSSL_RNG rng;
static const byte text[] = "a message of forty-two bytes, more or less";

static void run(const char *command)
{
    if (system(command) != 0) {
        fail_msg("%s", command);
    }
}

static word32 load(const char *name)
{
    FILE *from = fopen(name, "rb");
    assert_non_null(from);
    size_t len = fread(file, 1, sizeof file, from);
    fclose(from);
    return (word32)len;
}

static void save(const char *name, const void *data, size_t len)
{
    FILE *to = fopen(name, "wb");
    assert_non_null(to);
    assert_int_equal(fwrite(data, 1, len, to), len);
    fclose(to);
}

static void keys_are_read_from_der_and_from_nothing_else(void **state)
{
    word32 at = 0;
    run("openssl genrsa -out rsa.pem 2048 2>/dev/null");
    run("openssl rsa -in rsa.pem -traditional -outform DER -out rsa.der 2>/dev/null");
    run("openssl rsa -in rsa.pem -pubout -outform DER -out spki.der 2>/dev/null");
    run("openssl rsa -in rsa.pem -RSAPublicKey_out -outform DER -out public.der 2>/dev/null");
    assert_int_equal(InitRsaKey(&private_key, NULL), 0);
    assert_int_equal(InitRsaKey(&public_key, NULL), 0);
    assert_int_equal(InitRng(&rng), 0);
    word32 len = load("public.der");
    assert_int_equal(RsaPublicKeyDecode(file, &at, &public_key, len), 0);
    assert_int_equal(at, len);
    assert_int_equal(RsaEncryptSize(&public_key), 256);
    at = 0;
    len = load("spki.der");
    assert_int_equal(RsaPublicKeyDecode(file, &at, &public_key, len), 0);
    assert_int_equal(RsaEncryptSize(&public_key), 256);
    at = 0;
    assert_int_equal(RsaPublicKeyDecode(file, &at, &private_key, len - 1), kFormatErr);
    assert_int_equal(RsaPrivateKeyDecode(file, &at, &private_key, len), kFormatErr);
    len = load("rsa.der");
    file[len / 2] ^= 1;
    assert_int_equal(RsaPrivateKeyDecode(file, &at, &private_key, len), kFormatErr);
    file[len / 2] ^= 1;
    assert_int_equal(at, 0);
    assert_int_equal(RsaPrivateKeyDecode(file, &at, &private_key, len), 0);
    assert_int_equal(at, len);
}

static void signatures_go_both_ways(void **state)
{
    byte signature[256], recovered[256];
    save("text", text, sizeof text);
    assert_int_equal(RsaSSL_Sign(text, sizeof text, signature, sizeof signature, &private_key, &rng), 256);
    save("signature", signature, sizeof signature);
    run("openssl pkeyutl -verify -inkey rsa.pem -in text -sigfile signature >/dev/null");
    run("openssl pkeyutl -sign -inkey rsa.pem -in text -out signature");
    assert_int_equal(load("signature"), 256);
    assert_int_equal(RsaSSL_Verify(file, 256, recovered, sizeof recovered, &public_key), sizeof text);
    assert_memory_equal(recovered, text, sizeof text);
    assert_int_equal(RsaSSL_Verify(file, 256, recovered, sizeof text - 1, &public_key), kSizeErr);
    file[100] ^= 1;
    assert_int_equal(RsaSSL_Verify(file, 256, recovered, sizeof recovered, &public_key), kSignatureErr);
    assert_int_equal(RsaSSL_Verify(file, 255, recovered, sizeof recovered, &public_key), kSignatureErr);
}

static void ciphertexts_go_both_ways(void **state)
{
    byte sealed[256], opened[256];
    assert_int_equal(wc_RsaPublicEncrypt(text, sizeof text, sealed, sizeof sealed, &public_key, &rng), 256);
    save("sealed", sealed, sizeof sealed);
    run("openssl pkeyutl -decrypt -inkey rsa.pem -in sealed -out opened && cmp opened text");
    run("openssl pkeyutl -encrypt -pubin -keyform DER -inkey spki.der -in text -out sealed");
    assert_int_equal(load("sealed"), 256);
    assert_int_equal(RsaPrivateDecrypt(file, 256, opened, sizeof opened, &private_key), sizeof text);
    assert_memory_equal(opened, text, sizeof text);
    file[7] ^= 1;
    assert_int_equal(RsaPrivateDecrypt(file, 256, opened, sizeof opened, &private_key), kAuthenticationErr);
}

static void bad_parameters_are_refused(void **state)
{
    byte out[256] = {0};
    word32 at = 1;
    assert_int_equal(InitRsaKey(NULL, NULL), kParamErr);
    assert_int_equal(FreeRsaKey(NULL), kParamErr);
    assert_int_equal(InitRng(NULL), kParamErr);
    assert_int_equal(RsaPrivateKeyDecode(NULL, &at, &private_key, 1), kParamErr);
    assert_int_equal(RsaPublicKeyDecode(file, &at, &private_key, 0), kParamErr);
    assert_int_equal(RsaPublicKeyDecode(file, &at, &private_key, 1), kFormatErr);
    assert_int_equal(RsaEncryptSize(NULL), kParamErr);
    assert_int_equal(RsaPublicEncrypt(NULL, 1, out, sizeof out, &public_key, &rng), kParamErr);
    assert_int_equal(RsaPublicEncrypt(file, 246, out, sizeof out, &public_key, &rng), kSizeErr);
    assert_int_equal(RsaPublicEncrypt(file, 1, out, 255, &public_key, &rng), kSizeErr);
    assert_int_equal(RsaPrivateDecrypt(file, 256, out, sizeof out, &public_key), kParamErr);
    assert_int_equal(RsaSSL_Sign(file, 257, out, sizeof out, &private_key, &rng), kSizeErr);
    assert_int_equal(RsaSSL_Verify(file, 256, NULL, 0, &public_key), kParamErr);
    assert_int_equal(FreeRsaKey(&private_key), 0);
    assert_int_equal(RsaSSL_Sign(file, 1, out, sizeof out, &private_key, &rng), kParamErr);
}

static void sign_for_ever(mico_thread_arg_t arg)
{
    static byte signature[256];
    for (;;) {
        (void)RsaSSL_Sign(text, sizeof text, signature, sizeof signature, &private_key, &rng);
    }
}

static void a_caller_that_is_deleted_leaves_the_others_working(void **state)
{
    byte recovered[256];
    for (int i = 0; i < 3; i++) {
        mico_thread_t thread;
        assert_int_equal(mico_rtos_create_thread(&thread, 9, "signer", sign_for_ever, 8192, 0), kNoErr);
        mico_rtos_thread_msleep(3);
        assert_int_equal(mico_rtos_delete_thread(&thread), kNoErr);
        assert_int_equal(load("signature"), 256);
        assert_int_equal(RsaSSL_Verify(file, 256, recovered, sizeof recovered, &public_key), sizeof text);
    }
}

static void run_all(void *arg)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_read_from_der_and_from_nothing_else),
        cmocka_unit_test(signatures_go_both_ways),
        cmocka_unit_test(ciphertexts_go_both_ways),
        cmocka_unit_test(a_caller_that_is_deleted_leaves_the_others_working),
        cmocka_unit_test(bad_parameters_are_refused),
    };
    mico_board_halt(cmocka_run_group_tests(tests, NULL, NULL));
}

int main(void)
{
    static uint64_t stack[8192];
    mico_kernel_start(run_all, NULL, stack, sizeof stack);
}
