/* SPDX-License-Identifier: Apache-2.0 */
/* See test_model.h. docs/MSCP.md is what this was written from; it knows nothing of the chip's code. */
#include "mscp/chip/test_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/primitives/primitives.h"
#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_say.h"

#define IDS 12       /* objects that there may be */
#define FIELD_IDS 3  /* the last of them from MSCP_ID_FIELD on, the others from MSCP_ID_GENERAL on */
#define VALUE_MAX 40 /* bytes of a DATA object here */

struct object {
    bool there;
    uint8_t type, read, write;
    uint16_t usage;
    uint8_t value[VALUE_MAX]; /* DATA; a SECRET's bytes; a key pair's public key */
    size_t len;
    uint64_t counter;
};

static struct object objects[IDS];
static uint8_t registers[MSCP_REGISTERS][32];
static bool operational;
static unsigned field_made;    /* pairs in the field, for which no minute had passed when the last one was made */
static unsigned field_minutes; /* since then, of those since the start */
static uint64_t random_state;

uint32_t model_draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

void model_seed(uint64_t seed)
{
    random_state = seed;
}

void model_new(void)
{
    memset(objects, 0, sizeof objects);
    memset(registers, 0, sizeof registers);
    operational = false;
    field_made = 0;
    field_minutes = 0;
}

void model_operational(void)
{
    operational = true;
}

void model_minute(void)
{
    field_minutes++;
}

void model_power_cut(void)
{
    field_minutes = 0;
    memset(registers, 0, sizeof registers);
}

bool model_holds(uint32_t id)
{
    return objects[id - MSCP_ID_GENERAL].there;
}

static void fill(uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)model_draw(256);
    }
}

static struct object *pick(uint32_t *id)
{
    uint32_t i = model_draw(IDS);
    *id = i < IDS - FIELD_IDS ? MSCP_ID_GENERAL + i : MSCP_ID_FIELD + i;
    say_begin_id(*id);
    return &objects[i];
}

static bool is_key(const struct object *o)
{
    return o->type == MSCP_KEY_ED25519 || o->type == MSCP_KEY_X25519;
}

/* ---- what the model says of each command; said is the command, and what it answers is checked when it is OK ---- */

static int get_attributes(uint8_t *command)
{
    uint32_t id;
    *command = MSCP_GET_ATTRIBUTES;
    return pick(&id)->there ? MSCP_OK : MSCP_NO_SUCH_OBJECT;
}

static const struct object *expected_value; /* what ReadData must give */

static int read_data(uint8_t *command)
{
    uint32_t id;
    const struct object *o = pick(&id);
    *command = MSCP_READ_DATA;
    if (!o->there) {
        return MSCP_NO_SUCH_OBJECT;
    }
    if ((o->type != MSCP_DATA && o->type != MSCP_COUNTER) || o->read == MSCP_NEVER) {
        return MSCP_POLICY_DENIED;
    }
    expected_value = o;
    return MSCP_OK;
}

static int write_data(uint8_t *command)
{
    uint32_t id;
    uint8_t value[VALUE_MAX];
    struct object *o = pick(&id);
    size_t len = model_draw(VALUE_MAX + 1);
    *command = MSCP_WRITE_DATA;
    fill(value, len);
    say_piece((uint16_t)len, 0, value, len);
    if (!o->there) {
        return MSCP_NO_SUCH_OBJECT;
    }
    if (o->type != MSCP_DATA || o->write == MSCP_NEVER) {
        return MSCP_POLICY_DENIED;
    }
    memcpy(o->value, value, len);
    o->len = len;
    return MSCP_OK;
}

static int increment(uint8_t *command)
{
    uint32_t id;
    struct object *o = pick(&id);
    bool raise = model_draw(2) == 0;
    uint64_t to = o->counter + model_draw(5);
    *command = MSCP_INCREMENT_COUNTER;
    if (raise) {
        mscp_put_u64(&said.body, MSCP_TAG_VALUE, to);
    }
    if (!o->there) {
        return MSCP_NO_SUCH_OBJECT;
    }
    if (o->type != MSCP_COUNTER || o->write == MSCP_NEVER) {
        return MSCP_POLICY_DENIED;
    }
    o->counter = raise ? to : o->counter + 1;
    return MSCP_OK;
}

