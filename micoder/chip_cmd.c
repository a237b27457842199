/* SPDX-License-Identifier: Apache-2.0 */
/* `mico chip`: a table of subcommands; what they ask for and check is mscp's. */
#include "micoder/chip_cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/primitives/primitives.h"
#include "micoder/chip_show.h"
#include "micoder/chip_talk.h"
#include "micoder/image_files.h"
#include "micoder/subcommand.h"

enum { LINK, BINDING, KEY, NONCE, IDENTITY, OUT, COMMIT, EVIDENCE, JSON };

static const struct mico_option options[] = {
    [LINK] = {"link", "SOCKET", "where the chip listens", 0},
    [BINDING] = {"binding", "FILE", "what binds this user to the chip; whoever reads it may use the keys", 0},
    [KEY] = {"key", "KEY", "ID:TYPE:USAGE,..., such as 0x1001:p256:sign-raw; or for attest the ID", 4},
    [NONCE] = {"nonce", "HEX", "64, 96 or 128 digits that the verifier chose (default: 64 fresh ones)", 0},
    [IDENTITY] = {"identity", "KEY", "the chip's identity key: PEM of it, or 64 hex digits", 0},
    [OUT] = {"output", "FILE", "file to write (also -o)", 0},
    [COMMIT] = {"commit", "SERIAL", "really do it, to the chip of this serial number", 0},
    [EVIDENCE] = {"evidence", "FILE", "evidence that the log must lead to", 0},
    [JSON] = {"json", NULL, "as JSON", 0},
};

static const char *value(const struct mico_given *given, int option)
{
    return given->value[option][0];
}

static bool begin(const struct mico_given *given, struct chip_talk *talk)
{
    return chip_talk_begin(talk, value(given, LINK), value(given, BINDING));
}

static int end(struct chip_talk *talk, bool good)
{
    chip_talk_end(talk);
    return good ? MICO_HOLDS : MICO_FAILED;
}

static bool ask_info(struct chip_talk *talk, struct mscp_info *info)
{
    mico_err err = mscp_host_info(&talk->host, info);
    return err == MICO_OK || chip_talk_failed(talk, err, "information");
}

/* ---- info, objects ---- */

static int info(const struct mico_given *given)
{
    struct chip_talk talk;
    struct mscp_info what;
    bool good = begin(given, &talk) && ask_info(&talk, &what);
    if (good && given->count[JSON] > 0) {
        mico_print_json(chip_info_json(&what));
    } else if (good) {
        chip_print_info(&what);
    }
    return end(&talk, good);
}

static int objects(const struct mico_given *given)
{
    struct chip_talk talk;
    static struct mscp_listed list[MSCP_OBJECTS_MAX];
    size_t count = 0;
    bool good = begin(given, &talk);
    mico_err err = good ? mscp_host_list(&talk.host, list, &count) : MICO_OK;
    good = good && (err == MICO_OK || chip_talk_failed(&talk, err, "objects"));
    for (size_t i = 0; good && i < count; i++) {
        bool found = list[i].attributes.policy_len == 0; /* the list has no policies */
        err = found ? MICO_OK : mscp_host_attributes(&talk.host, list[i].id, &list[i].attributes, &found);
        good = err == MICO_OK || chip_talk_failed(&talk, err, "objects");
    }
    cJSON *json = cJSON_CreateArray();
    for (size_t i = 0; good && i < count; i++) {
        if (given->count[JSON] > 0) {
            cJSON_AddItemToArray(json, chip_object_json(list[i].id, &list[i].attributes));
        } else {
            chip_print_object(list[i].id, &list[i].attributes);
        }
    }
    if (good && given->count[JSON] > 0) {
        mico_print_json(json);
    } else {
        cJSON_Delete(json);
    }
    return end(&talk, good);
}

/* ---- provision ---- */

struct key_wish {
    uint32_t id;
    struct mscp_attributes attributes;
};

