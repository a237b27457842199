/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers from the standards, and inputs that must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/random.h>

#include "crypto/primitives/primitives.h"
#include "os/port/rng.h"

/* The board's entropy, with a switch to let it dry up. */
static bool dry;
static unsigned seeds_drawn;

mico_err mico_entropy(uint8_t *out, size_t len)
{
    if (dry) {
        memset(out, 0, len);
        return MICO_ERR_ENTROPY;
    }
    seeds_drawn++;
    return getrandom(out, len, 0) == (ssize_t)len ? MICO_OK : MICO_ERR_ENTROPY;
}

/* Bytes of a hexadecimal string, in one of a few static buffers. */
static struct mico_span hex(const char *digits)
{
    static uint8_t buffers[8][1200];
    static unsigned turn;
    uint8_t *out = buffers[turn++ % 8];
    size_t len = strlen(digits) / 2;
    assert_true(len <= sizeof buffers[0]);
    assert_int_equal(mico_unhex(digits, out, len), MICO_OK);
    return (struct mico_span){out, len};
}

static struct mico_span text(const char *string)
{
    return (struct mico_span){(const uint8_t *)string, strlen(string)};
}

static void assert_bytes(const uint8_t *got, const char *digits)
{
    struct mico_span want = hex(digits);
    assert_memory_equal(got, want.data, want.len);
}

static const struct mico_span none;

