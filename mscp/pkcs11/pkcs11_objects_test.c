/* SPDX-License-Identifier: Apache-2.0 */
/* Objects to the letter of PKCS #11 3.0: reading, searching, copying and destroying them, and what they may not tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/pkcs11/pkcs11_rig.h"

static void each_attribute_is_answered_for_itself(void **state)
{
    CK_BYTE label[8] = {9, 9, 9, 9}, small[1] = {9}, value[64] = {9};
    CK_ATTRIBUTE a[] = {{CKA_LABEL, label, sizeof label},
                        {CKA_VALUE, value, sizeof value},
                        {CKA_EC_PARAMS, small, 1},
                        {CKA_MODULUS, value, sizeof value},
                        {CKA_CLASS, NULL, 0}};
    CK_RV rv = p11->C_GetAttributeValue(session, private_key, a, 5);
    assert_true(rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_BUFFER_TOO_SMALL || rv == CKR_ATTRIBUTE_TYPE_INVALID);
    assert_int_equal(a[0].ulValueLen, 0); /* the private half has no label: empty, and there */
    assert_true(a[1].ulValueLen == CK_UNAVAILABLE_INFORMATION);
    assert_true(a[2].ulValueLen == CK_UNAVAILABLE_INFORMATION);
    assert_true(a[3].ulValueLen == CK_UNAVAILABLE_INFORMATION);
    assert_int_equal(a[4].ulValueLen, sizeof(CK_OBJECT_CLASS));
    assert_true(small[0] == 9 && value[0] == 9);
}

static void a_search_takes_whole_templates_one_at_a_time(void **state)
{
    CK_OBJECT_HANDLE out[4];
    CK_ULONG count = 7;
    CK_ATTRIBUTE no_value = {CKA_LABEL, NULL, 3}, empty = {CKA_LABEL, NULL, 0}, unknown = {CKA_MODULUS, "x", 1};
    assert_int_equal(p11->C_FindObjects(session, out, 1, &count), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_FindObjectsFinal(session), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(p11->C_FindObjectsInit(session, &no_value, 1), CKR_ATTRIBUTE_VALUE_INVALID);
    assert_int_equal(p11->C_FindObjectsFinal(session), CKR_OPERATION_NOT_INITIALIZED);
    assert_int_equal(found(&empty, 1), 1); /* the private half, whose label is empty */
    assert_int_equal(found(&unknown, 1), 0);
    assert_int_equal(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
    assert_int_equal(p11->C_FindObjectsInit(session, NULL, 0), CKR_OPERATION_ACTIVE);
    assert_int_equal(p11->C_FindObjects(session, NULL, 1, &count), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_FindObjects(session, out, 1, NULL), CKR_ARGUMENTS_BAD);
    assert_int_equal(p11->C_FindObjects(session, out, 0, &count), CKR_OK);
    assert_int_equal(count, 0);
    assert_int_equal(p11->C_DestroyObject(session, public_key), CKR_OK);
    assert_int_equal(p11->C_FindObjects(session, out, 4, &count), CKR_OK); /* what was there when it began */
    assert_int_equal(count, 2);
    assert_int_equal(p11->C_FindObjects(session, out, 4, &count), CKR_OK);
    assert_int_equal(count, 0);
    assert_int_equal(p11->C_FindObjectsFinal(session), CKR_OK);
}

/* What an agreement key of the chip and itself agree on: each time the same secret. */
static CK_OBJECT_HANDLE derive(CK_BBOOL *sensitive, CK_BBOOL *extractable)
{
    static CK_SESSION_HANDLE made_in;
    static CK_OBJECT_HANDLE pub, pri;
    CK_OBJECT_HANDLE secret;
    CK_KEY_TYPE generic = CKK_GENERIC_SECRET;
    CK_BYTE point[34];
    CK_ATTRIBUTE of_point = {CKA_EC_POINT, point, sizeof point};
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &secret_class, sizeof secret_class},
                               {CKA_KEY_TYPE, &generic, sizeof generic},
                               {CKA_SENSITIVE, sensitive, 1},
                               {CKA_EXTRACTABLE, extractable, 1}};
    if (made_in != session) {
        assert_int_equal(generate(&generate_montgomery, montgomery, &pub, &pri), CKR_OK);
        made_in = session;
    }
    assert_int_equal(p11->C_GetAttributeValue(session, pub, &of_point, 1), CKR_OK);
    CK_ECDH1_DERIVE_PARAMS params = {CKD_NULL, 0, NULL, 34, point};
    CK_MECHANISM mechanism = {CKM_ECDH1_DERIVE, &params, sizeof params};
    assert_int_equal(p11->C_DeriveKey(session, &mechanism, pub, template, 4, &secret), CKR_KEY_TYPE_INCONSISTENT);
    assert_int_equal(p11->C_DeriveKey(session, &mechanism, pri, template, 1, &secret), CKR_TEMPLATE_INCOMPLETE);
    assert_int_equal(p11->C_DeriveKey(session, &mechanism, pri, template, 4, &secret), CKR_OK);
    return secret;
}

