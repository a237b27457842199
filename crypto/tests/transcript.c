/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tests/transcript.h"

#include <string.h>

#include "crypto/primitives/digest.h"
#include "crypto/primitives/ffdh.h"
#include "crypto/primitives/modular.h"
#include "crypto/primitives/primitives.h"
#include "crypto/primitives/rsa_der.h"
#include "crypto/primitives/stream.h"
#include "crypto/srp/srp.h"
#include "crypto/srp/srp6.h"
#include "crypto/srp/srp_test_entry.h"
#include "crypto/tests/rsa_test_key.h"

#define LONGEST 600 /* bytes; past every block size and every unrolled loop */

/* Bytes that look random: SHA-256 of a counter. */
static void fill(uint8_t *out, size_t len, uint32_t seed)
{
    uint8_t block[32], counter[8];
    for (size_t i = 0; i < len; i++) {
        if (i % 32 == 0) {
            mico_store_le32(counter, seed);
            mico_store_le32(counter + 4, (uint32_t)i);
            mico_sha256(counter, sizeof counter, block);
        }
        out[i] = block[i % 32];
    }
}

static void hashes(struct mico_sha256 *all)
{
    uint8_t data[LONGEST], out[64];
    fill(data, sizeof data, 1);
    for (size_t len = 0; len <= LONGEST; len++) {
        mico_sha256(data, len, out);
        mico_sha256_add(all, out, 32);
        mico_sha512(data, len, out);
        mico_sha256_add(all, out, 64);
    }
}

static void macs(struct mico_sha256 *all)
{
    uint8_t key[200], data[200], out[200];
    fill(key, sizeof key, 2);
    fill(data, sizeof data, 3);
    for (size_t len = 0; len <= 200; len += 7) {
        mico_hmac_sha256((struct mico_span){key, len}, (struct mico_span){data, 200 - len}, out);
        mico_sha256_add(all, out, 32);
        mico_hmac_sha512((struct mico_span){key, len}, (struct mico_span){data, 200 - len}, out);
        mico_sha256_add(all, out, 64);
        mico_err a = mico_hkdf_sha256(MICO_SPAN(data), (struct mico_span){key, len}, MICO_SPAN(key), out, len);
        mico_sha256_add(all, out, len);
        mico_err b = mico_hkdf_sha512(MICO_SPAN(data), (struct mico_span){key, len}, MICO_SPAN(key), out, len);
        mico_sha256_add(all, out, len);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)a, (uint8_t)b}, 2);
    }
}

static void sealing(struct mico_sha256 *all)
{
    uint8_t key[32], nonce[12], data[LONGEST], sealed[LONGEST + 16], back[LONGEST];
    fill(key, sizeof key, 4);
    fill(nonce, sizeof nonce, 5);
    fill(data, sizeof data, 6);
    for (size_t len = 0; len <= LONGEST; len++) {
        struct mico_span aad = {data, len % 50};
        nonce[11]++;
        mico_chachapoly_seal(key, nonce, aad, (struct mico_span){data, len}, sealed);
        mico_sha256_add(all, sealed, len + 16);
        mico_err err = mico_chachapoly_open(key, nonce, aad, (struct mico_span){sealed, len + 16}, back);
        mico_sha256_add(all, back, len);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)err}, 1);
    }
}

static void counter_mode(struct mico_sha256 *all)
{
    uint8_t key[32], counter[16], data[LONGEST], out[LONGEST];
    fill(key, sizeof key, 7);
    fill(data, sizeof data, 8);
    for (size_t len = 0; len <= LONGEST; len++) {
        memset(counter, 0xFF, 16); /* carries through the whole counter */
        mico_err err =
            mico_aes_ctr((struct mico_span){key, len % 2 == 0 ? 16 : 32}, counter, (struct mico_span){data, len}, out);
        mico_sha256_add(all, out, len);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)err}, 1);
    }
}

