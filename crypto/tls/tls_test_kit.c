/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tls/tls_test_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

void kit_run(const char *format, ...)
{
    char command[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    if (system(command) != 0) {
        fail_msg("failed: %s", command);
    }
}

int kit_enter(void **state)
{
    static char directory[] = "tls_test_XXXXXX";
    assert_non_null(mkdtemp(directory));
    return chdir(directory);
}

int kit_leave(void **state)
{
    char directory[256];
    assert_non_null(getcwd(directory, sizeof directory));
    assert_int_equal(chdir(".."), 0);
    kit_run("rm -rf '%s'", directory);
    return 0;
}

void kit_make(const char *days, const char *name, const char *subject, const char *algorithm, const char *issuer,
              const char *extensions)
{
    char signer[128] = "";
    kit_run("openssl genpkey -algorithm %s -out %s.key 2>/dev/null", algorithm, name);
    kit_run("openssl req -new -key %s.key -subj '/CN=%s' -out %s.csr", name, subject, name);
    if (issuer == NULL) {
        snprintf(signer, sizeof signer, "-signkey %s.key", name);
    } else {
        snprintf(signer, sizeof signer, "-CA %s.pem -CAkey %s.key -CAcreateserial", issuer, issuer);
    }
    kit_run("printf '%s\\n' > %s.ext", extensions, name);
    kit_run("openssl x509 -req -in %s.csr %s -days %s -extfile %s.ext -out %s.pem 2>/dev/null", name, signer, days,
            name, name);
    kit_run("openssl x509 -in %s.pem -outform DER -out %s.der", name, name);
}

struct mico_span kit_load(const char *path)
{
    static uint8_t all[64 * 1024];
    static size_t used;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    uint8_t *at = all + used;
    size_t len = fread(at, 1, sizeof all - used, file);
    fclose(file);
    assert_true(len > 0 && len < sizeof all - used);
    used += len;
    return (struct mico_span){at, len};
}

/* What PSA wants of OpenSSL's DER: the seed at the end of PKCS #8, the scalar in the middle of SEC 1 (RFC 5915), the whole
 * RSAPrivateKey. */
static struct mico_span private_part(struct mico_span der, psa_key_type_t type)
{
    if (type == PSA_KEY_TYPE_RSA_KEY_PAIR) {
        return der;
    }
    return type == PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1) ? (struct mico_span){der.data + 7, 32}
                                                                     : (struct mico_span){der.data + der.len - 32, 32};
}

psa_key_id_t kit_key(const char *name, psa_key_type_t type, psa_algorithm_t alg)
{
    char path[64];
    psa_key_id_t id;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    kit_run("openssl pkey -in %s.key -traditional -outform DER -out %s.key.der 2>/dev/null", name, name);
    snprintf(path, sizeof path, "%s.key.der", name);
    struct mico_span key = private_part(kit_load(path), type);
    psa_set_key_type(&attributes, type);
    psa_set_key_algorithm(&attributes, alg);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_SIGN_HASH);
    assert_int_equal(psa_crypto_init(), PSA_SUCCESS);
    psa_status_t status = psa_import_key(&attributes, key.data, key.len, &id);
    if (status == PSA_ERROR_NOT_SUPPORTED) {
        return 0; /* PSA of this build has no such keys */
    }
    assert_int_equal(status, PSA_SUCCESS);
    return id;
}
