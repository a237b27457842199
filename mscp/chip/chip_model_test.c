/* SPDX-License-Identifier: Apache-2.0 */
/* Random commands against a small model of the chip (test_model.h) that predicts every status, and what is read back.
 * MSCP_MODEL_COMMANDS says how many (ten million), MSCP_MODEL_SEED which.
 *
 * Now and then the power goes, or a session ends, which takes registers and volatile secrets along and nothing else. One command in
 * 64 goes over the link as a record, the rest straight to the core, which is faster; a chip serves some thousands and makes room for
 * a new one, in the factory and in the field by turns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mscp/chip/chip_internal.h"
#include "mscp/chip/test_model.h"
#include "mscp/chip/test_say.h"

#ifdef MICO_SANITIZED
#define COMMANDS 500000
#else
#define COMMANDS 10000000
#endif
#define COMMANDS_OF_A_CHIP 5000
#define FIRST_COMMANDS 300 /* in the factory: something to work on */
#define OVER_THE_LINK 64   /* one of so many */
#define SEED 1

static struct rig rig;
static struct mscp_binding binding;
static unsigned long counts[30];

/* ---- what happens beside commands ---- */

static void open_session(void)
{
    struct mscp_attributes attributes;
    bool found;
    assert_int_equal(mscp_host_attributes(&rig.host, MSCP_ID_GENERAL, &attributes, &found), MICO_OK);
    assert_int_equal(found, model_holds(MSCP_ID_GENERAL));
}

static void power_cycle(void)
{
    rig_restart_chip(&rig);
    rig_new_host(&rig, &binding);
    model_power_cut();
    open_session();
}

static void new_session(void)
{
    mscp_host_stop(&rig.host);
    rig_new_host(&rig, &binding);
    rig.now_ms += 60000;
    model_minute();
    open_session();
}

static int run_inside(uint8_t command)
{
    static uint8_t answer[MSCP_BODY_MAX];
    struct mico_writer out = mico_writer_of(answer, sizeof answer);
    assert_false(said.body.failed);
    rig.chip.detail = 0;
    int status = mscp_chip_run(&rig.chip, command, true, said_span(), &out);
    assert_false(out.failed);
    said.answer = (struct mscp_response){(int16_t)status, 0, {answer, out.len}};
    return status;
}

/* One command: the chip says what the model says. */
static int step(unsigned long number)
{
    uint8_t command = 0;
    int want = model_say(&command);
    int got = model_draw(OVER_THE_LINK) == 0 ? say_to(&rig, command) : run_inside(command);
    if (got != want) {
        fail_msg("command %lu (0x%02x): %d, the model says %d", number, command, got, want);
    }
    if (got == MSCP_OK) {
        model_check(command);
    }
    return got;
}

static void new_chip(bool field)
{
    rig_start(&rig);
    model_new();
    rig_provision(&rig, &binding, false);
    open_session();
    for (unsigned long i = 0; i < FIRST_COMMANDS; i++) {
        step(i);
    }
    if (field) {
        assert_int_equal(mscp_host_set_lifecycle(&rig.host, MSCP_OPERATIONAL, false, NULL), MICO_OK);
        model_operational();
    }
}

static void run(unsigned long commands)
{
    for (unsigned long i = 0; i < commands; i++) {
        counts[-step(i)]++;
        if (model_draw(3000) == 0) {
            power_cycle();
        } else if (model_draw(3000) == 0) {
            new_session();
        }
    }
}

static unsigned long setting(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? strtoul(text, NULL, 10) : otherwise;
}

static void the_chip_does_what_the_model_says(void **state)
{
    unsigned long commands = setting("MSCP_MODEL_COMMANDS", COMMANDS), seed = setting("MSCP_MODEL_SEED", SEED);
    model_seed(seed);
    for (unsigned long done = 0; done < commands; done += COMMANDS_OF_A_CHIP) {
        new_chip(done / COMMANDS_OF_A_CHIP % 2 == 1);
        run(COMMANDS_OF_A_CHIP);
    }
    rig_end(&rig);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i] > 0) {
            print_message("%10lu %s\n", counts[i], mscp_status_name((enum mscp_status)(-(int)i)));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_chip_does_what_the_model_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
