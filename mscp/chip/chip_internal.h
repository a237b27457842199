/* SPDX-License-Identifier: Apache-2.0 */
/* What the chip's files share. */
#ifndef MSCP_CHIP_CHIP_INTERNAL_H
#define MSCP_CHIP_CHIP_INTERNAL_H

#include "mscp/chip/chip.h"
#include "mscp/protocol/policy.h"
#include "mscp/protocol/tlv.h"

typedef int16_t mscp_status_t; /* an enum mscp_status as it stands on the wire */

/* A command's work: in has the tags that its table row asks for; what it writes to out goes out when it returns
 * MSCP_OK. Whatever it changes lies in flash before it returns. */
typedef mscp_status_t (*mscp_handler)(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip.c ---- */
uint8_t mscp_chip_lifecycle(const struct mscp_chip *chip); /* enum mscp_lifecycle */
uint8_t mscp_chip_stage(const struct mscp_chip *chip);     /* its highest bit: what `life` masks mean */
mscp_status_t mscp_chip_status_of(struct mscp_chip *chip, mico_err err);

/* Run the command of a request whose TLVs stand in body; sealed says where it came from. */
mscp_status_t mscp_chip_run(struct mscp_chip *chip, uint8_t command, bool sealed, struct mico_span body,
                            struct mico_writer *out);

/* ---- chip_link.c ---- */
void mscp_chip_record(struct mscp_chip *chip, const struct mscp_request *request);
void mscp_chip_reply(struct mscp_chip *chip, mscp_status_t status, uint16_t detail, size_t body_len);
uint32_t mscp_chip_failures(struct mscp_chip *chip);
void mscp_chip_charge(struct mscp_chip *chip, mscp_status_t status); /* what a command's refusal costs */
mscp_status_t mscp_chip_pair(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_open_session(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mico_err mscp_link_draw_id(struct mscp_chip *chip, uint8_t id[4]); /* of a session: not 0, not the open one's */
/* Make session the candidate: it takes the open one's place with its first record. */
void mscp_link_offer(struct mscp_chip *chip, const struct mscp_session *session, enum mscp_by by);
void mscp_link_drop_candidate(struct mscp_chip *chip); /* the pairing that it came by may be gone */
mscp_status_t mscp_chip_close_session(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_anchor.c ---- */
/* How many records were written at least. A raise that has returned MICO_OK survives any power cut. */
mico_err mscp_anchor_read(struct mscp_chip *chip, uint64_t *value);
mico_err mscp_anchor_raise(struct mscp_chip *chip, uint64_t to);

/* ---- chip_records.c ---- */
/* Sealed records: name, version and number are authenticated, so a record put in another's place is found. */
mico_err mscp_chip_put(struct mscp_chip *chip, const char *name, uint32_t version, const void *value, size_t len);
mico_err mscp_chip_remove(struct mscp_chip *chip, const char *name);
/* The value stands in chip->record until the next put or get; wipe it there when it is secret. */
mico_err mscp_chip_get(struct mscp_chip *chip, const char *name, uint32_t version, struct mico_span *value,
                       bool *found);
/* Look at all of them: chip->writes says how many were ever written. MICO_ERR_ROLLBACK when those are fewer than the anchor's
 * least, MICO_ERR_CORRUPT when they are not the ones that the newest says; both write nothing. */
mico_err mscp_records_load(struct mscp_chip *chip, uint64_t least);
mico_err mscp_records_begin(struct mscp_chip *chip); /* the first record of a chip */

/* ---- chip_store.c ---- */
mico_err mscp_chip_birth(struct mscp_chip *chip); /* root secret, serial, derived keys, the store */

/* 32 bytes that only this chip knows, for one use each: HKDF-SHA-256(ikm store key, info label). */
void mscp_chip_derive(const struct mscp_chip *chip, const char *label, uint8_t out[32]);

/* ---- chip_repair.c ---- */
mico_err mscp_repair_load(struct mscp_chip *chip);
bool mscp_repair_possible(struct mscp_chip *chip); /* an owner can allow another pairing */
bool mscp_repair_takes(uint8_t command);           /* what a session on trial may ask for */
mscp_status_t mscp_chip_repair(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_resume.c ---- */
mscp_status_t mscp_chip_resume(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_boot.c ---- */
mscp_status_t mscp_chip_extend(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_verify_boot(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_make_receipt(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_check_receipt(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_update.c ---- */
mico_err mscp_update_load(struct mscp_chip *chip);
mscp_status_t mscp_chip_update_firmware(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_login.c ---- */
mico_err mscp_login_load(struct mscp_chip *chip);
struct mscp_chain mscp_login_chain(const struct mscp_chip *chip);
mscp_status_t mscp_chip_login_proof(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_login_accept(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_audit.c ---- */
mico_err mscp_audit_load(struct mscp_chip *chip);
/* Keep an entry, with chip->detail. Never fails: what cannot be kept is counted. */
void mscp_audit_log(struct mscp_chip *chip, enum mscp_audit_event event, uint8_t command, mscp_status_t status,
                    uint32_t subject);
mscp_status_t mscp_chip_get_audit_log(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_objects.c ---- */
#define MSCP_P256_PUBLIC 65
#define MSCP_AUTH_SIZE 34 /* u8 kind | u8 tries | 32: the HMAC key, or what a PIN must give */

struct mscp_object {
    uint32_t id;
    struct mscp_attributes attributes;
    uint8_t private_key[MSCP_SECRET_MAX]; /* key pairs: 32 bytes; SECRET: private_len bytes; AUTH: MSCP_AUTH_SIZE */
    uint8_t private_len;
    uint8_t public_key[MSCP_P256_PUBLIC]; /* key pairs; mscp_object_public has its length */
    uint64_t counter;                     /* COUNTER */
    uint32_t version;                     /* DATA, CERT: of the value; rises with each write */
    uint16_t total;
};

/* 0 allowed; anything else is the clause. A spoilt comparison or a skipped call does not give the one good value. */
#define MSCP_ALLOWED 0x5AC3u

mscp_status_t mscp_object_load(struct mscp_chip *chip, uint32_t id, struct mscp_object *object);
mscp_status_t mscp_object_save(struct mscp_chip *chip, const struct mscp_object *object);
/* Whether an object with these attributes may be made under this id now; MSCP_OK, or why not. */
mscp_status_t mscp_object_room(struct mscp_chip *chip, uint32_t id, uint8_t type);
/* The second half of it: that there is no such object, and room for one. */
mscp_status_t mscp_object_free(struct mscp_chip *chip, uint32_t id);
/* Save an object that mscp_object_room allowed, and count it. */
mscp_status_t mscp_object_create(struct mscp_chip *chip, const struct mscp_object *object);
/* The attributes of a request's TLV. */
mscp_status_t mscp_object_attributes(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mscp_attributes *out);
struct mico_span mscp_object_public(const struct mscp_object *object); /* of a key pair */
bool mscp_object_is_volatile(uint32_t id);
bool mscp_object_is_field(uint32_t id);
/* Write a value under the object's next version, then the object itself. */
mscp_status_t mscp_object_save_value(struct mscp_chip *chip, struct mscp_object *object, struct mico_span value);
/* The first half of it: the value lies in flash, and the object names it; only saving the object makes it count. */
mscp_status_t mscp_object_save_parts(struct mscp_chip *chip, struct mscp_object *object, struct mico_span value);
/* Bytes of the value from offset to the end of the record that holds it. */
mscp_status_t mscp_object_value(struct mscp_chip *chip, const struct mscp_object *object, size_t offset,
                                struct mico_span *bytes);
bool mscp_object_is_key(const struct mscp_object *object);
bool mscp_object_is_secret(const struct mscp_object *object);
uint16_t mscp_object_in_life(const struct mscp_chip *chip,
                             const struct mscp_object *object); /* MSCP_ALLOWED or clause */
mscp_status_t mscp_denied(struct mscp_chip *chip, uint16_t clause);
mico_err mscp_objects_count(struct mscp_chip *chip);
mico_err mscp_objects_erase_keys(struct mscp_chip *chip);
mscp_status_t mscp_objects_in_field(struct mscp_chip *chip, unsigned *count); /* whose ids are the field's */
/* What no device in the field may have: a key with MSCP_USE_SIGN_RAW, data that anyone on the line may read. */
mscp_status_t mscp_objects_unfit(struct mscp_chip *chip, bool *raw, bool *open);
mscp_status_t mscp_chip_delete(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_list(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_policy.c ---- */
/* What policy clauses count: sealed beside the object, under its own name, so that a use costs one small write. */
struct mscp_ledger {
    uint32_t uses;
    uint16_t spent; /* uses that the rate bucket has not got back yet */
    uint32_t boot;  /* the start in which at_ms was */
    uint64_t at_ms;
    uint8_t failures; /* AUTH: in a row */
    uint8_t last[16]; /* hash of the request that was charged last */
};
mscp_status_t mscp_ledger_load(struct mscp_chip *chip, uint32_t id, struct mscp_ledger *ledger);
mscp_status_t mscp_ledger_save(struct mscp_chip *chip, uint32_t id, const struct mscp_ledger *ledger);
mico_err mscp_ledger_drop(struct mscp_chip *chip, uint32_t id);
/* Give its rate bucket what has come back, one each period_ms; the milliseconds until the next, 0 when all are back. */
uint32_t mscp_ledger_refill(const struct mscp_chip *chip, struct mscp_ledger *ledger, uint32_t period_ms);

/* May this be done with the object now (enum mscp_doing)? Then what its policy counts is charged, in flash, and it is
 * MSCP_OK; else the status, with chip->detail. Whoever uses a secret asks mscp_permitted too, when the work is done and
 * before its result goes out: one skipped instruction does not open the door. */
#define MSCP_DOING_ANEW 0x80 /* with the others: done twice it is two, even when the requests are the same */
mscp_status_t mscp_permit(struct mscp_chip *chip, const struct mscp_object *object, uint8_t doing);
bool mscp_permitted(struct mscp_chip *chip, const struct mscp_object *object, uint8_t doing);

/* ---- chip_field.c: in stage OPERATIONAL ---- */
/* Whether a key pair may be made under this id; MSCP_OK, or why not. */
mscp_status_t mscp_field_room(struct mscp_chip *chip, uint32_t id);
bool mscp_field_usage_allowed(uint16_t usage);
/* Take the one that is about to be made out of the rate bucket, in flash, and enter it in the audit log. */
mscp_status_t mscp_field_charge(struct mscp_chip *chip, uint32_t id);
/* Whether the field may remove it; and enter that it is about to be. */
bool mscp_field_owns(const struct mscp_object *object);
void mscp_field_removes(struct mscp_chip *chip, uint32_t id);

/* ---- chip_volatile.c ---- */
mscp_status_t mscp_volatile_load(struct mscp_chip *chip, uint32_t id, struct mscp_object *object);
mscp_status_t mscp_volatile_save(struct mscp_chip *chip, const struct mscp_object *object);
mscp_status_t mscp_volatile_delete(struct mscp_chip *chip, uint32_t id);
bool mscp_authenticated(const struct mscp_chip *chip, uint32_t id);

/* ---- chip_auth.c ---- */
mscp_status_t mscp_chip_authenticate(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
void mscp_auth_forget(struct mscp_chip *chip, uint32_t id); /* this session's authentication against it */
/* The value that the host gives an AUTH object, as the object keeps it. */
mscp_status_t mscp_auth_value(struct mscp_chip *chip, struct mscp_object *object, struct mico_span value);

/* ---- chip_secrets.c ---- */
/* The object that TARGET and ATTRIBUTES of a request ask for, made of a key's secret: MSCP_OK when it may be made, and
 * when the request asks for none. It may not be let out where its source may not. */
mscp_status_t mscp_secret_target(struct mscp_chip *chip, const struct mscp_tlvs *in, const struct mscp_object *source,
                                 size_t len, struct mscp_object *target);
/* Bytes become the target, or go out under the tag when there is none. */
mscp_status_t mscp_secret_deliver(struct mscp_chip *chip, struct mscp_object *target, enum mscp_tag tag,
                                  struct mico_span bytes, struct mico_writer *out);
mscp_status_t mscp_chip_import(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_derive_key(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_compute_mac(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_verify_mac(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_encrypt(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_decrypt(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_hash(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_sign.c ---- */
/* By an Ed25519 or P-256 key; digested: the message is the SHA-256 of one, of P-256. */
mscp_status_t mscp_key_sign(const struct mscp_object *key, struct mico_span message, bool digested,
                            uint8_t signature[64]);
mscp_status_t mscp_chip_sign(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_verify(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_extra.c ---- */
mscp_status_t mscp_chip_self_test(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_seal(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_unseal(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_commands.c and chip_keys.c ---- */
mscp_status_t mscp_chip_collect(struct mscp_chip *chip, uint8_t command, const struct mscp_tlvs *in, bool *complete);
mscp_status_t mscp_chip_get_info(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_get_random(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_set_lifecycle(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_create(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_get_attributes(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_read(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_write(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_increment(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_generate(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_public_key(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
/* Fill in the public key of a key pair from its private one; false when that is no private key of its type. */
bool mscp_key_complete(struct mscp_object *object);
bool mscp_key_attributes_allowed(uint32_t id, const struct mscp_attributes *a);
mscp_status_t mscp_chip_agree(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

/* ---- chip_evidence.c ---- */
/* The identity key, with its private half, if it may make the chip's statements; wipe it. */
mscp_status_t mscp_load_attester(struct mscp_chip *chip, struct mscp_object *identity);
mscp_status_t mscp_chip_get_evidence(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);
mscp_status_t mscp_chip_attest(struct mscp_chip *chip, const struct mscp_tlvs *in, struct mico_writer *out);

#endif
