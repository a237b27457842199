/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and PEM by GnuTLS; see image_files.h. */
#include "micoder/image_files.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gnutls/x509.h>

#include "micoder/subcommand.h"
#define FILE_MAX (16u << 20) /* no flash of ours is larger */

void image_free(struct image_bytes *bytes)
{
    if (bytes->data != NULL) {
        mico_wipe(bytes->data, bytes->len);
        free(bytes->data);
    }
    *bytes = (struct image_bytes){NULL, 0};
}

bool image_read_file(const char *path, struct image_bytes *bytes)
{
    struct stat st;
    *bytes = (struct image_bytes){NULL, 0};
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &st) != 0) {
        if (file != NULL) {
            fclose(file);
        }
        return mico_complain("a file that you may read", "cannot read %s: %s", path, strerror(errno));
    }
    if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX) {
        fclose(file);
        return mico_complain("a file of that size", "%s is no file of at most %u bytes", path, FILE_MAX);
    }
    bytes->len = (size_t)st.st_size;
    bytes->data = malloc(bytes->len + 1);
    bool good = bytes->data != NULL && fread(bytes->data, 1, bytes->len, file) == bytes->len;
    fclose(file);
    if (!good) {
        image_free(bytes);
        return mico_complain("the same command again", "cannot read %s whole", path);
    }
    bytes->data[bytes->len] = '\0';
    return true;
}

static bool write_all(int fd, const uint8_t *data, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, data, len);
        if (done < 0 && errno != EINTR) {
            return false;
        }
        data += done > 0 ? done : 0;
        len -= done > 0 ? (size_t)done : 0;
    }
    return fsync(fd) == 0;
}

/* A new name is on the disk only when its folder is. */
static bool sync_folder_of(const char *path)
{
    char copy[PATH_MAX];
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) {
        errno = ENAMETOOLONG;
        return false;
    }
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

bool image_write_file(const char *path, const uint8_t *data, size_t len)
{
    char temporary[PATH_MAX + 8];
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    int fd = mkstemp(temporary);
    if (fd < 0) {
        return mico_complain("a folder that you may write", "cannot write beside %s: %s", path, strerror(errno));
    }
    bool good = fchmod(fd, 0644) == 0 && write_all(fd, data, len);
    good = close(fd) == 0 && good && rename(temporary, path) == 0 && sync_folder_of(path);
    if (!good) {
        int why = errno;
        unlink(temporary);
        return mico_complain("a folder that you may write, with free space", "cannot write %s: %s", path,
                             strerror(why));
    }
    return true;
}

bool image_write_secret(const char *path, const uint8_t *data, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) {
        return mico_complain("another name, or move the old file away yourself",
                             "%s is there already; a key is never overwritten", path);
    }
    if (fd < 0) {
        return mico_complain("another name, or a folder that you may write", "cannot make %s: %s", path,
                             strerror(errno));
    }
    bool good = write_all(fd, data, len);
    good = close(fd) == 0 && good && sync_folder_of(path);
    if (!good) {
        int why = errno;
        unlink(path);
        return mico_complain("a folder that you may write, with free space", "cannot write %s: %s", path,
                             strerror(why));
    }
    return true;
}

/* The raw bytes of an Ed25519 public key. */
static bool raw_ed25519(gnutls_pubkey_t key, uint8_t out[32])
{
    gnutls_ecc_curve_t curve;
    gnutls_datum_t x = {NULL, 0}, y = {NULL, 0};
    if (gnutls_pubkey_export_ecc_raw2(key, &curve, &x, &y, 0) != 0) {
        return false;
    }
    bool good = curve == GNUTLS_ECC_CURVE_ED25519 && x.size == 32;
    if (good) {
        memcpy(out, x.data, 32);
    }
    gnutls_free(x.data);
    gnutls_free(y.data);
    return good;
}

