/* SPDX-License-Identifier: Apache-2.0 */
/* A board's image in flash, from its vectors to the end of what its variables begin with. */
#include "crypto/selftest/integrity.h"

extern const uint8_t mico_text_start[], mico_image_end[]; /* the board's sections.ld */

bool integrity_of_program(uint8_t mac[INTEGRITY_SIZE])
{
    static const uint8_t none[INTEGRITY_SIZE];
    const uint8_t *value = (const uint8_t *)(uintptr_t)mico_integrity_value, *rest = value + INTEGRITY_SIZE;
    uint8_t first[8]; /* a board's code begins at address 0, which nothing else takes for a pointer */
    const volatile uint8_t *code = mico_text_start;
    struct mico_hmac hmac;
    for (size_t i = 0; i < sizeof first; i++) {
        first[i] = code[i];
    }
    integrity_start(&hmac);
    mico_hmac_add(&hmac, MICO_SPAN(first));
    mico_hmac_add(&hmac,
                  (struct mico_span){mico_text_start + sizeof first, (size_t)(value - mico_text_start) - sizeof first});
    mico_hmac_add(&hmac, MICO_SPAN(none));
    mico_hmac_add(&hmac, (struct mico_span){rest, (size_t)(mico_image_end - rest)});
    mico_hmac_finish(&hmac, mac);
    return true;
}
