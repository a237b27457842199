/* SPDX-License-Identifier: Apache-2.0 */
/* Inside crypto/psa: slots, policy and lock, for the files that carry out operations. */
#ifndef CRYPTO_PSA_CORE_H
#define CRYPTO_PSA_CORE_H

#include <stdbool.h>

#include "crypto/primitives/primitives.h"
#include "crypto/primitives/trust.h"
#include "crypto/psa/mico_psa.h"

/* Every public function that touches slots: status = psa_enter(); if PSA_SUCCESS … return psa_leave(status). */
psa_status_t psa_enter(void);
psa_status_t psa_leave(psa_status_t status);
/* The same for the next part of an operation: PSA_ERROR_BAD_STATE when all was zeroised since it was set up in its era. */
psa_status_t psa_enter_part(uint32_t era);
uint32_t psa_era(void);
/* Without a lock: is an operation of that era alive? */
bool psa_is_of_now(uint32_t era);

struct psa_slot {
    psa_key_id_t id; /* 0: free */
    struct mico_psa_key key;
    const struct mico_psa_driver *driver;
    void *ctx;
};

/* slots.c; all inside psa_enter. */

/* The slot of a key that may be used so; usage 0 and alg 0 ask for nothing. PSA_ERROR_INVALID_HANDLE, _NOT_PERMITTED; of
 * a persistent key also what reading the store gives. Valid until a key is made or destroyed. */
psa_status_t psa_find(psa_key_id_t id, psa_key_usage_t usage, psa_algorithm_t alg, struct psa_slot **slot);
/* A new key: reserve a slot and room for a note by checked attributes, let the driver fill it, commit with what the driver
 * said. Only one at a time. */
psa_status_t psa_slot_reserve(const psa_key_attributes_t *attributes, struct psa_slot **slot);
psa_status_t psa_slot_commit(struct psa_slot *slot, psa_status_t status, psa_key_id_t *id);
/* Wipe what memory has of a key. */
void psa_slot_wipe(struct psa_slot *slot);
bool psa_slot_is_persistent_here(const struct psa_slot *slot);
/* Wipe the copies in memory of location 0's persistent keys. */
void psa_forget_persistent(void);
/* Wipe everything that memory has of keys. */
void psa_forget_all(void);
void psa_slots_use_driver(const struct mico_psa_driver *driver, void *ctx);
/* The driver of a location; false when there is none. */
bool psa_location(psa_key_location_t location, const struct mico_psa_driver **driver, void **ctx);

/* Every wildcard, and MICO_PSA_ALG_RSA_TLS, ends in ANY_HASH's byte or has the bit of AT_LEAST: most algorithms that are asked
 * for need no closer look. */
static inline bool psa_may_stand_for_several(psa_algorithm_t alg)
{
    return (alg & PSA_ALG_HASH_MASK) == (PSA_ALG_ANY_HASH & PSA_ALG_HASH_MASK) ||
           (alg & PSA_ALG_MAC_AT_LEAST_THIS_LENGTH_FLAG) != 0;
}

/* policy.c: does a key of this type and policy serve this algorithm, where it is not simply the policy's own? What the
 * policies of a copy's source and of its attributes both allow: 0 when nothing. */
bool psa_permits_closely(psa_key_type_t type, psa_algorithm_t policy, psa_algorithm_t alg);
psa_algorithm_t psa_policies_meet(psa_key_type_t type, psa_algorithm_t a, psa_algorithm_t b);
static inline bool psa_permits(psa_key_type_t type, psa_algorithm_t policy, psa_algorithm_t alg)
{
    bool own = alg == policy && alg != PSA_ALG_NONE && !psa_may_stand_for_several(alg);
    return own || psa_permits_closely(type, policy, alg);
}

/* approved.c: is this an approved use of an algorithm? type NONE: one without a key; alg 0: may such a key be made? */
bool psa_is_approved(psa_key_type_t type, size_t bits, psa_algorithm_t alg);
/* May a key be made whose policy is this? */
bool psa_is_approved_policy(psa_key_type_t type, size_t bits, psa_algorithm_t policy);
/* What an algorithm of a policy allows at the most, where it leaves a hash, a length or a padding open. */
psa_algorithm_t psa_closed(psa_algorithm_t alg);
/* core.c: psa_is_approved in the approved mode, else NULL: a program that never asks for it has no table. */
extern bool (*psa_approves)(psa_key_type_t type, size_t bits, psa_algorithm_t alg);
/* PSA_ERROR_NOT_PERMITTED for what the approved mode refuses; inside psa_enter. */
static inline psa_status_t psa_may(psa_key_type_t type, size_t bits, psa_algorithm_t alg)
{
    return psa_approves == NULL || psa_approves(type, bits, alg) ? PSA_SUCCESS : PSA_ERROR_NOT_PERMITTED;
}
/* The same for what has no key; without a lock, so the module's state is asked too: PSA_ERROR_CORRUPTION_DETECTED in the
 * error state, PSA_ERROR_BAD_STATE before the power-on tests. psa_is_sound: not in the error state. */
