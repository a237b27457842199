/* SPDX-License-Identifier: Apache-2.0 */
/* What the module's files share. One lock stands around everything, chip included; each C_ function takes it with
 * p11_enter and gives it back with p11_leave. */
#ifndef MSCP_PKCS11_P11_H
#define MSCP_PKCS11_P11_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <p11-kit/pkcs11.h>

#include "base/bytes.h"
#include "crypto/primitives/primitives.h"
#include "mscp/host/mscp_host.h"

/* Of version 3.0, which the header of 2.40 lacks. */
#ifndef CKK_EC_MONTGOMERY
#define CKK_EC_MONTGOMERY 0x41UL
#endif
#ifndef CKM_EC_MONTGOMERY_KEY_PAIR_GEN
#define CKM_EC_MONTGOMERY_KEY_PAIR_GEN 0x1056UL
#endif
#define P11_HKDF_DERIVE 0x402AUL /* CKM_HKDF_DERIVE */
#define P11_HKDF_DATA 0x402BUL
#define P11_HKDF_KEY 0x42UL /* CKK_HKDF */
#define P11_UNIQUE_ID 4UL   /* CKA_UNIQUE_ID */
#define P11_FIND_OBJECTS 0x40UL /* CKF_FIND_OBJECTS */
#define P11_EC_CURVENAME (1UL << 26) /* CKF_EC_CURVENAME */

#define P11_SLOT 0
#define P11_SESSIONS 64
#define P11_OBJECTS 128     /* on the token, and of sessions */
#define P11_ATTRIBUTES 4000 /* bytes of one object's attributes: its record in the chip is at most 4,096 */
#define P11_MESSAGE MSCP_MESSAGE_MAX
#define P11_INFO_MAX 1024               /* bytes of HKDF's info */
#define P11_LABEL_ID 0x1FFFFu           /* of the token's label, in the chip */
#define P11_SESSION_OBJECT 0x40000000UL /* handles from here on are of sessions; below, they are record ids */

/* An object as clients see it. Attributes stand as u32 type | u16 length | value. */
struct p11_object {
    CK_OBJECT_HANDLE handle; /* 0: free */
    CK_SESSION_HANDLE owner; /* of a session object */
    bool seen;               /* while the token is read again */
    bool waits;              /* the private half of a pair, for its public one */
    CK_OBJECT_CLASS class;
    uint32_t key_id; /* in the chip; 0: none */
    size_t len;
    uint8_t attributes[P11_ATTRIBUTES];
};

/* A hash function, in digest.c. */
union p11_hash {
    struct mico_sha256 sha256;
    struct mico_sha512 sha512;
};

struct p11_digest {
    CK_MECHANISM_TYPE mechanism;
    CK_ULONG size;
    void (*start)(union p11_hash *hash);
    void (*add)(union p11_hash *hash, const void *data, size_t len);
    void (*finish)(union p11_hash *hash, uint8_t *out);
};

enum p11_doing { P11_NOTHING, P11_SIGNING, P11_VERIFYING };

struct p11_session {
    CK_SESSION_HANDLE handle; /* 0: free */
    bool writable;
    bool digesting, finding;
    enum p11_doing doing;
    CK_MECHANISM_TYPE mechanism; /* of the signature or the verification */
    uint32_t sign_key;           /* in the chip */
    uint8_t verify_key[65];
    bool pieces; /* by Update, of the signature or of the verification */
    size_t len;
    uint8_t message[P11_MESSAGE];
    const struct p11_digest *digest; /* that goes on; digesting says whether one does */
    bool digest_pieces;
    union p11_hash hash;
    CK_OBJECT_HANDLE found[P11_OBJECTS];
    size_t found_count, found_at;
};

/* ---- curves.c ---- */
#define P11_CURVES 3
struct p11_curve {
    CK_KEY_TYPE key_type;
    CK_MECHANISM_TYPE generate;
    uint8_t chip_type;  /* enum mscp_type */
    uint8_t public_len; /* of a public key: 32, or 65 */
    const char *params; /* CKA_EC_PARAMS as they are given out */
    size_t params_len;
};
extern const struct p11_curve p11_curves[P11_CURVES];
const struct p11_curve *p11_curve_of(CK_KEY_TYPE type); /* NULL: none that we have */
const struct p11_curve *p11_curve_named(struct mico_span params);
const struct p11_curve *p11_curve_made_by(CK_MECHANISM_TYPE mechanism);
/* A public key, raw or as an OCTET STRING: false when it is neither. */
bool p11_point(const struct p11_curve *curve, struct mico_span in, const uint8_t **point);

/* ---- module.c ---- */
/* CKR_CRYPTOKI_NOT_INITIALIZED, also in a child that has not initialised; CKR_OK holds the lock. */
CK_RV p11_enter(void);
/* The same, for a call on a session; *session is it. */
CK_RV p11_enter_session(CK_SESSION_HANDLE handle, struct p11_session **session);
CK_RV p11_leave(CK_RV rv);

/* ---- slot.c ---- */
struct p11_session *p11_session(CK_SESSION_HANDLE handle);
void p11_sessions_forget(void);
void p11_slot_forget(void); /* what the client was told of the token's presence */
bool p11_sessions_any(void);
bool p11_sessions_reading(void); /* one that only reads */

