/* SPDX-License-Identifier: Apache-2.0 */
/* For wolfSSL's long numbers on Cortex-M, in the place of code whose addresses depend on secrets: cmake/wolfssl.cmake puts the
 * calls into the copy of wolfSSL's sp_cortexm.c that includes this. */
#ifndef CRYPTO_PRIMITIVES_SP_EVEN_H
#define CRYPTO_PRIMITIVES_SP_EVEN_H

/* out = t[which], len digits; every power is read. out may lie behind one of them. */
static inline void mico_sp_power(sp_digit *out, sp_digit *const *t, unsigned count, unsigned which, unsigned len)
{
    for (unsigned j = 0; j < len; j++) {
        out[j] = 0;
    }
    for (unsigned i = 0; i < count; i++) {
        sp_digit mask = (sp_digit)0 - (((i ^ which) - 1u) >> 31);
        for (unsigned j = 0; j < len; j++) {
            out[j] |= t[i][j] & mask;
        }
    }
}

/* a = -a where mask is all ones, a where it is 0; len digits. */
static inline void mico_sp_negate(sp_digit *a, sp_digit mask, unsigned len)
{
    sp_digit carry = mask & 1;
    for (unsigned j = 0; j < len; j++) {
        sp_digit sum = (a[j] ^ mask) + carry;
        carry = carry & (((sum | (0 - sum)) >> 31) ^ 1); /* goes on where the digit became 0 */
        a[j] = sum;
    }
}

#endif
