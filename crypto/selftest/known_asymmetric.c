/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers of signatures, agreement and encryption with key pairs. Each comment says where its answer is from. */
#include "crypto/selftest/known.h"
#include "crypto/selftest/known_rsa.h"

const struct known known_asymmetric[] = {
#if defined PSA_WANT_ALG_DETERMINISTIC_ECDSA && defined PSA_WANT_ECC_SECP_R1_256 && defined PSA_WANT_ALG_SHA_256
    /* RFC 6979 A.2.5 */
    {.name = "ECDSA P-256, deterministic",
     .run = known_signature,
     .alg = PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256),
     .type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
     .key = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
     .in = "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
     .want = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65"
             "f3e900dbb9aff4064dc4ab2f843acda8"},
#endif
#if defined PSA_WANT_ALG_ECDSA && defined PSA_WANT_ECC_SECP_R1_256 && defined PSA_WANT_ALG_SHA_256
    /* RFC 6979 A.2.5; a fresh one too */
    {.name = "ECDSA P-256",
     .run = known_verification,
     .alg = PSA_ALG_ECDSA(PSA_ALG_SHA_256),
     .type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
     .key = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
     .in = "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
     .iv = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65"
           "f3e900dbb9aff4064dc4ab2f843acda8"},
#endif
#if defined PSA_WANT_ALG_DETERMINISTIC_ECDSA && defined PSA_WANT_ECC_SECP_R1_384 && defined PSA_WANT_ALG_SHA_384
    /* RFC 6979 A.2.6 */
    {.name = "ECDSA P-384, deterministic",
     .run = known_signature,
     .alg = PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_384),
     .type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
     .key = "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
     .in = "9a9083505bc92276aec4be312696ef7bf3bf603f4bbd381196a029f340585312313bca4a9b5b890efee42c77b1ee25fe",
     .want = "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
             "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"},
#endif
#if defined PSA_WANT_ALG_ECDSA && defined PSA_WANT_ECC_SECP_R1_384 && defined PSA_WANT_ALG_SHA_384 && \
    !defined PSA_WANT_ALG_DETERMINISTIC_ECDSA
    /* RFC 6979 A.2.6; a fresh one too */
    {.name = "ECDSA P-384",
     .run = known_verification,
     .alg = PSA_ALG_ECDSA(PSA_ALG_SHA_384),
     .type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
     .key = "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
     .in = "9a9083505bc92276aec4be312696ef7bf3bf603f4bbd381196a029f340585312313bca4a9b5b890efee42c77b1ee25fe",
     .iv = "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"
           "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"},
#endif
#if defined PSA_WANT_ALG_PURE_EDDSA && defined PSA_WANT_ECC_TWISTED_EDWARDS_255
    /* RFC 8032 section 7.1, test 2 */
    {.name = "Ed25519",
     .run = known_signature,
     .alg = PSA_ALG_PURE_EDDSA,
     .type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS),
     .key = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     .in = "72",
     .want = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
             "387b2eaeb4302aeeb00d291612bb0c00"},
#endif
#if defined PSA_WANT_ALG_ED25519PH && defined PSA_WANT_ECC_TWISTED_EDWARDS_255
    /* RFC 8032 section 7.3 */
    {.name = "Ed25519ph",
     .run = known_signature,
     .alg = PSA_ALG_ED25519PH,
     .type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS),
     .key = "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     .in = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
           "454d4423643ce80e2a9ac94fa54ca49f",
     .want = "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aa"
             "a10b8c61e636062aaad11c2a26083406"},