/* ---- token.c ---- */
CK_RV p11_error(mico_err err);
CK_RV p11_token(struct mscp_host **host); /* connected, with its binding: else CKR_TOKEN_NOT_PRESENT, _NOT_RECOGNIZED */
bool p11_token_present(void);
bool p11_token_initialized(void);
CK_RV p11_token_label(uint8_t label[32], uint8_t serial[16]);
/* Pair a new one; empty a known one, whose SO PIN pin must then be. */
CK_RV p11_token_init(const uint8_t label[32], const uint8_t *pin, size_t pin_len);
#define P11_FLAG_USER_PIN 1u /* the user's PIN is set: private objects ask for it */
/* Whether it is; the token is asked once a call. Where it cannot be asked, nothing that depends on it may go on. */
CK_RV p11_user_pin_set(bool *set);
void p11_token_flags_forget(void);
CK_RV p11_token_set_flags(uint8_t flags);
void p11_token_close(void);   /* end the session with the chip */
void p11_token_abandon(void); /* in a child: let go of the parent's connection, say nothing on it */
extern const struct mscp_attributes p11_record_attributes; /* of the label, and of what is not private */

/* ---- records.c ---- */
CK_RV p11_token_load(void);   /* read the token's objects again */
CK_RV p11_token_store(struct p11_object *object, bool fresh);
CK_RV p11_token_remove(const struct p11_object *object);
/* A key pair in the chip, for signing or for agreement; public_key has room for 65 bytes. */
CK_RV p11_token_generate(const struct p11_curve *curve, bool signs, const struct p11_object *private, uint32_t *key_id,
                         uint8_t *public_key);
void p11_token_drop_key(uint32_t key_id);

/* ---- login.c ---- */
#define P11_PRIVATE_POLICY 6
extern const uint8_t p11_private_policy[P11_PRIVATE_POLICY]; /* of what only the user may use or read */
bool p11_user_in(void);
bool p11_so_in(void);
void p11_login_forget(void);
void p11_log_out(void);
/* The SO PIN is right, or there was none and it is set; no PIN at all is right where none is set. */
CK_RV p11_so_prove_or_set(struct mscp_host *chip, const uint8_t *pin, size_t len);
CK_RV p11_user_pin_void(struct mscp_host *chip); /* by the SO */
/* err came since the link's session, and with it the login, is a new one; now it holds again, and the call may be repeated. */
bool p11_login_again(mico_err err);

/* ---- attributes.c ---- */
struct p11_object *p11_object(CK_OBJECT_HANDLE handle);
struct p11_object *p11_key(CK_OBJECT_HANDLE handle); /* of any class of keys */
struct p11_object *p11_object_new(CK_OBJECT_CLASS class);
struct p11_object *p11_object_at(size_t index); /* of P11_OBJECTS */
void p11_object_free(struct p11_object *object);
void p11_objects_forget(void);
void p11_objects_private_forget(void);
void p11_objects_of_session_forget(CK_SESSION_HANDLE owner);
bool p11_get(const struct p11_object *object, CK_ATTRIBUTE_TYPE type, struct mico_span *value);
bool p11_is(const struct p11_object *object, CK_ATTRIBUTE_TYPE type); /* a true boolean */
bool p11_has_ulong(const struct p11_object *object, CK_ATTRIBUTE_TYPE type, CK_ULONG value);
bool p11_hides(const struct p11_object *object, CK_ATTRIBUTE_TYPE type); /* a value that nobody may read or compare */
bool p11_sound(const struct p11_object *object);                         /* one that was read: its attributes are whole */
CK_RV p11_set(struct p11_object *object, CK_ATTRIBUTE_TYPE type, const void *value, size_t len);
CK_RV p11_set_bool(struct p11_object *object, CK_ATTRIBUTE_TYPE type, bool value);
CK_RV p11_set_ulong(struct p11_object *object, CK_ATTRIBUTE_TYPE type, CK_ULONG value);
CK_RV p11_set_booleans(struct p11_object *object); /* every boolean of its class, false but for two */
/* Put a client's template into an object of its class: CKR_ATTRIBUTE_TYPE_INVALID, _VALUE_INVALID, _READ_ONLY,
 * CKR_TEMPLATE_INCONSISTENT. */
enum p11_applied { P11_NEW, P11_CHANGE, P11_COPY };
CK_RV p11_apply(struct p11_object *object, const CK_ATTRIBUTE *attributes, CK_ULONG count, enum p11_applied when);
bool p11_matches(const struct p11_object *object, const CK_ATTRIBUTE *attributes, CK_ULONG count);

/* ---- sign.c, digest.c: end what goes on in a session ---- */
void p11_message_end(struct p11_session *session);
void p11_digest_end(struct p11_session *session);

/* ---- objects.c ---- */
/* A new object of this class with its defaults and a client's template. */
CK_RV p11_start_object(CK_OBJECT_CLASS class, const CK_ATTRIBUTE *template, CK_ULONG count, struct p11_object **out);

#endif
