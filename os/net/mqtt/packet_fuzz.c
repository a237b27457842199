/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a packet: no read outside of them, and what is accepted obeys the promises of packet.h. */
#include <stdlib.h>
#include <string.h>

#include "os/net/mqtt/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
    if (!promise)
        abort();
}

static bool inside(struct mico_span span, const uint8_t *data, size_t size)
{
    return span.len == 0 || (span.data >= data && span.len <= size && span.data + span.len <= data + size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mico_mqtt_packet packet;
    size_t whole;
    if (mico_mqtt_packet_size(data, size, &whole) || whole == 0 || whole > size)
        return 0;
    if (mico_mqtt_packet_read(data, whole, &packet)) {
        must(packet.type == 0 && packet.topic.len == 0 && packet.payload.len == 0);
        return 0;
    }
    must(inside(packet.topic, data, whole) && inside(packet.payload, data, whole));
    if (packet.type != MICO_MQTT_PUBLISH)
        return 0;
    must(packet.topic.len > 0 && !memchr(packet.topic.data, 0, packet.topic.len) && packet.qos <= 1);
    must((packet.qos == 1) == (packet.id != 0));

    char *topic = calloc(1, packet.topic.len + 1);
    uint8_t *wire = malloc(whole);
    memcpy(topic, packet.topic.data, packet.topic.len);
    struct mico_writer out = mico_writer_of(wire, whole);
    must(mico_mqtt_write_publish(&out, packet.id, topic, packet.payload, packet.qos, packet.retain) == MICO_OK);
    wire[0] |= (uint8_t)(packet.dup << 3);
    must(out.len == whole && memcmp(wire, data, whole) == 0); /* one encoding only */
    free(topic);
    free(wire);
    return 0;
}
