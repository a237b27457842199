/* SPDX-License-Identifier: Apache-2.0 */
/* What both services of the PSA Certified Secure Storage API 1.0 share. Include psa/internal_trusted_storage.h or
 * psa/protected_storage.h instead. */
#ifndef PSA_STORAGE_COMMON_H
#define PSA_STORAGE_COMMON_H

#include <stddef.h>
#include <stdint.h>

#include "psa/error.h"

typedef uint64_t psa_storage_uid_t;          /* an asset's name, chosen by the caller; not 0 */
typedef uint32_t psa_storage_create_flags_t; /* PSA_STORAGE_FLAG_…, or-ed */

#define PSA_STORAGE_FLAG_NONE 0u
#define PSA_STORAGE_FLAG_WRITE_ONCE (1u << 0)           /* neither overwritten nor removed again */
#define PSA_STORAGE_FLAG_NO_CONFIDENTIALITY (1u << 1)   /* need not be secret; MiCO seals it all the same */
#define PSA_STORAGE_FLAG_NO_REPLAY_PROTECTION (1u << 2) /* an older value may come back */

/* The features of psa_ps_get_support. */
#define PSA_STORAGE_SUPPORT_SET_EXTENDED (1u << 0)

struct psa_storage_info_t {
    size_t capacity; /* bytes that the asset may have; MiCO: its size */
    size_t size;     /* bytes that it has */
    psa_storage_create_flags_t flags;
};

#endif
