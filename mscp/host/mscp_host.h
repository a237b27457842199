/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of the security coprocessor: what a device's loader and application, the factory station and the tools
 * use.
 *
 * Every call opens the authenticated, encrypted session by itself when there is none, and opens it again, once, when
 * the chip has lost or closed it; a command that has an effect and may already have been carried out is not sent twice.
 * Calls block. One thread at a time (the PSA layer serialises). */
#ifndef MSCP_HOST_MSCP_HOST_H
#define MSCP_HOST_MSCP_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "mscp/protocol/audit.h"
#include "mscp/protocol/evidence.h"
#include "mscp/protocol/login.h"
#include "mscp/protocol/mscp.h"

/* A way to the chip: a UART, a socket, later a TrustZone call. Bytes only; framing is the driver's. */
struct mscp_transport {
    void *ctx;
    mico_err (*write)(void *ctx, const uint8_t *data, size_t len);
    /* At least 1 and at most cap bytes; MICO_ERR_TIMEOUT, MICO_ERR_IO, MICO_ERR_CLOSED. */
    mico_err (*read)(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms);
};

/* What binds one device to one chip; made by mscp_host_pair, kept in the device's flash. Secret. */
#define MSCP_BINDING_SIZE 136              /* encoded */
#define MSCP_BINDING_RECORD "mscp/binding" /* its name in the device's provision store */
struct mscp_binding {
    uint8_t host_private[32]; /* the device's static X25519 key */
    uint8_t host_public[32];
    uint8_t chip_public[32]; /* the chip's static X25519 key */
    uint8_t key[32];         /* psk0 of the field handshake */
    uint8_t serial[MSCP_SERIAL_SIZE];
};

void mscp_binding_encode(const struct mscp_binding *binding, uint8_t out[MSCP_BINDING_SIZE]);
/** MICO_ERR_SIZE or MICO_ERR_FORMAT (a public key that does not belong to the private one); binding wiped. */
MICO_MUST_USE mico_err mscp_binding_decode(struct mscp_binding *binding, const uint8_t *in, size_t len);

struct mscp_info {
    uint8_t serial[MSCP_SERIAL_SIZE];
    uint32_t firmware_version; /* major << 24 | minor << 16 | revision */
    uint8_t lifecycle;         /* enum mscp_lifecycle */
    bool paired;
    uint32_t boot_counter;
    uint32_t failures;         /* on the link, that are remembered now: the rate budget */
    uint32_t security_version; /* of the firmware */
};

/* The caller's storage for a driver; about 10 KiB, its fields are the driver's own. See mscp_host_state.h. */
struct mscp_host;

/** Start a driver on a transport. binding may be NULL: then only mscp_host_info and mscp_host_pair work. Copies both.
 */
void mscp_host_start(struct mscp_host *host, const struct mscp_transport *transport,
                     const struct mscp_binding *binding);
/** Close the session and wipe the driver's keys. */
void mscp_host_stop(struct mscp_host *host);

/* Unless said otherwise the calls below return MICO_OK, or
 *   MICO_ERR_TIMEOUT, MICO_ERR_IO, MICO_ERR_CLOSED   the chip does not answer
 *   MICO_ERR_AUTH      the chip is not the one of the binding, or does not know this device
 *   MICO_ERR_DENIED    lifecycle or the key's policy refuses it
 *   MICO_ERR_PARAM, MICO_ERR_SIZE, MICO_ERR_STATE, MICO_ERR_FULL, MICO_ERR_ENTROPY, MICO_ERR_CORRUPT   as the status
 * says with outputs untouched; mscp_host_last_status has the chip's own status. */
enum mscp_status mscp_host_last_status(const struct mscp_host *host);
/** What the chip said with it: the clause that denied, the milliseconds to wait, the tries left. */
uint16_t mscp_host_last_detail(const struct mscp_host *host);
const char *mscp_status_name(enum mscp_status status);

/** Chip's public facts; in the clear, works before pairing. */
MICO_MUST_USE mico_err mscp_host_info(struct mscp_host *host, struct mscp_info *info);

