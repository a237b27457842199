/* SPDX-License-Identifier: Apache-2.0 */
/* `mico chip` as a user runs it, against an mscpd of its own. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "micoder/chip_cmd.h"
#include "micoder/line_rig.h"

#define LINK "--link chip.sock "
#define BOUND LINK "--binding b "
#define SPKI_PREFIX 24 /* digits in front of an Ed25519 key's 64 */

static pid_t chip;
static char folder[64];

static int run(const char *line)
{
    char whole[2048];
    snprintf(whole, sizeof whole, "chip %s", line);
    return line_run(mico_chip_command, whole);
}

static void works(const char *line, const char *words)
{
    if (run(line) != 0 || strstr(line_said, words) == NULL) {
        fail_msg("chip %s: said '%s', complained '%s'", line, line_said, line_complained);
    }
}

static void fails(const char *line, int status, const char *words)
{
    int got = run(line);
    if (got != status || strstr(line_complained, words) == NULL || strncmp(line_complained, "error: ", 7) != 0 ||
        strstr(line_complained, "\n  try: ") == NULL) {
        fail_msg("chip %s: status %d with '%s'", line, got, line_complained);
    }
}

static int new_chip(void **state)
{
    snprintf(folder, sizeof folder, "/tmp/mico-chip-XXXXXX");
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) {
        return -1;
    }
    chip = fork();
    if (chip == 0) {
        freopen("chip.log", "w", stdout);
        execl(MSCPD, "mscpd", "--flash", "chip.bin", "--listen", "chip.sock", "--survive", "process", (char *)NULL);
        _exit(127);
    }
    struct stat found;
    for (int i = 0; i < 1000 && stat("chip.sock", &found) != 0; i++) {
        usleep(10000);
    }
    return 0;
}

