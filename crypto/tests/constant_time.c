/* SPDX-License-Identifier: Apache-2.0 */
/* Under valgrind: secrets are marked undefined, so that memcheck reports every branch and every address that depends on
 * them. ctest runs it once for each case; the first ones are positive controls, which must be reported. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/random.h>

#include <valgrind/memcheck.h>

#include "crypto/primitives/ec.h"
#include "crypto/primitives/ec_curve.h"
#include "crypto/primitives/primitives.h"
#include "crypto/srp/srp6.h"
#include "crypto/tests/constant_time.h"
#include "os/port/rng.h"

void *secret(void *data, size_t len)
{
    if (getrandom(data, len, 0) != (ssize_t)len) {
        abort();
    }
    VALGRIND_MAKE_MEM_UNDEFINED(data, len);
    return data;
}

void secret_as_is(const void *data, size_t len)
{
    VALGRIND_MAKE_MEM_UNDEFINED(data, len);
}

void open_up(const void *data, size_t len)
{
    VALGRIND_MAKE_MEM_DEFINED(data, len);
}

size_t choice(size_t count)
{
    return 0;
}

/* Random numbers are secret too: nonces, blinding. */
bool entropy_is_public;
mico_err mico_entropy(uint8_t *bytes, size_t len)
{
    if (getrandom(bytes, len, 0) != (ssize_t)len) {
        return MICO_ERR_ENTROPY;
    }
    if (!entropy_is_public) {
        secret_as_is(bytes, len);
    }
    return MICO_OK;
}

/* What a verifier gets is public, and so is a share of SRP: the linker's --wrap puts these in the place of those who would take
 * it from secrets. */
mico_err __real_mico_ed25519_verify(const uint8_t public_key[32], struct mico_span message,
                                    const uint8_t signature[64]);
mico_err __wrap_mico_ed25519_verify(const uint8_t public_key[32], struct mico_span message,
                                    const uint8_t signature[64]);
mico_err __real_mico_ec_verify(const struct mico_ecdsa *on, const uint8_t *public_key, struct mico_span digest,
                               const uint8_t *signature);
mico_err __wrap_mico_ec_verify(const struct mico_ecdsa *on, const uint8_t *public_key, struct mico_span digest,
                               const uint8_t *signature);
void __real_srp6_raise(const struct srp6 *srp, struct mico_span exponent, uint8_t *out);
void __wrap_srp6_raise(const struct srp6 *srp, struct mico_span exponent, uint8_t *out);
void __real_srp6_server_share(const struct srp6 *srp, const uint8_t *b, const uint8_t *verifier, uint8_t *B);
void __wrap_srp6_server_share(const struct srp6 *srp, const uint8_t *b, const uint8_t *verifier, uint8_t *B);

mico_err __wrap_mico_ed25519_verify(const uint8_t public_key[32], struct mico_span message, const uint8_t signature[64])
{
    open_up(public_key, 32);
    open_up(message.data, message.len);
    open_up(signature, 64);
    return __real_mico_ed25519_verify(public_key, message, signature);
}

mico_err __wrap_mico_ec_verify(const struct mico_ecdsa *on, const uint8_t *public_key, struct mico_span digest,
                               const uint8_t *signature)
{
    open_up(public_key, 1 + 2 * on->curve->size);
    open_up(digest.data, digest.len);
    open_up(signature, 2 * on->curve->size);
    return __real_mico_ec_verify(on, public_key, digest, signature);
}

void __wrap_srp6_raise(const struct srp6 *srp, struct mico_span exponent, uint8_t *out)
{
    __real_srp6_raise(srp, exponent, out);
    open_up(out, srp->group.size);
}

void __wrap_srp6_server_share(const struct srp6 *srp, const uint8_t *b, const uint8_t *verifier, uint8_t *B)
{
    __real_srp6_server_share(srp, b, verifier, B);
    open_up(B, srp->group.size);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < ct_case_count; i++) {
        if (argc == 2 && strcmp(argv[1], ct_cases[i].name) == 0) {
            ct_reset();
            ct_cases[i].run();
            return RUNNING_ON_VALGRIND ? 0 : 2;
        }
        if (argc == 2 && strcmp(argv[1], "list") == 0) {
            puts(ct_cases[i].name);
        }
    }
    if (argc == 2 && strcmp(argv[1], "list") == 0) {
        return 0;
    }
    fprintf(stderr, "usage: valgrind constant_time CASE | constant_time list\n");
    return 2;
}
