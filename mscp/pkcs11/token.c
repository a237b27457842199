/* SPDX-License-Identifier: Apache-2.0 */
/* The token: a chip behind a Unix socket, and the file that binds this user to it. The folder MICO_TOKEN has both:
 * `chip.sock`, where mscpd listens, and `binding` (mode 0600), which C_InitToken makes. Whoever reads that file may
 * use the keys; nobody may read them.
 * At 0x1FFFF in the chip stand the token's label and flags; records.c has the rest. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mscp/host/mscp_host_state.h"
#include "mscp/host/transport_socket.h"
#include "mscp/pkcs11/p11.h"

#define PATH_MAX_LEN 96
#define DEFAULT_FOLDER "/var/lib/mico/token"

static struct mscp_host host;
static struct mscp_socket link_socket = {.fd = -1};
static bool connected;

#define LABEL_SIZE 33 /* label | flags; a token of before has no flags */

const struct mscp_attributes p11_record_attributes = {.type = MSCP_DATA, .read = MSCP_SESSION, .write = MSCP_SESSION};

/* Nobody proved who he is, or a PIN that was right is no more. */
static bool not_logged_in(enum mscp_status status)
{
    return status == MSCP_AUTH_REQUIRED || status == MSCP_AUTH_FAILED;
}

CK_RV p11_error(mico_err err)
{
    switch (err) {
    case MICO_OK:
        return CKR_OK;
    case MICO_ERR_CLOSED:
        return CKR_DEVICE_REMOVED;
    case MICO_ERR_AUTH:
        return not_logged_in(mscp_host_last_status(&host)) ? CKR_USER_NOT_LOGGED_IN : CKR_TOKEN_NOT_RECOGNIZED;
    case MICO_ERR_DENIED:
        return CKR_KEY_FUNCTION_NOT_PERMITTED;
    case MICO_ERR_FULL:
        return CKR_DEVICE_MEMORY;
    case MICO_ERR_SIZE:
        return CKR_DATA_LEN_RANGE;
    case MICO_ERR_CRYPTO:
        return CKR_MECHANISM_PARAM_INVALID;
    default:
        return CKR_DEVICE_ERROR;
    }
}

static bool path_of(const char *name, char out[PATH_MAX_LEN])
{
    const char *folder = secure_getenv("MICO_TOKEN");
    int len = snprintf(out, PATH_MAX_LEN, "%s/%s", folder != NULL ? folder : DEFAULT_FOLDER, name);
    return len > 0 && len < PATH_MAX_LEN;
}

static CK_RV read_binding(struct mscp_binding *binding)
{
    char path[PATH_MAX_LEN];
    uint8_t bytes[MSCP_BINDING_SIZE + 1];
    int fd = path_of("binding", path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) {
        return CKR_TOKEN_NOT_RECOGNIZED;
    }
    ssize_t len = read(fd, bytes, sizeof bytes);
    close(fd);
    mico_err err = mscp_binding_decode(binding, bytes, len > 0 ? (size_t)len : 0);
    mico_wipe(bytes, sizeof bytes);
    return err == MICO_OK ? CKR_OK : CKR_TOKEN_NOT_RECOGNIZED;
}

/* Whole or not at all, and on the disk before it counts. */
static CK_RV write_binding(const struct mscp_binding *binding)
{
    char path[PATH_MAX_LEN], temporary[PATH_MAX_LEN];
    uint8_t bytes[MSCP_BINDING_SIZE];
    if (!path_of("binding", path) || !path_of("binding.new", temporary)) {
        return CKR_GENERAL_ERROR;
    }
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return CKR_FUNCTION_FAILED;
    }
    mscp_binding_encode(binding, bytes);
    bool good = write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes && fsync(fd) == 0;
    mico_wipe(bytes, sizeof bytes);
    close(fd);
    return good && rename(temporary, path) == 0 ? CKR_OK : CKR_FUNCTION_FAILED;
}

static CK_RV connect_with(const struct mscp_binding *binding)
{
    char path[PATH_MAX_LEN];
    struct mscp_transport transport;
    if (!path_of("chip.sock", path) || mscp_socket_open(&link_socket, path, 0, &transport) != MICO_OK) {
        return CKR_TOKEN_NOT_PRESENT;
    }
    mscp_host_start(&host, &transport, binding);
    connected = true;
    return CKR_OK;
}

CK_RV p11_token(struct mscp_host **out)
{
    if (!connected) {
        struct mscp_binding binding;
        CK_RV rv = read_binding(&binding);
        if (rv == CKR_OK) {
            rv = connect_with(&binding);
        }
        mico_wipe(&binding, sizeof binding);
        if (rv != CKR_OK) {
            return rv;
        }
    }
    *out = &host;
    return CKR_OK;
}

void p11_token_close(void)
{
    if (connected) {
        mscp_host_stop(&host);
        mscp_socket_close(&link_socket);
        connected = false;
    }
}

void p11_token_abandon(void)
{
    mico_wipe(&host, sizeof host);
    mscp_socket_close(&link_socket);
    connected = false;
}

