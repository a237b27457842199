/* SPDX-License-Identifier: Apache-2.0 */
/* wolfCrypt's classic AES and DES in CBC mode (SP 800-38A section 6.2), and single blocks; see wolfcrypt.h. */
#include "base/bytes.h"
#include "os/sdk/security/wolfcrypt.h"

/* What AES and DES have in common. */
struct cbc {
    const struct mico_block_cipher *cipher;
    struct mico_block_state *state;
    byte *reg, *dir;
};

static struct cbc of_aes(Aes *aes)
{
    return (struct cbc){&mico_aes, &aes->state, aes->reg, &aes->dir};
}

static struct cbc of_des(Des *des)
{
    return (struct cbc){&mico_des, &des->state, des->reg, &des->dir};
}

static int set_key(struct cbc c, struct mico_span key, const byte *iv, int dir)
{
    if (key.data == NULL || (dir != AES_ENCRYPTION && dir != AES_DECRYPTION) ||
        c.cipher->start(c.state, key, dir == AES_ENCRYPTION) != MICO_OK) {
        return kParamErr;
    }
    memset(c.reg, 0, c.cipher->size);
    if (iv != NULL) {
        memcpy(c.reg, iv, c.cipher->size);
    }
    *c.dir = (byte)dir;
    return 0;
}

/* One block; out may be in. */
static void cbc_block(struct cbc c, byte *out, const byte *in)
{
    byte block[MICO_BLOCK_MAX], next[MICO_BLOCK_MAX];
    size_t size = c.cipher->size;
    bool encrypting = *c.dir == AES_ENCRYPTION;
    memcpy(block, in, size);
    memcpy(next, in, size);
    for (size_t i = 0; encrypting && i < size; i++) {
        block[i] ^= c.reg[i];
    }
    c.cipher->work(c.state, block, out);
    for (size_t i = 0; !encrypting && i < size; i++) {
        out[i] ^= c.reg[i];
    }
    memcpy(c.reg, encrypting ? out : next, size);
    mico_wipe(block, sizeof block);
}

static int cbc(struct cbc c, byte dir, byte *out, const byte *in, word32 len)
{
    if (((out == NULL || in == NULL) && len > 0) || *c.dir != dir) {
        return kParamErr;
    }
    if (len % c.cipher->size != 0) {
        return kSizeErr;
    }
    for (word32 at = 0; at < len; at += c.cipher->size) {
        cbc_block(c, out + at, in + at);
    }
    return 0;
}

int AesSetKey(Aes *aes, const byte *key, word32 ilen, const byte *iv, int dir)
{
    return aes != NULL ? set_key(of_aes(aes), (struct mico_span){key, ilen}, iv, dir) : kParamErr;
}

int AesSetIV(Aes *aes, const byte *iv)
{
    if (aes == NULL || iv == NULL) {
        return kParamErr;
    }
    memcpy(aes->reg, iv, sizeof aes->reg);
    return 0;
}

int AesCbcEncrypt(Aes *aes, byte *output, const byte *input, word32 sz)
{
    return aes != NULL ? cbc(of_aes(aes), AES_ENCRYPTION, output, input, sz) : kParamErr;
}

int AesCbcDecrypt(Aes *aes, byte *output, const byte *input, word32 sz)
{
    return aes != NULL ? cbc(of_aes(aes), AES_DECRYPTION, output, input, sz) : kParamErr;
}

word32 AesCbcEncryptPkcs5Padding(Aes *aes, byte *output, const byte *input, word32 sz)
{
    word32 whole = sz - sz % AES_BLOCK_SIZE, rest = sz - whole;
    byte last[AES_BLOCK_SIZE];
    if (output == NULL || (input == NULL && sz > 0) || sz > UINT32_MAX - AES_BLOCK_SIZE) {
        return 0;
    }
    memset(last, (int)(AES_BLOCK_SIZE - rest), sizeof last);
    if (rest > 0) {
        memcpy(last, input + whole, rest);
    }
    bool good =
        AesCbcEncrypt(aes, output, input, whole) == 0 && AesCbcEncrypt(aes, output + whole, last, sizeof last) == 0;
    mico_wipe(last, sizeof last);
    return good ? whole + AES_BLOCK_SIZE : 0;
}

/* How many bytes of padding end a text (RFC 5652 section 6.3): 1 to 16; 0 when it is wrong. On no branch of its bytes. */
static word32 padding_of(const byte *last)
{
    uint32_t count = last[AES_BLOCK_SIZE - 1], wrong = 0;
    for (uint32_t i = 0; i < AES_BLOCK_SIZE; i++) {
        uint32_t inside = (i - count) >> 31; /* 1 for the last count bytes */
        wrong |= (0 - inside) & (last[AES_BLOCK_SIZE - 1 - i] ^ count);
    }
    wrong |= (count - 1) >> 31;              /* 0 */
    wrong |= (AES_BLOCK_SIZE - count) >> 31; /* more than a block */
    uint32_t good = (wrong - 1) >> 31;       /* wrong fits 8 bits */
    return (0 - good) & count;
}

word32 AesCbcDecryptPkcs5Padding(Aes *aes, byte *output, const byte *input, word32 sz)
{
    if (sz == 0 || AesCbcDecrypt(aes, output, input, sz) != 0) {
        return 0;
    }
    word32 padding = padding_of(output + sz - AES_BLOCK_SIZE);
    if (padding == 0) {
        mico_wipe(output, sz);
        return 0;
    }
    return sz - padding;
}

int AesSetKeyDirect(Aes *aes, const byte *key, word32 ilen, const byte *iv, int dir)
{
    return AesSetKey(aes, key, ilen, iv, dir);
}

static void one_block(Aes *aes, byte *out, const byte *in, byte dir)
{
    if (aes != NULL && out != NULL && in != NULL && aes->dir == dir) {
        mico_aes.work(&aes->state, in, out);
    }
}

void AesEncryptDirect(Aes *aes, byte *out, const byte *in)
{
    one_block(aes, out, in, AES_ENCRYPTION);
}

void AesDecryptDirect(Aes *aes, byte *out, const byte *in)
{
    one_block(aes, out, in, AES_DECRYPTION);
}

static void set_des_key(Des *des, const byte *key, size_t len, const byte *iv, int dir)
{
    if (des != NULL) {
        (void)set_key(of_des(des), (struct mico_span){key, len}, iv, dir);
    }
}

static void des_cbc(Des *des, byte dir, byte *output, const byte *input, word32 sz)
{
    if (des != NULL) {
        (void)cbc(of_des(des), dir, output, input, sz);
    }
}

void Des_SetKey(Des *des, const byte *key, const byte *iv, int dir)
{
    set_des_key(des, key, 8, iv, dir);
}

void Des_CbcEncrypt(Des *des, byte *output, const byte *input, word32 sz)
{
    des_cbc(des, DES_ENCRYPTION, output, input, sz);
}

void Des_CbcDecrypt(Des *des, byte *output, const byte *input, word32 sz)
{
    des_cbc(des, DES_DECRYPTION, output, input, sz);
}

void Des3_SetKey(Des3 *des, const byte *key, const byte *iv, int dir)
{
    set_des_key(des, key, 24, iv, dir);
}

void Des3_CbcEncrypt(Des3 *des, byte *output, const byte *input, word32 sz)
{
    des_cbc(des, DES_ENCRYPTION, output, input, sz);
}

void Des3_CbcDecrypt(Des3 *des, byte *output, const byte *input, word32 sz)
{
    des_cbc(des, DES_DECRYPTION, output, input, sz);
}
