/* SPDX-License-Identifier: Apache-2.0 */
/* Public vectors of Noise: for XX that of flynn/noise, for KKpsk0 that of cacophony, messages and transport. The
 * handshake hash of KKpsk0 comes from an independent calculation in Python, which gives all six of the vector's
 * messages; the hash field beside them in cacophony's file is another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/protocol/noise.h"

struct vector {
    enum mscp_noise_pattern pattern;
    const char *prologue, *psk, *init_static, *init_ephemeral, *resp_static, *resp_ephemeral, *hash;
    unsigned handshakes; /* messages of the handshake; the rest are transport messages */
    struct {
        const char *payload, *ciphertext;
    } messages[6];
};

static const struct vector vectors[] = {
    {MSCP_NOISE_XX,
     "",
     NULL,
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
     "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
     "4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60",
     NULL,
     3,
     {{"", "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254"},
      {"", "64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466"
           "3414af878d3e46a2f58911a816d6e8346d4ea17a6f2a0bb4ef4ed56c133cff45"
           "60a34e36ea82109f26cf2e5a5caf992b608d55c747f615e5a3425a7a19eefb8f"},
      {"", "87f864c11ba449f46a0a4f4e2eacbb7b0457784f4fca1937f572c93603e9c4d9"
           "7e5ea11b16f3968710b23a3be3202dc1b5e1ce3c963347491e74f5c0768a9b42"}}},
    {MSCP_NOISE_KKPSK0,
     "4a6f686e2047616c74",
     "54686973206973206d7920417573747269616e20706572737065637469766521",
     "e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1",
     "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a",
     "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893",
     "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b",
     "32afcdbb63cf90f25409090bc11f7546c534dfb03f37c1626a0cf758881e746f",
     2,
     {{"4c756477696720766f6e204d69736573", "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944"
                                           "23f19812300a6051f02195db0722909fc920796814cfc886ab3a8083c66a5961"},
      {"4d757272617920526f746862617264", "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843"
                                         "20acfe866b4ede922f007d89dbf507216d6aa8646c7fba098da374b1784d4b"},
      {"462e20412e20486179656b", "d213fdd768eeef05ee236c6d2983b2029bb472567a5831f4ff592c"},
      {"4361726c204d656e676572", "facf98016edcfc2566b16866935329b4da833dcd3bbb4173cf638e"},
      {"4a65616e2d426170746973746520536179", "f46e7b19ebc94d697afc64b7f7d78d9b89276a6fbd438985d68c5d0261f4d4b774"},
      {"457567656e2042f6686d20766f6e2042617765726b",
       "84119bc1a1a5f97a338c7affb30242cf3111e95c41a07d5e289b160015156a93cb70e8e73d"}}},
};

static size_t bytes_of(const char *hex, uint8_t *out)
{
    assert_int_equal(mico_unhex(hex, out, strlen(hex) / 2), MICO_OK);
    return strlen(hex) / 2;
}

static void start_both(const struct vector *v, struct mscp_noise *initiator, struct mscp_noise *responder)
{
    uint8_t is[32], ie[32], rs[32], re[32], psk[32], prologue[32], is_public[32], rs_public[32];
    bytes_of(v->init_static, is);
    bytes_of(v->init_ephemeral, ie);
    bytes_of(v->resp_static, rs);
    bytes_of(v->resp_ephemeral, re);
    mico_x25519_public(is, is_public);
    mico_x25519_public(rs, rs_public);
    if (v->psk != NULL) {
        bytes_of(v->psk, psk);
    }
    struct mico_span all = {prologue, bytes_of(v->prologue, prologue)};
    mscp_noise_start(initiator, v->pattern, true, &(struct mscp_noise_keys){is, ie, rs_public, psk, all});
    mscp_noise_start(responder, v->pattern, false, &(struct mscp_noise_keys){rs, re, is_public, psk, all});
}

static void one_handshake_message(const struct vector *v, unsigned i, struct mscp_noise *from, struct mscp_noise *to)
{
    uint8_t payload[64], expected[128], message[128], got[64];
    size_t payload_len = bytes_of(v->messages[i].payload, payload);
    size_t expected_len = bytes_of(v->messages[i].ciphertext, expected);
    struct mico_writer w = mico_writer_of(message, sizeof message);
    assert_int_equal(mscp_noise_write(from, (struct mico_span){payload, payload_len}, &w), MICO_OK);
    assert_int_equal(w.len, expected_len);
    assert_memory_equal(message, expected, expected_len);
    assert_int_equal(mscp_noise_read(to, (struct mico_span){message, w.len}, got, payload_len), MICO_OK);
    assert_memory_equal(got, payload, payload_len);
}

static void one_transport_message(const struct vector *v, unsigned i, const uint8_t key[32], uint64_t counter)
{
    uint8_t payload[64], expected[128], sealed[128], nonce[12] = {0};
    size_t payload_len = bytes_of(v->messages[i].payload, payload);
    size_t expected_len = bytes_of(v->messages[i].ciphertext, expected);
    mico_store_le64(nonce + 4, counter);
    mico_chachapoly_seal(key, nonce, (struct mico_span){NULL, 0}, (struct mico_span){payload, payload_len}, sealed);
    assert_int_equal(expected_len, payload_len + 16);
    assert_memory_equal(sealed, expected, expected_len);
}