/* "0x1001:p256:sign-raw,agree" */
static bool wish_of(const char *text, struct key_wish *wish)
{
    char words[128], *save = NULL;
    snprintf(words, sizeof words, "%s", text);
    const char *id = strtok_r(words, ":", &save), *type = strtok_r(NULL, ":", &save);
    char *usage = strtok_r(NULL, ":", &save);
    memset(wish, 0, sizeof *wish);
    if (id == NULL || type == NULL || usage == NULL || strlen(text) >= sizeof words) {
        return mico_complain("0x1001:p256:sign-raw", "--key %s: not ID:TYPE:USAGE,...", text);
    }
    wish->attributes.type = chip_type_of(type);
    if (wish->attributes.type == 0 || wish->attributes.type > MSCP_KEY_P256) {
        return mico_complain("ed25519, x25519 or p256", "--key %s: no key pair is of type '%s'", text, type);
    }
    for (const char *word = strtok_r(usage, ",", &save); word != NULL; word = strtok_r(NULL, ",", &save)) {
        uint16_t bit = chip_usage_of(word);
        if (bit == 0) {
            return mico_complain("sign-tls, sign-tls-server, sign-csr, sign-pairing, sign-raw, attest, agree",
                                 "--key %s: there is no usage '%s'", text, word);
        }
        wish->attributes.usage |= bit;
    }
    return mico_number("key", id, UINT32_MAX, &wish->id);
}

/* keys: where it is told, or NULL to print it. */
static bool make_key(struct chip_talk *talk, const struct key_wish *wish, cJSON *keys)
{
    uint8_t key[MSCP_P256_SIZE], spki[MSCP_SPKI_MAX];
    char hex[2 * MSCP_SPKI_MAX + 1];
    bool p256 = wish->attributes.type == MSCP_KEY_P256;
    mico_err err = p256 ? mscp_host_generate_p256(&talk->host, wish->id, &wish->attributes, key)
                        : mscp_host_generate(&talk->host, wish->id, &wish->attributes, key);
    if (err != MICO_OK) {
        return chip_talk_failed(talk, err, "making a key");
    }
    mico_hex(spki, mscp_spki((enum mscp_type)wish->attributes.type, key, spki), hex);
    if (keys == NULL) {
        printf("key 0x%08x: %s\n", wish->id, hex);
        return true;
    }
    cJSON *one = cJSON_CreateObject();
    cJSON_AddNumberToObject(one, "id", wish->id);
    cJSON_AddStringToObject(one, "public_key", hex);
    cJSON_AddItemToArray(keys, one);
    return true;
}

static void tell_binding(const struct mscp_info *what, const char *binding, cJSON *json)
{
    char serial[2 * MSCP_SERIAL_SIZE + 1];
    mico_hex(what->serial, sizeof what->serial, serial);
    if (json == NULL) {
        printf("chip %s is bound to this user by %s; keep that file as you would keep keys\n", serial, binding);
        return;
    }
    cJSON_AddStringToObject(json, "serial", serial);
    cJSON_AddStringToObject(json, "binding", binding);
}

static int provision(const struct mico_given *given)
{
    struct chip_talk talk;
    struct key_wish wishes[MICO_REPEATS_MAX];
    struct mscp_info what;
    cJSON *json = NULL, *keys = NULL;
    for (int i = 0; i < given->count[KEY]; i++) {
        if (!wish_of(given->value[KEY][i], &wishes[i])) {
            return MICO_MISUSE;
        }
    }
    bool good = chip_talk_begin(&talk, value(given, LINK), NULL) && ask_info(&talk, &what) &&
                chip_talk_pair(&talk, value(given, BINDING));
    if (good && given->count[JSON] > 0) {
        json = cJSON_CreateObject();
    }
    if (good) {
        tell_binding(&what, value(given, BINDING), json);
        keys = json != NULL ? cJSON_AddArrayToObject(json, "keys") : NULL;
    }
    for (int i = 0; good && i < given->count[KEY]; i++) {
        good = make_key(&talk, &wishes[i], keys);
    }
    if (json != NULL) { /* after an error too: it is bound, and these keys are made */
        mico_print_json(json);
    }
    return end(&talk, good);
}

