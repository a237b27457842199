/* SPDX-License-Identifier: Apache-2.0 */
/* The attacks of the demo. Each is carried out for real and must be refused by the part that stands against it; where
 * it could pass for another reason (a dead broker, say), the same thing done honestly must succeed in the same breath.
 */
#include "micoder/demo.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "micoder/impostor.h"

static const char *at(const struct mico_world *world, const char *name)
{
    return mico_world_path(world, name);
}

/* Setup code: guessed wrong, before the device's owner pairs. */
bool mico_attack_setup_code(struct mico_world *world, char why[MICO_PROOF])
{
    char address[64], out[4096], code[16];
    snprintf(address, sizeof address, "127.0.0.1:%u", world->device_port);
    snprintf(code, sizeof code, "%s", world->a.code);
    code[9] = code[9] == '7' ? '3' : '7'; /* one digit off */
    int status = mico_demo_controller(world, out, sizeof out,
                                      (const char *const[]){"pair", "--address", address, "--code", code,
                                                            "--maker-root", at(world, "factory/root.pem"), NULL});
    if (status == 0) {
        return mico_world_fail(world, at(world, "controller.log"), "the device paired with a wrong setup code");
    }
    char line[256];
    if (strstr(out, "setup code refused") == NULL ||
        !mico_world_expect(world, world->device, "wrong setup code", 2000, line, sizeof line)) {
        return mico_world_fail(world, at(world, "controller.log"), "pairing failed, but not because of the setup code");
    }
    const char *text = strstr(line, "pair-setup");
    snprintf(why, MICO_PROOF, "HAP error 2, Authentication; the device notes '%s'", text != NULL ? text : line);
    return true;
}

/* A frame recorded on the link between device and chip, sent to the chip again. */
bool mico_attack_replay(struct mico_world *world, char why[MICO_PROOF])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/tap-control", world->sockets);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char line[256] = "";
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 && write(fd, "replay\n", 7) == 7) {
        struct pollfd p = {fd, POLLIN, 0};
        size_t used = 0;
        while (used < sizeof line - 1 && strchr(line, '\n') == NULL && poll(&p, 1, 15000) > 0) {
            ssize_t n = read(fd, line + used, sizeof line - 1 - used);
            if (n <= 0) {
                break;
            }
            used += (size_t)n;
            line[used] = '\0';
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "replayed ", 9) != 0) {
        return mico_world_fail(world, world->tap->log, "the tap did not replay: '%s'", line);
    }
    if (strstr(line, "REPLAY") == NULL && strstr(line, "SESSION_INVALID") == NULL && strstr(line, "LINK_MAC") == NULL) {
        return mico_world_fail(world, world->tap->log, "the chip did not refuse: %s", line);
    }
    /* The rightful device must recover by itself: a new session with it takes a signature by its chip. */
    char endpoint[64], out[4096];
    snprintf(endpoint, sizeof endpoint, "127.0.0.1:%u", world->device_port);
    if (mico_demo_controller(
            world, out, sizeof out,
            (const char *const[]){"get", "--address", endpoint, "--device", world->a.id, "on", NULL}) != 0) {
        return mico_world_fail(world, at(world, "controller.log"), "refused, but the device did not recover its link");
    }
    snprintf(why, MICO_PROOF, "%s; the device opened a new session by itself", line);
    return true;
}

/* Log in to the broker's device listener; the outcome in words goes to said. */
static enum mico_login log_in(struct mico_world *world, const char *certificate, const char *key, char *said,
                              size_t cap)
{
    return mico_impostor(world->broker_port, at(world, "cloud-ca/root.pem"), at(world, certificate), at(world, key),
                         said, cap);
}

/* A device certificate of the right name and the wrong key, in both ways there are: the device's genuine certificate
 * with a key of the attacker's, and a look-alike with the same name that the attacker's own CA made for that key. */