static void the_public_vectors_of_both_patterns_come_out(void **state)
{
    for (size_t n = 0; n < sizeof vectors / sizeof vectors[0]; n++) {
        const struct vector *v = &vectors[n];
        struct mscp_noise side[2];
        start_both(v, &side[0], &side[1]);
        for (unsigned i = 0; i < v->handshakes; i++) {
            one_handshake_message(v, i, &side[i % 2], &side[(i + 1) % 2]);
        }
        assert_true(mscp_noise_done(&side[0]) && mscp_noise_done(&side[1]));
        assert_memory_equal(side[0].h, side[1].h, 32);
        uint8_t key[2][32], other[2][32], hash[32];
        mscp_noise_split(&side[0], key[0], key[1]);
        mscp_noise_split(&side[1], other[0], other[1]);
        assert_memory_equal(key, other, sizeof key);
        if (v->hash != NULL) {
            bytes_of(v->hash, hash);
            assert_memory_equal(side[0].h, hash, 32);
        }
        for (unsigned i = v->handshakes; i < 6 && v->messages[i].payload != NULL; i++) {
            one_transport_message(v, i, key[i % 2], (i - v->handshakes) / 2);
        }
    }
}

static void a_flipped_bit_in_any_message_kills_the_handshake(void **state)
{
    for (size_t n = 0; n < sizeof vectors / sizeof vectors[0]; n++) {
        const struct vector *v = &vectors[n];
        for (unsigned broken = v->pattern == MSCP_NOISE_XX ? 1 : 0; broken < v->handshakes; broken++) {
            size_t bits = 4 * strlen(v->messages[broken].ciphertext);
            for (size_t bit = 0; bit < bits; bit += 5) {
                struct mscp_noise side[2];
                start_both(v, &side[0], &side[1]);
                for (unsigned i = 0; i < broken; i++) {
                    one_handshake_message(v, i, &side[i % 2], &side[(i + 1) % 2]);
                }
                uint8_t message[128], got[64];
                size_t len = bytes_of(v->messages[broken].ciphertext, message);
                message[bit / 8] ^= (uint8_t)(1u << bit % 8);
                mico_err err = mscp_noise_read(&side[(broken + 1) % 2], (struct mico_span){message, len}, got,
                                               strlen(v->messages[broken].payload) / 2);
                /* X25519 ignores the top bit of a public key; the hash over the message does not. */
                assert_true(err == MICO_ERR_AUTH || err == MICO_ERR_CRYPTO);
            }
        }
    }
}

static void messages_out_of_turn_or_of_another_length_are_refused(void **state)
{
    struct mscp_noise side[2];
    uint8_t message[128], payload[16];
    start_both(&vectors[1], &side[0], &side[1]);
    struct mico_writer w = mico_writer_of(message, sizeof message);
    struct mico_span none = {NULL, 0};
    assert_int_equal(mscp_noise_write(&side[1], none, &w), MICO_ERR_STATE);
    assert_int_equal(mscp_noise_read(&side[0], MICO_SPAN(message), payload, 0), MICO_ERR_STATE);
    assert_int_equal(mscp_noise_write(&side[0], none, &w), MICO_OK);
    for (size_t len = 0; len < w.len; len++) {
        struct mscp_noise copy = side[1];
        assert_int_equal(mscp_noise_read(&copy, (struct mico_span){message, len}, payload, 0), MICO_ERR_FORMAT);
    }
    struct mscp_noise copy = side[1];
    assert_int_equal(mscp_noise_read(&copy, (struct mico_span){message, w.len + 1}, payload, 0), MICO_ERR_FORMAT);
    struct mico_writer small = mico_writer_of(message, 40);
    start_both(&vectors[1], &side[0], &side[1]);
    assert_int_equal(mscp_noise_write(&side[0], none, &small), MICO_ERR_SIZE);
}

static void another_psk_or_static_key_is_refused_at_the_first_message(void **state)
{
    for (unsigned wrong = 0; wrong < 3; wrong++) {
        struct mscp_noise side[2];
        uint8_t message[128], payload[1];
        start_both(&vectors[1], &side[0], &side[1]);
        if (wrong == 0) {
            side[1].psk[31] ^= 1;
        } else if (wrong == 1) {
            side[1].rs[0] ^= 1;
        } else {
            side[1].s_private[1] ^= 1;
        }
        struct mico_writer w = mico_writer_of(message, sizeof message);
        assert_int_equal(mscp_noise_write(&side[0], (struct mico_span){NULL, 0}, &w), MICO_OK);
        assert_int_equal(mscp_noise_read(&side[1], (struct mico_span){message, w.len}, payload, 0), MICO_ERR_AUTH);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_public_vectors_of_both_patterns_come_out),
        cmocka_unit_test(a_flipped_bit_in_any_message_kills_the_handshake),
        cmocka_unit_test(messages_out_of_turn_or_of_another_length_are_refused),
        cmocka_unit_test(another_psk_or_static_key_is_refused_at_the_first_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