/* A daemon that ended may leave its socket's name behind, so only a connection shows that one listens. */
bool p11_token_present(void)
{
    char path[PATH_MAX_LEN];
    struct mscp_socket probe;
    struct mscp_transport transport;
    struct stat found;
    if (connected) {
        return true;
    }
    bool present = path_of("chip.sock", path) && stat(path, &found) == 0 && S_ISSOCK(found.st_mode) &&
                   mscp_socket_open(&probe, path, 0, &transport) == MICO_OK;
    if (present) {
        mscp_socket_close(&probe);
    }
    return present;
}

bool p11_token_initialized(void)
{
    char path[PATH_MAX_LEN];
    return path_of("binding", path) && access(path, R_OK) == 0;
}

/* MICO_ERR_STATE: a token that was never given one. */
static mico_err read_label(struct mscp_host *chip, uint8_t record[LABEL_SIZE])
{
    size_t len = 0;
    memset(record, 0, LABEL_SIZE);
    mico_err err = mscp_host_read(chip, P11_LABEL_ID, record, LABEL_SIZE, &len);
    return err != MICO_OK || len == LABEL_SIZE || len == LABEL_SIZE - 1 ? err : MICO_ERR_FORMAT;
}

CK_RV p11_token_label(uint8_t label[32], uint8_t serial[16])
{
    struct mscp_host *chip;
    CK_RV rv = p11_token(&chip);
    if (rv != CKR_OK) {
        return rv;
    }
    char hex[2 * MSCP_SERIAL_SIZE + 1];
    uint8_t record[LABEL_SIZE];
    mico_hex(chip->binding.serial, MSCP_SERIAL_SIZE, hex);
    memcpy(serial, hex, 16);
    mico_err err = read_label(chip, record);
    if (err == MICO_OK) {
        memcpy(label, record, 32);
    }
    return p11_error(err == MICO_ERR_STATE ? MICO_OK : err);
}

static struct {
    bool known;
    uint8_t flags;
} the_flags;

void p11_token_flags_forget(void)
{
    the_flags.known = false;
}

CK_RV p11_user_pin_set(bool *set)
{
    struct mscp_host *chip;
    uint8_t record[LABEL_SIZE];
    CK_RV rv = the_flags.known ? CKR_OK : p11_token(&chip);
    if (rv == CKR_OK && !the_flags.known) {
        mico_err err = read_label(chip, record);
        rv = p11_error(err == MICO_ERR_STATE ? MICO_OK : err); /* a token that was never given one has no flags */
        the_flags.known = rv == CKR_OK;
        the_flags.flags = record[32];
    }
    *set = rv == CKR_OK && (the_flags.flags & P11_FLAG_USER_PIN) != 0;
    return rv;
}

CK_RV p11_token_set_flags(uint8_t flags)
{
    struct mscp_host *chip;
    uint8_t record[LABEL_SIZE];
    CK_RV rv = p11_token(&chip);
    rv = rv == CKR_OK ? p11_error(read_label(chip, record)) : rv;
    record[32] = flags;
    p11_token_flags_forget();
    return rv == CKR_OK ? p11_error(mscp_host_write(chip, P11_LABEL_ID, MICO_SPAN(record))) : rv;
}

static CK_RV pair(void)
{
    struct mscp_binding binding;
    CK_RV rv = connect_with(NULL);
    if (rv != CKR_OK) {
        return rv;
    }
    mico_err err = mscp_host_pair(&host, &binding);
    rv = err == MICO_OK ? write_binding(&binding) : err == MICO_ERR_STATE ? CKR_TOKEN_NOT_RECOGNIZED : p11_error(err);
    mico_wipe(&binding, sizeof binding);
    if (rv != CKR_OK) {
        p11_token_close();
    }
    return rv;
}

static mico_err empty(struct mscp_host *chip)
{
    struct mscp_listed list[MSCP_OBJECTS_MAX];
    size_t count = 0;
    mico_err err = mscp_host_list(chip, list, &count);
    for (size_t i = 0; err == MICO_OK && i < count; i++) {
        if (list[i].id >= MSCP_ID_GENERAL && list[i].id != P11_LABEL_ID) {
            err = mscp_host_delete(chip, list[i].id);
        }
    }
    return err;
}

/* Empty before the user's PIN is void: what the old user had is never open to the new one. */
CK_RV p11_token_init(const uint8_t label[32], const uint8_t *pin, size_t pin_len)
{
    uint8_t record[LABEL_SIZE] = {0};
    struct mscp_host *chip;
    CK_RV rv = p11_token_initialized() ? CKR_OK : pair();
    if (rv == CKR_OK) {
        rv = p11_token(&chip);
    }
    rv = rv == CKR_OK ? p11_so_prove_or_set(chip, pin, pin_len) : rv;
    if (rv != CKR_OK) {
        return rv;
    }
    memcpy(record, label, 32);
    mico_err err = empty(chip);
    if (err == MICO_OK) {
        err = mscp_host_write(chip, P11_LABEL_ID, MICO_SPAN(record));
    }
    if (err == MICO_ERR_STATE) {
        err = mscp_host_create(chip, P11_LABEL_ID, &p11_record_attributes, MICO_SPAN(record));
    }
    p11_objects_forget();
    return err == MICO_OK ? p11_user_pin_void(chip) : p11_error(err);
}
