/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/psa/test_attributes.h"
#include "crypto/tests/test_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/psa/psa_dsa_domain.h"
#include "crypto/tests/rsa_test_key.h"

psa_key_id_t test_key(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, struct mico_span data)
{
    psa_key_attributes_t attributes = test_attributes(type, 0, usage, alg);
    psa_key_id_t key;
    assert_int_equal(psa_import_key(&attributes, data.data, data.len, &key), PSA_SUCCESS);
    return key;
}

psa_status_t test_import(psa_key_type_t type, size_t bits, struct mico_span data)
{
    psa_key_attributes_t attributes = test_attributes(type, bits, PSA_KEY_USAGE_EXPORT, 0);
    psa_key_id_t key = 77;
    psa_status_t status = psa_import_key(&attributes, data.data, data.len, &key);
    if (status == PSA_SUCCESS) {
        test_destroy(key);
    } else {
        assert_int_equal(key, PSA_KEY_ID_NULL);
    }
    return status;
}

psa_key_id_t test_pair(psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg)
{
    static const psa_custom_key_parameters_t plain = PSA_CUSTOM_KEY_PARAMETERS_INIT;
    psa_key_attributes_t attributes = test_attributes(type, bits, usage, alg);
    psa_key_id_t key;
    psa_status_t status = PSA_KEY_TYPE_IS_DSA(type)
                              ? psa_generate_key_custom(&attributes, &plain, dsa_domain, sizeof dsa_domain, &key)
                              : psa_generate_key(&attributes, &key);
    assert_int_equal(status, PSA_SUCCESS);
    return key;
}

size_t test_public(psa_key_id_t pair, uint8_t *out, size_t cap)
{
    size_t len;
    assert_int_equal(psa_export_public_key(pair, out, cap, &len), PSA_SUCCESS);
    return len;
}

psa_key_id_t test_public_key(psa_key_id_t pair, psa_key_usage_t usage, psa_algorithm_t alg)
{
    static uint8_t bytes[2048];
    psa_key_attributes_t attributes;
    assert_int_equal(psa_get_key_attributes(pair, &attributes), PSA_SUCCESS);
    psa_key_type_t type = PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(psa_get_key_type(&attributes));
    return test_key(type, usage, alg, (struct mico_span){bytes, test_public(pair, bytes, sizeof bytes)});
}

psa_key_id_t test_rsa(psa_key_usage_t usage, psa_algorithm_t alg)
{
    return test_key(PSA_KEY_TYPE_RSA_KEY_PAIR, usage, alg, MICO_SPAN(rsa_test_key));
}

void test_destroy(psa_key_id_t key)
{
    assert_int_equal(psa_destroy_key(key), PSA_SUCCESS);
}
