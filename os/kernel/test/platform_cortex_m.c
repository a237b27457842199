/* SPDX-License-Identifier: Apache-2.0 */
/* A Cortex-M board: real time, real interrupts (one that no driver of this program uses, set pending by software), and
 * the registers that a switch must keep. */
#include "os/kernel/test/platform.h"

#include "os/boards/mps2/mps2.h"

#define FREE_IRQ MPS2_IRQ_ETHERNET /* the controller is left off by this program */
#define NVIC_ISPR ((volatile uint32_t *)0xE000E200u)

void ETHERNET_Handler(void);

static void (*volatile the_handler)(void *arg);
static void *volatile the_arg;

void ETHERNET_Handler(void)
{
    the_handler(the_arg);
}

void platform_begin(void)
{
    mps2_irq_enable(FREE_IRQ);
}

void as_interrupt(void (*handler)(void *arg), void *arg)
{
    uint32_t irq = mico_irq_save(); /* threads of a case may interrupt each other between the next lines */
    the_handler = handler;
    the_arg = arg;
    NVIC_ISPR[FREE_IRQ / 32] = 1u << FREE_IRQ % 32;
    __asm__ volatile("dsb" : : : "memory");
    mico_irq_restore(irq); /* the handler runs here */
}

void pass_ms(uint32_t ms)
{
    uint64_t end = mico_clock_ms() + ms;
    while (mico_clock_ms() < end) {
    }
}

void check_elapsed(uint64_t start_ms, uint32_t ms, const char *file, int line)
{
    uint64_t elapsed = mico_clock_ms() - start_ms;
    if (elapsed < ms || elapsed > ms + 2) {
        check_int((long long)elapsed, ms, "elapsed ms", file, line);
    }
}

/* Fill r4-r11 and s0-s31 with numbers from pattern on, let time pass, and count those that are no longer there. */
__attribute__((naked)) static uint32_t registers_lost(uint32_t pattern, uint32_t spins)
{
    __asm__ volatile("push {r4-r11, lr}\n\t"
                     "vpush {s16-s31}\n\t"
                     "mov r2, r0\n\t"
                     ".irp i, 4, 5, 6, 7, 8, 9, 10, 11\n\t"
                     "mov r\\i, r2\n\t"
                     "add r2, r2, #1\n\t"
                     ".endr\n\t"
                     ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n\t"
                     "vmov s\\i, r2\n\t"
                     "add r2, r2, #1\n\t"
                     ".endr\n"
                     "1:\tsubs r1, r1, #1\n\t"
                     "bne 1b\n\t"
                     "movs r1, #0\n\t"
                     "mov r2, r0\n\t"
                     ".irp i, 4, 5, 6, 7, 8, 9, 10, 11\n\t"
                     "cmp r\\i, r2\n\t"
                     "it ne\n\t"
                     "addne r1, r1, #1\n\t"
                     "add r2, r2, #1\n\t"
                     ".endr\n\t"
                     ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n\t"
                     "vmov r3, s\\i\n\t"
                     "cmp r3, r2\n\t"
                     "it ne\n\t"
                     "addne r1, r1, #1\n\t"
                     "add r2, r2, #1\n\t"
                     ".endr\n\t"
                     "mov r0, r1\n\t"
                     "vpop {s16-s31}\n\t"
                     "pop {r4-r11, pc}");
}

static volatile bool stop;
static volatile uint32_t rounds[4], lost[4], interrupts;

static void keep_registers(void *arg)
{
    uint32_t i = (uint32_t)(uintptr_t)arg;
    while (!stop) {
        lost[i] += registers_lost(0x1000000u * (i + 1) + rounds[i], 20000 + 1000 * i);
        rounds[i]++;
    }
}

static void keep_registers_and_sleep(void *arg)
{
    uint32_t i = (uint32_t)(uintptr_t)arg;
    while (!stop) {
        lost[i] += registers_lost(0x1000000u * (i + 1) + rounds[i], 10);
        rounds[i]++;
        mico_thread_sleep_ms(1);
    }
}

static void use_no_floating_point(void *arg)
{
    while (!stop) {
        rounds[3]++;
        mico_thread_sleep_ms(1);
    }
}

static void spoil_registers(void *arg)
{
    (void)registers_lost(0xDEAD0000u, 1);
    interrupts++;
}

static void registers_survive_preemption_time_slices_and_interrupts(void)
{
    stop = false;
    for (int i = 0; i < 4; i++) {
        rounds[i] = lost[i] = 0;
    }
    spawn(0, 7, keep_registers, (void *)0);
    spawn(1, 7, keep_registers, (void *)1);
    spawn(2, 3, keep_registers_and_sleep, (void *)2);
    spawn(3, 2, use_no_floating_point, NULL);
    for (int i = 0; i < 500; i++) {
        mico_thread_sleep_ms(1);
        as_interrupt(spoil_registers, NULL);
    }
    stop = true;
    for (unsigned i = 0; i < 4; i++) {
        CHECK_INT(mico_thread_join(&thread[i], 1000), MICO_OK);
        CHECK(rounds[i] > 10);
        CHECK_INT(lost[i], 0);
    }
    CHECK_INT(interrupts, 500);
    CHECK(mico_thread_stack_unused(&thread[0]) > 512);
}

/* ---- floating-point status, and that its state is kept only for who has some (DDI 0403 section B1.5.7) ---- */