static int public_key(uint8_t *command)
{
    uint32_t id;
    const struct object *o = pick(&id);
    *command = MSCP_GET_PUBLIC_KEY;
    return !o->there ? MSCP_NO_SUCH_OBJECT : is_key(o) ? MSCP_OK : MSCP_POLICY_DENIED;
}

static uint8_t expected_mac[32];

static int compute_mac(uint8_t *command)
{
    uint32_t id;
    uint8_t message[VALUE_MAX];
    const struct object *o = pick(&id);
    size_t len = model_draw(VALUE_MAX + 1);
    *command = MSCP_COMPUTE_MAC;
    fill(message, len);
    say_piece((uint16_t)len, 0, message, len);
    if (!o->there) {
        return MSCP_NO_SUCH_OBJECT;
    }
    if (o->type != MSCP_SECRET || (o->usage & MSCP_USE_MAC) == 0) {
        return MSCP_POLICY_DENIED;
    }
    mico_hmac_sha256((struct mico_span){o->value, o->len}, (struct mico_span){message, len}, expected_mac);
    return MSCP_OK;
}

static int encrypt(uint8_t *command)
{
    uint32_t id;
    uint8_t text[VALUE_MAX];
    const struct object *o = pick(&id);
    size_t len = model_draw(VALUE_MAX);
    *command = MSCP_ENCRYPT;
    fill(text, len);
    mscp_put_bytes(&said.body, MSCP_TAG_BYTES, text, len);
    if (!o->there) {
        return MSCP_NO_SUCH_OBJECT;
    }
    return o->type == MSCP_SECRET && (o->usage & MSCP_USE_ENCRYPT) != 0 ? MSCP_OK : MSCP_POLICY_DENIED;
}

static struct mico_span signed_message;
static const struct object *signing_key;

static int sign(uint8_t *command)
{
    static uint8_t message[VALUE_MAX];
    uint32_t id;
    const struct object *o = pick(&id);
    size_t len = model_draw(VALUE_MAX + 1);
    *command = MSCP_SIGN;
    fill(message, len);
    say_piece((uint16_t)len, 0, message, len);
    if (!o->there) {
        return MSCP_NO_SUCH_OBJECT;
    }
    if (o->type != MSCP_KEY_ED25519 || (o->usage & MSCP_USE_SIGN_RAW) == 0) {
        return MSCP_POLICY_DENIED; /* keys for pairing see no pairing message here */
    }
    signed_message = (struct mico_span){message, len};
    signing_key = o;
    return MSCP_OK;
}

static int agree(uint8_t *command)
{
    uint8_t peer[32] = {0};
    uint32_t id;
    const struct object *o = pick(&id);
    bool low = model_draw(4) == 0; /* the point of order 1, which gives zeros */
    *command = MSCP_KEY_AGREEMENT;
    if (!low) {
        peer[0] = 9;
    }
    mscp_put_bytes(&said.body, MSCP_TAG_PUBLIC_KEY, peer, sizeof peer);
    if (!o->there) {
        return MSCP_NO_SUCH_OBJECT;
    }
    if (o->type != MSCP_KEY_X25519) {
        return MSCP_POLICY_DENIED;
    }
    return low ? MSCP_VERIFY_FAILED : MSCP_OK;
}

static int get_random(uint8_t *command)
{
    uint16_t count = (uint16_t)(model_draw(16) == 0 ? model_draw(2) * 1025 : 1 + model_draw(64));
    *command = MSCP_GET_RANDOM;
    say_begin();
    mscp_put_u16(&said.body, MSCP_TAG_COUNT, count);
    return count == 0 || count > 1024 ? MSCP_BAD_LENGTH : MSCP_OK;
}

static int hash(uint8_t *command)
{
    uint8_t algorithm = (uint8_t)model_draw(4);
    *command = MSCP_HASH;
    say_begin();
    mscp_put_u8(&said.body, MSCP_TAG_ALGORITHM, algorithm);
    say_piece(3, 0, "abc", 3);
    return algorithm == MSCP_SHA256 || algorithm == MSCP_SHA512 ? MSCP_OK : MSCP_NOT_SUPPORTED;
}

