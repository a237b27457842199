/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers of key derivation and of SRP-6a. Each comment says where its answer is from. */
#include "crypto/selftest/known.h"
#include "crypto/selftest/known_prf.h"

const struct known known_derivations[] = {
#if defined PSA_WANT_ALG_HKDF && defined PSA_WANT_ALG_SHA_256
    /* RFC 5869 A.1 */
    {.name = "HKDF",
     .run = known_hkdf,
     .alg = PSA_ALG_HKDF(PSA_ALG_SHA_256),
     .key = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
     .iv = "000102030405060708090a0b0c",
     .more = "f0f1f2f3f4f5f6f7f8f9",
     .want = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
#endif
#if defined PSA_WANT_ALG_HKDF_EXTRACT && defined PSA_WANT_ALG_SHA_256
    /* RFC 5869 A.1 */
    {.name = "HKDF-Extract",
     .run = known_hkdf,
     .alg = PSA_ALG_HKDF_EXTRACT(PSA_ALG_SHA_256),
     .key = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
     .iv = "000102030405060708090a0b0c",
     .want = "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"},
#endif
#if defined PSA_WANT_ALG_HKDF_EXPAND && defined PSA_WANT_ALG_SHA_256
    /* RFC 5869 A.1 */
    {.name = "HKDF-Expand",
     .run = known_hkdf,
     .alg = PSA_ALG_HKDF_EXPAND(PSA_ALG_SHA_256),
     .key = "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
     .more = "f0f1f2f3f4f5f6f7f8f9",
     .want = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
#endif
#if defined PSA_WANT_ALG_PBKDF2_HMAC && defined PSA_WANT_ALG_SHA_1
    /* RFC 6070, two iterations */
    {.name = "PBKDF2-HMAC",
     .run = known_pbkdf2,
     .alg = PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_1),
     .key = "70617373776f7264",
     .in = "02",
     .iv = "73616c74",
     .want = "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"},
#endif
#if defined PSA_WANT_ALG_PBKDF2_HMAC && defined PSA_WANT_ALG_SHA_256
    /* RFC 7914 section 11 */
    {.name = "PBKDF2-HMAC-SHA-256",
     .run = known_pbkdf2,
     .alg = PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256),
     .key = "706173737764",
     .in = "01",
     .iv = "73616c74",
     .want = "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef31"
             "7c71b845b1e30bd509112041d3a19783"},
#endif
#if defined PSA_WANT_ALG_PBKDF2_AES_CMAC_PRF_128 && defined PSA_WANT_KEY_TYPE_AES
    /* RFC 4615 and RFC 8018 section 5.2, two iterations, put together from OpenSSL's CMAC */
    {.name = "PBKDF2-AES-CMAC",
     .run = known_pbkdf2,
     .alg = PSA_ALG_PBKDF2_AES_CMAC_PRF_128,
     .key = "70617373776f7264",
     .in = "02",
     .iv = "73616c74",
     .want = "160597e28021fb3dd9cf088b007b6883"},
#endif
#if defined PSA_WANT_ALG_TLS12_PRF && defined PSA_WANT_ALG_SHA_256
    {.name = "TLS 1.2 PRF",
     .run = known_prf,
     .alg = PSA_ALG_TLS12_PRF(PSA_ALG_SHA_256),
     .key = PRF_KEY,
     .iv = PRF_SEED,
     .more = PRF_LABEL,
     .want = PRF_ANSWER},
#endif
#if defined PSA_WANT_ALG_TLS12_PSK_TO_MS && defined PSA_WANT_ALG_SHA_256
    /* RFC 4279 section 2 over the same; put together from Python's HMAC */
    {.name = "TLS 1.2 PSK",
     .run = known_prf,
     .alg = PSA_ALG_TLS12_PSK_TO_MS(PSA_ALG_SHA_256),
     .key = "9bbe436ba940f017b17652849a71db35",
     .iv = "a0ba9f936cda311827a6f796ffd5198c",
     .more = "74657374206c6162656c",
     .want = "4baeb0143823a30adddd52843c75eccebad2fa793b543cf09b0e8353653868dc64631a83fb68151a0d8faf910b4f731d"},
#endif
#if defined PSA_WANT_ALG_SP800_108_COUNTER_HMAC && defined PSA_WANT_ALG_SHA_256
    /* RFC 8009 appendix A: the sample of the pseudorandom function */
    {.name = "SP 800-108 HMAC",
     .run = known_counter,
     .alg = PSA_ALG_SP800_108_COUNTER_HMAC(PSA_ALG_SHA_256),
     .type = PSA_KEY_TYPE_DERIVE,
     .key = "3705d96080c17728a0e800eab6e0d23c",
     .iv = "74657374",
     .more = "707266",
     .want = "9d188616f63852fe86915bb840b4a886ff3e6bb0f819b49b893393d393854295"},
#endif
#if defined PSA_WANT_ALG_SP800_108_COUNTER_CMAC && defined PSA_WANT_KEY_TYPE_AES
    /* put together from OpenSSL's CMAC and KBKDF */
    {.name = "SP 800-108 CMAC",
     .run = known_counter,
     .alg = PSA_ALG_SP800_108_COUNTER_CMAC,
     .type = PSA_KEY_TYPE_AES,
     .key = "2b7e151628aed2a6abf7158809cf4f3c",
     .iv = "636f6e74657874",
     .more = "6c6162656c",
     .want = "ef07cca2ac887de8be2d161b3eb358f86f100c46edd2d9985f22b5f5472fd19c0eccd922624fc494"},
#endif
#if defined PSA_WANT_ALG_SRP_PASSWORD_HASH && defined PSA_WANT_ALG_SRP_6
#ifdef PSA_WANT_ALG_SHA_1
    /* RFC 5054 appendix B: v, 1024 bits */
    {.name = "SRP-6a",
     .run = known_srp,
     .alg = PSA_ALG_SRP_PASSWORD_HASH(PSA_ALG_SHA_1),
     .type = PSA_KEY_TYPE_PASSWORD,
     .key = "70617373776f7264313233",
     .iv = "beb25379d1a8581eb5a727673a2441ee",
     .in = "0400",
     .more = "616c696365",
     .want = "7e273de8696ffc4f4e337d05b4b375beb0dde1569e8fa00a9886d8129bada1f1822223ca1a605b530e379ba4729fdc59"
             "f105b4787e5186f5c671085a1447b52a48cf1970b4fb6f8400bbf4cebfbb168152e08ab5ea53d15c1aff87b2b9da6e04"
             "e058ad51cc72bfc9033b564e26480d78e955a5e29e7ab245db2be315e2099afb"},
#elif defined PSA_WANT_ALG_SHA_512
    /* The verifier pow(5, x, N) by Python: x as RFC 5054 section 2.4 has it, with SHA-512 for SHA-1, of "Pair-Setup", "031-45-154" and
     * the salt of its appendix B; 5 and N are its group of 3072 bits, appendix A. crypto/srp/srp_vectors.h has the same from another
     * implementation. */
    {.name = "SRP-6a",
     .run = known_srp,
     .alg = PSA_ALG_SRP_PASSWORD_HASH(PSA_ALG_SHA_512),
     .type = PSA_KEY_TYPE_PASSWORD,
     .key = "3033312d34352d313534",
     .iv = "beb25379d1a8581eb5a727673a2441ee",
     .in = "0c00",
     .more = "506169722d5365747570",
     .want = "0a268aec55e73c80053859c5e3afbb9434ab1e1881bdf5329588fc36e14952e73d75269d6fae78979aa5e030e3fc620a"
             "ac7e1556ca4ccc783c731f2709b99bea8b36afec832c6a5a82c7fb24d5e90a61b58e4e54d08eb9d03155580de7e6acaf"
             "eaf0606d595e18c78cd1065570867849f5bc07a01ca27bbd206694842137019fe00ddbb7131d8b3dc0af2546de317bbf"
             "87f0736e3b358e1ccbec1eecabaacfebb84a93c9379f7faf6d8b7933a32c4e36121a27d248796c32f673ca9653c0c918"
             "d5d95cce5b4e766c856d24bbde4b9dfbbaa47806d8b9757e0e5a39edd9bdbd01f98e937d5ff324f19ef719b54ac5f688"
             "83b2206399947d739e921da739f4bb3b826f75cc1415c14bd087cfb9041960bfa433cc6de5222270f766a1f3ae4a5c56"
             "6062154959dba8df8c94458e105b5fcefb58c1b0ce22fcf3469b2fd3e211e0f46b94e57b5d9c5d0f6036f2252866951e"
             "979004a5ecea178b363ef614070cec1bc20ce468207c2ed28bfff6928aea8928b7a9176db355e1362bdae7f02c25ad4a"},
#endif
#endif
#ifdef PSA_WANT_ALG_SRP_6
#ifdef PSA_WANT_ALG_SHA_1
    /* RFC 5054 appendix B: the premaster secret, of both sides */
    {.name = "SRP-6a secret",
     .run = known_srp_secret,
     .alg = PSA_ALG_SRP_6(PSA_ALG_SHA_1),
     .key = "60975527035cf2ad1989806f0407210bc81edc04e2762a56afd529ddda2d4393",
     .iv = "e487cb59d31ac550471e81f00f6928e01dda08e974a004f49e61f5d105284d20",
     .more = "94b7555aabe9127cc58ccf4993db6cf84d16c124",
     .in = "61d5e490f6f1b79547b0704c436f523dd0e560f0c64115bb72557ec44352e8903211c04692272d8b2d1a5358a2cf1b6e"
           "0bfcf99f921530ec8e39356179eae45e42ba92aeaced825171e1e8b9af6d9c03e1327f44be087ef06530e69f66615261"
           "eef54073ca11cf5858f0edfdfe15efeab349ef5d76988a3672fac47b0769447bbd0c61512c692c0cb6d041fa01bb152d"
           "4916a1e77af46ae105393011baf38964dc46a0670dd125b95a981652236f99d9b681cbf87837ec996c6da04453728610"
           "d0c6ddb58b318885d7d82c7f8deb75ce7bd4fbaa37089e6f9c6059f388838e7a00030b331eb76840910440b1b27aaeae"
           "eb4012b7d7665238a8e3fb004b117b587e273de8696ffc4f4e337d05b4b375beb0dde1569e8fa00a9886d8129bada1f1"
           "822223ca1a605b530e379ba4729fdc59f105b4787e5186f5c671085a1447b52a48cf1970b4fb6f8400bbf4cebfbb1681"
           "52e08ab5ea53d15c1aff87b2b9da6e04e058ad51cc72bfc9033b564e26480d78e955a5e29e7ab245db2be315e2099afb",
     .want = "b0dc82babcf30674ae450c0287745e7990a3381f63b387aaf271a10d233861e359b48220f7c4693c9ae12b0a6f67809f"
             "0876e2d013800d6c41bb59b6d5979b5c00a172b4a2a5903a0bdcaf8a709585eb2afafa8f3499b200210dcc1f10eb3394"
             "3cd67fc88a2f39a4be5bec4ec0a3212dc346d7e474b29ede8a469ffeca686e5a"},
#elif defined PSA_WANT_ALG_SHA_256
    /* the same with SHA-256 by Python, from RFC 5054's formulas */
    {.name = "SRP-6a secret",
     .run = known_srp_secret,
     .alg = PSA_ALG_SRP_6(PSA_ALG_SHA_256),
     .key = "60975527035cf2ad1989806f0407210bc81edc04e2762a56afd529ddda2d4393",
     .iv = "e487cb59d31ac550471e81f00f6928e01dda08e974a004f49e61f5d105284d20",
     .more = "0065ac38dff8bc34ae0f259e91fbd0f4ca2fa43081c9050cec7cac20d015f303",
     .in = "61d5e490f6f1b79547b0704c436f523dd0e560f0c64115bb72557ec44352e8903211c04692272d8b2d1a5358a2cf1b6e"
           "0bfcf99f921530ec8e39356179eae45e42ba92aeaced825171e1e8b9af6d9c03e1327f44be087ef06530e69f66615261"
           "eef54073ca11cf5858f0edfdfe15efeab349ef5d76988a3672fac47b0769447b439b7630ec82c94d3bbd466a068d663a"
           "40b8d5b1d9b006ba43f5d715498088cca8547bbe3de6406c79f15ffa7356bc93580e478322daf8b2d014347859234f01"
           "555c457ab8b7f214875224fc9bfd07a68f37bad4d74bc8467ce10ea39301d3604e91fff5f881d52c558187e68fac3268"
           "df2897307da5c58a8c667e0fa8dc837e27e2855ac715f625981dba238667955db341a3bdd919868943bc049736c7804c"
           "d8e0507dfefbf5b8573f5aae7bac19b257034254119ab520e1f7cf3f45d01b159016847201d14c8dc95ec34e8b26ee25"
           "5bc4cb28d4f97e0db97b65bdd196c4d2951cd84f493afd7b34b90984357988601a3643358b81689dfd0cb0d21e21cf6e",
     .want = "7094d74b440ea4bffa2752694f19600268d61893ad55cac759a18378dce55020742df26f9696515482626372af87d447"
             "88d931e60ba0d4d8b31984b30ba285d5db443753ade4504ae124eb63d16db568e6850adf953b353c1255e8ec230e59a9"
             "04f3784002845a31d12d8f448dd6d1bc3ecded0bba328046b907546f9e3b338c"},
#endif
#endif
};
const size_t known_derivations_count = sizeof known_derivations / sizeof known_derivations[0];
