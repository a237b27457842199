/* SPDX-License-Identifier: Apache-2.0 */
/* Status codes that all PSA Certified APIs share (the PSA Certified Status code API 1.0): psa/crypto.h, secure storage and
 * attestation include it. */
#ifndef PSA_ERROR_H
#define PSA_ERROR_H

#include <stdint.h>

typedef int32_t psa_status_t; /* PSA_SUCCESS or PSA_ERROR_… */

/* Status codes: what went wrong. */
#define PSA_SUCCESS ((psa_status_t)0)                        /* it is done */
#define PSA_ERROR_PROGRAMMER_ERROR ((psa_status_t)-129)      /* a client broke its contract with a service */
#define PSA_ERROR_CONNECTION_REFUSED ((psa_status_t)-130)    /* a service takes no connection from this caller */
#define PSA_ERROR_CONNECTION_BUSY ((psa_status_t)-131)       /* a service takes no more connections now */
#define PSA_ERROR_GENERIC_ERROR ((psa_status_t)-132)         /* none of those below */
#define PSA_ERROR_NOT_PERMITTED ((psa_status_t)-133)         /* the key's policy or a rule forbids it */
#define PSA_ERROR_NOT_SUPPORTED ((psa_status_t)-134)         /* not in this build, or not in the key's location */
#define PSA_ERROR_INVALID_ARGUMENT ((psa_status_t)-135)      /* arguments that fit no operation */
#define PSA_ERROR_INVALID_HANDLE ((psa_status_t)-136)        /* no such key */
#define PSA_ERROR_BAD_STATE ((psa_status_t)-137)             /* a call out of order */
#define PSA_ERROR_BUFFER_TOO_SMALL ((psa_status_t)-138)      /* the output does not fit */
#define PSA_ERROR_ALREADY_EXISTS ((psa_status_t)-139)        /* a key has this identifier */
#define PSA_ERROR_DOES_NOT_EXIST ((psa_status_t)-140)        /* what was asked for is not there */
#define PSA_ERROR_INSUFFICIENT_MEMORY ((psa_status_t)-141)   /* no room for one more key or a longer input */
#define PSA_ERROR_INSUFFICIENT_STORAGE ((psa_status_t)-142)  /* the store is full */
#define PSA_ERROR_INSUFFICIENT_DATA ((psa_status_t)-143)     /* a derivation's capacity is used up */
#define PSA_ERROR_SERVICE_FAILURE ((psa_status_t)-144)       /* a service that is needed does not work */
#define PSA_ERROR_COMMUNICATION_FAILURE ((psa_status_t)-145) /* no answer from the key's location */
#define PSA_ERROR_STORAGE_FAILURE ((psa_status_t)-146)       /* the store cannot be read or written */
#define PSA_ERROR_HARDWARE_FAILURE ((psa_status_t)-147)      /* the key's location is out of order */
#define PSA_ERROR_INVALID_SIGNATURE ((psa_status_t)-149)   /* a signature, MAC, tag or hash that is not the right one */
#define PSA_ERROR_CORRUPTION_DETECTED ((psa_status_t)-151) /* the program's state is not what it was */
#define PSA_ERROR_DATA_CORRUPT ((psa_status_t)-152)        /* a stored key was altered */
#define PSA_ERROR_DATA_INVALID ((psa_status_t)-153)        /* a stored key is of another version or none */

#endif