/* A search by its value would tell who guesses it. */
static void a_secret_that_may_not_be_read_is_not_found_by_its_value(void **state)
{
    CK_BYTE value[32], other[32];
    CK_ATTRIBUTE a = {CKA_VALUE, value, sizeof value}, b = {CKA_VALUE, other, sizeof other};
    CK_ATTRIBUTE label = {CKA_LABEL, "copy", 4}, secrets = {CKA_CLASS, &secret_class, sizeof secret_class};
    CK_OBJECT_HANDLE shown = derive(&no, &yes), copy;
    assert_int_equal(p11->C_GetAttributeValue(session, shown, &a, 1), CKR_OK);
    assert_int_equal(p11->C_GetAttributeValue(session, derive(&no, &yes), &b, 1), CKR_OK);
    assert_memory_equal(value, other, sizeof value);
    assert_int_equal(p11->C_GetAttributeValue(session, derive(&yes, &yes), &b, 1), CKR_ATTRIBUTE_SENSITIVE);
    b.ulValueLen = sizeof other;
    assert_int_equal(p11->C_GetAttributeValue(session, derive(&no, &no), &b, 1), CKR_ATTRIBUTE_SENSITIVE);
    assert_int_equal(p11->C_CopyObject(session, shown, &label, 1, &copy), CKR_OK);
    assert_int_equal(found(&secrets, 1), 5);
    assert_int_equal(found(&a, 1), 3);
}

static void objects_have_an_identity_of_their_own(void **state)
{
    CK_BYTE one[32], other[32];
    CK_ATTRIBUTE a = {P11_UNIQUE_ID, one, 32}, b = {P11_UNIQUE_ID, other, 32};
    CK_OBJECT_HANDLE data = create_data(&yes, "note"), copy;
    assert_int_equal(p11->C_GetAttributeValue(session, data, &a, 1), CKR_OK);
    assert_int_equal(a.ulValueLen, 32);
    assert_int_equal(p11->C_CopyObject(session, data, NULL, 0, &copy), CKR_OK);
    assert_int_equal(p11->C_GetAttributeValue(session, copy, &b, 1), CKR_OK);
    assert_memory_not_equal(one, other, 32);
    assert_int_equal(p11->C_SetAttributeValue(session, data, &b, 1), CKR_ATTRIBUTE_READ_ONLY);
    assert_int_equal(found(&a, 1), 1);
    assert_int_equal(p11->C_Finalize(NULL), CKR_OK);
    assert_int_equal(p11->C_Initialize(NULL), CKR_OK);
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session), CKR_OK);
    assert_int_equal(found(&a, 1), 1);
    assert_int_equal(found(&b, 1), 1);
}

