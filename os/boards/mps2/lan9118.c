/* SPDX-License-Identifier: Apache-2.0 */
/* Ethernet: the SMSC LAN9118 (data sheet revision 1.5), whole frames through its FIFOs by the processor. */
#include "os/port/ethernet.h"

#include <assert.h>
#include <string.h>

#include "os/boards/mps2/mps2.h"
#include "os/port/clock.h"

/* Data sheet chapter 5: directly addressed registers. */
#define LAN_REG(offset) (*(volatile uint32_t *)(MPS2_LAN9118_BASE + (offset)))
#define RX_DATA LAN_REG(0x00)
#define TX_DATA LAN_REG(0x20)
#define RX_STATUS LAN_REG(0x40)
#define TX_STATUS LAN_REG(0x48)
#define ID_REV LAN_REG(0x50)
#define IRQ_CFG LAN_REG(0x54)
#define INT_STS LAN_REG(0x58)
#define INT_EN LAN_REG(0x5C)
#define FIFO_INT LAN_REG(0x68)
#define TX_CFG LAN_REG(0x70)
#define HW_CFG LAN_REG(0x74)
#define RX_FIFO_INF LAN_REG(0x7C)
#define TX_FIFO_INF LAN_REG(0x80)
#define MAC_CSR_CMD LAN_REG(0xA4)
#define MAC_CSR_DATA LAN_REG(0xA8)

#define CHIP_ID 0x0118u
#define HW_CFG_RESET 0x1u
#define HW_CFG_STORE_FORWARD (1u << 20)
#define HW_CFG_TX_FIFO_5K (5u << 16)
#define IRQ_CFG_ON 0x111u  /* IRQ_EN, active high, push-pull */
#define INT_RSFL (1u << 3) /* receive status FIFO above its level */
#define TX_CFG_ON 0x2u
#define RX_ERROR (1u << 15) /* in a frame's receive status */
#define TX_FIRST (1u << 13)
#define TX_LAST (1u << 12)
#define CSR_BUSY (1u << 31)
#define CSR_READ (1u << 30)

/* MAC registers, reached through MAC_CSR_CMD. */
#define MAC_CR 1u
#define MAC_ADDRH 2u
#define MAC_ADDRL 3u
#define MAC_MII_ACC 6u
#define MAC_MII_DATA 7u
#define MAC_CR_FULL_DUPLEX (1u << 20)
#define MAC_CR_ALL_MULTICAST (1u << 19)
#define MAC_CR_TX (1u << 3)
#define MAC_CR_RX (1u << 2)
#define MII_PHY (1u << 11)
#define MII_WRITE 0x2u
#define MII_BUSY 0x1u
#define PHY_CONTROL 0u
#define PHY_NEGOTIATE 0x1200u /* enable and restart auto-negotiation */

#define READY_TRIES 100000
#define SEND_PATIENCE_MS 100
#define CRC_LEN 4u

static struct {
    void (*callback)(void *ctx);
    void *ctx;
} the_owner;

void ETHERNET_Handler(void);

/* One notice per burst: quiet until mico_ethernet_receive has found nothing. */
void ETHERNET_Handler(void)
{
    INT_EN = 0;
    if (the_owner.callback != NULL) {
        the_owner.callback(the_owner.ctx);
    }
}

static bool csr_ready(void)
{
    for (int tries = 0; tries < READY_TRIES; tries++) {
        if ((MAC_CSR_CMD & CSR_BUSY) == 0) {
            return true;
        }
    }
    return false;
}

static uint32_t mac_read(uint32_t reg)
{
    MAC_CSR_CMD = CSR_BUSY | CSR_READ | reg;
    return csr_ready() ? MAC_CSR_DATA : 0xFFFFFFFFu;
}

static bool mac_write(uint32_t reg, uint32_t value)
{
    MAC_CSR_DATA = value;
    MAC_CSR_CMD = CSR_BUSY | reg;
    return csr_ready();
}

static bool reset(void)
{
    if (ID_REV >> 16 != CHIP_ID) {
        return false;
    }
    HW_CFG = HW_CFG_RESET;
    for (int tries = 0; tries < READY_TRIES; tries++) {
        if ((HW_CFG & HW_CFG_RESET) == 0) {
            return csr_ready();
        }
    }
    return false;
}

