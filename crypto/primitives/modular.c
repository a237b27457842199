/* SPDX-License-Identifier: Apache-2.0 */
/* wolfCrypt's single-precision exponentiation where it has the size, else one by windows over its generic products; products
 * by Montgomery reduction, since division's time would depend on its operands. */
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

/* Deeper than wolfCrypt's exponentiation, whose table of powers takes 33 KiB for 4096 bits on a host; on a Cortex-M 22.3 KiB
 * in all, and 16.9 for 3072 (gcc -fstack-usage). Two functions, so that a shorter modulus asks for less stack. */
#if MODULAR_MAX > 512
#define LONG_FRAME (40 * 1024)
#else
#define LONG_FRAME (24 * 1024)
#endif

__attribute__((noinline)) static void scrub_long(void)
{
    uint8_t frame[LONG_FRAME];
    mico_wipe(frame, sizeof frame);
}

__attribute__((noinline)) static void scrub_short(void)
{
    uint8_t frame[20 * 1024];
    mico_wipe(frame, sizeof frame);
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

/* R^2 mod n: public. */
static void square_of_r(mp_int *out, const mp_int *n)
{
    memset(out, 0, sizeof *out);
    MICO_MUST(mp_init(out) == MP_OKAY && mp_montgomery_calc_normalization(out, n) == MP_OKAY);
    MICO_MUST(mp_mulmod(out, out, n, out) == MP_OKAY);
    out->used = n->used;
}

#define WINDOW 4
#define POWERS (1u << WINDOW)
struct powers {
    mp_digit digit[POWERS][MODULAR_MAX / sizeof(mp_digit)];
};

/* Read all powers for the one wanted, so that no address tells which that is. */
static void take_power(const struct powers *powers, mp_digit which, mp_int *out)
{
    for (unsigned j = 0; j < out->used; j++) {
        out->dp[j] = 0;
        for (unsigned i = 0; i < POWERS; i++) {
            mp_digit other = i ^ which;
            mp_digit mask = ((other | (0 - other)) >> (8 * sizeof other - 1)) - 1;
            out->dp[j] |= powers->digit[i][j] & mask;
        }
    }
}

/* As wolfCrypt's functions, but that it cannot fail. The exponent's leading zeros count like other digits. Not inlined, so
 * that the other sizes do not ask for its stack. */
__attribute__((noinline)) static int windows(const mp_int *base, const mp_int *exponent, const mp_int *n, mp_int *out)
{
    struct powers powers;
    mp_int factor = *base, result, square, one;
    mp_digit mp;

    MICO_MUST(mp_montgomery_setup(n, &mp) == MP_OKAY);
    square_of_r(&square, n);
    number_load(&one, (const uint8_t[]){1}, 1);
    one.used = n->used;
    result = one;
    montgomery_mul(&factor, &square, n, mp); /* base * R */
    montgomery_mul(&result, &square, n, mp); /* R */
    for (unsigned i = 0; i < POWERS; i++) {
        memcpy(powers.digit[i], result.dp, n->used * sizeof(mp_digit));
        montgomery_mul(&result, &factor, n, mp);
    }
    memcpy(result.dp, powers.digit[0], n->used * sizeof(mp_digit));
    for (unsigned bit = exponent->used * 8 * (unsigned)sizeof(mp_digit); bit > 0; bit -= WINDOW) {
        for (unsigned i = 0; i < WINDOW; i++) {
            montgomery_mul(&result, &result, n, mp);
        }
        unsigned at = bit - WINDOW, word = 8 * sizeof(mp_digit);
        take_power(&powers, exponent->dp[at / word] >> (at % word) & (POWERS - 1), &factor);
        montgomery_mul(&result, &factor, n, mp);
    }
    montgomery_mul(&result, &one, n, mp);
    *out = result;
    mico_wipe(&powers, sizeof powers);
    mico_wipe(&factor, sizeof factor);
    mico_wipe(&result, sizeof result);
    return MP_OKAY;
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
        return windows(base, exponent, modulus, out);
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
    mico_wipe(&n, sizeof n); /* a prime of a new RSA key, perhaps */
    (modulus.len > 384 ? scrub_long : scrub_short)();
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
    square_of_r(&square, &n);
    montgomery_mul(&product, &square, &n, mp);
    number_store(&product, out, modulus.len);
    mico_wipe(&product, sizeof product);
    mico_wipe(&factor, sizeof factor);
    mico_wipe(&n, sizeof n);
    mico_wipe(&square, sizeof square);
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

/* Fermat: a ^ (p - 2). The exponent is as public as the modulus. */
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
    mico_wipe(exponent, sizeof exponent);
}

bool modular_below(const uint8_t *a, struct mico_span modulus)
{
    return memcmp(a, modulus.data, modulus.len) < 0;
}
