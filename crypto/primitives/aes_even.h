/* SPDX-License-Identifier: Apache-2.0 */
/* What wolfCrypt's armv8-aes.c calls, with its names: see aes_even.c. Lengths are of whole blocks; rounds 10, 12 or 14; a
 * schedule is of 60 words, aligned. out may be in. */
#ifndef CRYPTO_PRIMITIVES_AES_EVEN_H
#define CRYPTO_PRIMITIVES_AES_EVEN_H

/** The schedule of a key of 128, 192 or 256 bits, for both directions. */
void AES_set_encrypt_key(const unsigned char *key, unsigned bits, unsigned char *schedule);
/** Nothing: the schedule is for both directions. */
void AES_invert_key(unsigned char *schedule, unsigned rounds);
void AES_ECB_encrypt(const unsigned char *in, unsigned char *out, unsigned long len, const unsigned char *schedule,
                     int rounds);
void AES_ECB_decrypt(const unsigned char *in, unsigned char *out, unsigned long len, const unsigned char *schedule,
                     int rounds);
/** The counter is big-endian, of 16 bytes; afterwards the next block's. */
void AES_CTR_encrypt(const unsigned char *in, unsigned char *out, unsigned long len, const unsigned char *schedule,
                     int rounds, unsigned char *counter);
/** inc32 of SP 800-38D before each block; afterwards the last block's. */
void AES_GCM_encrypt(const unsigned char *in, unsigned char *out, unsigned long len, const unsigned char *schedule,
                     int rounds, unsigned char *counter);
/** x = (x ^ block) * h for each block of data. */
void GCM_gmult_len(unsigned char *x, const unsigned char *h, const unsigned char *data, unsigned long len);

#endif
