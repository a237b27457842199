/* SPDX-License-Identifier: Apache-2.0 */
/* Serial lines over the CMSDK UART: a ring each way, filled and emptied by interrupt.
 *
 * The UART holds one byte each way. Whoever waits for room sleeps (WFI): a tight polling loop would starve the
 * emulator's own thread, and waste a real core's energy. */
#include "os/port/uart.h"

#include <assert.h>
#include <string.h>

#include "os/boards/mps2/mps2.h"

#define BAUD_DIVISOR 16u /* the smallest */

/* Indices only grow; their difference is what the ring holds. */
struct ring {
    uint32_t head; /* next to write */
    uint32_t tail; /* next to read */
};

/* The rings' bytes, and their sizes (powers of two, as addresses): the linker script of each kind of program says how
 * much it spends on them. */
extern uint8_t mps2_rings_in[], mps2_rings_out[], mps2_ring_in_size[], mps2_ring_out_size[];
#define IN_SIZE ((uint32_t)(uintptr_t)mps2_ring_in_size)
#define OUT_SIZE ((uint32_t)(uintptr_t)mps2_ring_out_size)

struct line {
    struct ring in;
    struct ring out;
    void (*callback)(void *ctx);
    void *ctx;
};

static struct line the_lines[MICO_UART_COUNT];
static struct mps2_uart *const the_hardware[MICO_UART_COUNT] = {
    [MICO_UART_CONSOLE] = MPS2_UART0,
    [MICO_UART_LINK] = MPS2_UART1,
};
static const enum mps2_irq the_irq[MICO_UART_COUNT] = {
    [MICO_UART_CONSOLE] = MPS2_IRQ_UART0_RX,
    [MICO_UART_LINK] = MPS2_IRQ_UART1_RX,
};

void UART0_RX_Handler(void);
void UART0_TX_Handler(void);
void UART1_RX_Handler(void);
void UART1_TX_Handler(void);

static uint8_t *in_bytes(enum mico_uart uart)
{
    return mps2_rings_in + (uint32_t)uart * IN_SIZE;
}

static uint8_t *out_bytes(enum mico_uart uart)
{
    return mps2_rings_out + (uint32_t)uart * OUT_SIZE;
}

static uint32_t ring_used(const struct ring *ring)
{
    return ring->head - ring->tail;
}

/* Give the hardware what it takes. Interrupts are masked or this is the handler. */
static void pump(enum mico_uart uart)
{
    struct ring *out = &the_lines[uart].out;
    struct mps2_uart *hardware = the_hardware[uart];
    while (ring_used(out) > 0 && (hardware->state & UART_STATE_TX_FULL) == 0) {
        hardware->data = out_bytes(uart)[out->tail++ & (OUT_SIZE - 1)];
    }
}

static void transmitted(enum mico_uart uart)
{
    the_hardware[uart]->interrupts = UART_PENDING_TX;
    pump(uart);
}

static void received(enum mico_uart uart)
{
    struct line *line = &the_lines[uart];
    struct mps2_uart *hardware = the_hardware[uart];
    hardware->interrupts = UART_PENDING_RX;
    while ((hardware->state & UART_STATE_RX_FULL) != 0) {
        uint8_t byte = (uint8_t)hardware->data;
        if (ring_used(&line->in) < IN_SIZE) {
            in_bytes(uart)[line->in.head++ & (IN_SIZE - 1)] = byte;
        }
    }
    mps2_event = true;
    if (line->callback != NULL) {
        line->callback(line->ctx);
    }
}

void UART0_RX_Handler(void)
{
    received(MICO_UART_CONSOLE);
}

void UART0_TX_Handler(void)
{
    transmitted(MICO_UART_CONSOLE);
}

void UART1_RX_Handler(void)
{
    received(MICO_UART_LINK);
}

void UART1_TX_Handler(void)
{
    transmitted(MICO_UART_LINK);
}

void mps2_uart_init(void)
{
    for (int uart = 0; uart < MICO_UART_COUNT; uart++) {
        the_hardware[uart]->bauddiv = BAUD_DIVISOR;
        the_hardware[uart]->ctrl = UART_TX | UART_RX | UART_TX_INTERRUPT | UART_RX_INTERRUPT;
        mps2_irq_enable(the_irq[uart]);
        mps2_irq_enable(the_irq[uart] + 1);
    }
}

/* Let time pass until the hardware has taken a byte. Called with interrupts masked; a pending one still ends the sleep.
 * In a handler WFI might never end, because transmit's interrupt cannot interrupt it: there a pause without access to
 * the bus does, short for hardware and long enough for an emulator. */
static void await_room(enum mico_uart uart)
{
    if (!mps2_in_handler()) {
        mps2_sleep();
        the_hardware[uart]->interrupts = UART_PENDING_TX;
        NVIC_ICPR[(the_irq[uart] + 1) / 32] = 1u << (the_irq[uart] + 1) % 32;
        return;
    }
    for (volatile int i = 0; i < 2000; i++) {
    }
}

static void put(enum mico_uart uart, const uint8_t *data, size_t len)
{
    struct ring *ring = &the_lines[uart].out;
    size_t at = ring->head & (OUT_SIZE - 1);
    size_t first = len < OUT_SIZE - at ? len : OUT_SIZE - at;
    memcpy(out_bytes(uart) + at, data, first);
    memcpy(out_bytes(uart), data + first, len - first);
    ring->head += (uint32_t)len;
}

/* Up to a ring's worth goes in at once, so what two threads write does not mix. */
void mico_uart_write(enum mico_uart uart, const uint8_t *data, size_t len)
{
    assert(uart < MICO_UART_COUNT);
    struct ring *out = &the_lines[uart].out;
    while (len > 0) {
        size_t part = len < OUT_SIZE ? len : OUT_SIZE;
        uint32_t state = mps2_lock();
        pump(uart);
        if (OUT_SIZE - ring_used(out) >= part) {
            put(uart, data, part);
            pump(uart);
            data += part;
            len -= part;
        } else {
            await_room(uart);
        }
        mps2_unlock(state);
    }
}

size_t mico_uart_read(enum mico_uart uart, uint8_t *out, size_t cap)
{
    assert(uart < MICO_UART_COUNT);
    struct ring *in = &the_lines[uart].in;
    uint32_t state = mps2_lock();
    size_t len = ring_used(in) < cap ? ring_used(in) : cap;
    size_t at = in->tail & (IN_SIZE - 1);
    size_t first = len < IN_SIZE - at ? len : IN_SIZE - at;
    memcpy(out, in_bytes(uart) + at, first);
    memcpy(out + first, in_bytes(uart), len - first);
    in->tail += (uint32_t)len;
    mps2_unlock(state);
    return len;
}

void mico_uart_on_receive(enum mico_uart uart, void (*callback)(void *ctx), void *ctx)
{
    assert(uart < MICO_UART_COUNT);
    uint32_t state = mps2_lock();
    the_lines[uart].callback = callback;
    the_lines[uart].ctx = ctx;
    mps2_unlock(state);
}

void mps2_console_say(const char *text)
{
    mico_uart_write(MICO_UART_CONSOLE, (const uint8_t *)text, strlen(text));
    uint32_t state = mps2_lock();
    pump(MICO_UART_CONSOLE);
    for (int tries = 0; tries < 100000 && ring_used(&the_lines[MICO_UART_CONSOLE].out) > 0; tries++) {
        for (volatile int i = 0; i < 2000; i++) {
        }
        pump(MICO_UART_CONSOLE);
    }
    mps2_unlock(state);
}
