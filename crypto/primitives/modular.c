/* SPDX-License-Identifier: Apache-2.0 */
/* wolfCrypt's single-precision exponentiation where it has the size, else its generic one; products by Montgomery
 * reduction, since division's time would depend on its operands. */
#include "crypto/primitives/modular.h"

#include <string.h>

#include "crypto/primitives/must.h"
#include "crypto/primitives/number.h"

#include <wolfssl/wolfcrypt/sp.h>

_Static_assert(MODULAR_MAX * 8 == SP_INT_BITS, "the longest modulus is wolfCrypt's");

static unsigned digits(struct mico_span modulus)
{
    return (unsigned)((modulus.len + sizeof(mp_digit) - 1) / sizeof(mp_digit));
}

/* Deeper than wolfCrypt's exponentiation, whose table of powers takes 33 KiB for 4096 bits and 12 KiB for 3072. Two
 * functions, so that a shorter modulus asks for less stack. */
__attribute__((noinline)) static void scrub_long(void)
{
    uint8_t frame[40 * 1024];
    mico_wipe(frame, sizeof frame);
}

__attribute__((noinline)) static void scrub_short(void)
{
    uint8_t frame[20 * 1024];
    mico_wipe(frame, sizeof frame);
}

static int power(const mp_int *base, const mp_int *exponent, const mp_int *modulus, size_t len, mp_int *out)
{
    switch (len) {
    case 128:
        return sp_ModExp_1024(base, exponent, modulus, out);
    case 192:
        return sp_ModExp_1536(base, exponent, modulus, out);
    case 256:
        return sp_ModExp_2048(base, exponent, modulus, out);
    case 384:
        return sp_ModExp_3072(base, exponent, modulus, out);
    case 512:
        return sp_ModExp_4096(base, exponent, modulus, out);
    default:
        return mp_exptmod_ex(base, exponent, (int)exponent->used, modulus, out);
    }
}

void modular_exp(uint8_t *out, const uint8_t *base, struct mico_span exponent, struct mico_span modulus)
{
    mp_int b, e, n;

    number_load(&b, base, modulus.len);
    number_load(&e, exponent.data, exponent.len);
    number_load(&n, modulus.data, modulus.len);
    MICO_MUST(power(&b, &e, &n, modulus.len, &b) == MP_OKAY);
    number_store(&b, out, modulus.len);
    mico_wipe(&b, sizeof b);
    mico_wipe(&e, sizeof e);
    (modulus.len > 384 ? scrub_long : scrub_short)();
}

/* a = a * b / R mod n; R has as many digits as n. */
static void montgomery_mul(mp_int *a, const mp_int *b, const mp_int *n, mp_digit mp)
{
    unsigned used = n->used;
    MICO_MUST(mp_mul(a, b, a) == MP_OKAY);
    a->used = 2 * used;
    MICO_MUST(mp_montgomery_reduce_ct(a, n, mp) == MP_OKAY);
    a->used = used;
}

void modular_mul(uint8_t *out, const uint8_t *a, const uint8_t *b, struct mico_span modulus)
{
    mp_int product, factor, n, square;
    mp_digit mp;

    number_load(&n, modulus.data, modulus.len);
    number_load(&product, a, modulus.len);
    number_load(&factor, b, modulus.len);
    MICO_MUST(mp_montgomery_setup(&n, &mp) == MP_OKAY);
    montgomery_mul(&product, &factor, &n, mp); /* a * b / R */
    memset(&square, 0, sizeof square);
    MICO_MUST(mp_init(&square) == MP_OKAY && mp_montgomery_calc_normalization(&square, &n) == MP_OKAY);
    MICO_MUST(mp_mulmod(&square, &square, &n, &square) == MP_OKAY); /* R^2 mod n: public */
    square.used = digits(modulus);
    montgomery_mul(&product, &square, &n, mp);
    number_store(&product, out, modulus.len);
    mico_wipe(&product, sizeof product);
    mico_wipe(&factor, sizeof factor);
}

void modular_add(uint8_t *out, const uint8_t *a, const uint8_t *b, struct mico_span modulus)
{
    mp_int x, y, n;

    number_load(&x, a, modulus.len);
    number_load(&y, b, modulus.len);
    number_load(&n, modulus.data, modulus.len);
    MICO_MUST(mp_addmod_ct(&x, &y, &n, &x) == MP_OKAY);
    x.used = digits(modulus);
    number_store(&x, out, modulus.len);
    mico_wipe(&x, sizeof x);
    mico_wipe(&y, sizeof y);
}

void modular_sub(uint8_t *out, const uint8_t *a, const uint8_t *b, struct mico_span modulus)
{
    mp_int x, y, n;

    number_load(&x, a, modulus.len);
    number_load(&y, b, modulus.len);
    number_load(&n, modulus.data, modulus.len);
    MICO_MUST(mp_submod_ct(&x, &y, &n, &x) == MP_OKAY);
    x.used = digits(modulus);
    number_store(&x, out, modulus.len);
    mico_wipe(&x, sizeof x);
    mico_wipe(&y, sizeof y);
}

/* Fermat: a ^ (p - 2). The exponent is public. */
void modular_invert(uint8_t *out, const uint8_t *a, struct mico_span modulus)
{
    uint8_t exponent[MODULAR_MAX];

    unsigned borrow = 2;
    for (size_t i = modulus.len; i-- > 0;) {
        unsigned difference = 0x100u + modulus.data[i] - borrow;
        exponent[i] = (uint8_t)difference;
        borrow = 1 - (difference >> 8);
    }
    modular_exp(out, a, (struct mico_span){exponent, modulus.len}, modulus);
}

bool modular_below(const uint8_t *a, struct mico_span modulus)
{
    return memcmp(a, modulus.data, modulus.len) < 0;
}