/** Factory, once: Noise XX with a fresh host key; both sides keep the other's static key and a 32-byte binding key. The
 * chip has it in flash before this returns, and it becomes the driver's own. MICO_ERR_STATE when already paired. */
MICO_MUST_USE mico_err mscp_host_pair(struct mscp_host *host, struct mscp_binding *binding);

/** Open sessions by resumption from now on, without a curve, for hosts to which one is dear; no forward secrecy. It asks the chip
 * for its boot counter; after a restart of the chip the next session is by handshake, until mscp_host_info tells it anew. */
MICO_MUST_USE mico_err mscp_host_resume_sessions(struct mscp_host *host, bool on);

/* Another pairing in the place of one that is final, where an AUTH object MSCP_ID_OWNER exists: docs/MSCP.md, "Re-pairing".
 *
 *     mscp_host_repair_stage      a fresh pairing, which becomes the driver's own; check made->serial and chip_public
 *     mscp_host_auth_secret       or _pin: the owner's, for MSCP_ID_OWNER
 *     mscp_host_repair_prove      from here on the chip takes the new pairing beside the old one, whatever power does
 *     ...                         the caller keeps `made` in its flash, beside the old binding if it has that
 *     mscp_host_repair_commit     the old one is gone
 *     ...                         the caller erases the old binding
 *
 * After a cut: commit under the new binding if it was kept, else begin again. prove: MICO_ERR_AUTH without the owner's AUTH. */
MICO_MUST_USE mico_err mscp_host_repair_stage(struct mscp_host *host, struct mscp_binding *made);
MICO_MUST_USE mico_err mscp_host_repair_prove(struct mscp_host *host);
MICO_MUST_USE mico_err mscp_host_repair_commit(struct mscp_host *host);
/** Under the old binding: forget a pairing that was proven and not committed. */
MICO_MUST_USE mico_err mscp_host_repair_put_aside(struct mscp_host *host);

/** The chip tries its own algorithms against known answers. MICO_ERR_CORRUPT when one is wrong. */
MICO_MUST_USE mico_err mscp_host_self_test(struct mscp_host *host);
/** Seal 1 to MSCP_SEAL_MAX bytes under a key of the chip's; it opens them again in the stages of life (0: all). out has room
 * for MSCP_SEAL_OVERHEAD more than text. A sealed text put back in the place of a newer one is not noticed. */
#define MSCP_SEAL_OVERHEAD 30
#define MSCP_SEAL_MAX (1024 - MSCP_SEAL_OVERHEAD)
MICO_MUST_USE mico_err mscp_host_seal(struct mscp_host *host, uint8_t life, struct mico_span text, uint8_t *out);
/** *len is sealed.len - MSCP_SEAL_OVERHEAD. MICO_ERR_CRYPTO: altered, or sealed by another chip; MICO_ERR_DENIED. */
MICO_MUST_USE mico_err mscp_host_unseal(struct mscp_host *host, struct mico_span sealed, uint8_t *out, size_t *len);
MICO_MUST_USE mico_err mscp_host_random(struct mscp_host *host, uint8_t *out, size_t len);
/** Move the lifecycle up. With dry_run nothing changes; failing gets one bit per clause that is not met (0: it would
 * succeed): 1 not paired, 2 no identity key, 4 no certificate, 8 certificate does not match the key, 16 wrong state,
 * 32 a key that signs anything (MSCP_USE_SIGN_RAW), which no device in the field may have, 64 DATA that
 * anyone on the line may read (MSCP_ALWAYS). */
MICO_MUST_USE mico_err mscp_host_set_lifecycle(struct mscp_host *host, enum mscp_lifecycle to, bool dry_run,
                                               uint32_t *failing);

MICO_MUST_USE mico_err mscp_host_generate(struct mscp_host *host, uint32_t id, const struct mscp_attributes *attributes,
                                          uint8_t public_key[32]);