#define FPCCR (*(volatile uint32_t *)0xE000EF34u)
#define FPCCR_AUTOMATIC_AND_LAZY 0xC0000000u
#define FPSCR_MODES 0x07C00000u /* rounding, flush to zero, default NaN, half precision: what a thread may choose */
#define CONTROL_FPCA 0x4u       /* there is floating-point state here */

static uint32_t fpscr(void)
{
    uint32_t value;
    __asm__ volatile("vmrs %0, fpscr" : "=r"(value));
    return value;
}

static void set_fpscr(uint32_t value)
{
    __asm__ volatile("vmsr fpscr, %0" : : "r"(value));
}

static void keep_status(void *arg)
{
    uint32_t i = (uint32_t)(uintptr_t)arg;
    uint32_t modes = (i + 1) * 0x00C00000u & FPSCR_MODES; /* another for each */
    set_fpscr(modes);
    while (!stop) {
        lost[i] += registers_lost(0x1000000u * (i + 1) + rounds[i], 2000);
        lost[i] += (fpscr() & FPSCR_MODES) != modes;
        rounds[i]++;
        if (i == 2) {
            mico_thread_sleep_ms(1);
        }
    }
}

static void have_no_state(void *arg)
{
    while (!stop) {
        uint32_t control;
        __asm__ volatile("mrs %0, control" : "=r"(control));
        lost[3] += (control & CONTROL_FPCA) != 0;
        rounds[3]++;
        mico_thread_sleep_ms(1);
    }
}

static void change_status(void *arg)
{
    set_fpscr(FPSCR_MODES);
    (void)registers_lost(0xBEEF0000u, 1);
    interrupts++;
}

static void floating_point_status_is_each_thread_s_own_and_kept_only_where_there_is_some(void)
{
    stop = false;
    interrupts = 0;
    for (int i = 0; i < 4; i++) {
        rounds[i] = lost[i] = 0;
    }
    CHECK_INT(FPCCR & FPCCR_AUTOMATIC_AND_LAZY, FPCCR_AUTOMATIC_AND_LAZY);
    spawn(0, 7, keep_status, (void *)0);
    spawn(1, 7, keep_status, (void *)1);
    spawn(2, 3, keep_status, (void *)2);
    spawn(3, 2, have_no_state, NULL);
    for (int i = 0; i < 300; i++) {
        mico_thread_sleep_ms(1);
        as_interrupt(change_status, NULL);
    }
    stop = true;
    for (unsigned i = 0; i < 4; i++) {
        CHECK_INT(mico_thread_join(&thread[i], 1000), MICO_OK);
        CHECK(rounds[i] > 10);
        CHECK_INT(lost[i], 0);
    }
    CHECK_INT(interrupts, 300);
    CHECK_INT(FPCCR & FPCCR_AUTOMATIC_AND_LAZY, FPCCR_AUTOMATIC_AND_LAZY);
}

static struct mico_semaphore rung;

static void ring(void *arg)
{
    CHECK(mico_in_interrupt() == (arg != NULL));
    (void)mico_semaphore_give(&rung);
}

static void answer(void *arg)
{
    while (mico_semaphore_take(&rung, MICO_FOREVER) == MICO_OK) {
        rounds[0]++;
    }
}

static void be_interrupted(void *arg)
{
    while (!stop) {
        uint32_t before = rounds[0];
        as_interrupt(ring, "interrupt");
        if (rounds[0] != before + 1) { /* the higher thread must have run before the next instruction here */
            lost[0]++;
        }
    }
}

static void an_interrupt_that_gives_preempts_at_once_thousands_of_times(void)
{
    mico_semaphore_init(&rung, 0, 1);
    stop = false;
    rounds[0] = lost[0] = 0;
    spawn(0, 3, answer, NULL);
    spawn(1, 8, be_interrupted, NULL);
    mico_thread_sleep_ms(300);
    stop = true;
    CHECK_INT(mico_thread_join(&thread[1], 1000), MICO_OK);
    CHECK(rounds[0] > 5000);
    CHECK_INT(lost[0], 0);
}

static void a_tick_preempts_a_thread_that_never_calls_the_kernel(void)
{
    stop = false;
    spawn(0, 7, keep_registers, (void *)0);
    uint64_t start = mico_clock_ms();
    mico_thread_sleep_ms(25);
    CHECK_ELAPSED(start, 25);
    stop = true;
    CHECK_INT(mico_thread_join(&thread[0], 1000), MICO_OK);
}

static void use_1000_bytes(void *arg)
{
    volatile uint8_t room[1000];
    for (size_t i = 0; i < sizeof room; i++) {
        room[i] = (uint8_t)i;
    }
}

static void the_stack_of_a_thread_shows_how_deep_it_was(void)
{
    spawn(0, 3, use_1000_bytes, NULL);
    CHECK_INT(mico_thread_join(&thread[0], 1000), MICO_OK);
    size_t unused = mico_thread_stack_unused(&thread[0]);
    CHECK(unused < 2048 - 1000 && unused > 2048 - 1400);
}

const struct kernel_case platform_cases[] = {
    CASE(registers_survive_preemption_time_slices_and_interrupts),
    CASE(floating_point_status_is_each_thread_s_own_and_kept_only_where_there_is_some),
    CASE(an_interrupt_that_gives_preempts_at_once_thousands_of_times),
    CASE(a_tick_preempts_a_thread_that_never_calls_the_kernel),
    CASE(the_stack_of_a_thread_shows_how_deep_it_was),
};
END_OF_CASES(platform_cases);