/* ---- lock ---- */

static bool report_clauses(uint32_t failing, bool json)
{
    cJSON *all = cJSON_CreateArray();
    for (uint32_t left = failing; left != 0; left &= left - 1) {
        uint32_t clause = left & -left;
        if (json) {
            cJSON *one = cJSON_CreateObject();
            cJSON_AddNumberToObject(one, "clause", clause);
            cJSON_AddStringToObject(one, "why", chip_lock_clause(clause));
            cJSON_AddItemToArray(all, one);
        } else {
            printf("not yet: clause %u: %s\n", clause, chip_lock_clause(clause));
        }
    }
    if (json) {
        mico_print_json(all);
    } else {
        cJSON_Delete(all);
    }
    return failing == 0;
}

/* --commit must name the chip that answers: its step cannot be taken back. */
static bool serial_matches(struct chip_talk *talk, const char *serial)
{
    struct mscp_info what;
    char hex[2 * MSCP_SERIAL_SIZE + 1];
    if (!ask_info(talk, &what)) {
        return false;
    }
    mico_hex(what.serial, sizeof what.serial, hex);
    return strcmp(hex, serial) == 0 || mico_complain("./mico chip info", "--commit %s: this chip is %s", serial, hex);
}

static int lock(const struct mico_given *given)
{
    struct chip_talk talk;
    uint32_t failing = 0;
    const char *serial = value(given, COMMIT);
    bool good = begin(given, &talk) && (serial == NULL || serial_matches(&talk, serial));
    if (!good) {
        return end(&talk, false);
    }
    mico_err err = mscp_host_set_lifecycle(&talk.host, MSCP_OPERATIONAL, serial == NULL, &failing);
    if (err != MICO_OK && !(err == MICO_ERR_DENIED && failing != 0)) {
        return end(&talk, chip_talk_failed(&talk, err, "lock"));
    }
    good = report_clauses(failing, given->count[JSON] > 0);
    if (good && given->count[JSON] == 0) {
        puts(serial == NULL ? "every clause holds: --commit SERIAL would lock the chip, for good"
                            : "the chip is OPERATIONAL, for good");
    }
    return end(&talk, good);
}

/* ---- attest, evidence, log ---- */

struct nonce {
    uint8_t bytes[MSCP_CHALLENGE_MAX];
    size_t len;
};

static bool nonce_of(const struct mico_given *given, struct nonce *nonce)
{
    const char *hex = value(given, NONCE);
    nonce->len = hex != NULL ? strlen(hex) / 2 : 32;
    if (hex != NULL) {
        return (mscp_challenge_fits(nonce->len) && mico_unhex(hex, nonce->bytes, nonce->len) == MICO_OK) ||
               mico_complain("openssl rand -hex 32", "--nonce %s: not 64, 96 or 128 hexadecimal digits", hex);
    }
    return mico_random(nonce->bytes, nonce->len) == MICO_OK ||
           mico_complain("--nonce HEX", "no random numbers to be had for a nonce");
}

static void tell_evidence(const char *path, size_t len, const struct nonce *nonce, bool json)
{
    char hex[2 * MSCP_CHALLENGE_MAX + 1];
    mico_hex(nonce->bytes, nonce->len, hex);
    if (!json) {
        printf("%s: %zu bytes of evidence under the nonce %s\n", path, len, hex);
        return;
    }
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "file", path);
    cJSON_AddNumberToObject(object, "bytes", (double)len);
    cJSON_AddStringToObject(object, "nonce", hex);
    mico_print_json(object);
}

