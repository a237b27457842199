/* SPDX-License-Identifier: Apache-2.0 */
/* Clients and servers of TLS and DTLS in one program: handshakes whose keys are drawn, pre-shared keys and texts that are secret, a
 * session that goes on, records that somebody altered; private keys that are read. For trace_test.py, as tests/traces has it. */
#include <malloc.h>
#include <string.h>
#include <time.h>

#include "crypto/primitives/entropy.h"
#include "crypto/primitives/primitives.h"
#include "crypto/tests/constant_time.h"
#include "crypto/tls/tls_fuzz_certificates.h"
#include "crypto/tls/tls_key.h"
#include "crypto/tls/tls_server.h"

/* ---- a heap that each run finds empty, and a clock that goes on by itself, so that no address and no branch is by chance ---- */

#define HEAP_SIZE (1536 * 1024) /* bytes; all that a case asks for, of which nothing is given back */
static _Alignas(8) uint8_t heap[HEAP_SIZE];
static size_t heap_used, heap_kept; /* kept: begin_heap */

void *__wrap_malloc(size_t size);
void __wrap_free(void *piece);
void *__wrap_realloc(void *piece, size_t size);
size_t __wrap_malloc_usable_size(void *piece);
uint64_t __wrap_mico_clock_ms(void);

void *__wrap_malloc(size_t size)
{
    size_t *piece = (size_t *)(void *)(heap + heap_used);
    size_t whole = (size + 15) / 8 * 8;
    ct_must(whole <= sizeof heap - heap_used ? MICO_OK : MICO_ERR_FULL);
    heap_used += whole;
    piece[0] = size;
    return piece + 2;
}

void __wrap_free(void *piece)
{
}

size_t __wrap_malloc_usable_size(void *piece)
{
    return ((size_t *)piece)[-2];
}

void *__wrap_realloc(void *piece, size_t size)
{
    void *other = __wrap_malloc(size);
    if (piece != NULL) {
        size_t had = __wrap_malloc_usable_size(piece);
        memcpy(other, piece, had < size ? had : size);
    }
    return other;
}

uint64_t __wrap_mico_clock_ms(void)
{
    static uint64_t now;
    return ++now;
}

/* ---- the one group that is to be: the first that both sides have is X25519 ---- */

static int group; /* 0: all */

int __real_wolfSSL_CTX_UseSupportedCurve(void *context, uint16_t name);
int __wrap_wolfSSL_CTX_UseSupportedCurve(void *context, uint16_t name);

int __wrap_wolfSSL_CTX_UseSupportedCurve(void *context, uint16_t name)
{
    return group == 0 || group == name ? __real_wolfSSL_CTX_UseSupportedCurve(context, name) : 1;
}

/* ---- a wire each way ---- */

#define WIRE 8192
struct wire {
    uint8_t bytes[WIRE]; /* pieces, a length of two bytes before each */
    size_t len, at;
    bool altered; /* the next piece gets a wrong bit in its last bytes, a record's tag */
};
static struct wire up, down;

__attribute__((noinline)) static void spoil(struct wire *wire)
{
    wire->bytes[wire->len - 1 - choice(8)] ^= 1;
}

static mico_err send_to(struct wire *wire, const uint8_t *data, size_t len, size_t *sent)
{
    ct_must(len <= WIRE - 2 - wire->len ? MICO_OK : MICO_ERR_SIZE);
    mico_store_be16(wire->bytes + wire->len, (uint16_t)len);
    memcpy(wire->bytes + wire->len + 2, data, len);
    wire->len += 2 + len;
    if (wire->altered) {
        spoil(wire);
    }
    *sent = len;
    return MICO_OK;
}

static mico_err receive_from(struct wire *wire, uint8_t *out, size_t cap, size_t *len)
{
    *len = 0;
    if (wire->at == wire->len) {
        wire->at = wire->len = 0;
        return MICO_ERR_TIMEOUT;
    }
    size_t piece = mico_load_be16(wire->bytes + wire->at), take = piece < cap ? piece : cap;
    memcpy(out, wire->bytes + wire->at + 2, take);
    wire->at += 2 + take;
    if (take < piece) { /* the rest is a piece */
        wire->at -= 2;
        mico_store_be16(wire->bytes + wire->at, (uint16_t)(piece - take));
    }
    *len = take;
    return MICO_OK;
}

static mico_err client_send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    return send_to(&up, data, len, sent);
}
static mico_err client_receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return receive_from(&down, out, cap, len);
}
static mico_err server_send(void *ctx, const uint8_t *data, size_t len, size_t *sent, uint32_t timeout_ms)
{
    return send_to(&down, data, len, sent);
}
static mico_err server_receive(void *ctx, uint8_t *out, size_t cap, size_t *len, uint32_t timeout_ms)
{
    return receive_from(&up, out, cap, len);
}

/* ---- both sides ---- */

static struct mico_tls client, served;
static struct mico_tls_server server;
static uint8_t psk[32], session_bytes[MICO_TLS_SESSION_SIZE];
static struct mico_span session;
static struct mico_span root = {fuzz_root, sizeof fuzz_root};

