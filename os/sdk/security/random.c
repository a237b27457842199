/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3's random numbers. */
#include "crypto/primitives/primitives.h"
#include "os/sdk/MiCODrivers/MiCODriverRng.h"

OSStatus MicoRandomNumberRead(void *inBuffer, int inByteCount)
{
    if (inBuffer == NULL || inByteCount <= 0) {
        return kParamErr;
    }
    return mico_random(inBuffer, (size_t)inByteCount) == MICO_OK ? kNoErr : kGeneralErr;
}