/* The address that the EEPROM gave the MAC; without an EEPROM it is all ones. */
static bool read_address(uint8_t mac[6])
{
    uint32_t low = mac_read(MAC_ADDRL);
    uint32_t high = mac_read(MAC_ADDRH);
    if (low == 0xFFFFFFFFu) {
        return false;
    }
    memcpy(mac, &low, 4);
    memcpy(mac + 4, &high, 2);
    return true;
}

mico_err mico_ethernet_start(uint8_t mac[6], void (*on_receive)(void *ctx), void *ctx)
{
    uint8_t address[6];
    if (!reset() || !read_address(address)) {
        return MICO_ERR_IO;
    }
    the_owner.callback = on_receive;
    the_owner.ctx = ctx;
    HW_CFG = HW_CFG_STORE_FORWARD | HW_CFG_TX_FIFO_5K;
    FIFO_INT = 0xFFu << 24; /* receive status level 0: any frame interrupts */
    IRQ_CFG = IRQ_CFG_ON;
    INT_STS = 0xFFFFFFFFu;
    TX_CFG = TX_CFG_ON;
    if (!mac_write(MAC_MII_DATA, PHY_NEGOTIATE) ||
        !mac_write(MAC_MII_ACC, MII_PHY | PHY_CONTROL << 6 | MII_WRITE | MII_BUSY) ||
        !mac_write(MAC_CR, MAC_CR_FULL_DUPLEX | MAC_CR_ALL_MULTICAST | MAC_CR_TX | MAC_CR_RX)) {
        return MICO_ERR_IO;
    }
    memcpy(mac, address, sizeof address);
    mps2_irq_enable(MPS2_IRQ_ETHERNET);
    INT_EN = INT_RSFL;
    return MICO_OK;
}

/* True when a frame waits. When none does, the interrupt is on again: a frame that comes after the second look raises it. */
static bool frame_waits(void)
{
    if ((RX_FIFO_INF >> 16 & 0xFFu) != 0) {
        return true;
    }
    INT_STS = INT_RSFL;
    if ((RX_FIFO_INF >> 16 & 0xFFu) != 0) {
        return true;
    }
    INT_EN = INT_RSFL;
    return false;
}

static void take_words(uint8_t *out, size_t len, size_t words)
{
    size_t whole = len / 4;
    for (size_t i = 0; i < words; i++) {
        uint32_t word = RX_DATA;
        if (i < whole) {
            memcpy(out + 4 * i, &word, 4);
        } else if (i == whole) {
            memcpy(out + 4 * i, &word, len % 4);
        }
    }
}

size_t mico_ethernet_receive(uint8_t *frame)
{
    while (frame_waits()) {
        uint32_t status = RX_STATUS;
        size_t stored = status >> 16 & 0x3FFFu;
        bool good = (status & RX_ERROR) == 0 && stored >= 14 + CRC_LEN && stored <= MICO_ETHERNET_FRAME_MAX + CRC_LEN;
        size_t len = good ? stored - CRC_LEN : 0;
        take_words(frame, len, (stored + 3) / 4);
        if (good) {
            return len;
        }
    }
    return 0;
}

/* What became of earlier frames interests nobody, but their reports must not fill the FIFO. */
static void drop_reports(void)
{
    for (uint32_t reports = TX_FIFO_INF >> 16 & 0xFFu; reports > 0; reports--) {
        (void)TX_STATUS;
    }
}

static bool await_room(size_t len)
{
    if ((TX_FIFO_INF & 0xFFFFu) >= len) {
        return true;
    }
    uint64_t until = mico_clock_ms() + SEND_PATIENCE_MS;
    while (mico_clock_ms() < until) {
        uint32_t state = mps2_lock();
        mps2_wait_masked(1);
        mps2_unlock(state);
        if ((TX_FIFO_INF & 0xFFFFu) >= len) {
            return true;
        }
    }
    return false;
}

mico_err mico_ethernet_send(const uint8_t *frame, size_t len)
{
    assert(len >= 14 && len <= MICO_ETHERNET_FRAME_MAX);
    size_t words = (len + 3) / 4;
    drop_reports();
    if (!await_room(4 * (words + 2))) {
        return MICO_ERR_BUSY;
    }
    TX_DATA = TX_FIRST | TX_LAST | (uint32_t)len;
    TX_DATA = (uint32_t)len;
    for (size_t i = 0; i < words; i++) {
        uint32_t word = 0;
        memcpy(&word, frame + 4 * i, i < len / 4 ? 4 : len % 4);
        TX_DATA = word;
    }
    return MICO_OK;
}