static int attest(const struct mico_given *given)
{
    struct chip_talk talk;
    uint32_t id = 0;
    struct nonce nonce;
    uint8_t token[MSCP_EVIDENCE_MAX];
    size_t len = 0;
    if (given->count[KEY] > 1) {
        mico_complain("./mico chip attest once for each", "mico chip attest: evidence is about one --key");
        return MICO_MISUSE;
    }
    if ((value(given, KEY) != NULL && !mico_number("key", value(given, KEY), UINT32_MAX, &id)) ||
        !nonce_of(given, &nonce)) {
        return MICO_MISUSE;
    }
    bool good = begin(given, &talk);
    mico_err err =
        good ? mscp_host_evidence(&talk.host, id, (struct mico_span){nonce.bytes, nonce.len}, token, &len) : MICO_OK;
    good = good && (err == MICO_OK || chip_talk_failed(&talk, err, "evidence")) &&
           image_write_file(value(given, OUT), token, len);
    if (good) {
        tell_evidence(value(given, OUT), len, &nonce, given->count[JSON] > 0);
    }
    return end(&talk, good);
}

static bool identity_of(const char *text, uint8_t key[32])
{
    return mico_unhex(text, key, 32) == MICO_OK || image_read_verifier(text, key);
}

static bool read_evidence(const char *path, const char *identity, struct mscp_evidence *evidence)
{
    struct image_bytes token;
    uint8_t key[32];
    if (!identity_of(identity, key) || !image_read_file(path, &token)) {
        return false;
    }
    mico_err err = mscp_evidence_verify((struct mico_span){token.data, token.len}, MICO_SPAN(key), evidence);
    image_free(&token);
    return err == MICO_OK ||
           mico_complain(
               err == MICO_ERR_AUTH ? "the identity key of the chip that made it" : "./mico chip attest makes some",
               "%s: %s", path,
               err == MICO_ERR_AUTH ? "the signature is not of this identity key" : "not evidence as a chip writes it");
}

static int verify(const struct mico_given *given)
{
    struct mscp_evidence evidence;
    struct nonce nonce;
    if (strcmp(given->files[0], "verify") != 0) {
        mico_complain("./mico chip evidence verify FILE --identity KEY", "mico chip evidence: no command '%s'",
                      given->files[0]);
        return MICO_MISUSE;
    }
    if (value(given, NONCE) != NULL && !nonce_of(given, &nonce)) {
        return MICO_MISUSE;
    }
    if (!read_evidence(given->files[1], value(given, IDENTITY), &evidence)) {
        return MICO_FAILED;
    }
    if (value(given, NONCE) != NULL &&
        (nonce.len != evidence.nonce_len || memcmp(nonce.bytes, evidence.nonce, nonce.len) != 0)) {
        mico_complain("ask for new evidence under this nonce", "%s: made under another nonce: it may be old",
                      given->files[1]);
        return MICO_FAILED;
    }
    if (given->count[JSON] > 0) {
        mico_print_json(chip_evidence_json(&evidence));
    } else {
        chip_print_evidence(&evidence);
    }
    return MICO_HOLDS;
}

static void tell_entries(const struct mscp_audit_part *part, cJSON *json)
{
    for (size_t at = 0; at < part->len; at += MSCP_AUDIT_ENTRY) {
        struct mscp_audit_entry entry = mscp_audit_decode(part->entries + at);
        if (json != NULL) {
            cJSON_AddItemToArray(json, chip_audit_json(&entry));
        } else {
            chip_print_audit(&entry);
        }
    }
}

