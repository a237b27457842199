/* SPDX-License-Identifier: Apache-2.0 */
/* Included in the middle of a copy of wolfSSL's sp_cortexm.c (CMakeLists.txt), after its field multiplication and before
 * what uses it: P-256 in 9 KiB of ROM instead of 32. Three of wolfSSL's functions give way to shorter ones that compute
 * the same, as slow as they are; its base point's table is left out by the build too. */
#ifndef CRYPTO_PRIMITIVES_P256_SMALL_H
#define CRYPTO_PRIMITIVES_P256_SMALL_H

/* A square is a product. */
#define sp_256_mont_sqr_8(r, a, m, mp) sp_256_mont_mul_8(r, a, a, m, mp)
#define sp_256_sqr_8(r, a) sp_256_mul_8(r, a, a)

/* Into Montgomery form: times R^2 modulo p, R = 2^256; the lowest word first. */
static const sp_digit p256_r2[8] = {3, 0, 0xFFFFFFFF, 0xFFFFFFFB, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 4};
#define sp_256_mod_mul_norm_8(r, a, m) (sp_256_mont_mul_8(r, a, p256_r2, m, p256_mp_mod), MP_OKAY)

/* Entry idx of a table of 16 points, of which the first is infinity; reads them all, whatever idx is. */
static void sp_256_get_point_16_8(sp_point_256 *r, const sp_point_256 *table, int idx)
{
    sp_digit *to[3] = {r->x, r->y, r->z};

    memset(r, 0, sizeof *r);
    for (int i = 1; i < 16; i++) {
        const sp_digit *from[3] = {table[i].x, table[i].y, table[i].z};
        sp_digit mask = 0 - (((sp_digit)(i ^ idx) - 1) >> 31); /* all ones for 0 alone, which borrows */
        for (int k = 0; k < 24; k++) {
            to[k / 8][k % 8] |= mask & from[k / 8][k % 8];
        }
    }
}

#endif
