/* SPDX-License-Identifier: Apache-2.0 */
/* wolfCrypt's classic RSA over crypto/primitives; see wolfrsa.h.
 *
 * The thread that computes gets copies and leaves a copy, so that a caller who is deleted meanwhile takes nothing away from
 * under it: the next call waits for its end. */
#include "os/sdk/security/wolfrsa.h"

#include "crypto/primitives/rsa_der.h"
#include "os/kernel/kernel.h"

#define STACK_SIZE (80u * 1024u) /* measured on Cortex-M4 with a key of 4096 bits: 69,708, of 2048 and 3072: 49,228 */

enum operation { CHECK_PRIVATE, CHECK_PUBLIC, ENCRYPT, DECRYPT, SIGN, VERIFY };

static struct {
    enum operation operation;
    RsaKey key;
    uint8_t in[MICO_RSA_MAX], out[MICO_RSA_MAX];
    size_t in_len, out_len;
    mico_err result;
} job;

static struct mico_mutex lock;
static bool lock_is_there;
static struct mico_thread worker;
static uint64_t stack[STACK_SIZE / sizeof(uint64_t)];

static struct mico_span der_of(const RsaKey *key)
{
    return (struct mico_span){key->der, key->len};
}

static mico_err read_public(const RsaKey *key, struct mico_rsa_public *out)
{
    struct mico_rsa_private both;
    if (key->type == RSA_PUBLIC) {
        return mico_rsa_read_public(der_of(key), out);
    }
    mico_err err = mico_rsa_read_private(der_of(key), &both);
    *out = both.pub;
    return err;
}

/* RFC 8017 section 9.2: 00 01, at least eight FF, 00, and what was signed. All of it is public. */
static mico_err recover(const struct mico_rsa_public *key)
{
    uint8_t em[MICO_RSA_MAX];
    size_t len = key->n.len, at = 2;
    if (job.in_len != len || mico_rsa_public_op(key, job.in, em) != MICO_OK || em[0] != 0 || em[1] != 1) {
        return MICO_ERR_AUTH;
    }
    while (at < len && em[at] == 0xFF) {
        at++;
    }
    if (at < 10 || at == len || em[at] != 0) {
        return MICO_ERR_AUTH;
    }
    job.out_len = len - at - 1;
    memcpy(job.out, em + at + 1, job.out_len);
    return MICO_OK;
}

static mico_err work_public(void)
{
    struct mico_rsa_public key;
    mico_err err = read_public(&job.key, &key);
    if (err == MICO_OK) {
        err = mico_rsa_check_public(&key);
    }
    if (err == MICO_OK && job.operation == ENCRYPT) {
        job.out_len = key.n.len;
        err = mico_rsa_pkcs1_encrypt(&key, (struct mico_span){job.in, job.in_len}, job.out);
    } else if (err == MICO_OK && job.operation == VERIFY) {
        err = recover(&key);
    }
    return err;
}

static mico_err work_private(void)
{
    struct mico_rsa_private key;
    struct mico_span in = {job.in, job.in_len}, none = {NULL, 0};
    mico_err err = mico_rsa_read_private(der_of(&job.key), &key);
    if (err == MICO_OK && job.operation == CHECK_PRIVATE) {
        err = mico_rsa_check_private(&key);
    } else if (err == MICO_OK && job.operation == SIGN) {
        job.out_len = key.pub.n.len;
        err = mico_rsa_pkcs1_sign(&key, none, in, job.out);
    } else if (err == MICO_OK) {
        err = mico_rsa_pkcs1_decrypt(&key, in, job.out, sizeof job.out, &job.out_len);
    }
    return err;
}

static void work(void *arg)
{
    bool private = job.operation == CHECK_PRIVATE || job.operation == SIGN || job.operation == DECRYPT;
    job.result = private ? work_private() : work_public();
}

static bool begin(void)
{
    uint32_t irq = mico_irq_save();
    if (!lock_is_there) {
        mico_mutex_init(&lock);
        lock_is_there = true;
    }
    mico_irq_restore(irq);
    if (mico_mutex_lock(&lock, MICO_FOREVER) != MICO_OK) {
        return false;
    }
    return !mico_kernel_running() ||
           mico_thread_join(&worker, MICO_FOREVER) == MICO_OK; /* of a caller who was deleted */
}

static void end(void)
{
    mico_wipe(&job, sizeof job);
    (void)mico_mutex_unlock(&lock);
}

static int status_of(mico_err err, enum operation operation)
{
    switch (err) {
    case MICO_OK:
        return kNoErr;
    case MICO_ERR_PARAM:
    case MICO_ERR_SIZE:
        return kSizeErr;
    case MICO_ERR_AUTH:
        return operation == VERIFY ? kSignatureErr : kAuthenticationErr;
    default:
        return kGeneralErr;
    }
}

