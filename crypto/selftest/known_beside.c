/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers of what PSA rests on and of what is offered beside it. Each comment says where its answer is from. */
#include "crypto/selftest/known.h"

const struct known known_beside[] = {
    /* NIST CAVP, Hash_DRBG of SHA-256, reseeded: SP 800-90A revision 1, section 10.1.1 */
    {.name = "Hash_DRBG",
     .run = known_generator,
     .alg = PSA_ALG_NONE,
     .key = "63363377e41e86468deb0ab4a8ed683f6a134e47e014c700454e81e95358a569808aa38f2a72a62359915a9f8a04ca68",
     .iv = "e62b8a8ee8f141b6980566e3bfe3c04903dad4ac2cdf9f2280010a6739bc83d3",
     .want = "04eec63bb231df2c630a1afbe724949d005a587851e1aa795e477347c8b056621c18bddcdd8d99fc5fc2b92053d8cfac"
             "fb0bb8831205fad1ddd6c071318a6018f03b73f5ede4d4d071f9de03fd7aea105d9299b8af99aa075bdb4db9aa28c18d"
             "174b56ee2a014d098896ff2282c955a81969e069fa8ce007a180183a07dfae17"},
    /* SP 800-90B section 4.4: what both tests must refuse */
    {.name = "entropy tests", .run = known_entropy_tests, .alg = PSA_ALG_NONE, .want = "01"},
    /* RFC 8439 section 2.5.2 */
    {.name = "Poly1305",
     .run = known_poly1305,
     .alg = PSA_ALG_NONE,
     .key = "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",
     .in = "43727970746f6772617068696320466f72756d2052657365617263682047726f7570",
     .want = "a8061dc1305136c6c22b8baf0c0127a9"},
};
const size_t known_beside_count = sizeof known_beside / sizeof known_beside[0];