/* Of a certificate of tls_fuzz_certificates.h. */
static psa_key_id_t key_of(uint8_t seed_byte)
{
    uint8_t seed[32];
    psa_key_id_t id;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    memset(seed, seed_byte, sizeof seed);
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS));
    psa_set_key_algorithm(&attributes, PSA_ALG_PURE_EDDSA);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    ct_expect(psa_import_key(&attributes, seed, sizeof seed, &id), PSA_SUCCESS);
    return id;
}

static mico_err psk_of(void *ctx, const char *identity, uint8_t *key, size_t *key_len)
{
    memcpy(key, psk, sizeof psk);
    *key_len = sizeof psk;
    return MICO_OK;
}

static void by_certificates(struct mico_tls_config *c, struct mico_tls_server_config *s)
{
    c->roots = s->base.roots = &root;
    c->root_count = s->base.root_count = 1;
    c->server_name = "a.example";
    c->chain = (struct mico_span){fuzz_client, sizeof fuzz_client};
    c->key = key_of(0x33);
    s->base.chain = (struct mico_span){fuzz_server, sizeof fuzz_server};
    s->base.key = key_of(0x22);
    s->clients = MICO_TLS_CLIENTS_REQUIRED;
}

/* The client's key is its config's, the server's comes from its table. */
static void by_psk(struct mico_tls_config *c, struct mico_tls_server_config *s)
{
    c->psk = (struct mico_tls_psk){"id", MICO_SPAN(psk)};
    s->psk_of = psk_of;
    s->base.psk = c->psk;
}

static void shake(const struct mico_tls_config *config)
{
    static const uint8_t address[] = {192, 0, 2, 1};
    static const struct mico_tls_io io = {NULL, server_send, server_receive};
    mico_err ours = MICO_ERR_TIMEOUT, theirs = MICO_ERR_TIMEOUT;
    memset(&up, 0, sizeof up);
    memset(&down, 0, sizeof down);
    ct_must(mico_tls_open(&client, config));
    ct_must(mico_tls_accept_open(&server, &served, &io, MICO_SPAN(address), FUZZ_NOW_S));
    for (int turns = 0; turns < 20 && (ours == MICO_ERR_TIMEOUT || theirs == MICO_ERR_TIMEOUT); turns++) {
        ours = ours == MICO_ERR_TIMEOUT ? mico_tls_handshake(&client, 0) : ours;
        theirs = theirs == MICO_ERR_TIMEOUT ? mico_tls_handshake(&served, 0) : theirs;
    }
    ct_must(ours);
    ct_must(theirs);
}

/* A secret text from one to the other, which may find that somebody altered it. */
static void say(struct mico_tls *from, struct mico_tls *to, mico_err want)
{
    uint8_t text[200], got[256];
    size_t len;
    ct_must(mico_tls_write(from, secret(text, sizeof text), sizeof text, 0));
    mico_err err = mico_tls_read(to, got, sizeof got, &len, 0);
    ct_must(err == want && len == (err == MICO_OK ? sizeof text : 0) ? MICO_OK : MICO_ERR_STATE);
}

static void talk(void)
{
    say(&client, &served, MICO_OK);
    say(&served, &client, MICO_OK);
}

static void talk_and_be_altered(mico_err found)
{
    talk();
    up.altered = true;
    say(&client, &served, found);
}

static void end(void)
{
    mico_tls_close(&client);
    mico_tls_close(&served);
}

struct kind {
    enum mico_tls_version version;
    const char *suites;
    void (*by)(struct mico_tls_config *c, struct mico_tls_server_config *s);
    bool datagram;
};

static struct mico_tls_config serve(const struct kind *kind)
{
    struct mico_tls_config config = {
        .now_s = FUZZ_NOW_S,
        .version = kind->version,
        .suites = kind->suites,
        .datagram = kind->datagram,
        .io = {NULL, client_send, client_receive},
    };
    struct mico_tls_server_config its = {
        .base = {.now_s = FUZZ_NOW_S, .version = kind->version, .suites = kind->suites, .datagram = kind->datagram}};
    kind->by(&config, &its);
    ct_must(mico_tls_server_open(&server, &its));
    return config;
}

static void whole(const struct kind *kind)
{
    struct mico_tls_config config = serve(kind);
    shake(&config);
    talk_and_be_altered(kind->datagram ? MICO_ERR_TIMEOUT : MICO_ERR_AUTH); /* a datagram is dropped */
    end();
    mico_tls_server_close(&server);
}

/* A second connection by the first one's ticket. */
static void resumed(const struct kind *kind)
{
    struct mico_tls_config config = serve(kind);
    shake(&config);
    talk();
    ct_must(mico_tls_save_session(&client, session_bytes, sizeof session_bytes, &session.len));
    end();
    session.data = session_bytes;
    config.session = session;
    shake(&config);
    ct_must(mico_tls_resumed(&client) ? MICO_OK : MICO_ERR_STATE);
    talk_and_be_altered(MICO_ERR_AUTH);
    end();
    mico_tls_server_close(&server);
}