/* Every buffer at an odd address: the Thumb-2 code loads whole words. */
static void aes_modes(struct mico_sha256 *all)
{
    uint8_t key[33], nonce[14], data[LONGEST / 2 + 1], sealed[LONGEST / 2 + 17], back[LONGEST / 2 + 1];
    fill(key, sizeof key, 13);
    fill(nonce, sizeof nonce, 14);
    fill(data, sizeof data, 15);
    for (size_t len = 0; len < LONGEST / 2; len++) {
        struct mico_span k = {key + 1, len % 2 == 0 ? 16 : 32}, iv = {nonce + 1, 7 + len % 7},
                         aad = {data + 1, len % 50};
        struct mico_span text = {data + 1, len}, both = {sealed + 1, len + 16};
        mico_err err = mico_aes_gcm_seal(k, iv, aad, text, sealed + 1, 16);
        mico_sha256_add(all, sealed + 1, len + 16);
        mico_err opened = mico_aes_gcm_open(k, iv, aad, both, back + 1, 16);
        mico_sha256_add(all, back + 1, len);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)err, (uint8_t)opened}, 2);
        err = mico_aes_ccm_seal(k, iv, aad, text, sealed + 1, 16);
        mico_sha256_add(all, sealed + 1, len + 16);
        opened = mico_aes_ccm_open(k, iv, aad, both, back + 1, 16);
        mico_sha256_add(all, back + 1, len);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)err, (uint8_t)opened}, 2);
        err = mico_aes_cmac(k, text, sealed + 1);
        mico_sha256_add(all, sealed + 1, 16);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)err}, 1);
    }
}

/* In pieces of every size, whole hashes of old formats, blocks of every cipher. */
static void in_parts(struct mico_sha256 *all)
{
    static const struct mico_digest *const digests[] = {&mico_md5_digest, &mico_sha1_digest, &mico_sha224_digest};
    uint8_t key[32], data[300], out[300], tag[64];
    struct mico_gcm gcm;
    struct mico_hmac hmac;
    struct mico_block_state block;
    fill(key, sizeof key, 11);
    fill(data, sizeof data, 12);
    for (size_t piece = 1; piece < 70; piece += 3) {
        mico_err err = mico_gcm_start(&gcm, (struct mico_span){key, 16 + piece % 3 * 8}, piece % 2 != 0);
        err = err != MICO_OK ? err : mico_gcm_begin(&gcm, (struct mico_span){data, 12 + piece % 2 * piece});
        mico_gcm_aad(&gcm, (struct mico_span){data, piece});
        mico_gcm_aad(&gcm, (struct mico_span){data, piece / 2});
        for (size_t done = 0; done < sizeof data; done += piece) {
            size_t left = sizeof data - done;
            mico_gcm_text(&gcm, (struct mico_span){data + done, left < piece ? left : piece}, out + done);
        }
        mico_gcm_finish(&gcm, tag);
        mico_sha256_add(all, out, sizeof out);
        mico_sha256_add(all, tag, 16);
        mico_hmac_start(&hmac, digests[piece % 3], (struct mico_span){data, piece});
        mico_hmac_add(&hmac, (struct mico_span){data, sizeof data - piece});
        mico_hmac_finish(&hmac, tag);
        mico_sha256_add(all, tag, digests[piece % 3]->size);
        err = err != MICO_OK ? err : mico_des.start(&block, (struct mico_span){key, 8 + piece % 3 * 8}, piece % 2 != 0);
        mico_des.work(&block, data, tag);
        mico_sha256_add(all, tag, 8);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)err}, 1);
    }
}

static void agreement(struct mico_sha256 *all)
{
    uint8_t a[32], b[32], out[32];
    for (uint32_t i = 0; i < 16; i++) {
        fill(a, 32, 100 + i);
        fill(b, 32, 200 + i);
        mico_x25519_public(a, out);
        mico_sha256_add(all, out, 32);
        mico_err err = mico_x25519(a, b, out);
        mico_sha256_add(all, out, 32);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)err}, 1);
    }
}

/* Coordinates near 0 and the prime, of one bit and of all but one: there carries go far. */
static void agreement_on_few_bits(struct mico_sha256 *all)
{
    uint8_t a[32], b[32], out[32];
    for (uint32_t i = 0; i < 2 * 256 + 128; i++) {
        unsigned bit = i % 256;
        fill(a, 32, 900 + i);
        a[31] = (uint8_t)(i << 5); /* its highest bits decide the first steps */
        memset(b, i < 512 && i >= 256 ? 0xFF : 0, 32);
        b[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (i >= 512) {
            memset(b, i % 2 == 0 ? 0 : 0xFF, 32);
            b[0] ^= (uint8_t)((i - 512) / 2);
        }
        mico_err err = mico_x25519(a, b, out);
        mico_sha256_add(all, out, 32);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)err}, 1);
    }
}