static int chip_gone(void **state)
{
    char command[128];
    kill(chip, SIGTERM);
    waitpid(chip, NULL, 0);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

/* The 64 digits of the Ed25519 key that provision printed for id. */
static void key_of(const char *id, char out[65])
{
    const char *at = strstr(line_said, id);
    assert_non_null(at);
    at = strstr(at, ": ");
    assert_non_null(at);
    memcpy(out, at + 2 + SPKI_PREFIX, 64);
    out[64] = '\0';
}

static void serial_of(char out[17])
{
    works("info " LINK "--json", "\"serial\"");
    cJSON *json = cJSON_Parse(line_said);
    snprintf(out, 17, "%s", cJSON_GetStringValue(cJSON_GetObjectItem(json, "serial")));
    cJSON_Delete(json);
}

static void a_new_chip_tells_who_it_is(void **state)
{
    works("info " LINK, "CREATED, bound to nobody");
    works("info " LINK "--json", "\"paired\":\tfalse");
}

static void provisioning_binds_and_makes_keys(void **state)
{
    struct stat st;
    works("provision " BOUND "--key 0x1001:p256:sign-raw --key 0x1002:ed25519:sign-raw", "key 0x00001001: 3059");
    assert_int_equal(stat("b", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    works("info " LINK, "FACTORY, bound to a host");
    works("objects " BOUND, "0x00001002  ed25519      generated  read never, write never, sign-raw");
    works("objects " BOUND "--json", "\"usage\":\t\"sign-raw\"");
    fails("provision " BOUND, 1, "b is there already");
    fails("provision " LINK "--binding other", 1, "bound to another host");
}

static const char *member(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(json, name));
}

static void programs_read_what_was_made(void **state)
{
    struct stat st;
    works("provision " BOUND "--key 1:ed25519:attest --key 0x1002:ed25519:sign-raw --json", "");
    cJSON *json = cJSON_Parse(line_said);
    const cJSON *keys = cJSON_GetObjectItem(json, "keys");
    assert_int_equal(strlen(member(json, "serial")), 16);
    assert_string_equal(member(json, "binding"), "b");
    assert_int_equal(cJSON_GetArraySize(keys), 2);
    assert_int_equal(cJSON_GetObjectItem(cJSON_GetArrayItem(keys, 1), "id")->valueint, 0x1002);
    assert_int_equal(strlen(member(cJSON_GetArrayItem(keys, 1), "public_key")), SPKI_PREFIX + 64);
    cJSON_Delete(json);
    works("attest " BOUND "-o chip.eat --json", "");
    json = cJSON_Parse(line_said);
    assert_string_equal(member(json, "file"), "chip.eat");
    assert_int_equal(strlen(member(json, "nonce")), 64);
    assert_int_equal(stat("chip.eat", &st), 0);
    assert_int_equal(cJSON_GetObjectItem(json, "bytes")->valueint, st.st_size);
    cJSON_Delete(json);
    fails("attest " BOUND "--key 1 --key 2 -o chip.eat", 2, "about one --key");
}

static void a_lock_is_a_dry_run_that_names_each_clause(void **state)
{
    char serial[17], line[128];
    works("provision " BOUND "--key 0x1001:ed25519:sign-raw", "is bound");
    assert_int_equal(run("lock " BOUND), 1);
    assert_non_null(strstr(line_said, "clause 2: object 0x0001"));
    assert_non_null(strstr(line_said, "clause 4: object 0x0020"));
    assert_non_null(strstr(line_said, "clause 32: a key signs whatever"));
    assert_int_equal(run("lock " BOUND "--json"), 1);
    assert_non_null(strstr(line_said, "\"clause\":\t4"));
    fails("lock " BOUND "--commit 0000000000000000", 1, "this chip is ");
    serial_of(serial);
    snprintf(line, sizeof line, "lock " BOUND "--commit %s", serial);
    assert_int_equal(run(line), 1); /* no clause is passed over for being asked by name */
    works("info " LINK, "FACTORY");
}

static void evidence_is_believed_only_under_its_chips_key_and_nonce(void **state)
{
    static const char nonce[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    char identity[65], other[65], line[512];
    works("provision " BOUND "--key 1:ed25519:attest --key 0x1001:ed25519:sign-raw", "key 0x00000001");
    key_of("key 0x00000001", identity);
    key_of("key 0x00001001", other);
    snprintf(line, sizeof line, "attest " BOUND "--key 0x1001 --nonce %s -o key.eat", nonce);
    works(line, "bytes of evidence");
    snprintf(line, sizeof line, "evidence verify key.eat --identity %s --nonce %s", identity, nonce);
    works(line, "ed25519      generated");
    snprintf(line, sizeof line, "evidence verify key.eat --identity %s --json", identity);
    works(line, "\"host_binding\"");
    snprintf(line, sizeof line, "evidence verify key.eat --identity %s", other);
    fails(line, 1, "the signature is not of this identity key");
    snprintf(line, sizeof line, "evidence verify key.eat --identity %s --nonce %s", identity, other);
    fails(line, 1, "made under another nonce");
    snprintf(line, sizeof line, "attest " BOUND "--nonce %s%s -o long.eat", nonce, nonce);
    works(line, "bytes of evidence");
    snprintf(line, sizeof line, "evidence verify long.eat --identity %s --nonce %s%s", identity, nonce, nonce);
    works(line, nonce);
    snprintf(line, sizeof line, "evidence verify long.eat --identity %s --nonce %s", identity, nonce);
    fails(line, 1, "made under another nonce"); /* half of it */
    assert_int_equal(system("printf x >> key.eat"), 0);
    snprintf(line, sizeof line, "evidence verify key.eat --identity %s", identity);
    fails(line, 1, "not evidence as a chip writes it");
    snprintf(line, sizeof line, "evidence believe key.eat --identity %s", identity);
    fails(line, 2, "no command 'believe'");
}

static void the_log_leads_to_what_evidence_says(void **state)
{
    char identity[65], line[512];
    works("provision " BOUND "--key 1:ed25519:attest", "key 0x00000001");
    key_of("key 0x00000001", identity);
    works("log " BOUND, "paired");
    works("log " BOUND "--json", "\"event\":\t\"paired\"");
    works("attest " BOUND "-o chip.eat", "bytes of evidence");
    snprintf(line, sizeof line, "log " BOUND "--evidence chip.eat --identity %s", identity);
    works(line, "paired");
    fails("log " BOUND "--evidence chip.eat", 2, "go together");
}

static void what_is_wrong_is_named(void **state)
{
    fails("info --link nowhere.sock", 1, "no chip listens at nowhere.sock");
    fails("info", 2, "missing --link");
    fails("objects " LINK "--binding none", 1, "cannot read none");
    fails("provision " BOUND "--key 0x1001:rsa:sign-raw", 2, "no key pair is of type 'rsa'");
    fails("provision " BOUND "--key 0x1001:p256:everything", 2, "there is no usage 'everything'");
    fails("provision " BOUND "--key x:p256:agree", 2, "--key x: not a number");
    fails("provision " BOUND "--key 1", 2, "not ID:TYPE:USAGE");
    assert_int_equal(system("printf 12345 > short"), 0);
    fails("objects " LINK "--binding short", 1, "short: not a binding (its length)");
    fails("attest " BOUND "-o x --nonce 12", 2, "not 64, 96 or 128 hexadecimal digits");
    fails("evidence verify x --identity x --nonce 12", 2, "not 64, 96 or 128 hexadecimal digits");
}

static void a_binding_of_another_chip_is_told(void **state)
{
    works("provision " BOUND, "is bound");
    assert_int_equal(rename("b", "b1"), 0);
    works("provision " BOUND, "is bound"); /* no object yet: it may be bound again */
    fails("objects " LINK "--binding b1", 1, "objects: ");
    works("objects " BOUND, "");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, new_chip, chip_gone)
    const struct CMUnitTest tests[] = {
        CASE(a_new_chip_tells_who_it_is),
        CASE(provisioning_binds_and_makes_keys),
        CASE(programs_read_what_was_made),
        CASE(a_lock_is_a_dry_run_that_names_each_clause),
        CASE(evidence_is_believed_only_under_its_chips_key_and_nonce),
        CASE(the_log_leads_to_what_evidence_says),
        CASE(what_is_wrong_is_named),
        CASE(a_binding_of_another_chip_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