static bool public_of(gnutls_privkey_t key, uint8_t out[32])
{
    gnutls_pubkey_t public_key;
    if (gnutls_pubkey_init(&public_key) != 0) {
        return false;
    }
    bool good = gnutls_pubkey_import_privkey(public_key, key, 0, 0) == 0 && raw_ed25519(public_key, out);
    gnutls_pubkey_deinit(public_key);
    return good;
}

static bool is_uri(const char *name)
{
    return strncmp(name, "pkcs11:", 7) == 0;
}

static int import_private(gnutls_privkey_t key, const char *name, const struct image_bytes *pem)
{
    if (is_uri(name)) {
        return gnutls_privkey_import_url(key, name, 0);
    }
    gnutls_datum_t datum = {pem->data, (unsigned)pem->len};
    return gnutls_privkey_import_x509_raw(key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0);
}

bool image_signer_open(struct image_signer *signer, const char *name)
{
    struct image_bytes pem = {NULL, 0};
    if (!is_uri(name) && !image_read_file(name, &pem)) {
        return false;
    }
    int status = gnutls_privkey_init(&signer->key);
    if (status == 0) {
        status = import_private(signer->key, name, &pem);
        if (status != 0) {
            gnutls_privkey_deinit(signer->key);
        }
    }
    image_free(&pem);
    if (status != 0) {
        return mico_complain("./mico image keygen FILE.pem", "--key %s: not a private key: %s", name,
                             gnutls_strerror(status));
    }
    if (!public_of(signer->key, signer->public_key)) {
        gnutls_privkey_deinit(signer->key);
        return mico_complain("./mico image keygen FILE.pem", "--key %s: not an Ed25519 key", name);
    }
    return true;
}

void image_signer_close(struct image_signer *signer)
{
    gnutls_privkey_deinit(signer->key);
}

mico_err image_signer_sign(void *ctx, const uint8_t digest[32], uint8_t signature[64])
{
    struct image_signer *signer = ctx;
    uint8_t copy[32];
    memcpy(copy, digest, sizeof copy);
    gnutls_datum_t data = {copy, sizeof copy}, made = {NULL, 0};
    int status = gnutls_privkey_sign_data2(signer->key, GNUTLS_SIGN_EDDSA_ED25519, 0, &data, &made);
    bool good = status == 0 && made.size == 64;
    if (good) {
        memcpy(signature, made.data, 64);
    }
    gnutls_free(made.data);
    return good ? MICO_OK : MICO_ERR_CRYPTO;
}

static bool export_new_key(gnutls_x509_privkey_t key, const char *path, const char *public_path, uint8_t public_key[32])
{
    gnutls_datum_t pem = {NULL, 0}, public_pem = {NULL, 0};
    gnutls_privkey_t abstract;
    gnutls_pubkey_t public_handle;
    if (gnutls_privkey_init(&abstract) != 0 || gnutls_pubkey_init(&public_handle) != 0) {
        return mico_complain("fewer programs beside this one", "out of memory");
    }
    bool good = gnutls_privkey_import_x509(abstract, key, 0) == 0 && public_of(abstract, public_key) &&
                gnutls_pubkey_import_privkey(public_handle, abstract, 0, 0) == 0 &&
                gnutls_pubkey_export2(public_handle, GNUTLS_X509_FMT_PEM, &public_pem) == 0 &&
                gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem) == 0;
    if (good) {
        good = image_write_secret(path, pem.data, pem.size) &&
               (public_path == NULL || image_write_file(public_path, public_pem.data, public_pem.size));
    } else {
        mico_complain("the same command again", "the new key cannot be written as PEM");
    }
    if (pem.data != NULL) {
        mico_wipe(pem.data, pem.size);
    }
    gnutls_free(pem.data);
    gnutls_free(public_pem.data);
    gnutls_pubkey_deinit(public_handle);
    gnutls_privkey_deinit(abstract);
    return good;
}