/* FIPS 180-4 examples, as NIST publishes them. */
static void sha2_gives_the_published_digests(void **state)
{
    uint8_t out[64];
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

    mico_sha256("", 0, out);
    assert_bytes(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    mico_sha256("abc", 3, out);
    assert_bytes(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    mico_sha256(two_blocks, strlen(two_blocks), out);
    assert_bytes(out, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    mico_sha512("abc", 3, out);
    assert_bytes(out, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    mico_sha512("", 0, out);
    assert_bytes(out, "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
}

static void sha2_in_pieces_equals_sha2_in_one(void **state)
{
    uint8_t data[700], whole[64], pieces[64];
    struct mico_sha256 a;
    struct mico_sha512 b;
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i * 7);
    }
    for (size_t cut = 0; cut <= sizeof data; cut += 13) {
        mico_sha256_start(&a);
        mico_sha256_add(&a, data, cut);
        mico_sha256_add(&a, NULL, 0);
        mico_sha256_add(&a, data + cut, sizeof data - cut);
        mico_sha256_finish(&a, pieces);
        mico_sha256(data, sizeof data, whole);
        assert_memory_equal(pieces, whole, 32);
        mico_sha512_start(&b);
        mico_sha512_add(&b, data, cut);
        mico_sha512_add(&b, data + cut, sizeof data - cut);
        mico_sha512_finish(&b, pieces);
        mico_sha512(data, sizeof data, whole);
        assert_memory_equal(pieces, whole, 64);
    }
    assert_true(mico_ct_is_zero(&a, sizeof a) && mico_ct_is_zero(&b, sizeof b));
}

/* RFC 4231 cases 1, 2 and 6 (a key longer than a block), and RFC 2104's empty key. */
static void hmac_gives_rfc_4231s_answers(void **state)
{
    uint8_t out[64], long_key[131];

    mico_hmac_sha256(hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), text("Hi There"), out);
    assert_bytes(out, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    mico_hmac_sha512(hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), text("Hi There"), out);
    assert_bytes(out, "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                      "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
    mico_hmac_sha256(text("Jefe"), text("what do ya want for nothing?"), out);
    assert_bytes(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    mico_hmac_sha512(text("Jefe"), text("what do ya want for nothing?"), out);
    assert_bytes(out, "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                      "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    memset(long_key, 0xAA, sizeof long_key);
    mico_hmac_sha256(MICO_SPAN(long_key), text("Test Using Larger Than Block-Size Key - Hash Key First"), out);
    assert_bytes(out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    mico_hmac_sha512(MICO_SPAN(long_key), text("Test Using Larger Than Block-Size Key - Hash Key First"), out);
    assert_bytes(out, "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                      "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598");
    mico_hmac_sha256(none, none, out);
    assert_bytes(out, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

/* RFC 5869 appendix A, cases 1, 2 and 3. */
static void hkdf_gives_rfc_5869s_answers(void **state)
{
    uint8_t out[82];
    uint8_t a2[80], b2[80], c2[80];

    assert_int_equal(mico_hkdf_sha256(hex("000102030405060708090a0b0c"),
                                      hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), hex("f0f1f2f3f4f5f6f7f8f9"),
                                      out, 42),
                     MICO_OK);
    assert_bytes(out, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    for (unsigned i = 0; i < 80; i++) {
        a2[i] = (uint8_t)i;
        b2[i] = (uint8_t)(0x60 + i);
        c2[i] = (uint8_t)(0xB0 + i);
    }
    assert_int_equal(mico_hkdf_sha256(MICO_SPAN(b2), MICO_SPAN(a2), MICO_SPAN(c2), out, 82), MICO_OK);
    assert_bytes(out, "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                      "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
    assert_int_equal(mico_hkdf_sha256(none, hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), none, out, 42),
                     MICO_OK);
    assert_bytes(out, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

static void hkdf_refuses_more_than_255_blocks(void **state)
{
    static uint8_t out[255 * 64 + 1];
    assert_int_equal(mico_hkdf_sha256(none, text("k"), none, out, 255 * 32), MICO_OK);
    assert_int_equal(mico_hkdf_sha256(none, text("k"), none, out, 255 * 32 + 1), MICO_ERR_SIZE);
    assert_int_equal(mico_hkdf_sha512(none, text("k"), none, out, 255 * 64), MICO_OK);
    assert_int_equal(mico_hkdf_sha512(none, text("k"), none, out, 255 * 64 + 1), MICO_ERR_SIZE);
}

/* RFC 8439 section 2.8.2. */
static const char *SUNSCREEN = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
                               "future, sunscreen would be it.";
static const char *SUNSCREEN_SEALED =
    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
    "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
    "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691";
static const char *SUNSCREEN_KEY = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";

static void chachapoly_gives_rfc_8439s_answer_and_opens_it_in_place(void **state)
{
    uint8_t sealed[130];
    struct mico_span aad = hex("50515253c0c1c2c3c4c5c6c7");
    const uint8_t *nonce = hex("070000004041424344454647").data;

    mico_chachapoly_seal(hex(SUNSCREEN_KEY).data, nonce, aad, text(SUNSCREEN), sealed);
    assert_bytes(sealed, SUNSCREEN_SEALED);
    assert_int_equal(mico_chachapoly_open(hex(SUNSCREEN_KEY).data, nonce, aad, MICO_SPAN(sealed), sealed), MICO_OK);
    assert_memory_equal(sealed, SUNSCREEN, 114);
    mico_chachapoly_seal(hex(SUNSCREEN_KEY).data, nonce, aad, (struct mico_span){sealed, 114}, sealed);
    assert_bytes(sealed, SUNSCREEN_SEALED);
}

static void chachapoly_seals_and_opens_an_empty_text(void **state)
{
    uint8_t key[32] = {1}, nonce[12] = {2}, sealed[16], nowhere[1];

    mico_chachapoly_seal(key, nonce, none, none, sealed);
    assert_int_equal(mico_chachapoly_open(key, nonce, none, MICO_SPAN(sealed), nowhere), MICO_OK);
    mico_chachapoly_seal(key, nonce, text("header"), none, sealed);
    assert_int_equal(mico_chachapoly_open(key, nonce, text("header"), MICO_SPAN(sealed), nowhere), MICO_OK);
    assert_int_equal(mico_chachapoly_open(key, nonce, text("Header"), MICO_SPAN(sealed), nowhere), MICO_ERR_AUTH);
    assert_int_equal(mico_chachapoly_open(key, nonce, none, (struct mico_span){sealed, 15}, nowhere), MICO_ERR_SIZE);
}

static void chachapoly_refuses_any_flipped_bit_and_wipes_the_text(void **state)
{
    uint8_t key[32] = {1}, nonce[12] = {2}, sealed[40 + 16], out[40];

    mico_chachapoly_seal(key, nonce, none, (struct mico_span){sealed, 40}, sealed);
    for (unsigned bit = 0; bit < sizeof sealed * 8; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        memset(out, 0x55, sizeof out);
        assert_int_equal(mico_chachapoly_open(key, nonce, none, MICO_SPAN(sealed), out), MICO_ERR_AUTH);
        assert_true(mico_ct_is_zero(out, sizeof out));
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(mico_chachapoly_open(key, nonce, none, MICO_SPAN(sealed), out), MICO_OK);
}

/* SP 800-38A F.5.1 and F.5.5. */
static const char *CTR_TEXT = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                              "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

static void check_ctr(const char *key, const char *want)
{
    uint8_t counter[16], out[64];
    struct mico_span in = hex(CTR_TEXT);

    memcpy(counter, hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff").data, 16);
    assert_int_equal(mico_aes_ctr(hex(key), counter, in, out), MICO_OK);
    assert_bytes(out, want);
    assert_bytes(counter, "f0f1f2f3f4f5f6f7f8f9fafbfcfdff03");
    /* Continued at a block boundary, and in place. */
    memcpy(counter, hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff").data, 16);
    memcpy(out, in.data, 64);
    assert_int_equal(mico_aes_ctr(hex(key), counter, (struct mico_span){out, 16}, out), MICO_OK);
    assert_int_equal(mico_aes_ctr(hex(key), counter, (struct mico_span){out + 16, 41}, out + 16), MICO_OK);
    struct mico_span expected = hex(want);
    assert_memory_equal(out, expected.data, 57);
}

static void aes_ctr_gives_sp_800_38as_answers(void **state)
{
    check_ctr("2b7e151628aed2a6abf7158809cf4f3c", "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
                                                  "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee");
    check_ctr("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
              "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
              "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6");
}

static void aes_ctr_refuses_other_key_sizes(void **state)
{
    uint8_t key[33] = {0}, counter[16] = {0}, out[16];
    const size_t sizes[] = {0, 15, 17, 23, 31, 33};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_int_equal(mico_aes_ctr((struct mico_span){key, sizes[i]}, counter, MICO_SPAN(out), out), MICO_ERR_SIZE);
    }
}

/* RFC 7748 sections 5.2 and 6.1. */
static void x25519_gives_rfc_7748s_answers(void **state)
{
    uint8_t out[32];

    assert_int_equal(mico_x25519(hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4").data,
                                 hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c").data, out),
                     MICO_OK);
    assert_bytes(out, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    assert_int_equal(mico_x25519(hex("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d").data,
                                 hex("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493").data, out),
                     MICO_OK);
    assert_bytes(out, "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
}

static void x25519_agrees_as_rfc_7748_section_6_1(void **state)
{
    uint8_t alice[32], bob[32], alice_public[32], bob_public[32], z[32];
    memcpy(alice, hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a").data, 32);
    memcpy(bob, hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb").data, 32);
    mico_x25519_public(alice, alice_public);
    mico_x25519_public(bob, bob_public);
    assert_bytes(alice_public, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assert_bytes(bob_public, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assert_int_equal(mico_x25519(alice, bob_public, z), MICO_OK);
    assert_bytes(z, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_int_equal(mico_x25519(bob, alice_public, z), MICO_OK);
    assert_bytes(z, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

/* The points of order 1, 2, 4 and 8 and their non-canonical forms. */
static void x25519_refuses_every_low_order_point(void **state)
{
    static const char *points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    uint8_t key[32] = {9, 8, 7}, out[32];
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        memset(out, 0x55, 32);
        assert_int_equal(mico_x25519(key, hex(points[i]).data, out), MICO_ERR_CRYPTO);
        assert_true(mico_ct_is_zero(out, 32));
    }
}

/* RFC 8032 section 7.1, tests 1, 2, 3 and SHA(abc). */
static const struct {
    const char *seed, *public_key, *message, *signature;
} ed25519[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
     "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"},
};

static void ed25519_gives_rfc_8032s_answers(void **state)
{
    for (size_t i = 0; i < sizeof ed25519 / sizeof ed25519[0]; i++) {
        uint8_t public_key[32], signature[64];
        mico_ed25519_public(hex(ed25519[i].seed).data, public_key);
        assert_bytes(public_key, ed25519[i].public_key);
        mico_ed25519_sign(hex(ed25519[i].seed).data, public_key, hex(ed25519[i].message), signature);
        assert_bytes(signature, ed25519[i].signature);
        assert_int_equal(mico_ed25519_verify(public_key, hex(ed25519[i].message), signature), MICO_OK);
    }
}

static void ed25519_refuses_any_flipped_bit(void **state)
{
    uint8_t key[32], signature[64], message[] = {0xAF, 0x82};
    memcpy(key, hex(ed25519[2].public_key).data, 32);
    memcpy(signature, hex(ed25519[2].signature).data, 64);
    for (unsigned bit = 0; bit < 512; bit++) {
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(mico_ed25519_verify(key, MICO_SPAN(message), signature), MICO_ERR_AUTH);
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    message[1] ^= 1;
    assert_int_equal(mico_ed25519_verify(key, MICO_SPAN(message), signature), MICO_ERR_AUTH);
}

static void ed25519_refuses_s_at_or_above_the_group_order(void **state)
{
    static const uint8_t order[32] = {0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7,
                                      0xA2, 0xDE, 0xF9, 0xDE, 0x14, 0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    for (size_t i = 0; i < sizeof ed25519 / sizeof ed25519[0]; i++) {
        uint8_t signature[64];
        memcpy(signature, hex(ed25519[i].signature).data, 64);
        unsigned carry = 0;
        for (unsigned k = 0; k < 32; k++) {
            carry += (unsigned)signature[32 + k] + order[k];
            signature[32 + k] = (uint8_t)carry;
            carry >>= 8;
        }
        assert_int_equal(mico_ed25519_verify(hex(ed25519[i].public_key).data, hex(ed25519[i].message), signature),
                         MICO_ERR_AUTH);
        memcpy(signature + 32, order, 32);
        assert_int_equal(mico_ed25519_verify(hex(ed25519[i].public_key).data, hex(ed25519[i].message), signature),
                         MICO_ERR_AUTH);
    }
}

/* With a key or R of small order, S = 0 and the same R satisfy the equation for some or all messages. */
static void ed25519_refuses_low_order_and_non_canonical_points(void **state)
{
    static const char *points[] = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    };
    uint8_t key[32], signature[64];
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        memcpy(key, hex(points[i]).data, 32);
        for (size_t k = 0; k < sizeof points / sizeof points[0]; k++) {
            memset(signature, 0, 64);
            memcpy(signature, hex(points[k]).data, 32);
            for (uint8_t m = 0; m < 8; m++) {
                assert_int_equal(mico_ed25519_verify(key, (struct mico_span){&m, 1}, signature), MICO_ERR_AUTH);
            }
        }
        memcpy(signature, hex(ed25519[2].signature).data, 64);
        memcpy(signature, key, 32);
        assert_int_equal(mico_ed25519_verify(hex(ed25519[2].public_key).data, hex("af82"), signature), MICO_ERR_AUTH);
    }
}

static void random_fills_every_length_and_never_repeats(void **state)
{
    static uint8_t a[70000], b[70000];
    assert_int_equal(mico_random(a, 1), MICO_OK);
    unsigned before = seeds_drawn;
    for (size_t len = 0; len < 300; len++) {
        memset(a, 0, sizeof a);
        assert_int_equal(mico_random(a, len), MICO_OK);
        assert_true(mico_ct_is_zero(a + len, 64));
        assert_true(len < 16 || !mico_ct_is_zero(a, len));
    }
    assert_int_equal(mico_random(a, sizeof a), MICO_OK);
    assert_int_equal(mico_random(b, sizeof b), MICO_OK);
    for (size_t i = 0; i < sizeof a; i += 16) {
        assert_memory_not_equal(a + i, b + i, 16);
        assert_memory_not_equal(a + i, a + (i + 16) % sizeof a, 16);
    }
    assert_int_equal(seeds_drawn, before); /* one seed serves them all */
}

static int locked, lock_calls;
static void lock(void)
{
    assert_int_equal(locked++, 0);
    lock_calls++;
}
static void unlock(void)
{
    assert_int_equal(--locked, 0);
}

static void random_takes_the_lock_once_a_call(void **state)
{
    uint8_t out[9000];
    mico_random_lock_with(lock, unlock);
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    assert_int_equal(lock_calls, 1);
    mico_random_lock_with(NULL, NULL);
}

static void random_says_when_entropy_is_dry_and_recovers(void **state)
{
    uint8_t out[32];
    dry = true;
    memset(out, 0x55, sizeof out);
    assert_int_equal(mico_random(out, sizeof out), MICO_ERR_ENTROPY);
    assert_true(mico_ct_is_zero(out, sizeof out));
    dry = false;
    assert_int_equal(mico_random(out, sizeof out), MICO_OK);
    assert_false(mico_ct_is_zero(out, sizeof out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_says_when_entropy_is_dry_and_recovers),
        cmocka_unit_test(random_fills_every_length_and_never_repeats),
        cmocka_unit_test(random_takes_the_lock_once_a_call),
        cmocka_unit_test(sha2_gives_the_published_digests),
        cmocka_unit_test(sha2_in_pieces_equals_sha2_in_one),
        cmocka_unit_test(hmac_gives_rfc_4231s_answers),
        cmocka_unit_test(hkdf_gives_rfc_5869s_answers),
        cmocka_unit_test(hkdf_refuses_more_than_255_blocks),
        cmocka_unit_test(chachapoly_gives_rfc_8439s_answer_and_opens_it_in_place),
        cmocka_unit_test(chachapoly_seals_and_opens_an_empty_text),
        cmocka_unit_test(chachapoly_refuses_any_flipped_bit_and_wipes_the_text),
        cmocka_unit_test(aes_ctr_gives_sp_800_38as_answers),
        cmocka_unit_test(aes_ctr_refuses_other_key_sizes),
        cmocka_unit_test(x25519_gives_rfc_7748s_answers),
        cmocka_unit_test(x25519_agrees_as_rfc_7748_section_6_1),
        cmocka_unit_test(x25519_refuses_every_low_order_point),
        cmocka_unit_test(ed25519_gives_rfc_8032s_answers),
        cmocka_unit_test(ed25519_refuses_any_flipped_bit),
        cmocka_unit_test(ed25519_refuses_s_at_or_above_the_group_order),
        cmocka_unit_test(ed25519_refuses_low_order_and_non_canonical_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