/* P-256 keys are 65 bytes: 04 | X | Y. MICO_ERR_PARAM or MICO_ERR_FORMAT when the type is another. */
#define MSCP_P256_SIZE 65
MICO_MUST_USE mico_err mscp_host_generate_p256(struct mscp_host *host, uint32_t id,
                                               const struct mscp_attributes *attributes,
                                               uint8_t public_key[MSCP_P256_SIZE]);

/* A key from outside: 32 bytes of a key pair's private key (P-256: big-endian), or a SECRET's 16 to 64. With a wrapper:
 * nonce (12) | ChaCha20-Poly1305 under that SECRET | tag, associated data u32 id | encoded attributes. */
struct mscp_import {
    uint32_t
        id; /* from MSCP_ID_VOLATILE on a SECRET lives until the session ends, and may be imported in the field too */
    const struct mscp_attributes *attributes;
    struct mico_span key;
    uint32_t wrapper; /* 0: the key is plain */
};
/** public_key: 32 or MSCP_P256_SIZE bytes by type, or NULL. A private key that is none is MICO_ERR_PARAM; a wrapped one
 * that does not open MICO_ERR_CRYPTO. */
MICO_MUST_USE mico_err mscp_host_import(struct mscp_host *host, const struct mscp_import *what, uint8_t *public_key);

MICO_MUST_USE mico_err mscp_host_create(struct mscp_host *host, uint32_t id, const struct mscp_attributes *attributes,
                                        struct mico_span value);
/** *found false when there is no such object. */
MICO_MUST_USE mico_err mscp_host_attributes(struct mscp_host *host, uint32_t id, struct mscp_attributes *attributes,
                                            bool *found);
/** Every object's id and attributes, at most MSCP_OBJECTS_MAX. */
struct mscp_listed {
    uint32_t id;
    struct mscp_attributes attributes;
};
MICO_MUST_USE mico_err mscp_host_list(struct mscp_host *host, struct mscp_listed out[MSCP_OBJECTS_MAX], size_t *count);
/** Ids from MSCP_ID_GENERAL on, in stage FACTORY. MICO_ERR_STATE when there is none. */
MICO_MUST_USE mico_err mscp_host_delete(struct mscp_host *host, uint32_t id);
MICO_MUST_USE mico_err mscp_host_public_key(struct mscp_host *host, uint32_t id, uint8_t public_key[32]);
MICO_MUST_USE mico_err mscp_host_public_key_p256(struct mscp_host *host, uint32_t id,
                                                 uint8_t public_key[MSCP_P256_SIZE]);
MICO_MUST_USE mico_err mscp_host_read(struct mscp_host *host, uint32_t id, uint8_t *out, size_t cap, size_t *len);
MICO_MUST_USE mico_err mscp_host_write(struct mscp_host *host, uint32_t id, struct mico_span value);
MICO_MUST_USE mico_err mscp_host_counter(struct mscp_host *host, uint32_t id, uint64_t *value);
/** Raise a counter to `to`; one that is there or above already is left alone, so this may be repeated. */
MICO_MUST_USE mico_err mscp_host_counter_raise(struct mscp_host *host, uint32_t id, uint64_t to);

/* ---- what keys do ----
 *
 * A message is at most MSCP_MESSAGE_MAX bytes and goes in pieces. Objects with ids from MSCP_ID_VOLATILE on, and
 * authentications, end with the session: when the driver had to open another, a call says MICO_ERR_STATE
 * (NO_SUCH_OBJECT) or MICO_ERR_AUTH (AUTH_REQUIRED), and the caller begins again. */

/** Pure Ed25519 (R | S), or ECDSA over the message's SHA-256 with P-256 (r | s), by the key's type. */
MICO_MUST_USE mico_err mscp_host_sign(struct mscp_host *host, uint32_t id, struct mico_span message, uint8_t out[64]);
/** ECDSA over a digest, by a P-256 key that may sign anything (MSCP_USE_SIGN_RAW). */
MICO_MUST_USE mico_err mscp_host_sign_digest(struct mscp_host *host, uint32_t id, const uint8_t digest[32],
                                             uint8_t out[64]);