static const uint8_t *expected_register;

static int extend(uint8_t *command)
{
    uint8_t index = (uint8_t)model_draw(MSCP_REGISTERS + 2), digest[32];
    bool changes = model_draw(3) != 0;
    *command = MSCP_EXTEND_MEASUREMENT;
    say_begin();
    mscp_put_u8(&said.body, MSCP_TAG_INDEX, index);
    if (changes) {
        fill(digest, sizeof digest);
        mscp_put_bytes(&said.body, MSCP_TAG_DIGEST, digest, sizeof digest);
    }
    if (index >= MSCP_REGISTERS) {
        return MSCP_BAD_PARAM;
    }
    if (changes && index == 0) {
        return MSCP_POLICY_DENIED;
    }
    if (changes) {
        uint8_t both[64];
        memcpy(both, registers[index], 32);
        memcpy(both + 32, digest, 32);
        mico_sha256(both, sizeof both, registers[index]);
    }
    expected_register = registers[index];
    return MSCP_OK;
}

/* A good command with a TLV that none has, or cut off by a byte. */
static int malformed(uint8_t *command)
{
    int (*const good[])(uint8_t *) = {get_attributes, public_key, get_random, hash};
    int ignored = good[model_draw(4)](command);
    (void)ignored;
    if (model_draw(2) == 0) {
        mico_write_bytes(&said.body, "\x3F\x01\x00x", 4);
    } else {
        said.body.len--;
    }
    return MSCP_BAD_PARAM;
}

static int unknown(uint8_t *command)
{
    *command = (uint8_t)(0x90 + model_draw(0x60));
    say_begin();
    return MSCP_UNKNOWN_COMMAND;
}

static int in_clear_only(uint8_t *command)
{
    *command = model_draw(2) == 0 ? MSCP_OPEN_SESSION : MSCP_PAIR;
    say_begin();
    return MSCP_NOT_SUPPORTED;
}

/* ---- what makes and removes objects ---- */

static int create(uint8_t *command)
{
    static const uint8_t rights[] = {MSCP_NEVER, MSCP_SESSION};
    uint8_t value[VALUE_MAX];
    uint32_t id;
    struct object *o = pick(&id), new = {.there = true, .type = model_draw(2) == 0 ? MSCP_DATA : MSCP_COUNTER};
    new.read = rights[model_draw(2)];
    new.write = rights[model_draw(2)];
    new.len = new.type == MSCP_DATA ? model_draw(VALUE_MAX + 1) : 0;
    *command = MSCP_CREATE_OBJECT;
    fill(value, new.len);
    memcpy(new.value, value, new.len);
    say_attributes(&(struct mscp_attributes){.type = new.type, .read = new.read, .write = new.write});
    say_piece((uint16_t) new.len, 0, value, new.len);
    if (operational) {
        return MSCP_WRONG_LIFECYCLE;
    }
    if (o->there) {
        return MSCP_OBJECT_EXISTS;
    }
    *o = new;
    return MSCP_OK;
}

static int import(uint8_t *command)
{
    static const uint16_t usages[] = {MSCP_USE_MAC, MSCP_USE_ENCRYPT | MSCP_USE_DECRYPT, MSCP_USE_DERIVE, 0};
    uint32_t id;
    struct object *o = pick(&id), new = {.there = true, .type = MSCP_SECRET, .usage = usages[model_draw(4)], .len = 32};
    *command = MSCP_IMPORT_KEY;
    fill(new.value, 32);
    say_attributes(&(struct mscp_attributes){.type = MSCP_SECRET, .usage = new.usage});
    mscp_put_bytes(&said.body, MSCP_TAG_KEY, new.value, 32);
    if (operational) {
        return MSCP_WRONG_LIFECYCLE; /* only volatile ones in the field */
    }
    if (o->there) {
        return MSCP_OBJECT_EXISTS;
    }
    if (new.usage == 0) {
        return MSCP_POLICY_DENIED;
    }
    *o = new;
    return MSCP_OK;
}

static struct object *made_key;

