/* SPDX-License-Identifier: Apache-2.0 */
/* Who may reach what: the core's attribution unit for addresses (Armv8-M architecture reference, DDI 0553, section B8), the
 * protection controllers in front of memories (Arm SIE-200, DDI 0571, section 2.5) and devices (SSE-200, Arm 101104,
 * section 3.7), and the interrupts' targets. All of them must say Non-secure for Non-secure to get through. */
#include "os/boards/mps2-an505/secure/partition.h"

#include <stddef.h>

#define REG(address) (*(volatile uint32_t *)(address))

#define SAU_CTRL REG(0xE000EDD0u)
#define SAU_RNR REG(0xE000EDD8u)
#define SAU_RBAR REG(0xE000EDDCu)
#define SAU_RLAR REG(0xE000EDE0u)
#define SAU_ENABLE 0x1u
#define SAU_CALLABLE 0x2u /* in a region's RLAR: Secure code that Non-secure may enter at an SG instruction */
#define NSACR REG(0xE000ED8Cu)
#define NSACR_FLOATING_POINT (3u << 10)
#define NVIC_ITNS ((volatile uint32_t *)0xE000E380u)
#define NVIC_ITNS_COUNT 4u

#define SECCTL_NSCCFG REG(0x50080014u)
#define SECCTL_NSCCFG_CODE 0x1u

struct memory_controller {
    volatile uint32_t ctrl, reserved[3];
    volatile uint32_t blocks_max; /* the last word of the table */
    volatile uint32_t block_config;
    volatile uint32_t index;
    volatile uint32_t table; /* 32 blocks a word; 1: Non-secure */
};
#define MEMORY_CTRL_ERROR 0x10u /* a forbidden access is a bus error, not zeros */

#define CODE_CONTROLLER ((struct memory_controller *)0x58007000u)
#define RAM_LOW_CONTROLLER ((struct memory_controller *)0x58008000u) /* 2 MiB at 0x28000000 */
#define RAM_HIGH_CONTROLLER ((struct memory_controller *)0x58009000u)
#define RAM_HIGH_BASE 0x28200000u

static const struct {
    uint32_t first, end, kind;
} regions[] = {
    {NONSECURE_CODE_BASE, NONSECURE_CODE_END, 0},
    {NONSECURE_RAM_BASE, NONSECURE_RAM_END, 0},
    {0x40000000u, 0x50000000u, 0}, /* devices */
    {NONSECURE_FLASH_BASE, NONSECURE_FLASH_END, 0},
    {SECURE_GATE_BASE, SECURE_GATE_BASE + SECURE_GATE_SIZE, SAU_CALLABLE},
};

/* Registers of the system's security controller that give a device to Non-secure, a bit for each. */
static const struct {
    uint32_t address, bits;
} devices[] = {
    {0x50080060u, 1u << 5},                     /* Ethernet */
    {0x50080070u, 1u << 0 | 1u << 1},           /* timers 0 and 1 */
    {0x50080084u, 1u << 5 | 1u << 6 | 1u << 7}, /* UARTs 0 to 2 */
    {0x50080088u, 1u << 2},                     /* FPGAIO: lamps */
};

static const uint8_t interrupts[] = {3, 4, 32, 33, 34, 35, 36, 37, 48}; /* of those devices */

/* Blocks from first to before end, counted from the memory's start, are Non-secure; all others Secure. */
static void give_memory(struct memory_controller *controller, uint32_t first, uint32_t end)
{
    uint32_t size = 1u << ((controller->block_config & 0xFu) + 5);
    controller->ctrl = MEMORY_CTRL_ERROR; /* and the index does not move by itself */
    for (uint32_t word = 0; word <= controller->blocks_max; word++) {
        uint32_t bits = 0;
        for (uint32_t bit = 0; bit < 32; bit++) {
            uint32_t at = (word * 32 + bit) * size;
            bits |= at >= first && at < end ? 1u << bit : 0;
        }
        controller->index = word;
        controller->table = bits;
    }
}

static void attribute_addresses(void)
{
    for (uint32_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        SAU_RNR = i;
        SAU_RBAR = regions[i].first;
        SAU_RLAR = (regions[i].end - 32) | regions[i].kind | SAU_ENABLE;
    }
    SECCTL_NSCCFG = SECCTL_NSCCFG_CODE;
    SAU_CTRL = SAU_ENABLE;
    __asm volatile("dsb\n\tisb" ::: "memory");
}

static void give_devices(void)
{
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        REG(devices[i].address) = devices[i].bits;
    }
    for (size_t i = 0; i < NVIC_ITNS_COUNT; i++) {
        NVIC_ITNS[i] = 0;
    }
    for (size_t i = 0; i < sizeof interrupts; i++) {
        NVIC_ITNS[interrupts[i] / 32] |= 1u << interrupts[i] % 32;
    }
    NSACR |= NSACR_FLOATING_POINT;
}

void secure_partition(void)
{
    give_memory(CODE_CONTROLLER, NONSECURE_CODE_BASE, NONSECURE_CODE_END);
    give_memory(RAM_LOW_CONTROLLER, 0, RAM_HIGH_BASE - NONSECURE_RAM_BASE);
    give_memory(RAM_HIGH_CONTROLLER, 0, NONSECURE_RAM_END - RAM_HIGH_BASE);
    give_devices();
    attribute_addresses();
}
