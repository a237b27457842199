/* SPDX-License-Identifier: Apache-2.0 */
/* Entropy: the emulator feeds UART 2 from the host's generator. The receiver is on only while somebody asks, so that the
 * stream rests otherwise.
 *
 * Health: the repetition test of NIST SP 800-90B section 4.4.1 at 8 bits a byte: six equal bytes in a row, which a good
 * source shows once in 2^40, mean that it is stuck. A dry one shows by its silence. */
#include "os/port/rng.h"

#include <assert.h>

#include "base/bytes.h"
#include "os/boards/mps2/mps2.h"
#include "os/port/clock.h"

#define REPEATS_MAX 6
#define PATIENCE_MS 1000

static struct {
    uint8_t *out; /* where the next byte goes; NULL: nobody asks */
    size_t left;
    uint8_t last;
    uint8_t repeats; /* of last, it included; 0: no byte yet */
    bool stuck;
} volatile the_request;

void UART2_RX_Handler(void);

static void take(uint8_t byte)
{
    the_request.repeats = the_request.repeats > 0 && byte == the_request.last ? the_request.repeats + 1 : 1;
    the_request.last = byte;
    if (the_request.repeats >= REPEATS_MAX) {
        the_request.stuck = true;
    }
    *the_request.out++ = byte;
    the_request.left--;
}

static bool finished(void)
{
    return the_request.left == 0 || the_request.stuck;
}

void UART2_RX_Handler(void)
{
    MPS2_UART2->interrupts = UART_PENDING_RX;
    while ((MPS2_UART2->state & UART_STATE_RX_FULL) != 0) {
        uint8_t byte = (uint8_t)MPS2_UART2->data;
        if (!finished()) {
            take(byte);
        }
        if (finished()) {
            MPS2_UART2->ctrl = 0;
        }
    }
}

static bool collect(void)
{
    uint64_t until = mico_clock_ms() + PATIENCE_MS;
    for (;;) {
        uint32_t state = mps2_lock();
        bool done = finished();
        if (!done) {
            mps2_wait_masked(10);
        }
        mps2_unlock(state);
        if (done || mico_clock_ms() >= until) {
            return done;
        }
    }
}

mico_err mico_entropy(uint8_t *out, size_t len)
{
    assert(the_request.out == NULL); /* one asks at a time: the generator in crypto/ is the only reader */
    the_request.out = out;
    the_request.left = len;
    the_request.stuck = false;
    MPS2_UART2->bauddiv = 16;
    mps2_irq_enable(MPS2_IRQ_UART2_RX);
    if (len > 0) {
        MPS2_UART2->ctrl = UART_RX | UART_RX_INTERRUPT;
    }
    bool done = collect();
    MPS2_UART2->ctrl = 0;
    bool good = done && !the_request.stuck;
    the_request.out = NULL;
    if (!good) {
        mico_wipe(out, len);
    }
    return good ? MICO_OK : MICO_ERR_ENTROPY;
}
