/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the protocol's numbers; see chip_show.h. docs/MSCP.md has what they mean. */
#include "micoder/chip_words.h"

#include <stdio.h>
#include <string.h>

#include "micoder/chip_show.h"
#include "mscp/protocol/policy.h"

struct word {
    uint32_t number;
    const char *name;
};

static const struct word types[] = {
    {MSCP_KEY_ED25519, "ed25519"}, {MSCP_KEY_X25519, "x25519"}, {MSCP_KEY_P256, "p256"},
    {MSCP_DATA, "data"},           {MSCP_COUNTER, "counter"},   {MSCP_CERT, "certificate"},
    {MSCP_SECRET, "secret"},       {MSCP_AUTH, "auth"},         {0, NULL},
};
static const struct word usages[] = {
    {MSCP_USE_SIGN_TLS_CLIENT, "sign-tls"},
    {MSCP_USE_SIGN_PAIRING, "sign-pairing"},
    {MSCP_USE_ATTEST, "attest"},
    {MSCP_USE_AGREE, "agree"},
    {MSCP_USE_SIGN_RAW, "sign-raw"},
    {MSCP_USE_SIGN_CSR, "sign-csr"},
    {MSCP_USE_DERIVE, "derive"},
    {MSCP_USE_MAC, "mac"},
    {MSCP_USE_ENCRYPT, "encrypt"},
    {MSCP_USE_DECRYPT, "decrypt"},
    {MSCP_USE_WRAP, "wrap"},
    {MSCP_USE_SIGN_TLS_SERVER, "sign-tls-server"},
    {MSCP_RELEASE_INSIDE, "results-stay-inside"},
    {0, NULL},
};
static const struct word origins[] = {
    {MSCP_GENERATED, "generated"},
    {MSCP_IMPORTED, "imported"},
    {MSCP_DERIVED, "derived"},
    {MSCP_FROM_FACTORY, "factory"},
    {0, NULL},
};
static const struct word stages[] = {
    {MSCP_CREATED, "CREATED"},         {MSCP_FACTORY, "FACTORY"},   {MSCP_OPERATIONAL, "OPERATIONAL"},
    {MSCP_END_OF_LIFE, "END_OF_LIFE"}, {MSCP_RETURNED, "RETURNED"}, {0, NULL},
};
static const struct word doings[] = {
    {MSCP_DOING_USE, "use"}, {MSCP_DOING_READ, "read"}, {MSCP_DOING_WRITE, "write"}, {0, NULL}};

static const char *name_of(const struct word *words, uint32_t number)
{
    while (words->name != NULL && words->number != number) {
        words++;
    }
    return words->name != NULL ? words->name : "unknown";
}

static uint32_t number_of(const struct word *words, const char *name)
{
    while (words->name != NULL && strcmp(words->name, name) != 0) {
        words++;
    }
    return words->number;
}

static void list(const struct word *words, uint32_t bits, char out[CHIP_WORDS])
{
    size_t len = 0;
    out[0] = '\0';
    for (; words->name != NULL; words++) {
        if ((bits & words->number) != 0 && len < CHIP_WORDS) {
            len += (size_t)snprintf(out + len, CHIP_WORDS - len, "%s%s", len > 0 ? "," : "", words->name);
        }
    }
}

const char *chip_type_name(unsigned type)
{
    return name_of(types, type);
}

uint8_t chip_type_of(const char *name)
{
    return (uint8_t)number_of(types, name);
}

uint16_t chip_usage_of(const char *name)
{
    return (uint16_t)number_of(usages, name);
}

const char *chip_origin_name(unsigned origin)
{
    return name_of(origins, origin);
}

const char *chip_stage_name(unsigned lifecycle)
{
    return name_of(stages, lifecycle);
}

void chip_usage_words(uint16_t usage, char out[CHIP_WORDS])
{
    list(usages, usage, out);
}

void chip_access_words(uint8_t access, char out[CHIP_WORDS])
{
    static const char *const fixed[] = {"never", "session", "always"};
    if (access < sizeof fixed / sizeof fixed[0]) {
        snprintf(out, CHIP_WORDS, "%s", fixed[access]);
    } else {
        snprintf(out, CHIP_WORDS, "auth 0x%02x", access);
    }
}

static void clause_words(struct mscp_clause_view clause, char out[CHIP_WORDS])
{
    const uint8_t *at = clause.operand;
    switch (clause.kind) {
    case MSCP_IF_DOING: {
        char what[CHIP_WORDS];
        list(doings, at[0], what);
        snprintf(out, CHIP_WORDS, "to %.100s", what);
        break;
    }
    case MSCP_IF_AUTHENTICATED:
        snprintf(out, CHIP_WORDS, "after auth 0x%x", mico_load_le32(at));
        break;
    case MSCP_IF_STAGE:
        snprintf(out, CHIP_WORDS, "in stages 0x%02x", at[0]);
        break;
    case MSCP_IF_LINK:
        snprintf(out, CHIP_WORDS, "over a link at least %s",
                 at[0] == MSCP_LINK_PLAIN       ? "plain"
                 : at[0] == MSCP_LINK_PROTECTED ? "protected"
                                                : "encrypted");
        break;
    case MSCP_IF_MEASURED:
        snprintf(out, CHIP_WORDS, "with registers 0x%02x as they were", at[0]);
        break;
    case MSCP_IF_USES_LEFT:
        snprintf(out, CHIP_WORDS, "at most %u times ever", mico_load_le32(at));
        break;
    case MSCP_IF_RATE:
        snprintf(out, CHIP_WORDS, "%u at once, one more every %u ms", mico_load_le16(at), mico_load_le32(at + 2));
        break;
    default:
        snprintf(out, CHIP_WORDS, "by a clause that this tool does not know (%u)", clause.kind);
    }
}

void chip_policy_words(const struct mscp_attributes *attributes, char *out, size_t cap)
{
    struct mico_reader policy = mico_reader_of(attributes->policy, attributes->policy_len);
    size_t len = 0;
    out[0] = '\0';
    if (!mscp_policy_valid((struct mico_span){attributes->policy, attributes->policy_len})) {
        snprintf(out, cap, "not a policy");
        return;
    }
    for (unsigned branch = 0, clauses; (clauses = mscp_policy_branch(&policy)) > 0; branch++) {
        for (unsigned i = 0; i < clauses && len < cap; i++) {
            char words[CHIP_WORDS];
            clause_words(mscp_policy_clause(&policy), words);
            const char *glue = i > 0 ? " and " : branch > 0 ? "; or " : "";
            len += (size_t)snprintf(out + len, cap - len, "%s%s", glue, words);
        }
    }
}

const char *chip_lock_clause(uint32_t clause)
{
    static const struct word clauses[] = {
        {1, "the chip is bound to no host: ./mico chip provision"},
        {2, "object 0x0001 is no Ed25519 key, the device's identity"},
        {4, "object 0x0020 holds no certificate of it"},
        {8, "the first certificate of object 0x0020 certifies another key than object 0x0001"},
        {16, "the chip is not in the stage before"},
        {32, "a key signs whatever it is given (sign-raw): no device in the field may have one"},
        {64, "an object may be read by anyone on the line, in clear"},
        {0, NULL},
    };
    return name_of(clauses, clause);
}