static int generate(uint8_t *command)
{
    uint32_t id;
    struct object *o = pick(&id),
                  new = {.there = true, .type = model_draw(2) == 0 ? MSCP_KEY_ED25519 : MSCP_KEY_X25519};
    new.usage = new.type == MSCP_KEY_X25519 ? MSCP_USE_AGREE : MSCP_USE_SIGN_PAIRING;
    if (model_draw(8) == 0) {
        new.usage = MSCP_USE_MAC; /* which no key pair has */
    }
    *command = MSCP_GENERATE_KEY_PAIR;
    say_attributes(&(struct mscp_attributes){.type = new.type, .usage = new.usage});
    if (operational && id < MSCP_ID_FIELD) {
        return MSCP_WRONG_LIFECYCLE;
    }
    if (o->there) {
        return MSCP_OBJECT_EXISTS;
    }
    if (new.usage == MSCP_USE_MAC) {
        return MSCP_POLICY_DENIED;
    }
    if (operational) {
        field_made = field_made > field_minutes ? field_made - field_minutes : 0;
        field_minutes = 0;
        if (field_made == MSCP_FIELD_KEYS) {
            return MSCP_RATE_LIMITED;
        }
        field_made++;
    }
    *o = new;
    made_key = o;
    return MSCP_OK;
}

static int destroy(uint8_t *command)
{
    uint32_t id;
    struct object *o = pick(&id);
    *command = MSCP_DELETE_OBJECT;
    if (operational && id < MSCP_ID_FIELD) {
        return MSCP_WRONG_LIFECYCLE;
    }
    if (!o->there) {
        return MSCP_NO_SUCH_OBJECT;
    }
    if (operational && !is_key(o)) { /* what the factory gave such an id stays; its pairs are all made inside here */
        return MSCP_WRONG_LIFECYCLE;
    }
    memset(o, 0, sizeof *o);
    return MSCP_OK;
}

static const struct move {
    int (*say)(uint8_t *command);
    unsigned weight;
} moves[] = {
    {get_attributes, 180}, {read_data, 180},   {write_data, 12},    {increment, 12},
    {public_key, 120},     {compute_mac, 120}, {encrypt, 80},       {sign, 40},
    {agree, 12},           {get_random, 60},   {hash, 80},          {extend, 100},
    {malformed, 60},       {unknown, 40},      {in_clear_only, 20}, {create, 12},
    {import, 6},           {generate, 6},      {destroy, 12},
};
#define MOVES (sizeof moves / sizeof moves[0])

static size_t pick_move(void)
{
    static unsigned total;
    if (total == 0) {
        for (size_t i = 0; i < MOVES; i++) {
            total += moves[i].weight;
        }
    }
    unsigned at = model_draw(total);
    size_t i = 0;
    while (at >= moves[i].weight) {
        at -= moves[i++].weight;
    }
    return i;
}

int model_say(uint8_t *command)
{
    return moves[pick_move()].say(command);
}

/* ---- answers ---- */

void model_check(uint8_t command)
{
    struct mscp_tlvs answer;
    assert_int_equal(mscp_tlvs_parse(said.answer.body, &answer), MICO_OK);
    if (command == MSCP_READ_DATA) {
        struct mico_span bytes = answer.value[MSCP_TAG_BYTES];
        if (expected_value->type == MSCP_COUNTER) {
            assert_int_equal(bytes.len, 8);
            assert_true(mico_load_le64(bytes.data) == expected_value->counter);
        } else {
            assert_int_equal(bytes.len, expected_value->len);
            assert_true(bytes.len == 0 || memcmp(bytes.data, expected_value->value, bytes.len) == 0);
        }
    } else if (command == MSCP_COMPUTE_MAC) {
        assert_memory_equal(answer.value[MSCP_TAG_MAC].data, expected_mac, 32);
    } else if (command == MSCP_EXTEND_MEASUREMENT) {
        assert_memory_equal(answer.value[MSCP_TAG_DIGEST].data, expected_register, 32);
    } else if (command == MSCP_SIGN) {
        assert_int_equal(mico_ed25519_verify(signing_key->value, signed_message, answer.value[MSCP_TAG_SIGNATURE].data),
                         MICO_OK);
    } else if (command == MSCP_GENERATE_KEY_PAIR) {
        memcpy(made_key->value, answer.value[MSCP_TAG_PUBLIC_KEY].data, 32);
    }
}
