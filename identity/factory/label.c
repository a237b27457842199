/* SPDX-License-Identifier: Apache-2.0 */
/* Setup codes, setup ids and the payload of the QR code. */
#include "identity/factory/label.h"

#include <gnutls/crypto.h>
#include <stdio.h>
#include <string.h>

#include "crypto/srp/srp.h"
#include "identity/factory/say.h"

#define CODES 100000000u /* of 8 digits */
#define IP_ACCESSORY 1u

static const char base36[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* A number below bound, each as likely as the other. */
static mico_err draw_below(uint32_t bound, uint32_t *out)
{
    uint32_t limit =
        UINT32_MAX - UINT32_MAX % bound; /* a multiple of bound: what is drawn at or above it is not used */
    do { /* more than half are used: 64 refusals in a row do not happen in the life of a factory */
        if (gnutls_rnd(GNUTLS_RND_KEY, out, sizeof *out) != 0) {
            return station_fail(MICO_ERR_ENTROPY, NULL, "no random numbers for the setup code");
        }
    } while (*out >= limit);
    *out %= bound;
    return MICO_OK;
}

/* The 8 digits as a number, or CODES when the text has not the form XXX-XX-XXX. */
static uint32_t number_of(const char code[STATION_CODE_SIZE + 1])
{
    uint32_t number = 0;
    for (size_t i = 0; i < STATION_CODE_SIZE; i++) {
        if (i == 3 || i == 6) {
            if (code[i] != '-') {
                return CODES;
            }
        } else if (code[i] < '0' || code[i] > '9') {
            return CODES;
        } else {
            number = 10 * number + (uint32_t)(code[i] - '0');
        }
    }
    return code[STATION_CODE_SIZE] == '\0' ? number : CODES;
}

bool station_label_allowed(const struct station_label *label)
{
    uint32_t number = number_of(label->code);
    for (size_t i = 0; i < MICO_SETUP_ID_SIZE; i++) {
        if (label->id[i] == '\0' || strchr(base36, label->id[i]) == NULL) {
            return false;
        }
    }
    return label->id[MICO_SETUP_ID_SIZE] == '\0' && number < CODES && number % 11111111 != 0 && number != 12345678 &&
           number != 87654321;
}

mico_err station_label_draw(struct station_label *label)
{
    uint32_t number, digit;
    do { /* 12 of 10^8 codes are forbidden */
        mico_err err = draw_below(CODES, &number);
        for (size_t i = 0; i < MICO_SETUP_ID_SIZE && err == MICO_OK; i++) {
            err = draw_below(36, &digit);
            label->id[i] = base36[err == MICO_OK ? digit : 0];
        }
        if (err != MICO_OK) {
            mico_wipe(label, sizeof *label);
            return err;
        }
        label->id[MICO_SETUP_ID_SIZE] = '\0';
        snprintf(label->code, sizeof label->code, "%03u-%02u-%03u", (unsigned)(number / 100000 % 1000),
                 (unsigned)(number / 1000 % 100), (unsigned)(number % 1000));
    } while (!station_label_allowed(label));
    mico_wipe(&number, sizeof number);
    return MICO_OK;
}

void station_label_payload(const struct station_label *label, uint8_t category, char out[STATION_PAYLOAD_SIZE + 1])
{
    uint64_t value = (uint64_t)category << 31 | (uint64_t)IP_ACCESSORY << 28 | number_of(label->code);
    memcpy(out, "X-HM://", 7);
    for (size_t i = 0; i < 9; i++) {
        out[15 - i] = base36[value % 36];
        value /= 36;
    }
    memcpy(out + 16, label->id, MICO_SETUP_ID_SIZE + 1);
}

_Static_assert(MICO_SETUP_SALT_SIZE == MICO_SRP_SALT_SIZE && MICO_SETUP_VERIFIER_SIZE == MICO_SRP_SIZE,
               "the record holds what pairing reads");

mico_err station_label_verifier(const struct station_label *label,
                                uint8_t record[MICO_SETUP_SALT_SIZE + MICO_SETUP_VERIFIER_SIZE])
{
    if (gnutls_rnd(GNUTLS_RND_KEY, record, MICO_SETUP_SALT_SIZE) != 0) {
        return station_fail(MICO_ERR_ENTROPY, NULL, "no random numbers for the salt");
    }
    mico_err err = mico_srp_verifier((struct mico_span){(const uint8_t *)label->code, STATION_CODE_SIZE}, record,
                                     record + MICO_SETUP_SALT_SIZE);
    return err == MICO_OK ? MICO_OK : station_fail(err, NULL, "SRP is refused: no verifier");
}