/* The log from its oldest entry on, each part checked against the one before; then against evidence. */
static bool read_log(struct chip_talk *talk, const struct mscp_evidence *evidence, cJSON *json)
{
    struct mscp_audit_walk walk = {0};
    struct mscp_audit_part part;
    static uint8_t entries[MSCP_AUDIT_KEPT * MSCP_AUDIT_ENTRY];
    uint8_t head[32];
    uint64_t from = 0, first = 0;
    size_t len = 0;
    do {
        mico_err err = mscp_host_audit(&talk->host, from, &part);
        if (err != MICO_OK) {
            return chip_talk_failed(talk, err, "audit log");
        }
        struct mico_span span = {part.entries, part.len};
        if (mscp_audit_take(&walk, part.first, part.head, span) != MICO_OK || part.len > sizeof entries - len) {
            return mico_complain("again; if it stays so, trust nothing that this chip did",
                                 "entry %llu does not follow from the one before", (unsigned long long)part.first);
        }
        if (len == 0) {
            first = part.first;
            memcpy(head, part.head, sizeof head);
        }
        memcpy(entries + len, part.entries, part.len);
        len += part.len;
        tell_entries(&part, json);
        from = part.first + part.len / MSCP_AUDIT_ENTRY;
    } while (part.len > 0);
    return evidence == NULL ||
           mscp_audit_verify(first, head, (struct mico_span){entries, len}, &evidence->audit) == MICO_OK ||
           mico_complain("evidence of this chip, made no later than now",
                         "the log does not lead to what the evidence says of it");
}

static int audit_log(const struct mico_given *given)
{
    struct chip_talk talk;
    struct mscp_evidence evidence;
    const char *path = value(given, EVIDENCE), *identity = value(given, IDENTITY);
    if ((path == NULL) != (identity == NULL)) {
        mico_complain("./mico chip log --help", "--evidence and --identity go together");
        return MICO_MISUSE;
    }
    if (path != NULL && !read_evidence(path, identity, &evidence)) {
        return MICO_FAILED;
    }
    cJSON *json = given->count[JSON] > 0 ? cJSON_CreateArray() : NULL;
    bool good = begin(given, &talk) && read_log(&talk, path != NULL ? &evidence : NULL, json);
    if (good && json != NULL) {
        mico_print_json(json);
    } else {
        cJSON_Delete(json);
    }
    return end(&talk, good);
}

#define BIT(option) MICO_OPTION(option)
#define BOUND (BIT(LINK) | BIT(BINDING))
static const struct mico_subcommand subcommands[] = {
    {"info", info, BIT(LINK) | BIT(JSON), BIT(LINK), 0, "", "who the chip is, and its stage of life",
     "./mico chip info --link chip.sock"},
    {"provision", provision, BOUND | BIT(KEY) | BIT(JSON), BOUND, 0, "",
     "bind a new chip to this user, and make keys in it",
     "./mico chip provision --link chip.sock --binding chip.binding --key 0x1001:ed25519:sign-raw"},
    {"objects", objects, BOUND | BIT(JSON), BOUND, 0, "", "what the chip holds, and who may do what with it",
     "./mico chip objects --link chip.sock --binding chip.binding"},
    {"lock", lock, BOUND | BIT(COMMIT) | BIT(JSON), BOUND, 0, "",
     "say what keeps the chip from going into the field; with --commit send it there",
     "./mico chip lock --link chip.sock --binding chip.binding"},
    {"attest", attest, BOUND | BIT(KEY) | BIT(NONCE) | BIT(OUT) | BIT(JSON), BOUND | BIT(OUT), 0, "",
     "have the chip sign what it is, and where a key was made",
     "./mico chip attest --link chip.sock --binding chip.binding --key 3 -o key.eat"},
    {"evidence", verify, BIT(IDENTITY) | BIT(NONCE) | BIT(JSON), BIT(IDENTITY), 2, "verify FILE",
     "check evidence against the chip's identity key, and show it",
     "./mico chip evidence verify key.eat --identity identity.pem"},
    {"log", audit_log, BOUND | BIT(EVIDENCE) | BIT(IDENTITY) | BIT(JSON), BOUND, 0, "",
     "the chip's audit log, checked from entry to entry",
     "./mico chip log --link chip.sock --binding chip.binding --evidence key.eat --identity identity.pem"},
};

int mico_chip_command(int argc, char **argv)
{
    static const struct mico_subcommands table = {"chip", options, sizeof options / sizeof options[0], subcommands,
                                                  sizeof subcommands / sizeof subcommands[0]};
    return mico_subcommand_run(&table, argc, argv);
}
