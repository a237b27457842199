/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: the MQTT client, with the names of Paho's embedded one, over os/net/mqtt: version 3.1.1, QoS 0 and 1.
 *
 * A Client belongs to one thread. Its buffers come from the SDK's arena, so that MQTTClientDeinit must follow. None of
 * these calls is allowed in interrupts. Results are enum returnCode unless said otherwise. */
#ifndef OS_SDK_NETWORK_MQTTCLIENT_H
#define OS_SDK_NETWORK_MQTTCLIENT_H

#include "os/net/mqtt/mqtt.h"
#include "os/sdk/mico_rtos.h"
#include "os/sdk/mico_socket.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MQTT_LIB_VERSION 0x000108u
#define MAX_MESSAGE_HANDLERS 5
#define DEFAULT_READBUF_SIZE 2048 /* the longest message that is received, with its topic */
#define DEFAULT_SENDBUF_SIZE 2048
#define MQTT_TEXT_MAX 127 /* of a client id, user name, password or will topic */
#define MICO_MQTT_CLIENT_SSL_ENABLE 0x0001

enum returnCode { MQTT_SOCKET_ERR = -3, MQTT_BUFFER_OVERFLOW = -2, MQTT_FAILURE = -1, MQTT_SUCCESS = 0 };
enum QoS { QOS0, QOS1, QOS2 };
enum connack_return_codes {
    MQTT_CONNECTION_ACCEPTED = 0,
    MQTT_UNNACCEPTABLE_PROTOCOL = 1,
    MQTT_CLIENTID_REJECTED = 2,
    MQTT_SERVER_UNAVAILABLE = 3,
    MQTT_BAD_USERNAME_OR_PASSWORD = 4,
    MQTT_NOT_AUTHORIZED = 5,
};

/* ---- time ---- */

typedef struct Timer {
    uint64_t end_ms;
} Timer;

void InitTimer(Timer *timer); /* expired already */
void countdown_ms(Timer *timer, unsigned int ms);
void countdown(Timer *timer, unsigned int seconds);
char expired(Timer *timer);
int left_ms(Timer *timer); /* 0 when it has expired */

/* ---- the connection ---- */

typedef struct _ssl_opts_t {
    bool ssl_enable;
    bool ssl_debug_enable;
    int ssl_version;
    int ca_str_len;
    char *ca_str;
} ssl_opts;

typedef struct Network Network;
struct Network {
    int my_socket; /* for select: where ssl_pending(ssl) is 0 */
    int (*mqttread)(Network *, unsigned char *, int, int);
    int (*mqttwrite)(Network *, unsigned char *, int, int);
    void (*disconnect)(Network *);
    void *ssl; /* the connection of ssl_connect, or NULL */
    uint16_t ssl_flag;
};

/** Connect to addr, a name or dotted address; with ssl_enable by TLS 1.2, whatever ssl_version says. ca_str is PEM (ca_str_len not 0),
 * and the broker's chain must end there; without it any broker is believed. A certificate of the client's: ssl_set_client_cert.
 * MQTT_FAILURE. */
int NewNetwork(Network *n, char *addr, int port, ssl_opts ssl_settings);

/* What NewNetwork puts into a Network. MICO_read: len bytes, or fewer when timeout_ms is over (0: none), or
 * MQTT_SOCKET_ERR. MICO_write: len, or MQTT_SOCKET_ERR. */
int MICO_read(Network *n, unsigned char *out, int len, int timeout_ms);
int MICO_write(Network *n, unsigned char *data, int len, int timeout_ms);
void MICO_disconnect(Network *n);

/* ---- the client ---- */

typedef struct {
    int len;
    char *data;
} MQTTLenString;

typedef struct {
    char *cstring; /* or, when NULL, lenstring */
    MQTTLenString lenstring;
} MQTTString;

#define MQTTString_initializer \
    {                          \
        NULL,                  \
        {                      \
            0, NULL            \
        }                      \
    }

typedef struct MQTTMessage {
    int qos;
    char retained;
    char dup;
    unsigned short id;
    void *payload;
    size_t payloadlen;
} MQTTMessage;

