/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and revocation lists as a caller may have them from outside: good ones with edits. What a peer sends of them is
 * tls_handshake_fuzz's.
 *
 * input: kind (1): what is edited; edits (1); then fuzz_edit's. */
#include <stdlib.h>
#include <string.h>

#include "crypto/tls/tls_fuzz.h"
#include "crypto/tls/tls_fuzz_certificates.h"

#define KINDS 4

static psa_key_id_t key;

static mico_err send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    *sent = len;
    return MICO_OK;
}

static mico_err receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return MICO_ERR_TIMEOUT;
}

static struct mico_span edit(struct mico_reader *input, uint8_t edits, struct mico_span good, uint8_t *room, size_t cap)
{
    memcpy(room, good.data, good.len);
    return (struct mico_span){room, fuzz_edit(input, edits, room, good.len, cap)};
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static mico_err try(uint8_t kind, struct mico_reader *input, uint8_t edits)
{
    static uint8_t room[4096];
    struct mico_span roots[] = {MICO_SPAN(fuzz_root), MICO_SPAN(fuzz_p256)}, crl = MICO_SPAN(fuzz_crl);
    struct mico_tls tls;
    struct mico_tls_config config = {.roots = roots,
                                     .root_count = 1,
                                     .chain = MICO_SPAN(fuzz_client),
                                     .key = key,
                                     .server_name = "a.example",
                                     .now_s = FUZZ_NOW_S,
                                     .version = MICO_TLS_1_2_OR_1_3,
                                     .io = {NULL, send, receive}};
    switch (kind) {
    case 0:
    case 1:
        roots[0] = edit(input, edits, roots[kind], room, sizeof room);
        break;
    case 2:
        config.chain = edit(input, edits, config.chain, room, sizeof room);
        break;
    default:
        crl = edit(input, edits, crl, room, sizeof room);
        config.crls = &crl;
        config.crl_count = 1;
    }
    fuzz_restart();
    mico_err err = mico_tls_open(&tls, &config);
    if (err == MICO_OK) {
        (void)!mico_tls_handshake(&tls, 0);
        mico_tls_close(&tls);
    }
    return err;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct mico_reader nothing = mico_reader_of(NULL, 0);
    key = fuzz_key(0x33);
    for (uint8_t kind = 0; kind < KINDS; kind++) {
        if (try(kind, &nothing, 0) != MICO_OK) {
            abort(); /* what all others are edits of */
        }
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mico_reader input = mico_reader_of(data, size);
    uint8_t kind = mico_read_u8(&input) % KINDS, edits = (uint8_t)(mico_read_u8(&input) % 8);
    if (!input.failed) {
        (void)!try(kind, &input, edits);
    }
    return 0;
}