/* With the key in der; 0 or more: the length of what is in out. */
static int compute(enum operation operation, byte type, struct mico_span der, struct mico_span in, byte *out,
                   word32 cap)
{
    if (mico_in_interrupt() || !begin()) {
        return kGeneralErr;
    }
    job.operation = operation;
    job.key.type = type;
    job.key.len = (word32)der.len;
    memcpy(job.key.der, der.data, der.len);
    job.in_len = in.len;
    if (in.len > 0) {
        memcpy(job.in, in.data, in.len);
    }
    if (mico_kernel_running()) {
        mico_thread_create(&worker, "rsa", mico_thread_priority(mico_thread_self()), work, NULL, stack, sizeof stack);
        (void)!mico_thread_join(&worker, MICO_FOREVER);
    } else {
        work(NULL);
    }
    int result = status_of(job.result, operation);
    if (result == kNoErr && job.out_len > cap) {
        result = kSizeErr;
    } else if (result == kNoErr && out != NULL) {
        memcpy(out, job.out, job.out_len);
        result = (int)job.out_len;
    }
    end();
    return result;
}

int InitRsaKey(RsaKey *key, void *heap)
{
    if (key == NULL) {
        return kParamErr;
    }
    memset(key, 0, sizeof *key);
    return 0;
}

int FreeRsaKey(RsaKey *key)
{
    if (key == NULL) {
        return kParamErr;
    }
    mico_wipe(key, sizeof *key);
    return 0;
}

int InitRng(CyaSSL_RNG *rng)
{
    return rng != NULL ? 0 : kParamErr;
}

/* The RSAPublicKey inside of a SubjectPublicKeyInfo (RFC 8017 appendix A.1, RFC 5280 section 4.1): behind the algorithm and
 * the head of a BIT STRING without unused bits. What is none stays as it is. */
static struct mico_span without_wrapping(struct mico_span der)
{
    static const uint8_t algorithm[] = {0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                        0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00};
    for (size_t head = 2; head <= 4; head++) { /* of the outer SEQUENCE */
        if (der.len < head + sizeof algorithm || memcmp(der.data + head, algorithm, sizeof algorithm) != 0) {
            continue;
        }
        size_t at = head + sizeof algorithm;
        size_t bits = der.len > at + 1 && der.data[at + 1] > 0x80 ? 2u + (der.data[at + 1] & 3u) : 2u;
        if (der.len > at + bits + 1 && der.data[at] == 0x03 && der.data[at + bits] == 0) {
            return (struct mico_span){der.data + at + bits + 1, der.len - at - bits - 1};
        }
    }
    return der;
}

static int decode(const byte *input, word32 *inOutIdx, RsaKey *key, word32 length, byte type)
{
    if (input == NULL || inOutIdx == NULL || key == NULL || *inOutIdx > length) {
        return kParamErr;
    }
    struct mico_span der = {input + *inOutIdx, length - *inOutIdx};
    der = type == RSA_PUBLIC ? without_wrapping(der) : der;
    if (der.len == 0 || der.len > sizeof key->der) {
        return kFormatErr;
    }
    enum operation check = type == RSA_PUBLIC ? CHECK_PUBLIC : CHECK_PRIVATE;
    int err = compute(check, type, der, (struct mico_span){NULL, 0}, NULL, 0);
    if (err == 0) {
        key->type = type;
        key->len = (word32)der.len;
        memcpy(key->der, der.data, der.len);
        *inOutIdx = length;
    }
    return err == 0 || mico_in_interrupt() ? err : kFormatErr;
}

int RsaPrivateKeyDecode(const byte *input, word32 *inOutIdx, RsaKey *key, word32 length)
{
    return decode(input, inOutIdx, key, length, RSA_PRIVATE);
}

int RsaPublicKeyDecode(const byte *input, word32 *inOutIdx, RsaKey *key, word32 length)
{
    return decode(input, inOutIdx, key, length, RSA_PUBLIC);
}

int RsaEncryptSize(RsaKey *key)
{
    struct mico_rsa_public view;
    return key != NULL && key->len > 0 && key->len <= sizeof key->der && read_public(key, &view) == MICO_OK
               ? (int)view.n.len
               : kParamErr;
}

static int use(enum operation operation, const byte *in, word32 inLen, byte *out, word32 outLen, RsaKey *key)
{
    int size = RsaEncryptSize(key);
    bool private = operation == SIGN || operation == DECRYPT;
    if (size < 0 || (in == NULL && inLen > 0) || out == NULL || (private && key->type != RSA_PRIVATE)) {
        return kParamErr;
    }
    if (inLen > (word32)size) {
        return kSizeErr;
    }
    return compute(operation, key->type, der_of(key), (struct mico_span){in, inLen}, out, outLen);
}

int RsaPublicEncrypt(const byte *in, word32 inLen, byte *out, word32 outLen, RsaKey *key, CyaSSL_RNG *rng)
{
    return use(ENCRYPT, in, inLen, out, outLen, key);
}

int RsaPrivateDecrypt(const byte *in, word32 inLen, byte *out, word32 outLen, RsaKey *key)
{
    return use(DECRYPT, in, inLen, out, outLen, key);
}

int RsaSSL_Sign(const byte *in, word32 inLen, byte *out, word32 outLen, RsaKey *key, CyaSSL_RNG *rng)
{
    return use(SIGN, in, inLen, out, outLen, key);
}

int RsaSSL_Verify(const byte *in, word32 inLen, byte *out, word32 outLen, RsaKey *key)
{
    return use(VERIFY, in, inLen, out, outLen, key);
}