/** By the key of id, or by a public key of 32 bytes (Ed25519) or MSCP_P256_SIZE. MICO_ERR_CRYPTO: not its signature. */
MICO_MUST_USE mico_err mscp_host_verify(struct mscp_host *host, uint32_t id, struct mico_span message,
                                        const uint8_t signature[64]);
MICO_MUST_USE mico_err mscp_host_verify_by(struct mscp_host *host, struct mico_span public_key,
                                           struct mico_span message, const uint8_t signature[64]);
/** X25519 or P-256 with the key of id; a peer that is no good point is MICO_ERR_CRYPTO. */
MICO_MUST_USE mico_err mscp_host_agree(struct mscp_host *host, uint32_t id, const uint8_t peer[32], uint8_t out[32]);
MICO_MUST_USE mico_err mscp_host_agree_p256(struct mscp_host *host, uint32_t id, const uint8_t peer[MSCP_P256_SIZE],
                                            uint8_t out[32]);
/** The shared secret stays in the chip, as the SECRET target. */
MICO_MUST_USE mico_err mscp_host_agree_inside(struct mscp_host *host, uint32_t id, struct mico_span peer,
                                              uint32_t target, const struct mscp_attributes *attributes);

/* HKDF (RFC 5869) with a SECRET as input keying material. */
struct mscp_derivation {
    uint32_t id;
    uint8_t algorithm;                        /* MSCP_HKDF_SHA256 or MSCP_HKDF_SHA512 */
    struct mico_span salt;                    /* 0..64 */
    struct mico_span info;                    /* 0..128 */
    uint16_t len;                             /* 1..1024; of a target 16..64 */
    uint32_t target;                          /* id of the SECRET to make; 0: the bytes come out */
    const struct mscp_attributes *attributes; /* of the target */
};
/** out: len bytes, or NULL when there is a target. */
MICO_MUST_USE mico_err mscp_host_derive(struct mscp_host *host, const struct mscp_derivation *derivation, uint8_t *out);

/** HMAC-SHA-256. MICO_ERR_CRYPTO: another message's. */
MICO_MUST_USE mico_err mscp_host_mac(struct mscp_host *host, uint32_t id, struct mico_span message, uint8_t out[32]);
MICO_MUST_USE mico_err mscp_host_mac_verify(struct mscp_host *host, uint32_t id, struct mico_span message,
                                            const uint8_t mac[32]);

/* Of ChaCha20-Poly1305. Not given: the chip draws it, and it comes back here. A given one may never be used twice. */
struct mscp_nonce {
    bool given;
    uint8_t bytes[12];
};
/** At most MSCP_TEXT_MAX bytes of text and MSCP_AAD_MAX of associated data; sealed is 16 bytes longer than text. */
MICO_MUST_USE mico_err mscp_host_encrypt(struct mscp_host *host, uint32_t id, struct mscp_nonce *nonce,
                                         struct mico_span aad, struct mico_span text, uint8_t *sealed);
/** MICO_ERR_CRYPTO: altered. */
MICO_MUST_USE mico_err mscp_host_decrypt(struct mscp_host *host, uint32_t id, const uint8_t nonce[12],
                                         struct mico_span aad, struct mico_span sealed, uint8_t *text);
/** MSCP_SHA256 (32 bytes out) or MSCP_SHA512 (64). */
MICO_MUST_USE mico_err mscp_host_hash(struct mscp_host *host, enum mscp_algorithm algorithm, struct mico_span message,
                                      uint8_t *out);

/** Prove to know an AUTH object's PIN or secret, for the rest of the session. MICO_ERR_AUTH: wrong; *tries_left (may be
 * NULL) is what remains, 0 when it is locked. Never sent twice: each wrong one costs a try. */
MICO_MUST_USE mico_err mscp_host_auth_pin(struct mscp_host *host, uint32_t id, struct mico_span pin,
                                          unsigned *tries_left);
MICO_MUST_USE mico_err mscp_host_auth_secret(struct mscp_host *host, uint32_t id, const uint8_t secret[32],
                                             unsigned *tries_left);

/* ---- the chip's own firmware: docs/MSCP.md, "Firmware update" ---- */