#endif
#if defined PSA_WANT_ALG_ECDH && defined PSA_WANT_ECC_SECP_R1_256
    /* RFC 5903 section 8.1 */
    {.name = "ECDH P-256",
     .run = known_secret,
     .alg = PSA_ALG_ECDH,
     .type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
     .key = "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
     .in = "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d"
           "6aac23f046ada30f8353e74f33039872ab",
     .want = "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
#endif
#if defined PSA_WANT_ALG_ECDH && defined PSA_WANT_ECC_SECP_R1_384 && \
    !(defined PSA_WANT_ALG_DETERMINISTIC_ECDSA && defined PSA_WANT_ALG_SHA_384 && defined PSA_WANT_ECC_SECP_R1_256)
    /* RFC 5903 section 8.2 */
    {.name = "ECDH P-384",
     .run = known_secret,
     .alg = PSA_ALG_ECDH,
     .type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1),
     .key = "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194",
     .in = "04e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a35"
           "71dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e638"
           "6c",
     .want = "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746"},
#endif
#if defined PSA_WANT_ALG_ECDH && defined PSA_WANT_ECC_MONTGOMERY_255
    /* RFC 7748 section 6.1 */
    {.name = "X25519",
     .run = known_secret,
     .alg = PSA_ALG_ECDH,
     .type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY),
     .key = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
     .in = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
     .want = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
#endif
#if defined PSA_WANT_ALG_FFDH && defined PSA_WANT_DH_RFC7919_2048
    /* RFC 7919 A.1, ffdhe2048: Python's pow */
    {.name = "FFDH",
     .run = known_group,
     .alg = PSA_ALG_FFDH,
     .key = "bb3d5b29e6dfdd08b8dc1cd78fe5bc00770ebbdd6e2fff498e1abc9fd52ae564",
     .in = "bab3bdc99bc33cf3bcf4084e86d2f73f6ad9cec42e14ca806ac7a01d043e0f8b82a02d4694939acf56ac724e0094a880"
           "556cafcf2aff9f5b117cd47da5e786da19dfc3fa0388392329e67523f5327b8402a3b2c3a609dd578b209b8f66f4155d"
           "d47484293eca03fb27dd836586e63b26d8acf754808acf223189c862a72bbbcca459ce17e2dfbcb56ee98611e070c31e"
           "661b9a6911621e081756d1f0e8f7a955e5cd098167bf2fe1050abd9e59a2c2e63fab5be6b4912ad6219ff7fba7f3ccb6"
           "efb5c4a59da3e96fe7cd8ef31a20820c3011d9f53aed16a67f38fec510bf3849fd43af115642ca823b7851b224d2d46a"
           "ff8291be79689ae6babadaac405344d0",
     .want = "a8598b1af39faea374e0a1312fee95244a77630e2cf5ca51fec1f0593e3a1752250bbd1a67cf453db11dd7b5d11c9153"
             "7b14d237c505fa265be17fb232042806bd1fcc18687e144fe77427a98fc3c2f736bcffc8069b3fe6f3b76c369cbf46f2"
             "1a08adb8a2e240cc533c0e15d17815c5ff31d0841fde35271f9ccaba32535097b5f0535d7a68067ad8754cbc8fc78af4"
             "161eeaf5dbe0e7889472ccc6fd8ccd317343b2f7ad3be7ca4cc5684b039253a7de4378c3846e376d36bb7fb59220c102"
             "3a722bd5d8f6e9d5e5ad05a45acf5a546523e977c31df23b489c00ec85910e77981c05a8805656d5aaeeafb854145e4c"
             "3d71420d582315f08f95bbdf98c6d5c0"},
#endif
#if defined PSA_WANT_ALG_RSA_PSS && defined PSA_WANT_ALG_SHA_256
    /* PKCS #1's key; the signature is OpenSSL's, and the salt what its verification finds */
    {.name = "RSA-PSS",
     .run = known_rsa_signature,
     .alg = PSA_ALG_RSA_PSS(PSA_ALG_SHA_256),
     .key = RSA_KEY,
     .in = RSA_HASH,
     .iv = "bd0c845fa2ee77113f9e25f9414abd25bf9fe19bb3c956b0c123422402436cb6",
     .want = RSA_PSS_SIGNATURE},
