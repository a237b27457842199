/* SPDX-License-Identifier: Apache-2.0 */
/* MiCO SDK v3: HTTP messages over sockets, read by the strict parser of os/net/http. None of these calls is allowed in
 * interrupts. Messages that are made (Create…) come from malloc, as SDK v3's do: free them. */
#ifndef OS_SDK_NETWORK_HTTPUTILS_H
#define OS_SDK_NETWORK_HTTPUTILS_H

#include "os/net/http/http.h"
#include "os/sdk/common.h"
#include "os/sdk/mico_socket.h"
#include "os/sdk/utilities/URLUtils.h"

#ifdef __cplusplus
extern "C" {
#endif

#define kHTTPPostMethod "POST"

#define kStatusOK 200
#define kStatusAccept 202
#define kStatusNoConetnt 204
#define kStatusPartialContent 206
#define kStatusBadRequest 400
#define kStatusForbidden 403
#define kStatusNotFound 404
#define kStatusMethodNotAllowed 405
#define kStatusAuthenticationErr 470
#define kStatusInternalServerErr 500

#define kMIMEType_Binary "application/octet-stream"
#define kMIMEType_Stream "application/octet-stream"
#define kMIMEType_JSON "application/json"
#define kMIMEType_TextHTML "text/html"
#define kMIMEType_TextPlain "text/plain"
#define kMIMEType_TLV8 "application/x-tlv8"
#define kMIMEType_Pairing_TLV8 "application/pairing+tlv8"
#define kMIMEType_MXCHIP_OTA "application/ota-stream"
#define kTransferrEncodingType_CHUNKED "chunked"

#define HTTP_BODY_KEPT_MAX 16384u /* of a body without a callback */
#define HTTP_BODY_MAX 0x10000000u /* of one with */

typedef struct _HTTPHeader_t HTTPHeader_t;

/* A piece of the body at pos. Anything but kNoErr ends reading with it. */
typedef OSStatus (*onReceivedDataCallback)(HTTPHeader_t *header, uint32_t pos, uint8_t *data, size_t len,
                                           void *context);
typedef void (*onClearCallback)(HTTPHeader_t *header, void *context);

struct _HTTPHeader_t {
    char *buf; /* start line and fields, as they came */
    size_t bufLen;
    size_t len;         /* of them, with the empty line */
    char *extraDataPtr; /* the body, and a NUL */
    char *otaDataPtr;   /* not used */
    size_t extraDataLen;

    const char *methodPtr;
    size_t methodLen;
    const char *urlPtr;
    size_t urlLen;
    URLComponents url;
    const char *protocolPtr;
    size_t protocolLen;
    int statusCode;
    const char *reasonPhrasePtr;
    size_t reasonPhraseLen;

    uint8_t channelID; /* not used */
    uint64_t contentLength;
    bool persistent;
    int firstErr;
    bool dataEndedbyClose;
    bool chunkedData;           /* there is a body in chunks, not read yet */
    char *chunkedDataBufferPtr; /* not used */
    size_t chunkedDataBufferLen;

    void *userContext;
    bool isCallbackSupported;
    onReceivedDataCallback onReceivedDataCallback;
    onClearCallback onClearCallback;

    /* The SDK's own. */
    struct mico_http http;
    char *parsed;    /* bufLen bytes that the parser works in */
    size_t received; /* bytes in buf: the head, and what came behind it */
    OSStatus taken;  /* what became of the last piece of the body */
};

/** A header whose start line and fields may have bufLen bytes; NULL without memory. */
HTTPHeader_t *HTTPHeaderCreate(size_t bufLen);
/** The body goes to received as it comes; cleared (may be NULL) is called by HTTPHeaderClear. */
HTTPHeader_t *HTTPHeaderCreateWithCallback(size_t bufLen, onReceivedDataCallback received, onClearCallback cleared,
                                           void *context);
/** Ready for the next message. */
void HTTPHeaderClear(HTTPHeader_t *header);
void HTTPHeaderDestory(HTTPHeader_t **header);

/** Read a start line and fields. kNoSpaceErr above bufLen; kMalformedErr; kUnsupportedErr (Transfer-Encoding); kTimeoutErr
 * after SO_RCVTIMEO; kConnectionErr when the peer closed before the end; kParamErr. */
int SocketReadHTTPHeader(int sock, HTTPHeader_t *header);
/** Read the whole body, counted, in chunks or to the end of the connection, to the callback or to extraDataPtr. As above;
 * kNoMemoryErr; kSizeErr above the bounds; what the callback returned. */
int SocketReadHTTPBody(int sock, HTTPHeader_t *header);

/** The same from a connection of ssl_connect or ssl_accept. A body that only the end of the connection ends is whole when the peer
 * has said good-bye: kConnectionErr when it was cut. */
int SocketReadHTTPSHeader(mico_ssl_t ssl, HTTPHeader_t *header);
int SocketReadHTTPSBody(mico_ssl_t ssl, HTTPHeader_t *header);

/** Take the parts of the head in buf, len bytes. kMalformedErr, kUnsupportedErr, kParamErr. */
int HTTPHeaderParse(HTTPHeader_t *header);

/** kNoErr when it is that method, or path; kNotFoundErr. */
int HTTPHeaderMatchMethod(HTTPHeader_t *header, const char *method);
int HTTPHeaderMatchURL(HTTPHeader_t *header, const char *url);
/** Where url begins in the path, or NULL. */
char *HTTPHeaderMatchPartialURL(HTTPHeader_t *header, const char *url);

/** The first field called name, in any case, from text on; out_next (all out_ may be NULL) is where to look for another.
 * kNotFoundErr. */
int HTTPGetHeaderField(const char *text, size_t len, const char *name, const char **out_name, size_t *out_name_len,
                       const char **out_value, size_t *out_value_len, const char **out_next);
/** sscanf of such a field's value (at most 255 bytes): the number of conversions, or kNotFoundErr. */
int HTTPScanFHeaderValue(const char *text, size_t len, const char *name, const char *format, ...)
    __attribute__((format(scanf, 4, 5)));

/** Log the start line and length (DEBUG). */
void PrintHTTPHeader(HTTPHeader_t *header);

/** A response, or a request, in *out (free it) of *out_len bytes. NoCopy makes the head for data_len bytes that the caller
 * sends behind it. kParamErr (no out; control characters), kNoMemoryErr. */
int CreateSimpleHTTPOKMessage(uint8_t **out, size_t *out_len);
OSStatus CreateSimpleHTTPMessage(const char *content_type, uint8_t *data, size_t data_len, uint8_t **out,
                                 size_t *out_len);
OSStatus CreateSimpleHTTPMessageNoCopy(const char *content_type, size_t data_len, uint8_t **out, size_t *out_len);
OSStatus CreateHTTPRespondMessageNoCopy(int status, const char *content_type, size_t data_len, uint8_t **out,
                                        size_t *out_len);
OSStatus CreateHTTPMessage(const char *method, const char *url, const char *content_type, uint8_t *data,
                           size_t data_len, uint8_t **out, size_t *out_len);
OSStatus CreateHTTPMessageWithHost(const char *method, const char *url, const char *host, uint16_t port,
                                   const char *content_type, uint8_t *data, size_t data_len, uint8_t **out,
                                   size_t *out_len);

#ifdef __cplusplus
}
#endif

#endif