static void a_copy_differs_only_where_it_may(void **state)
{
    CK_OBJECT_HANDLE data = create_data(&no, "note"), copy, once;
    CK_ATTRIBUTE to_token[] = {{CKA_TOKEN, &yes, 1}, {CKA_LABEL, "copy", 4}};
    CK_ATTRIBUTE class = {CKA_CLASS, &cert_class, sizeof cert_class}, unmodifiable = {CKA_MODIFIABLE, &no, 1},
                 modifiable = {CKA_MODIFIABLE, &yes, 1}, uncopyable = {CKA_COPYABLE, &no, 1},
                 label = {CKA_LABEL, "new", 3};
    assert_int_equal(p11->C_CopyObject(session, private_key, NULL, 0, &copy), CKR_ACTION_PROHIBITED);
    assert_int_equal(p11->C_CopyObject(session, public_key, NULL, 0, &copy), CKR_ACTION_PROHIBITED);
    assert_int_equal(p11->C_CopyObject(session, data, &class, 1, &copy), CKR_ATTRIBUTE_READ_ONLY);
    assert_int_equal(p11->C_CopyObject(session, data, to_token, 2, &copy), CKR_OK);
    assert_int_equal(found(&to_token[1], 1), 1);
    assert_int_equal(p11->C_CopyObject(session, data, &unmodifiable, 1, &copy), CKR_OK);
    assert_int_equal(p11->C_SetAttributeValue(session, copy, &label, 1), CKR_ACTION_PROHIBITED);
    assert_int_equal(p11->C_CopyObject(session, copy, &modifiable, 1, &once), CKR_TEMPLATE_INCONSISTENT);
    assert_int_equal(p11->C_CopyObject(session, data, &uncopyable, 1, &copy), CKR_OK);
    assert_int_equal(p11->C_CopyObject(session, copy, NULL, 0, &once), CKR_ACTION_PROHIBITED);
    assert_int_equal(p11->C_CopyObject(session, derive(&yes, &no), to_token, 2, &copy), CKR_TEMPLATE_INCONSISTENT);
    CK_ATTRIBUTE data_objects = {CKA_CLASS, &data_class, sizeof data_class};
    assert_int_equal(found(&data_objects, 1), 4);

    CK_SESSION_HANDLE reader;
    assert_int_equal(p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &reader), CKR_OK);
    assert_int_equal(p11->C_CopyObject(reader, data, to_token, 2, &copy), CKR_SESSION_READ_ONLY);
    assert_int_equal(p11->C_CopyObject(reader, data, NULL, 0, &copy), CKR_OK); /* its own, and gone with it */
    assert_int_equal(found(&data_objects, 1), 5);
    assert_int_equal(p11->C_CloseSession(reader), CKR_OK);
    assert_int_equal(found(&data_objects, 1), 4);
}

static void an_object_that_forbids_its_end_stays(void **state)
{
    CK_OBJECT_HANDLE kept[2];
    CK_ATTRIBUTE template[] = {
        {CKA_CLASS, &data_class, sizeof data_class}, {CKA_DESTROYABLE, &no, 1}, {CKA_TOKEN, &no, 1}};
    for (int i = 0; i < 2; i++) {
        template[2].pValue = i == 0 ? &no : &yes;
        assert_int_equal(p11->C_CreateObject(session, template, 3, &kept[i]), CKR_OK);
        assert_int_equal(p11->C_DestroyObject(session, kept[i]), CKR_ACTION_PROHIBITED);
    }
    assert_int_equal(found(template, 1), 2);
}

static void values_of_the_wrong_length_are_refused(void **state)
{
    static const struct {
        CK_ATTRIBUTE a;
        CK_RV want;
    } cases[] = {
        {{CKA_START_DATE, "20260101", 8}, CKR_OK},
        {{CKA_START_DATE, "", 0}, CKR_OK},
        {{CKA_START_DATE, "2026", 4}, CKR_ATTRIBUTE_VALUE_INVALID},
        {{CKA_END_DATE, NULL, 8}, CKR_ATTRIBUTE_VALUE_INVALID},
        {{CKA_TOKEN, "\x01\x01", 2}, CKR_ATTRIBUTE_VALUE_INVALID},
        {{CKA_TOKEN, NULL, 0}, CKR_ATTRIBUTE_VALUE_INVALID},
        {{CKA_CERTIFICATE_CATEGORY, "\x01\x00\x00\x00", 4}, CKR_ATTRIBUTE_VALUE_INVALID},
        {{CKA_TRUSTED, "\x01", 1}, CKR_TEMPLATE_INCONSISTENT},
        {{P11_UNIQUE_ID, "x", 1}, CKR_ATTRIBUTE_READ_ONLY},
        {{CKA_LABEL, "twice", 5}, CKR_TEMPLATE_INCONSISTENT},
    };
    CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    CK_OBJECT_HANDLE object;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CK_ATTRIBUTE template[] = {{CKA_CLASS, &cert_class, sizeof cert_class},
                                   {CKA_CERTIFICATE_TYPE, &x509, sizeof x509},
                                   {CKA_SUBJECT, "\x30\x00", 2},
                                   {CKA_VALUE, "\x30\x00", 2},
                                   {CKA_LABEL, "one", 3},
                                   cases[i].a};
        assert_int_equal(p11->C_CreateObject(session, template, 6, &object), cases[i].want);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        CASE(each_attribute_is_answered_for_itself),
        CASE(a_search_takes_whole_templates_one_at_a_time),
        CASE(a_secret_that_may_not_be_read_is_not_found_by_its_value),
        CASE(objects_have_an_identity_of_their_own),
        CASE(a_copy_differs_only_where_it_may),
        CASE(an_object_that_forbids_its_end_stays),
        CASE(values_of_the_wrong_length_are_refused),
    };
    return cmocka_run_group_tests(tests, group_start, group_end);
}