#endif
#if defined PSA_WANT_ALG_RSA_PKCS1V15_SIGN && defined PSA_WANT_ALG_SHA_256
    /* the same key; the answer is OpenSSL's */
    {.name = "RSA PKCS #1 v1.5 signature",
     .run = known_rsa_signature,
     .alg = PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256),
     .key = RSA_KEY,
     .more = RSA_PREFIX,
     .in = RSA_HASH,
     .want = RSA_SIGNATURE},
#endif
#if defined PSA_WANT_ALG_RSA_PKCS1V15_SIGN && defined PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY && defined PSA_WANT_ALG_SHA_256
    /* NIST CAVP, SigGen15_186-3, 2048 bits and SHA-256 */
    {.name = "RSA PKCS #1 v1.5 verification",
     .run = known_verification,
     .alg = PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256),
     .type = PSA_KEY_TYPE_RSA_PUBLIC_KEY,
     .key = "308201090282010100a564d3d06be468a46958d56bb4884e2c4c28f538b7e15df35330505177789d3e1d792ad7aec7fc"
            "80a8cccf7ed4030471100401724bd4636a8a8244180cc655e256c00e778efe8bea55ab52d3a557075e35039d687cc075"
            "5b939a44a73033a0a6f09d2d6ae7e6593380718be00814d20567b1d7d48b633735e423017ff0a7b406d822f45fbb4d23"
            "4028ca78abb702b18fcce13d2f69148ef584e9aaf283caab38f6946d342d600c6e77b7370a05ff302e5483b0faad3103"
            "d0b3e8c9c8e9eca1d4a871bdbd09585eb00dc3a488271cf6a3b767e68ea9bd2c83e8c89fd047f17915cf6a4c05bb9222"
            "b7e4470df5f3f1a28324c1aafcbb2236d2293041d128b0e15f02021001",
     .in = "6db37525fc9d8333b6954451ce2795c747c095f2407896af214faca91fe0b6da",
     .iv = "795b0d51721469dcdf14df08eacaa83af79c2734226b3c8e048cbc4bd44ed7dc6c1efaefe1c71f017a87641827a0d3af"
           "287e8c27efa7cebfc9435efc7f6eab1e373551887217d08313e8ae5ef0b0efcb87c49c1f2898fcc117ac7db229d34bd4"
           "ac39a4f91377f4b5a038338e7d4cf530e4e00ff67bf257e27e55fa6d2c0eb21ad0bcfd65f9ea760a440cab4f904d4b81"
           "7604289bc8ff96fb07c0a23b5d31abffa706241d47fb42ef09b7bec820e6076ebe7e1e0f4eefe755bab2cbcae557aab8"
           "208bb681d5381c1d09b4ccf1100f33cad1990efb507062ea51de3dfae0821f106b4b052244c379d0d32de7a56ee17a7d"
           "9a5dca2b472f0d3eefa05f4e02fc0295"},
#endif
#if defined PSA_WANT_ALG_RSA_OAEP && defined PSA_WANT_ALG_SHA_256
    /* PKCS #1's key; the ciphertext is OpenSSL's */
    {.name = "RSA-OAEP",
     .run = known_rsa_decryption,
     .alg = PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256),
     .key = RSA_KEY,
     .in = "187cfebdadcef09effce0da172be962d8c6c30840399a84acceb74387671fc1b2421f6e05e3471d30793aa0b2fb67d45"
           "64b21702a80ecf557a12c55cd426500ce798868bac1b547e27de773252db6fab07029358e3d7b90545b911247f7a09b3"
           "e686ac5caa8ae3ab36a1caed0ad5c2bed9a507eb2aa460d3e8863ac32f2375b16695247477aed66187eff6cdb3cfd4b5"
           "6b3377e841e9a16846eb65003fe3e65456f8546ad4c4a4d09612e47ed3b524ea70d46db4d1e6e32a2417cc7bf4a9e05a"
           "2f280fee827e7e0d53035790cde45904fae12f03db74197b82f7cd14a555369fd198139b4becddd2b61799a097942f3e"
           "09153d88518caa2ae220ba8f58c9e936",
     .want = "73656c662d74657374"},
