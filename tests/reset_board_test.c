/* SPDX-License-Identifier: Apache-2.0 */
/* The physical reset on a Cortex-M: a light that the factory made, behind its loader and beside its chip, is paired, and its
 * button is held. The emulated board has no button that anybody could press: its register always reads 0. So the emulator's
 * debugger changes one word of the running light, the address where it looks for the button. All else is the light that is
 * shipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "apps/device/hold.h"
#include "base/bytes.h"
#include "micoder/commands.h"
#include "micoder/demo.h"
#include "tests/boards/debugger.h"

#define FPGAIO 0x40028000u     /* what mico_button_pressed looks at: DAI 0386 section 4.2 */
#define BUTTON_OFFSET 8u       /* of the buttons there */
#define AN_ODD_WORD 0x40404u   /* where the light's image has its reset vector: Thumb code has odd addresses */
#define STACK_FILL 0xA5A5A5A5u /* of what a thread has never touched: os/kernel/internal.h */
#define STACK_SPARE 1024u      /* bytes that must stay untouched */

static struct mico_world world;
static struct mico_process *light;
static char debugger_path[128];

const char *mico_top(void)
{
    return MICO_SOURCE_DIR;
}

const char *mico_build(void)
{
    return MICO_SOURCE_DIR "/build/host";
}

static const char *light_elf(void)
{
    return mico_world_board_file(&world, "apps/light/light.elf");
}

static void must(bool good)
{
    if (!good) {
        fail_msg("%s (%s)", world.failure, world.failed_log);
    }
}

static void expect(const char *text)
{
    char line[256];
    must(mico_world_expect(&world, light, text, 30000, line, sizeof line));
}

/* Where mico_button_pressed keeps the address that it looks at. */
static uint32_t place_of_address(int debugger, uint32_t address)
{
    uint8_t code[256];
    uint32_t size, start = debugger_symbol(light_elf(), "mico_button_pressed", &size);
    assert_in_range(size, 4, sizeof code);
    debugger_read(debugger, start, code, size);
    for (uint32_t at = 0; at + 4 <= size; at += 4) {
        if (mico_load_le32(code + at) == address) {
            return start + at;
        }
    }
    fail_msg("mico_button_pressed does not look at 0x%x", (unsigned)address);
    return 0;
}

static void press(bool down)
{
    uint8_t word[4];
    uint32_t elsewhere = AN_ODD_WORD - BUTTON_OFFSET;
    int debugger = debugger_open(debugger_path);
    mico_store_le32(word, down ? elsewhere : FPGAIO);
    debugger_write(debugger, place_of_address(debugger, down ? FPGAIO : elsewhere), word, sizeof word);
    debugger_close(debugger);
}

/* Bytes of the watching thread's stack, the last thing in struct mico_hold, that were never touched. */
static uint32_t stack_unused(void)
{
    uint8_t stack[MICO_HOLD_STACK];
    uint32_t size, start = debugger_symbol(light_elf(), "reset_button", &size), unused = 0;
    assert_true(size > sizeof stack);
    int debugger = debugger_open(debugger_path);
    for (uint32_t at = 0; at < sizeof stack; at += 1024) {
        debugger_read(debugger, start + size - (uint32_t)sizeof stack + at, stack + at, 1024);
    }
    debugger_close(debugger);
    while (unused < sizeof stack && mico_load_le32(stack + unused) == STACK_FILL) {
        unused += 4;
    }
    return unused;
}

static int asked_for_its_light(void)
{
    char address[64], out[4096];
    snprintf(address, sizeof address, "127.0.0.1:%u", world.device_port);
    return mico_demo_controller(&world, out, sizeof out,
                                (const char *const[]){"get", "--address", address, "--device", world.a.id, "on", NULL});
}

static void touch_of_the_button_leaves_the_pairing(void **state)
{
    press(true);
    usleep(1500000);
    press(false);
    assert_int_equal(asked_for_its_light(), 0);
}

static void button_held_for_five_seconds_forgets_the_pairing(void **state)
{
    press(true);
    expect("reset by its button: no controller is paired, the setup code is taken again");
    press(false);
    assert_int_not_equal(asked_for_its_light(), 0);
    char proof[MICO_PROOF];
    unlink(mico_world_path(&world, "controller.json")); /* a user anew */
    must(mico_step_pairing(&world, proof));
    assert_int_equal(asked_for_its_light(), 0);
}

static void reset_leaves_room_on_its_stack(void **state)
{
    uint32_t unused = stack_unused();
    print_message("the reset took %u of %u bytes of stack\n", (unsigned)(MICO_HOLD_STACK - unused), MICO_HOLD_STACK);
    assert_in_range(unused, STACK_SPARE, MICO_HOLD_STACK - 1024); /* it has run, and it fits */
}

static int start(void **state)
{
    char dir[512], proof[MICO_PROOF];
    snprintf(dir, sizeof dir, "%.400s/reset-board", getcwd(proof, sizeof proof));
    must(mico_world_open(&world, dir, false));
    must(mico_step_factory(&world, proof) && mico_step_firmware(&world, proof));
    snprintf(debugger_path, sizeof debugger_path, "%s/debugger", world.sockets);
    struct mico_boot boot = {.name = "device-a",
                             .flash = world.a.flash,
                             .link = world.a.chip_link,
                             .port = world.device_port,
                             .debugger = debugger_path};
    light = mico_world_boot(&world, &boot);
    must(light != NULL);
    expect("serving on");
    must(mico_step_pairing(&world, proof));
    return 0;
}

static int stop(void **state)
{
    mico_world_close(&world);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(touch_of_the_button_leaves_the_pairing),
        cmocka_unit_test(button_held_for_five_seconds_forgets_the_pairing),
        cmocka_unit_test(reset_leaves_room_on_its_stack),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