static void signatures(struct mico_sha256 *all)
{
    uint8_t seed[32], public_key[32], message[200], signature[64];
    fill(message, sizeof message, 9);
    for (uint32_t i = 0; i < 16; i++) {
        fill(seed, 32, 300 + i);
        mico_ed25519_public(seed, public_key);
        mico_sha256_add(all, public_key, 32);
        mico_ed25519_sign(seed, public_key, (struct mico_span){message, i * 13}, signature);
        mico_sha256_add(all, signature, 64);
        mico_err good = mico_ed25519_verify(public_key, (struct mico_span){message, i * 13}, signature);
        signature[i] ^= 4;
        mico_err bad = mico_ed25519_verify(public_key, (struct mico_span){message, i * 13}, signature);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)good, (uint8_t)bad}, 2);
    }
}

/* Private keys of one bit, and all bits below it: windows of zeros and ones. */
static void p256_of_few_bits(struct mico_sha256 *all)
{
    uint8_t key[32], peer_key[32], peer[65], public_key[65], secret[32];
    fill(peer_key, 32, 950);
    mico_err err = mico_p256_public(peer_key, peer);
    for (unsigned i = 0; i < 2 * 64; i++) {
        unsigned bit = i / 2 * 4 + 2;
        memset(key, 0, 32);
        key[31 - bit / 8] = (uint8_t)((1U << bit % 8) - i % 2);
        for (unsigned k = 32 - bit / 8; i % 2 != 0 && k < 32; k++) {
            key[k] = 0xFF;
        }
        err = err != MICO_OK ? err : mico_p256_public(key, public_key);
        mico_sha256_add(all, public_key, 65);
        err = err != MICO_OK ? err : mico_p256_agree(key, peer, secret);
        mico_sha256_add(all, secret, 32);
        mico_sha256_add(all, (uint8_t[]){(uint8_t)err}, 1);
    }
}

static void p256(struct mico_sha256 *all)
{
    uint8_t key[32], public_key[65], peer[65], digest[32], signature[64], secret[32];
    for (uint32_t i = 0; i < 8; i++) {
        fill(key, 32, 400 + i);
        fill(digest, 32, 500 + i);
        mico_err made = mico_p256_public(digest, peer);
        mico_err err = mico_p256_public(key, public_key);
        mico_sha256_add(all, public_key, 65);
        mico_err by_key = mico_p256_sign_deterministic(key, digest, signature);
        mico_sha256_add(all, signature, 64);
        mico_err good = mico_p256_verify(public_key, digest, signature);
        signature[5 * i] ^= 4;
        mico_err bad = mico_p256_verify(public_key, digest, signature);
        mico_err agreed = mico_p256_agree(key, peer, secret);
        mico_sha256_add(all, secret, 32);
        mico_sha256_add(
            all,
            (uint8_t[]){(uint8_t)made, (uint8_t)err, (uint8_t)by_key, (uint8_t)good, (uint8_t)bad, (uint8_t)agreed}, 6);
    }
}

/* What needs no random numbers, which the board in the emulator does not have: an RSA private operation is blinded. */
static void numbers(struct mico_sha256 *all)
{
    uint8_t a[256], b[256], out[256], key[48], public_key[97], digest[48], signature[96];
    struct mico_rsa_private rsa;
    fill(a, sizeof a, 600);
    fill(b, sizeof b, 601);
    a[0] &= 0x7F;
    b[0] &= 0x7F;
    mico_err read = mico_rsa_read_private(MICO_SPAN(rsa_test_key), &rsa);
    mico_err raised = mico_rsa_public_op(&rsa.pub, a, out);
    mico_sha256_add(all, out, sizeof out);
    modular_exp(out, a, MICO_SPAN(b), rsa.pub.n);
    mico_sha256_add(all, out, sizeof out);
    modular_mul(out, a, b, rsa.pub.n);
    mico_sha256_add(all, out, sizeof out);
    mico_err agreed = ffdh_agree(&ffdh_2048, a, b, out);
    mico_sha256_add(all, out, sizeof out);
    fill(key, sizeof key, 602);
    fill(digest, sizeof digest, 603);
    mico_err made = mico_p384_public(key, public_key);
    mico_sha256_add(all, public_key, sizeof public_key);
    mico_err by_key = mico_p384_sign_deterministic(key, digest, signature);
    mico_sha256_add(all, signature, sizeof signature);
    mico_err good = mico_p384_verify(public_key, digest, signature);
    mico_sha256_add(
        all,
        (uint8_t[]){(uint8_t)read, (uint8_t)raised, (uint8_t)agreed, (uint8_t)made, (uint8_t)by_key, (uint8_t)good}, 6);
}