#endif
#ifdef PSA_WANT_ALG_RSA_PKCS1V15_CRYPT
    /* PKCS #1's key; the ciphertext is OpenSSL's */
    {.name = "RSA PKCS #1 v1.5 encryption",
     .run = known_rsa_decryption,
     .alg = PSA_ALG_RSA_PKCS1V15_CRYPT,
     .key = RSA_KEY,
     .in = "35a5148bad9773027d9a92c4c79ff97e90b6d54f4a2960583ef296f15d61dc90668aabc46ce2de28429432bb37aa4ec2"
           "6c1cdfa42b411d1b348902f8cb00469b556174f62626d20ef98e9627f91b1a8a8537b5642ee3c8d38508192ebfa4a0ec"
           "476c8c82513f851f15a68aaab39536ad6ad380b960360449aef7cd3343a90d8d143d023b87c2fdefabb12e98b2ec7c48"
           "473052cd586ed26105181ee7d9d033ba5ebb3191ef3b90802ac841cd06de565cabb2ad81200e6c8be2e8339113c2496a"
           "0ea9b0991d649806f119163191ff2cd85bc556f2a360b7404db93edc86c492712339e23905999d28f1b0ce6bfb738421"
           "ec4e04a6e9528311a3cc369044cef3f2",
     .want = "73656c662d74657374"},
#endif
#if defined PSA_WANT_ALG_DSA && defined PSA_WANT_ALG_SHA_256
    /* RFC 6979 A.2.1, SHA-256 of "sample": 1024 and 160 bits */
    {.name = "DSA",
     .run = known_signature,
     .alg = PSA_ALG_DETERMINISTIC_DSA(PSA_ALG_SHA_256),
     .type = PSA_KEY_TYPE_DSA_KEY_PAIR,
     .key = "308201ba0201000281810086f5ca03dcfeb225063ff830a0c769b9dd9d6153ad91d7ce27f787c43278b447e6533b86b1"
            "8bed6e8a48b784a14c252c5be0dbf60b86d6385bd2f12fb763ed8873abfd3f5ba2e0a8c0a59082eac056935e529daf7c"
            "610467899c77adedfc846c881870b7b19b2b58f9be0521a17002e3bdd6b86685ee90b3d9a1b02b782b1779021500996f"
            "967f6c8e388d9e28d01e205fba957a5698b102818007b0f92546150b62514bb771e2a0c0ce387f03bda6c56b505209ff"
            "25fd3c133d89bbcd97e904e09114d9a7defdeadfc9078ea544d2e401aeecc40bb9fbbf78fd87995a10a1c27cb7789b59"
            "4ba7efb5c4326a9fe59a070e136db77175464adca417be5dce2f40d10a46a3a3943f26ab7fd9c0398ff8c76ee0a56826"
            "a8a88f1dbd0281805df5e01ded31d0297e274e1691c192fe5868fef9e19a84776454b100cf16f65392195a38b90523e2"
            "542ee61871c0440cb87c322fc4b4d2ec5e1e7ec766e1be8d4ce935437dc11c3c8fd426338933ebfe739cb3465f4d3668"
            "c5e473508253b1e682f65cbdc4fae93c2ea212390e54905a86e2223170b44eaa7da5dd9ffcfb7f3b0214411602cb19a6"
            "ccc34494d79d98ef1e7ed5af25f7",
     .in = "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
     .want = "81f2f5850be5bc123c43f71a3033e9384611c5454cdd914b65eb6c66a8aaad27299bee6b035f5e89"},
#endif
};
const size_t known_asymmetric_count = sizeof known_asymmetric / sizeof known_asymmetric[0];