bool mico_attack_broker(struct mico_world *world, char why[MICO_PROOF])
{
    char said[3][100];
    struct mico_args forge = {.count = 0};
    mico_args_add(&forge, "%s", mico_world_program(world, "identity/factory/mico-forge"));
    const char *const words[] = {"--device-id", world->a.id, "--out", at(world, "forged")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        mico_args_add(&forge, "%s", words[i]);
    }
    if (!mico_world_run(world, "forge", &forge, NULL, 0)) {
        return false;
    }
    /* The same client with a certificate and a key that belong together is let in: only the key makes the difference.
     */
    if (log_in(world, "cloud-ca/operator.pem", "cloud-ca/operator.key", said[0], sizeof said[0]) != MICO_LET_IN) {
        return mico_world_fail(world, world->broker->log, "a rightful client was not let in either: %s", said[0]);
    }
    if (log_in(world, "device-a.pem", "forged/device.key", said[1], sizeof said[1]) != MICO_TURNED_OUT ||
        log_in(world, "forged/device.pem", "forged/device.key", said[2], sizeof said[2]) != MICO_TURNED_OUT) {
        return mico_world_fail(world, world->broker->log, "the broker let an impostor in");
    }
    snprintf(why, MICO_PROOF, "its own certificate, another key: %s; a look-alike certificate: %s", said[1], said[2]);
    return true;
}

/* Boot a flash in an attack of its own and wait for the loader's refusal. */
static bool refused_boot(struct mico_world *world, const char *name, const char *flash, const char *link,
                         const char *reason, char why[MICO_PROOF])
{
    char line[256];
    int which = 0;
    struct mico_boot boot = {name, flash, link, world->posix ? world->device_port : 0, NULL, NULL};
    struct mico_process *board = mico_world_boot(world, &boot);
    if (board == NULL) {
        return false;
    }
    bool said = mico_process_expect(&world->processes, board, world->posix ? "device: identity.c" : "loader: refused: ",
                                    world->posix ? "serving on" : "loader: starting", 60000, line, sizeof line, &which);
    char log[512];
    snprintf(log, sizeof log, "%s", board->log);
    mico_process_stop(&world->processes, board);
    if (!said) {
        return mico_world_fail(world, log, "it said nothing");
    }
    if (which == 1) {
        return mico_world_fail(world, log, "it was started");
    }
    if (strstr(line, reason) == NULL) {
        return mico_world_fail(world, log, "refused for another reason than '%s': %.200s", reason, line);
    }
    const char *text = strstr(line, "refused: ");
    snprintf(why, MICO_PROOF, "%s", text != NULL ? text + strlen("refused: ") : line);
    return true;
}

/* Device A is switched off; its flash lies on the attacker's bench. */
static bool take_flash(struct mico_world *world, const char *copy)
{
    mico_process_stop(&world->processes, world->device);
    mico_process_stop(&world->processes, world->tap);
    world->device = world->tap = NULL;
    return mico_copy_file(world->a.flash, copy) || mico_world_fail(world, NULL, "cannot copy %s", world->a.flash);
}

/* All of the microcontroller's flash on a second board, which has another (genuine) chip. */
bool mico_attack_copied_flash(struct mico_world *world, char why[MICO_PROOF])
{
    const char *copy = at(world, "attack-copied.flash");
    return take_flash(world, copy) &&
           refused_boot(world, "attack-copied", copy, world->b.chip_link, world->posix ? ": auth" : "chip:", why);
}

/* One bit of the firmware altered, in the middle of the encrypted payload. */
bool mico_attack_altered(struct mico_world *world, char why[MICO_PROOF])
{
    const char *copy = at(world, "attack-altered.flash");
    if (!take_flash(world, copy)) {
        return false;
    }
    FILE *f = fopen(copy, "r+b");
    int byte = f != NULL && fseek(f, 0x8000, SEEK_SET) == 0 ? fgetc(f) : EOF;
    bool done = byte != EOF && fseek(f, 0x8000, SEEK_SET) == 0 && fputc(byte ^ 0x10, f) != EOF;
    if (f == NULL || fclose(f) != 0 || !done) {
        return mico_world_fail(world, NULL, "cannot alter %s", copy);
    }
    return refused_boot(world, "attack-altered", copy, world->a.chip_link, "digest", why);
}

/* An older image, genuinely signed and made for this very chip. */
bool mico_attack_older(struct mico_world *world, char why[MICO_PROOF])
{
    const char *copy = at(world, "attack-older.flash");
    if (!take_flash(world, copy)) {
        return false;
    }
    if (!mico_flash_image(at(world, "light-1.0.0.img"), copy)) {
        return mico_world_fail(world, NULL, "cannot write %s", copy);
    }
    return refused_boot(world, "attack-older", copy, world->a.chip_link, "counter", why);
}