/** Where the next image must be linked to lie, and the version of the newest firmware in the chip's slots (0: none; it may still
 * wait for the chip's next start). */
MICO_MUST_USE mico_err mscp_host_update_ask(struct mscp_host *host, uint32_t *address, uint32_t *version);
/** Hand the chip a signed image of its firmware and have it committed; *version is the image's then, and the chip starts it at its
 * next start (at once, where it can). MICO_ERR_CRYPTO (not an image that this chip takes), MICO_ERR_ROLLBACK (not newer than what
 * runs); what ran before stays then, and after a cut at any moment. */
MICO_MUST_USE mico_err mscp_host_update(struct mscp_host *host, struct mico_span image, uint32_t *version);

/* ---- what the host started: docs/MSCP.md, "Boot" ---- */

/** Take digest into a measurement register, 1 to MSCP_REGISTERS - 1; it goes on from what it holds, zeros at the chip's
 * start. Not repeated when its answer is lost: ask with mscp_host_measured. */
MICO_MUST_USE mico_err mscp_host_measure(struct mscp_host *host, unsigned index, const uint8_t digest[32]);
/** What a register holds, 0 to MSCP_REGISTERS - 1. */
MICO_MUST_USE mico_err mscp_host_measured(struct mscp_host *host, unsigned index, uint8_t out[32]);
/** The chip checks that the key of MSCP_ID_BOOT_KEY signed digest, and that security is not below the rollback counter;
 * then digest goes into register 0. MICO_ERR_CRYPTO (signature), MICO_ERR_ROLLBACK. */
MICO_MUST_USE mico_err mscp_host_verify_boot(struct mscp_host *host, const uint8_t digest[32], uint64_t security,
                                             const uint8_t signature[64]);
/** A receipt for what was verified last since the chip's start; kept by the host, it takes the signature's place. */
MICO_MUST_USE mico_err mscp_host_make_receipt(struct mscp_host *host, uint8_t receipt[32]);
/** As mscp_host_verify_boot, at the price of one MAC. MICO_ERR_CRYPTO when it is no receipt for these by this chip. */
MICO_MUST_USE mico_err mscp_host_check_receipt(struct mscp_host *host, const uint8_t digest[32], uint64_t security,
                                               const uint8_t receipt[32]);

/* ---- evidence: docs/MSCP.md, "Attestation" ---- */

/** The chip's token about itself and key id (0: about itself only), under a fresh challenge of 32, 48 or 64 bytes: MICO_ERR_SIZE for
 * another size, and from a chip whose firmware is older than 48 and 64. out has room for MSCP_EVIDENCE_MAX bytes.
 * mscp_evidence_verify (mscp/protocol/evidence.h) reads it. */
MICO_MUST_USE mico_err mscp_host_evidence(struct mscp_host *host, uint32_t id, struct mico_span challenge,
                                          uint8_t out[MSCP_EVIDENCE_MAX], size_t *len);

/* ---- audit log: docs/MSCP.md, "Audit log" ---- */

struct mscp_audit_part {
    uint64_t first;   /* number of its first entry */
    uint8_t head[32]; /* before it */
    uint8_t entries[MSCP_AUDIT_PAGE * MSCP_AUDIT_ENTRY];
    size_t len; /* bytes of entries; 0: there are no more, and head is the log's */
};
/** The part of the log with entry number `from`, or the oldest that is left. The next one begins at first + its entries. */
MICO_MUST_USE mico_err mscp_host_audit(struct mscp_host *host, uint64_t from, struct mscp_audit_part *part);

/* ---- login chain: docs/MSCP.md, "Login chain" ---- */

/** The proof that the cloud's nonce asks for. */
MICO_MUST_USE mico_err mscp_host_login_proof(struct mscp_host *host, const uint8_t nonce[32],
                                             struct mscp_login_proof *proof);
/** Give the chip the r that came back for the proof with that counter. MICO_ERR_CRYPTO when it is not the next. */
MICO_MUST_USE mico_err mscp_host_login_accept(struct mscp_host *host, uint64_t counter, const uint8_t r[32]);

#endif