#define MQTTMessage_publishData_initializer                            \
    {                                                                  \
        QOS0, 0, 0, 1, "default_payload", sizeof "default_payload" - 1 \
    }

typedef struct MessageData {
    MQTTMessage *message;
    MQTTString *topicName; /* lenstring */
} MessageData;

typedef void (*messageHandler)(MessageData *);

typedef struct {
    char struct_id[4];
    int struct_version;
    MQTTString topicName;
    MQTTString message;
    unsigned char retained;
    char qos;
} MQTTPacket_willOptions;

#define MQTTPacket_willOptions_initializer                                  \
    {                                                                       \
        {'M', 'Q', 'T', 'W'}, 0, {NULL, {0, NULL}}, {NULL, {0, NULL}}, 0, 0 \
    }

typedef struct {
    char struct_id[4];
    int struct_version;
    unsigned char MQTTVersion; /* 4: 3.1.1 */
    MQTTString clientID;
    unsigned short keepAliveInterval; /* seconds */
    unsigned char cleansession;
    unsigned char willFlag;
    MQTTPacket_willOptions will;
    MQTTString username;
    MQTTString password;
} MQTTPacket_connectData;

#define MQTTPacket_connectData_initializer                                                           \
    {                                                                                                \
        {'M', 'Q', 'T', 'C'}, 0, 4, {NULL, {0, NULL}}, 60, 1, 0, MQTTPacket_willOptions_initializer, \
            {NULL, {0, NULL}},                                                                       \
        {                                                                                            \
            NULL,                                                                                    \
            {                                                                                        \
                0, NULL                                                                              \
            }                                                                                        \
        }                                                                                            \
    }

typedef struct Client {
    unsigned int next_packetid;
    unsigned int command_timeout_ms; /* of sending; the broker's answers have 10 s */
    size_t buf_size, readbuf_size;
    unsigned char *buf;
    unsigned char *readbuf;
    unsigned int keepAliveInterval; /* seconds */
    char ping_outstanding;
    int isconnected;
    int heartbeat_retry_max; /* not used: an unanswered ping ends the connection after half the interval */
    int heartbeat_retry_cnt;
    struct MessageHandlers {
        const char *topicFilter;
        void (*fp)(MessageData *);
    } messageHandlers[MAX_MESSAGE_HANDLERS];
    void (*defaultMessageHandler)(MessageData *);
    Network *ipstack;
    Timer ping_timer;
    struct mico_mqtt mqtt;
} Client;

#define DefaultClient \
    {                 \
        0             \
    }

/** A closed client over network. MQTT_BUFFER_OVERFLOW: the arena has no room. */
int MQTTClientInit(Client *c, Network *network, unsigned int command_timeout_ms);
int MQTTClientDeinit(Client *c);

/** Or a code of enum connack_return_codes. */
int MQTTConnect(Client *c, MQTTPacket_connectData *data);

/** QoS 0 and 1; with 1 the broker has it. MQTT_BUFFER_OVERFLOW when it does not fit DEFAULT_SENDBUF_SIZE. */
int MQTTPublish(Client *c, const char *topic, MQTTMessage *message);

/** filter must stay. Its messages go to handler; what no filter matches, to defaultMessageHandler. MQTT_FAILURE: the broker
 * refuses it, QoS 2, or all MAX_MESSAGE_HANDLERS are taken. */
int MQTTSubscribe(Client *c, const char *filter, enum QoS qos, messageHandler handler);
int MQTTUnsubscribe(Client *c, const char *filter);

/** Say goodbye; the network stays the caller's to disconnect. */
int MQTTDisconnect(Client *c);

/** Receive messages for timeout_ms, and ping. Handlers are called here, and where the broker's answer is waited for.
 * MQTT_FAILURE when the connection has ended. */
int MQTTYield(Client *c, int timeout_ms);

/** Ping when it is time. */
int keepalive(Client *c);

uint32_t MQTTClientLibVersion(void);

#ifdef __cplusplus
}
#endif

#endif