static void pairing(struct mico_sha256 *all)
{
    static const uint8_t code[] = {'0', '3', '1', '-', '4', '5', '-', '1', '5', '4'};
    uint8_t salt[16], a[32], b[32], verifier[MICO_SRP_SIZE], A[MICO_SRP_SIZE], B[MICO_SRP_SIZE];
    uint8_t M1[64], M2[64], key[64];
    struct mico_srp_server server;
    struct mico_srp_client client;

    fill(salt, sizeof salt, 10);
    fill(a, sizeof a, 11);
    fill(b, sizeof b, 12);
    mico_err err = mico_srp_verifier(MICO_SPAN(code), salt, verifier);
    mico_srp_server_start_with(&server, salt, verifier, b, B);
    mico_srp_client_start_with(&client, a);
    err = err != MICO_OK ? err : mico_srp_client_prove(&client, salt, MICO_SPAN(B), MICO_SPAN(code), A, M1);
    mico_sha256_add(all, A, sizeof A);
    mico_sha256_add(all, B, sizeof B);
    mico_sha256_add(all, M1, sizeof M1);
    mico_sha256_add(all, (uint8_t[]){(uint8_t)err}, 1);
    err = mico_srp_server_finish(&server, MICO_SPAN(A), M1, M2, key);
    mico_sha256_add(all, key, sizeof key);
    mico_sha256_add(all, (uint8_t[]){(uint8_t)err}, 1);
}

/* The shortest group and the board's longest. */
static void password_exchange(struct mico_sha256 *all)
{
    uint8_t x[32], a[SRP_PRIVATE_MAX], b[SRP_PRIVATE_MAX], v[SRP_GROUP_MAX], A[SRP_GROUP_MAX], B[SRP_GROUP_MAX];
    uint8_t S[SRP_GROUP_MAX];
    struct srp6 srp = {.digest = &mico_sha256_digest};

    fill(x, sizeof x, 20);
    fill(a, sizeof a, 21);
    fill(b, sizeof b, 22);
    for (size_t bits = 1024; bits <= 4096; bits *= 4) {
        bool known = srp_group_open(&srp.group, bits);
        srp6_raise(&srp, MICO_SPAN(x), v);
        srp6_raise(&srp, (struct mico_span){a, srp.group.private_size}, A);
        srp6_server_share(&srp, b, v, B);
        mico_err client = srp6_client_secret(&srp, (struct srp6_shares){A, B}, a, MICO_SPAN(x), S);
        mico_sha256_add(all, S, srp.group.size);
        mico_err server = srp6_server_secret(&srp, (struct srp6_shares){A, B}, b, v, S);
        mico_sha256_add(all, S, srp.group.size);
        mico_sha256_add(all, (uint8_t[]){known, (uint8_t)client, (uint8_t)server}, 3);
    }
}

const char *transcript_section(size_t section, uint8_t digest[32])
{
    static const struct {
        const char *name;
        void (*run)(struct mico_sha256 *all);
    } sections[TRANSCRIPT_SECTIONS] = {
        {"hashes", hashes},
        {"macs", macs},
        {"sealing", sealing},
        {"counter mode", counter_mode},
        {"AES modes", aes_modes},
        {"agreement", agreement},
        {"agreement on few bits", agreement_on_few_bits},
        {"signatures", signatures},
        {"P-256", p256},
        {"P-256 of few bits", p256_of_few_bits},
        {"numbers", numbers},
        {"in parts", in_parts},
        {"pairing", pairing},
        {"SRP", password_exchange},
    };
    struct mico_sha256 all;
    mico_sha256_start(&all);
    sections[section].run(&all);
    mico_sha256_finish(&all, digest);
    return sections[section].name;
}