bool image_keygen(const char *path, const char *public_path, uint8_t public_key[32])
{
    gnutls_x509_privkey_t key;
    if (gnutls_x509_privkey_init(&key) != 0) {
        return mico_complain("fewer programs beside this one", "out of memory");
    }
    int status = gnutls_x509_privkey_generate(key, GNUTLS_PK_EDDSA_ED25519, 256, 0);
    bool good = status == 0
                    ? export_new_key(key, path, public_path, public_key)
                    : mico_complain("the same command again", "no key could be made: %s", gnutls_strerror(status));
    gnutls_x509_privkey_deinit(key);
    return good;
}

/* The raw key of a PEM public key whose DER begins as RFC 8410 says for the curve (the last byte of its identifier). */
static bool raw_of_pem(const struct image_bytes *pem, uint8_t curve, uint8_t out[32])
{
    const uint8_t prefix[] = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, curve, 0x03, 0x21, 0x00};
    gnutls_datum_t text = {pem->data, (unsigned)pem->len}, der = {NULL, 0};
    if (gnutls_pem_base64_decode2("PUBLIC KEY", &text, &der) != 0) {
        return false;
    }
    bool good = der.size == sizeof prefix + 32 && memcmp(der.data, prefix, sizeof prefix) == 0;
    if (good) {
        memcpy(out, der.data + sizeof prefix, 32);
    }
    gnutls_free(der.data);
    return good;
}

bool image_read_verifier(const char *name, uint8_t public_key[32])
{
    struct image_bytes pem;
    struct image_signer signer;
    if (!is_uri(name)) {
        if (!image_read_file(name, &pem)) {
            return false;
        }
        bool public_pem = strstr((const char *)pem.data, "BEGIN PUBLIC KEY") != NULL;
        bool good = public_pem && raw_of_pem(&pem, 0x70, public_key);
        image_free(&pem);
        if (public_pem) {
            return good || mico_complain("openssl pkey -pubin -text -noout -in FILE",
                                         "--key %s: not an Ed25519 public key", name);
        }
    }
    if (!image_signer_open(&signer, name)) {
        return false;
    }
    memcpy(public_key, signer.public_key, 32);
    image_signer_close(&signer);
    return true;
}

bool image_read_device_key(const char *name, uint8_t public_key[32])
{
    struct image_bytes pem;
    if (strlen(name) == 64 && mico_unhex(name, public_key, 32) == MICO_OK) {
        return true;
    }
    if (access(name, R_OK) != 0) {
        return mico_complain("the firmware key that the station printed for the device",
                             "--encrypt-for %s: neither 64 hexadecimal digits nor a file that can be read", name);
    }
    if (!image_read_file(name, &pem)) {
        return false;
    }
    bool good = raw_of_pem(&pem, 0x6E, public_key);
    image_free(&pem);
    return good || mico_complain("the firmware key that the station printed for the device",
                                 "--encrypt-for %s: not an X25519 public key in PEM", name);
}

bool image_save_content_key(const char *path, const struct mico_image_key *key)
{
    char text[66];
    mico_hex(key->bytes, key->len, text);
    size_t len = strlen(text);
    text[len] = '\n';
    bool good = image_write_secret(path, (const uint8_t *)text, len + 1);
    mico_wipe(text, sizeof text);
    return good;
}

bool image_load_content_key(const char *path, struct mico_image_key *key)
{
    struct image_bytes text;
    mico_wipe(key, sizeof *key);
    if (!image_read_file(path, &text)) {
        return false;
    }
    size_t digits = strspn((const char *)text.data, "0123456789abcdefABCDEF");
    bool good =
        (digits == 32 || digits == 64) && (text.len == digits || (text.len == digits + 1 && text.data[digits] == '\n'));
    if (good) {
        text.data[digits] = '\0';
        key->len = (uint8_t)(digits / 2);
        good = mico_unhex((const char *)text.data, key->bytes, key->len) == MICO_OK;
    }
    image_free(&text);
    return good || mico_complain("the file that `mico image sign --content-key-file` made",
                                 "--content-key-file %s: not one line of 32 or 64 hexadecimal digits", path);
}
