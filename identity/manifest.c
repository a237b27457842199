/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a manifest: nothing of it is given out before all of it is verified. */
#include "identity/manifest.h"

#include <errno.h>
#include <gnutls/abstract.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "identity/manifest_entry.h"

#define FILE_MAX (256u << 20) /* bytes: some 150,000 devices */
#define VERSION 1
#define MAKER_MAX 255

struct mico_manifest {
    char maker[MAKER_MAX + 1];
    size_t count;
    struct mico_manifest_entry *entries;
    gnutls_datum_t issuer; /* DER */
};

/* What one verification holds while it runs. */
struct job {
    const char *path;
    char *why;
    gnutls_datum_t json, signature;
    gnutls_x509_crt_t issuer, root;
    cJSON *tree;
    struct mico_manifest *manifest;
};

__attribute__((format(printf, 3, 4))) static mico_err fail(struct job *job, mico_err err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(job->why, MICO_MANIFEST_WHY_MAX, format, args);
    va_end(args);
    return err;
}

static mico_err load(struct job *job, const char *path, gnutls_datum_t *out)
{
    struct stat st;
    *out = (gnutls_datum_t){NULL, 0};
    if (stat(path, &st) != 0) {
        return fail(job, MICO_ERR_IO, "%s: cannot be read (%s)", path, strerror(errno));
    }
    if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX) { /* before it takes memory */
        return fail(job, MICO_ERR_FORMAT, "%s: no file of at most %u MiB", path, FILE_MAX >> 20);
    }
    return gnutls_load_file(path, out) == 0 ? MICO_OK : fail(job, MICO_ERR_IO, "%s: cannot be read", path);
}

/* The first certificate of a PEM file. */
static mico_err load_certificate(struct job *job, const char *path, gnutls_x509_crt_t *out)
{
    gnutls_datum_t pem;
    mico_err err = load(job, path, &pem);
    if (err == MICO_OK &&
        (gnutls_x509_crt_init(out) != 0 || gnutls_x509_crt_import(*out, &pem, GNUTLS_X509_FMT_PEM) != 0)) {
        err = fail(job, MICO_ERR_FORMAT, "%s: no certificate in PEM", path);
    }
    gnutls_free(pem.data);
    return err;
}

static mico_err load_files(struct job *job, const char *root_pem)
{
    char name[PATH_MAX];
    if (strlen(job->path) + sizeof ".sig" > sizeof name) {
        return fail(job, MICO_ERR_SIZE, "the manifest's path is too long");
    }
    mico_err err = load(job, job->path, &job->json);
    if (err == MICO_OK) {
        snprintf(name, sizeof name, "%s.sig", job->path);
        err = load(job, name, &job->signature);
    }
    if (err == MICO_OK) {
        snprintf(name, sizeof name, "%s.pem", job->path);
        err = load_certificate(job, name, &job->issuer);
    }
    return err == MICO_OK ? load_certificate(job, root_pem, &job->root) : err;
}

/* The issuer is a CA of the maker's root, and may sign statements. */
static mico_err check_issuer(struct job *job)
{
    unsigned status, is_ca = 0, usage = 0;
    int pathlen = -1;
    if (gnutls_x509_crt_verify(job->issuer, &job->root, 1, 0, &status) != 0 || status != 0) {
        return fail(job, MICO_ERR_AUTH, "%s.pem: the issuing CA's certificate is not by the maker's root", job->path);
    }
    if (gnutls_x509_crt_get_basic_constraints(job->issuer, NULL, &is_ca, &pathlen) < 0 || is_ca == 0 ||
        gnutls_x509_crt_get_key_usage(job->issuer, &usage, NULL) != 0 || (usage & GNUTLS_KEY_KEY_CERT_SIGN) == 0 ||
        (usage & GNUTLS_KEY_DIGITAL_SIGNATURE) == 0) {
        return fail(job, MICO_ERR_AUTH, "%s.pem: not the certificate of an issuing CA that signs manifests", job->path);
    }
    return MICO_OK;
}

static bool signature_is_good(const struct job *job)
{
    gnutls_pubkey_t key;
    if (gnutls_pubkey_init(&key) != 0) {
        return false;
    }
    gnutls_sign_algorithm_t algorithm = GNUTLS_SIGN_UNKNOWN;
    if (gnutls_pubkey_import_x509(key, job->issuer, 0) == 0) {
        switch (gnutls_pubkey_get_pk_algorithm(key, NULL)) {
        case GNUTLS_PK_EDDSA_ED25519:
            algorithm = GNUTLS_SIGN_EDDSA_ED25519;
            break;
        case GNUTLS_PK_ECDSA:
            algorithm = GNUTLS_SIGN_ECDSA_SHA256;
            break;
        default:
            break;
        }
    }
    bool good = algorithm != GNUTLS_SIGN_UNKNOWN &&
                gnutls_pubkey_verify_data2(key, algorithm, 0, &job->json, &job->signature) >= 0;
    gnutls_pubkey_deinit(key);
    return good;
}

