/* SPDX-License-Identifier: Apache-2.0 */
/* Goes through the tables of known answers. */
#include "crypto/selftest/selftest.h"

#include <string.h>

#include "crypto/selftest/known.h"

#define ALL_USES                                                                                                 \
    (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE | \
     PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH | PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_WRAP |           \
     PSA_KEY_USAGE_UNWRAP)

/* A row's bytes, one row at a time. */
static struct {
    uint8_t key[KNOWN_KEY_MAX], in[KNOWN_IN_MAX], iv[KNOWN_IV_MAX], more[KNOWN_MORE_MAX], want[KNOWN_ANSWER_MAX];
} room;
static struct answer answer;

#ifdef MICO_SELFTEST_FAULT
/* Tests only: the name of the algorithm that is to answer with one bit turned. */
extern const char *mico_selftest_fault;
#endif

/* The same for what has no answer to be wrong. */
static psa_status_t result(const char *name, psa_status_t status)
{
#ifdef MICO_SELFTEST_FAULT
    if (mico_selftest_fault != NULL && strcmp(mico_selftest_fault, name) == 0) {
        return PSA_ERROR_CORRUPTION_DETECTED;
    }
#endif
    return status;
}

/* An algorithm that is broken, for tests of the self-tests. */
static void break_if_asked(const char *name, const struct mico_span *signature)
{
#ifdef MICO_SELFTEST_FAULT
    if (mico_selftest_fault != NULL && strcmp(mico_selftest_fault, name) == 0) {
        answer.bytes[0] ^= 1;
        if (signature->len != 0) {
            room.iv[0] ^= 1;
        }
    }
#else
    (void)name;
    (void)signature;
#endif
}

/* False for digits that are none, or too many: a table that is not what was compiled. */
static bool bytes_of(const char *digits, uint8_t *out, size_t cap, struct mico_span *span)
{
    size_t len = digits == NULL ? 0 : strlen(digits) / 2;
    *span = (struct mico_span){out, len};
    return len <= cap && (len == 0 || mico_unhex(digits, out, len) == MICO_OK);
}

static psa_status_t import(const struct known *row, struct given *given)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, row->type);
    psa_set_key_algorithm(&attributes, row->alg);
    psa_set_key_usage_flags(&attributes, ALL_USES);
    return row->type == PSA_KEY_TYPE_NONE
               ? PSA_SUCCESS
               : psa_import_key(&attributes, given->key.data, given->key.len, &given->key_id);
}

static psa_status_t try(const struct known *row)
{
    struct given given = {.alg = row->alg, .type = row->type};
    struct mico_span want;
    if (!bytes_of(row->key, room.key, sizeof room.key, &given.key) ||
        !bytes_of(row->in, room.in, sizeof room.in, &given.in) ||
        !bytes_of(row->iv, room.iv, sizeof room.iv, &given.iv) ||
        !bytes_of(row->more, room.more, sizeof room.more, &given.more) ||
        !bytes_of(row->want, room.want, sizeof room.want, &want)) {
        return PSA_ERROR_CORRUPTION_DETECTED;
    }
    psa_status_t status = import(row, &given);
    if (status == PSA_SUCCESS) {
        answer.len = want.len;
        if (want.len == 0) {
            break_if_asked(row->name, &given.iv);
        }
        status = row->run(&given, &answer);
        (void)psa_destroy_key(given.key_id);
    }
    if (status == PSA_SUCCESS && want.len != 0) {
        break_if_asked(row->name, &(struct mico_span){NULL, 0});
        bool right = answer.len == want.len && memcmp(answer.bytes, want.data, want.len) == 0;
        status = right ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED;
    }
    return status;
}

struct run {
    mico_selftest_report report;
    void *ctx;
    bool failed;
};

static void note(struct run *run, const char *name, psa_status_t status)
{
    bool left_out = status == PSA_ERROR_NOT_PERMITTED && mico_psa_is_approved_mode();
    run->failed = run->failed || (status != PSA_SUCCESS && !left_out);
    if (run->report != NULL) {
        run->report(run->ctx, name, status);
    }
}

static void go_through(struct run *run, const struct known *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        note(run, rows[i].name, try(&rows[i]));
    }
}

static void go_through_tls(struct run *run)
{
    for (size_t i = 0; i < known_tls_count; i++) {
        if (known_is_linked(&known_tls[i])) {
            go_through(run, &known_tls[i], 1);
        }
    }
}

psa_status_t mico_crypto_selftest(mico_selftest_report report, void *ctx)
{
    struct run run = {.report = report, .ctx = ctx};
    uint8_t drawn;
    psa_status_t status = psa_generate_random(&drawn, sizeof drawn);
    if (status == PSA_ERROR_BAD_STATE || status == PSA_ERROR_CORRUPTION_DETECTED) {
        return status;
    }
    note(&run, "random numbers", result("random numbers", status));
    note(&run, "integrity", result("integrity", mico_crypto_integrity()));
    if (!run.failed) { /* a program that is not what was built says nothing about its algorithms */
        go_through(&run, known_beside, known_beside_count);
        go_through(&run, known_symmetric, known_symmetric_count);
        go_through(&run, known_derivations, known_derivations_count);
        go_through(&run, known_asymmetric, known_asymmetric_count);
        go_through_tls(&run);
    }
    mico_wipe(&room, sizeof room);
    mico_wipe(&answer, sizeof answer);
    mico_psa_self_tested(!run.failed);
    return run.failed ? PSA_ERROR_CORRUPTION_DETECTED : PSA_SUCCESS;
}
