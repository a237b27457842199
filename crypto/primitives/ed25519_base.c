/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519's multiple of the base point from a smaller table, for programs whose ROM is dear (component
 * crypto_small). wolfSSL's own, with 48 KiB for 64 rows, is the faster one; a program that links this in its
 * place gets each MICO_ED25519_STEP-th row (6 KiB for 8) and 4 * (MICO_ED25519_STEP - 1) doublings more.
 *
 * A scalar is 64 digits e[i] of -8 to 8 at 16^i. Row j of the table has 1 to 8 times 16^(STEP * j) B; so the digits
 * whose i has the same rest k modulo STEP are summed by additions alone, and the sums are joined by four doublings
 * each, from the highest k down. */
#include <stdint.h>
#include <string.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/ge_operations.h>

#include "base/bytes.h"

#define DIGITS 64
#define STEP MICO_ED25519_STEP

/* Made from wolfSSL's table at configure time: CMakeLists.txt. */
#define ROW (8 * 3 * 8) /* words: 8 points of 3 coordinates */
static const int32_t rows[DIGITS / STEP * ROW] = {
#include "ed25519_rows.inc"
};

/* The curve's d, RFC 8032 section 5.1. */
static const fe d = {0x135978A3, 0x75EB4DCA,          0x4141D8AB, 0x00700A4D,
                     0x7779E898, (int32_t)0x8CC74079, 0x2B6FFE73, 0x52036CEE};

/* Called by wolfSSL in place of its own; the component's link option --wrap sees to it. */
void __wrap_ge_scalarmult_base(ge_p3 *h, const unsigned char *a);

/* No branch and no index depends on the scalar. */
static void digits_of(const unsigned char a[32], signed char e[DIGITS])
{
    int carry = 0;
    for (int i = 0; i < DIGITS; i++) {
        int digit = ((a[i / 2] >> (4 * (i & 1))) & 15) + carry;
        carry = i < DIGITS - 1 ? (digit + 8) >> 4 : 0; /* the last is at most 8: a[31] is at most 127 */
        e[i] = (signed char)(digit - (carry << 4));
    }
}

/* All ones when a is b, else 0; both are 0 to 8. */
static uint32_t when_equal(uint32_t a, uint32_t b)
{
    return 0 - (((a ^ b) - 1) >> 31);
}

/* The point number 1 to 8 of a row, or the neutral element for 0. Reads the whole row, whichever it is. */
static void fetch_point(ge_precomp *t, const int32_t *row, uint32_t number)
{
    uint32_t masks[8];
    for (uint32_t i = 0; i < 8; i++) {
        masks[i] = when_equal(number, i + 1);
    }
    for (int word = 0; word < 8; word++) {
        uint32_t plus = 0, minus = 0, product = 0;
        const int32_t *point = row + word;
#pragma GCC unroll 2 /* more of them spills registers */
        for (int i = 0; i < 8; i++, point += 24) {
            uint32_t mask = masks[i];
            plus |= (uint32_t)point[0] & mask;
            minus |= (uint32_t)point[8] & mask;
            product |= (uint32_t)point[16] & mask;
        }
        t->yplusx[word] = (int32_t)plus;
        t->yminusx[word] = (int32_t)minus;
        t->xy2d[word] = (int32_t)product;
    }
    t->yplusx[0] |= (int32_t)(when_equal(number, 0) & 1);
    t->yminusx[0] |= (int32_t)(when_equal(number, 0) & 1);
}

/* Digit times row j's point; the negative of (y + x, y - x, 2dxy) is (y - x, y + x, -2dxy). wolfSSL's fe_cmov_table does it in 3,858
 * bytes. */
static void select_point(ge_precomp *t, int j, signed char digit)
{
    uint32_t negative = 0 - ((uint32_t)(int32_t)digit >> 31);
    fe opposite;
    fetch_point(t, rows + ROW * j, ((uint32_t)(int32_t)digit ^ negative) - negative);
    fe_neg(opposite, t->xy2d); /* p - x: the table's numbers are below p, products are not */
    for (int word = 0; word < 8; word++) {
        uint32_t swap = (uint32_t)(t->yplusx[word] ^ t->yminusx[word]) & negative;
        t->yplusx[word] ^= (int32_t)swap;
        t->yminusx[word] ^= (int32_t)swap;
        t->xy2d[word] ^= (int32_t)((uint32_t)(t->xy2d[word] ^ opposite[word]) & negative);
    }
    mico_wipe(opposite, sizeof opposite);
    if (j == 0) {
        fe_mul(t->xy2d, t->xy2d, d); /* wolfSSL's first row has 2xy there, the others 2dxy */
    }
}

static void times_16(ge_p3 *h)
{
    ge_p1p1 r;
    ge_p2 s;
    ge_p3_dbl(&r, h);
    for (int i = 0; i < 3; i++) {
        ge_p1p1_to_p2(&s, &r);
        ge_p2_dbl(&r, &s);
    }
    ge_p1p1_to_p3(h, &r);
}

void __wrap_ge_scalarmult_base(ge_p3 *h, const unsigned char *a)
{
    signed char e[DIGITS];
    ge_precomp t;
    ge_p1p1 r;

    digits_of(a, e);
    memset(h, 0, sizeof *h); /* the neutral element: (0 : 1 : 1), T = 0 */
    h->Y[0] = 1;
    h->Z[0] = 1;
    for (int k = STEP - 1; k >= 0; k--) {
        if (k < STEP - 1) {
            times_16(h);
        }
        for (int j = 0; j < DIGITS / STEP; j++) {
            select_point(&t, j, e[STEP * j + k]);
            ge_madd(&r, h, &t);
            ge_p1p1_to_p3(h, &r);
        }
    }
    mico_wipe(e, sizeof e);
    mico_wipe(&t, sizeof t);
}
