/* SPDX-License-Identifier: Apache-2.0 */
/* A device's certificate chain, a good one with bytes changed (position 2, value 1; each time, the first byte says how many
 * at most), or any bytes. A changed chain is not believed: every byte of it is signed, or is the signature. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pairing/controller/test_maker.h"
#include "pairing/controller/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t key[32] = {0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe,
                                0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
                                0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
static struct mico_trust *trust;
static uint8_t good[4096];
static size_t good_len;

static void make(void)
{
    static const struct test_device device = {"A1:B2:C3:D4:E5:F6", NULL, key, 0, TEST_FOR_EVER, false};
    char path[] = "/tmp/mico-trust-XXXXXX";
    struct test_maker maker;
    int fd = mkstemp(path);
    test_maker_make(&maker);
    test_maker_write_root(&maker, path);
    good_len = test_maker_chain(&maker, &device, good, sizeof good);
    if (fd < 0 || mico_trust_load(path, &trust) != MICO_OK) {
        abort();
    }
    close(fd);
    unlink(path);
    test_maker_free(&maker);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char subject[MICO_HAP_ID_MAX + 1];
    uint8_t got[32];
    const char *why;
    if (trust == NULL) {
        make();
    }
    struct mico_reader input = mico_reader_of(data, size);
    uint8_t edits = mico_read_u8(&input);
    uint8_t *chain = malloc(good_len > size ? good_len : size); /* its own block: a read past the end is seen */
    size_t len = good_len;
    if (chain == NULL) {
        abort();
    }
    memcpy(chain, good, good_len);
    if (edits >= 0x80) {
        len = size - 1;
        memcpy(chain, data + 1, len);
    }
    for (unsigned i = 0; edits < 0x80 && i < edits && input.left >= 3; i++) {
        size_t at = mico_read_be16(&input) % good_len;
        chain[at] ^= mico_read_u8(&input);
    }
    bool same = len == good_len && memcmp(chain, good, len) == 0;
    bool believed = size > 0 && mico_trust_check(trust, (struct mico_span){chain, len}, subject, got, &why) == MICO_OK;
    if (believed != (same && size > 0) || (believed && memcmp(got, key, sizeof got) != 0)) {
        abort();
    }
    free(chain);
    return 0;
}
