/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: what every fallible function of MiCO returns, and the words for them. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MICO_MUST_USE __attribute__((warn_unused_result))

/* 0 is success; every error is negative. Absence is not an error: functions say it through `bool *found`. */
typedef enum mico_err {
    MICO_OK = 0,
    MICO_ERR_PARAM = -1,     /* a value from outside is not allowed here */
    MICO_ERR_SIZE = -2,      /* too long, too short, or does not fit the caller's buffer */
    MICO_ERR_FORMAT = -3,    /* bytes from outside do not follow their format */
    MICO_ERR_AUTH = -4,      /* a tag, signature, proof or identity is wrong */
    MICO_ERR_STATE = -5,     /* not now: out of order, or not yet set up */
    MICO_ERR_TIMEOUT = -6,   /* the peer or the resource did not come in time */
    MICO_ERR_IO = -7,        /* flash, link or file failed */
    MICO_ERR_CLOSED = -8,    /* the peer closed the connection */
    MICO_ERR_FULL = -9,      /* no room left; nothing was changed */
    MICO_ERR_CORRUPT = -10,  /* stored data fails its check */
    MICO_ERR_ROLLBACK = -11, /* older than the counter allows */
    MICO_ERR_DENIED = -12,   /* a policy refuses it */
    MICO_ERR_CRYPTO = -13,   /* a primitive refused its input (such as a low-order point) */
    MICO_ERR_ENTROPY = -14,  /* the entropy source failed */
    MICO_ERR_UNSUPPORTED = -15,
    MICO_ERR_BUSY = -16,
} mico_err;

/** The error's name in lower case, such as "auth"; a static string, never NULL. */
const char *mico_err_name(mico_err err);

#endif
