/* SPDX-License-Identifier: Apache-2.0 */
/* A way to an accessory; see way.h. */
#include "pairing/controller/way.h"

#define TIMEOUT_MS 15000 /* SRP takes a microcontroller seconds */
#define PASSWORD_MAX 256 /* as the cloud takes them */

static int opened(struct way *way)
{
    mico_client_start(&way->client, &way->wire, TIMEOUT_MS);
    way->open = true;
    return EXIT_DONE;
}

static int open_relay(struct way *way, const struct options *options, const char *device)
{
    char password[PASSWORD_MAX + 2];
    const char *why;
    if (options->cafile == NULL || options->user == NULL || options->password_file == NULL) {
        return say_error(EXIT_USAGE, "--relay needs --cafile, --user and --password-file", NULL, "see --help");
    }
    if (!read_first_line(options->password_file, password, sizeof password)) {
        return say_error(EXIT_USAGE, "the password file has no first line of at most 256 characters",
                         options->password_file, "check the path");
    }
    struct mico_relay_login login = {options->relay, options->cafile, options->user, password, device};
    mico_err err = mico_wire_relay_open(&login, TIMEOUT_MS, &way->wire, &why);
    mico_wipe(password, sizeof password);
    if (err != MICO_OK) {
        bool refused = err == MICO_ERR_AUTH || err == MICO_ERR_DENIED;
        return say_error(refused ? EXIT_REFUSED : EXIT_NOT_REACHED, "the relay cannot be used", why,
                         "check --relay, --cafile, --user and the password (after wrong ones wait some seconds), and "
                         "that the device is "
                         "claimed by this user");
    }
    way->relay = true;
    return opened(way);
}

int way_open(struct way *way, const struct options *options, const char *device, const char *address)
{
    way->open = false;
    if (options->relay != NULL) {
        return open_relay(way, options, device);
    }
    mico_err err = mico_wire_tcp_open(address, TIMEOUT_MS, &way->wire);
    if (err == MICO_ERR_FORMAT) {
        return say_error(EXIT_USAGE, "the address is not HOST:PORT", address, "such as 127.0.0.1:8080");
    }
    if (err != MICO_OK) {
        return say_error(EXIT_NOT_REACHED, "the device cannot be reached", address,
                         "see that it runs and that the address is right");
    }
    way->relay = false;
    return opened(way);
}

void way_close(struct way *way)
{
    if (!way->open) {
        return;
    }
    mico_client_stop(&way->client);
    if (way->relay) {
        mico_wire_relay_close(&way->wire);
    } else {
        mico_wire_tcp_close(&way->wire);
    }
    way->open = false;
}

int way_enter(struct way *way, const struct options *options, const struct mico_state *state, int *index)
{
    struct mico_client_peer peer;
    const char *address;
    way->open = false;
    *index = mico_state_find(state, options->device);
    if (*index < 0) {
        return say_error(EXIT_USAGE, options->device != NULL ? "no pairing with this device" : "which device?",
                         options->device, "see the list command, name one with --device, or pair first");
    }
    if (mico_state_get(state, *index, &peer, &address) != MICO_OK) {
        return say_error(EXIT_FAILED, "the state file's entry of this device is malformed", state->path, "pair again");
    }
    int status = way_open(way, options, peer.id, options->address != NULL ? options->address : address);
    if (status != EXIT_DONE) {
        return status;
    }
    return mico_client_verify(&way->client, &state->self, &peer) == MICO_OK ? EXIT_DONE
                                                                            : say_trouble(&way->client, false);
}