static mico_err parse_head(struct job *job, const cJSON **entries)
{
    const char *end;
    job->tree = cJSON_ParseWithLengthOpts((const char *)job->json.data, job->json.size, &end, 0);
    const char *stop = (const char *)job->json.data + job->json.size;
    while (job->tree != NULL && end < stop && (*end == '\n' || *end == ' ')) {
        end++;
    }
    if (job->tree == NULL || end != stop) {
        return fail(job, MICO_ERR_FORMAT, "%s: no JSON, or something after it", job->path);
    }
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(job->tree, "version");
    const char *maker = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(job->tree, "maker"));
    *entries = cJSON_GetObjectItemCaseSensitive(job->tree, "entries");
    if (!cJSON_IsNumber(version) || version->valuedouble != VERSION) {
        return fail(job, MICO_ERR_FORMAT, "%s: version is not %d", job->path, VERSION);
    }
    if (maker == NULL || strlen(maker) < 1 || strlen(maker) > MAKER_MAX) {
        return fail(job, MICO_ERR_FORMAT, "%s: maker is not a name of 1 to %d bytes", job->path, MAKER_MAX);
    }
    if (!cJSON_IsArray(*entries) || cJSON_GetArraySize(job->tree) != 3) {
        return fail(job, MICO_ERR_FORMAT, "%s: not exactly version, maker and the array entries", job->path);
    }
    memcpy(job->manifest->maker, maker, strlen(maker) + 1);
    return MICO_OK;
}

static mico_err read_entries(struct job *job, const cJSON *entries)
{
    struct mico_manifest *manifest = job->manifest;
    const char *bad;
    uint8_t prev[32];
    manifest->entries = calloc((size_t)cJSON_GetArraySize(entries) + 1, sizeof *manifest->entries);
    if (manifest->entries == NULL) {
        return fail(job, MICO_ERR_FULL, "%s: no memory for its entries", job->path);
    }
    mico_manifest_start(manifest->maker, prev);
    const cJSON *item;
    cJSON_ArrayForEach(item, entries)
    {
        struct mico_manifest_entry *entry = &manifest->entries[manifest->count];
        uint32_t index = (uint32_t)manifest->count + 1;
        mico_err err = mico_manifest_entry_from_json(item, entry, &bad);
        if (err == MICO_OK) {
            manifest->count++;
            err = mico_manifest_entry_check(entry, index, prev, job->issuer, &bad);
        }
        if (err != MICO_OK) {
            return fail(job, err, "%s: entry %u was altered: %s does not fit", job->path, index, bad);
        }
        memcpy(prev, entry->hash, 32);
    }
    size_t repeated = mico_manifest_repeated(manifest->entries, manifest->count, &bad);
    if (repeated != 0) {
        return fail(job, MICO_ERR_AUTH, "%s: entry %zu repeats the %s of an earlier one", job->path, repeated, bad);
    }
    return MICO_OK;
}

static mico_err verify(struct job *job, const char *root_pem)
{
    mico_err err = load_files(job, root_pem);
    if (err == MICO_OK) {
        err = check_issuer(job);
    }
    if (err != MICO_OK) {
        return err;
    }
    bool signed_well = signature_is_good(job);
    /* With a bad signature nothing is accepted; reading on only finds which entry to name. */
    const cJSON *entries = NULL;
    err = parse_head(job, &entries);
    if (err == MICO_OK) {
        err = read_entries(job, entries);
    }
    if (err == MICO_OK && !signed_well) {
        err = fail(job, MICO_ERR_AUTH,
                   "%s.sig does not sign %s: its %zu entries fit each other, so its head, its spacing or "
                   "its end was altered",
                   job->path, job->path, job->manifest->count);
    }
    if (err == MICO_OK && gnutls_x509_crt_export2(job->issuer, GNUTLS_X509_FMT_DER, &job->manifest->issuer) != 0) {
        err = fail(job, MICO_ERR_FORMAT, "%s.pem: the certificate cannot be encoded", job->path);
    }
    return err;
}

mico_err mico_manifest_verify(const char *path, const char *root_pem, struct mico_manifest **out,
                              char why[MICO_MANIFEST_WHY_MAX])
{
    struct job job = {.path = path, .why = why, .manifest = calloc(1, sizeof *job.manifest)};
    why[0] = '\0';
    *out = NULL;
    mico_err err = job.manifest == NULL ? fail(&job, MICO_ERR_FULL, "%s: no memory", path) : verify(&job, root_pem);
    if (err == MICO_OK) {
        *out = job.manifest;
    } else {
        mico_manifest_close(job.manifest);
    }
    cJSON_Delete(job.tree);
    gnutls_free(job.json.data);
    gnutls_free(job.signature.data);
    if (job.issuer != NULL) {
        gnutls_x509_crt_deinit(job.issuer);
    }
    if (job.root != NULL) {
        gnutls_x509_crt_deinit(job.root);
    }
    return err;
}

void mico_manifest_close(struct mico_manifest *manifest)
{
    if (manifest == NULL) {
        return;
    }
    for (size_t i = 0; i < manifest->count; i++) {
        mico_manifest_entry_free(&manifest->entries[i]);
    }
    free(manifest->entries);
    gnutls_free(manifest->issuer.data);
    free(manifest);
}

const char *mico_manifest_maker(const struct mico_manifest *manifest)
{
    return manifest->maker;
}

size_t mico_manifest_count(const struct mico_manifest *manifest)
{
    return manifest->count;
}

const struct mico_manifest_entry *mico_manifest_at(const struct mico_manifest *manifest, size_t i)
{
    return i < manifest->count ? &manifest->entries[i] : NULL;
}

struct mico_span mico_manifest_issuer(const struct mico_manifest *manifest)
{
    return (struct mico_span){manifest->issuer.data, manifest->issuer.size};
}

bool mico_manifest_extends(const struct mico_manifest *later, const struct mico_manifest *earlier)
{
    if (strcmp(later->maker, earlier->maker) != 0 || later->count < earlier->count) {
        return false;
    }
    size_t last = earlier->count; /* the hash of an entry covers all before it */
    return last == 0 || memcmp(later->entries[last - 1].hash, earlier->entries[last - 1].hash, 32) == 0;
}