/* ---- the cases ---- */

static void tls12(void)
{
    whole(&(struct kind){MICO_TLS_1_2, "ECDHE-ECDSA-AES128-GCM-SHA256", by_certificates, false});
}

static void tls13(void)
{
    whole(&(struct kind){MICO_TLS_1_3, "TLS13-AES128-GCM-SHA256", by_certificates, false});
}

static void tls12_again(void)
{
    resumed(&(struct kind){MICO_TLS_1_2, "ECDHE-PSK-CHACHA20-POLY1305", by_psk, false});
}

static void tls13_again(void)
{
    resumed(&(struct kind){MICO_TLS_1_3, "TLS13-CHACHA20-POLY1305-SHA256", by_certificates, false});
}

static void dtls12(void)
{
    whole(&(struct kind){MICO_TLS_1_2, "PSK-AES128-CCM-8", by_psk, true});
}

static void dtls13(void)
{
    whole(&(struct kind){MICO_TLS_1_3, "TLS13-AES128-GCM-SHA256", by_psk, true});
}

/* RFC 8422, section 5.1.1, has the numbers. */
static void tls12_p256(void)
{
    group = 23;
    whole(&(struct kind){MICO_TLS_1_2, "ECDHE-PSK-AES128-GCM-SHA256", by_psk, false});
}

static void tls13_p384(void)
{
    group = 24;
    whole(&(struct kind){MICO_TLS_1_3, "TLS13-AES256-GCM-SHA384", by_certificates, false});
}

/* RFC 8410, RFC 5915. */
static void keys(void)
{
    static const uint8_t ed_head[] = {0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20};
    static const uint8_t p256_head[] = {0x30, 0x31, 2, 1, 1, 4, 0x20},
                         p256_tail[] = {0xA0, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7};
    uint8_t der[sizeof p256_head + 32 + sizeof p256_tail];
    psa_key_id_t id;
    memcpy(der, ed_head, sizeof ed_head);
    secret(der + sizeof ed_head, 32);
    ct_must(mico_tls_import_key((struct mico_span){der, sizeof ed_head + 32}, &id));
    ct_expect(psa_destroy_key(id), PSA_SUCCESS);
    memcpy(der, p256_head, sizeof p256_head);
    secret(der + sizeof p256_head, 32);
    memcpy(der + sizeof p256_head + 32, p256_tail, sizeof p256_tail);
    ct_must(mico_tls_import_key(MICO_SPAN(der), &id));
    ct_expect(psa_destroy_key(id), PSA_SUCCESS);
}

/* ---- the controls: each must be reported ---- */

static uint8_t random_bytes[32], out[32];

/* A branch by what came through a connection. */
static void branch(void)
{
    size_t len;
    struct mico_tls_config config = serve(&(struct kind){MICO_TLS_1_2, "PSK-AES128-GCM-SHA256", by_psk, false});
    shake(&config);
    ct_must(mico_tls_write(&client, secret(random_bytes, 32), 32, 0));
    ct_must(mico_tls_read(&served, out, sizeof out, &len, 0));
    if (out[0] > 0x40) {
        ((volatile uint8_t *)random_bytes)[0] = 1;
    }
}

/* What the library and gmtime ask for once and keep; the key is none. */
static void begin_heap(void)
{
    psa_key_id_t none;
    const uint8_t nothing = 0;
    const time_t then = 0;
    heap_used = 0;
    ct_must(mico_tls_import_key((struct mico_span){&nothing, 1}, &none) == MICO_ERR_FORMAT ? MICO_OK : MICO_ERR_STATE);
    ct_must(gmtime(&then) != NULL ? MICO_OK : MICO_ERR_FULL);
    heap_kept = heap_used;
}

void ct_reset(void)
{
    mico_psa_zeroise();
    mico_entropy_forget();
    ct_expect(psa_crypto_init(), PSA_SUCCESS);
    ct_must(mico_random(random_bytes, 1)); /* seeds */
    if (heap_kept == 0) {
        begin_heap();
    }
    memset(heap + heap_kept, 0, heap_used - heap_kept);
    heap_used = heap_kept;
    group = 0;
    secret(psk, sizeof psk);
}

const struct ct_case ct_cases[] = {
    {"branch", branch, 4, false},
    {"index", ct_control_index, 4, false},
    {"compare", ct_control_compare, 8, false},
    {"tls12", tls12, 3, false},
    {"tls13", tls13, 3, false},
    {"tls12-again", tls12_again, 4, false},
    {"tls13-again", tls13_again, 2, false},
    {"dtls12", dtls12, 4, false},
    {"dtls13", dtls13, 4, false},
    {"tls12-p256", tls12_p256, 3, false},
    {"tls13-p384", tls13_p384, 2, false},
    {"tls-keys", keys, 4, false},
};
const size_t ct_case_count = sizeof ct_cases / sizeof ct_cases[0];
