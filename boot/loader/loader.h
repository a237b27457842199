/* SPDX-License-Identifier: Apache-2.0 */
/* What the loader decides: whether the image in slot A may run on this device, with this chip. Everything it needs of a
 * board is in struct loader_place, so the same code is tested on the host against the chip's real core. */
#ifndef BOOT_LOADER_LOADER_H
#define BOOT_LOADER_LOADER_H

#include "boot/handoff.h"
#include "boot/image/image.h"
#include "boot/update/update.h"
#include "mscp/host/mscp_host_state.h"
#include "os/port/flash.h"

/* The maker's key page: "MOTP" | count u32 (1 to 4) | SHA-256 of each trusted key's DER SubjectPublicKeyInfo. */
#define LOADER_KEYS_MAX 4
#define LOADER_REGISTER 1 /* of the chip's measurements: the digest of the image that starts */
#define LOADER_KEY_PAGE_SIZE (8 + 32 * LOADER_KEYS_MAX)

/* Answers that no single flipped bit or skipped instruction turns into one another. */
enum loader_verdict {
    LOADER_REFUSED = 0x35CA53AC,
    LOADER_START = 0x4B96D269,
};

struct loader_place {
    const struct mico_flash *flash; /* identity/provision.h says what lies where */
    const uint8_t *key_page;        /* LOADER_KEY_PAGE_SIZE bytes at least */
    uint8_t *load;                  /* where images are copied to, and its address as the processor sees it */
    uint32_t load_addr;
    size_t load_size;
    uint16_t header_size; /* that this board's images are linked for */
    uint32_t ram_start, ram_end; /* where an image's first stack may lie */
    const struct mscp_transport *transport;
    uint64_t (*now_ms)(void);
    void (*say)(const char *line); /* one line of the console, without its end */
};

/* The loader's storage; static, since it is large. */
struct loader {
    const struct loader_place *place;
    struct mico_reason reason;
    struct mscp_binding binding;
    struct mscp_host host;
    struct mico_image image;
    struct mico_image_key content_key;
    uint8_t key_hashes[LOADER_KEYS_MAX][32];
    uint32_t key_hash_count;
    uint64_t lowest_counter;
    uint64_t began_ms;
    struct mico_update_slot slot; /* that the steps look at */
    uint8_t digest[32]; /* of what lies where the image was loaded */
    uint32_t passed;    /* what the steps that were passed add up to */
};

/** Install what is asked for in slot B, when it passes every check; then check, decrypt and load the image of slot A; say how
 * it went. LOADER_START: the image lies at place->load and *handoff
 * is filled. LOADER_REFUSED: nothing of it is left there. Keys are wiped and the chip's session is closed either way. */
enum loader_verdict loader_decide(struct loader *loader, const struct loader_place *place, struct mico_handoff *handoff);

/** Address of the loaded image's vector table. */
uint32_t loader_vectors(const struct loader *loader);

#endif
