/* SPDX-License-Identifier: Apache-2.0 */
/* Connection and binding; see chip_talk.h. */
#include "micoder/chip_talk.h"

#include <string.h>
#include <unistd.h>

#include "micoder/image_files.h"
#include "micoder/subcommand.h"

#define CONNECT_WAIT_MS 2000

static bool read_binding(const char *path, struct mscp_binding *binding)
{
    struct image_bytes bytes;
    if (!image_read_file(path, &bytes)) {
        return false;
    }
    mico_err err = mscp_binding_decode(binding, bytes.data, bytes.len);
    image_free(&bytes);
    return err == MICO_OK || mico_complain("./mico chip provision makes one", "%s: not a binding (%s)", path,
                                           err == MICO_ERR_SIZE ? "its length" : "its keys do not belong together");
}

bool chip_talk_begin(struct chip_talk *talk, const char *link, const char *path)
{
    struct mscp_binding binding;
    memset(talk, 0, sizeof *talk);
    talk->socket.fd = -1;
    if (path != NULL && !read_binding(path, &binding)) {
        return false;
    }
    bool good = mscp_socket_open(&talk->socket, link, CONNECT_WAIT_MS, &talk->transport) == MICO_OK ||
                mico_complain("mscpd --flash FILE --listen SOCKET starts one", "no chip listens at %s", link);
    if (good) {
        mscp_host_start(&talk->host, &talk->transport, path != NULL ? &binding : NULL);
    }
    mico_wipe(&binding, sizeof binding);
    return good;
}

void chip_talk_end(struct chip_talk *talk)
{
    if (talk->socket.fd >= 0) {
        mscp_host_stop(&talk->host);
        mscp_socket_close(&talk->socket);
    }
    mico_wipe(talk, sizeof *talk);
}

bool chip_talk_pair(struct chip_talk *talk, const char *path)
{
    struct mscp_binding binding;
    uint8_t bytes[MSCP_BINDING_SIZE];
    if (access(path, F_OK) == 0) {
        return mico_complain("another name", "%s is there already, and may bind another chip", path);
    }
    mico_err err = mscp_host_pair(&talk->host, &binding);
    if (err != MICO_OK) {
        return err == MICO_ERR_STATE ? mico_complain("the --binding that was made with it",
                                                     "the chip is bound to another host, and holds objects")
                                     : chip_talk_failed(talk, err, "pairing");
    }
    mscp_binding_encode(&binding, bytes);
    bool good = image_write_secret(path, bytes, sizeof bytes);
    mico_wipe(bytes, sizeof bytes);
    mico_wipe(&binding, sizeof binding);
    return good;
}

bool chip_talk_failed(const struct chip_talk *talk, mico_err err, const char *what)
{
    enum mscp_status status = mscp_host_last_status(&talk->host);
    if (err == MICO_ERR_AUTH && status == MSCP_OK) {
        return mico_complain("the binding that was made with this chip", "%s: this is not the chip of the binding",
                             what);
    }
    return mico_complain("./mico chip info, and docs/MSCP.md for what the chip says",
                         "%s: %s; the chip says %s (%d), detail %u", what, mico_err_name(err), mscp_status_name(status),
                         (int)status, mscp_host_last_detail(&talk->host));
}
