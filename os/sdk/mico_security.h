/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: its cryptography by the names that it had: RFC 6234's (security/sha.h), wolfCrypt's classic ones and those of
 * the curves (security/wolfcrypt.h, wolfrsa.h), check sums, and random numbers. New code uses PSA (psa/crypto.h). */
#ifndef OS_SDK_MICO_SECURITY_H
#define OS_SDK_MICO_SECURITY_H

#include "os/sdk/MiCODrivers/MiCODriverRng.h"
#include "os/sdk/security/sha.h"
#include "os/sdk/security/wolfcrypt.h"
#include "os/sdk/security/wolfrsa.h"
#include "os/sdk/utilities/CheckSumUtils.h"

#endif