psa_status_t psa_may_without(psa_algorithm_t alg);
bool psa_is_sound(void);
/* May a key of this type and policy and of so many bits be made? */
psa_status_t psa_may_make(const psa_key_attributes_t *attributes, size_t bits);

/* sign.c: as psa_sign_message and psa_verify_message, whatever the key's usage says; location 0 verifies. Inside psa_enter. */
psa_status_t psa_slot_sign(const struct psa_slot *slot, psa_algorithm_t alg, struct mico_span message, uint8_t *out,
                           size_t cap, size_t *len);
psa_status_t psa_slot_verify(const struct psa_slot *slot, psa_algorithm_t alg, struct mico_span message,
                             struct mico_span signature);
/* pair.c: the pair-wise test of what a location generated, before it is committed. PSA_ERROR_CORRUPTION_DETECTED;
 * PSA_ERROR_NOT_SUPPORTED for a pair that cannot be tested; what the location says. */
psa_status_t psa_test_pair(const struct psa_slot *slot);
/* core.c: the same in the approved mode, else PSA_SUCCESS. */
psa_status_t psa_may_keep_pair(const struct psa_slot *slot);

/* keys.c: make a key of its bytes in the location that attributes name; inside psa_enter. */
psa_status_t psa_add_key(const psa_key_attributes_t *attributes, struct mico_span data, psa_key_id_t *id);
/* What can be said of attributes before anything is made. */
psa_status_t psa_check_attributes(const psa_key_attributes_t *attributes);

/* status.c */
psa_status_t psa_status_of(mico_err err);

/* core.c: a key's bytes on their way; inside psa_enter, wiped by who used it. */
extern uint8_t psa_scratch[MICO_PSA_KEY_SIZE];

/* des_key.c: a key of DES or 3DES of a source's bytes, eight at a time, as PSA has it: parity set, a weak key drawn again. The
 * key is wiped when the source fails, or gives nothing else (PSA_ERROR_INSUFFICIENT_ENTROPY). */
typedef psa_status_t psa_source(void *from, uint8_t *out, size_t len);
psa_status_t psa_des_draw(psa_source *source, void *from, uint8_t *key, size_t len);

/* agree.c: the secret of the key in slot and a peer's public key; out is wiped on error. */
psa_status_t psa_agree(const struct psa_slot *slot, psa_algorithm_t alg, struct mico_span peer, uint8_t *out,
                       size_t cap, size_t *len);

/* Is this option of psa/crypto_config.h in the build? 1 or 0, for conditions that the compiler folds: what they shut off is
 * not linked. An option that is defined is 1, which PSA_COMMA_1 turns into one more argument before the 1. */
#define PSA_HAS(want) PSA_HAS_VALUE(want)
#define PSA_HAS_VALUE(value) PSA_HAS_SECOND(PSA_COMMA_##value 1, 0, 0)
#define PSA_HAS_SECOND(...) PSA_HAS_SECOND_OF(__VA_ARGS__)
#define PSA_HAS_SECOND_OF(first, second, ...) second
#define PSA_COMMA_1 0,

/* Of a function that only an algorithm uses which a build may leave out. */
#define PSA_IF_WANTED __attribute__((unused))

/* A pointer with a length: NULL is allowed for no bytes only, and the primitives count in 32 bits. */
static inline bool psa_pointer_ok(const void *data, size_t len)
{
    return (data != NULL || len == 0) && len <= UINT32_MAX;
}

/* Do two buffers have bytes in common? */
static inline bool psa_overlap(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    return a_len != 0 && b_len != 0 && (uintptr_t)a < (uintptr_t)b + b_len && (uintptr_t)b < (uintptr_t)a + a_len;
}

/* Would writing to out byte by byte overwrite what is not read of in yet? */
static inline bool psa_runs_ahead(const uint8_t *in, size_t in_len, const uint8_t *out)
{
    return (uintptr_t)out > (uintptr_t)in && (uintptr_t)out - (uintptr_t)in < in_len;
}

/* After a driver has written to out: the length on success, else nothing of it. */
static inline psa_status_t psa_settle(psa_status_t status, uint8_t *out, size_t cap, size_t *len)
{
    if (status != PSA_SUCCESS) {
        *len = 0;
        if (cap != 0) {
            mico_wipe(out, cap);
        }
    }
    return status;
}

/* software.c */
extern const struct mico_psa_driver psa_software;

#define PSA_EDWARDS_PAIR PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define PSA_EDWARDS_PUBLIC PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define PSA_MONTGOMERY_PAIR PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY)
#define PSA_MONTGOMERY_PUBLIC PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_MONTGOMERY)

#endif
