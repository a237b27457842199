/* SPDX-License-Identifier: Apache-2.0 */
/* A server of TLS: it sends what it gets back, one client after the other, until one says stop. */
#include "mico.h"

#define server_log(...) custom_log("SERVER", __VA_ARGS__)
#define SERVER_PORT 80

/* Everybody has this key: a product's is born in its coprocessor. */
static const char certificate[] = "-----BEGIN CERTIFICATE-----\n"
                                  "MIIBXjCCARCgAwIBAgIBBzAFBgMrZXAwDzENMAsGA1UEAwwEcm9vdDAgFw0yNjEx\n"
                                  "MjYxMzU4NDBaGA8yMTI2MTEwMjEzNTg0MFowETEPMA0GA1UEAwwGc2VydmVyMCow\n"
                                  "BQYDK2VwAyEAoJql9HpnWYAv+VX43C0qFKXJnSO+l/hkEn/5ODRVpPCjgYwwgYkw\n"
                                  "CQYDVR0TBAIwADALBgNVHQ8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwGgYD\n"
                                  "VR0RBBMwEYIJYS5leGFtcGxlhwTAAAIBMB0GA1UdDgQWBBQI/gR6PySPlvoagh05\n"
                                  "H720yIodTjAfBgNVHSMEGDAWgBTVjq38XPNbGMDv3e2CrSDuWmSFpDAFBgMrZXAD\n"
                                  "QQBD6nDmbMkg+1NQMsk1Z+nUlyd4N6ARcAfA5D1iQJ5/GyLmMyF4Kj4d7g0BxULP\n"
                                  "D+je2Md2j857a54MsB9jfxkD\n"
                                  "-----END CERTIFICATE-----\n";
static const char key[] = "-----BEGIN PRIVATE KEY-----\n"
                          "MC4CAQAwBQYDK2VwBCIEICIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIi\n"
                          "-----END PRIVATE KEY-----\n";

/* True when the client said stop. */
static bool serve(int fd)
{
    char line[64];
    int len;
    bool stop = false;
    mico_ssl_t ssl = ssl_accept(fd);
    if (ssl == NULL) {
        server_log("a client that does not speak TLS");
        return false;
    }
    while (!stop && (len = ssl_recv(ssl, line, sizeof(line))) > 0) {
        server_log("got %d bytes", len);
        ssl_send(ssl, line, len);
        stop = len >= 4 && memcmp(line, "stop", 4) == 0;
    }
    ssl_close(ssl);
    return stop;
}

int application_start(void)
{
    int listener = -1, fd;
    bool stop = false;
    OSStatus err = mico_system_init(mico_system_context_init(0));
    require_noerr(err, exit);
    ssl_set_cert(certificate, key);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(SERVER_PORT)};
    listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    require_action(listener >= 0, exit, err = kNoResourcesErr);
    require_action(bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0, exit, err = kConnectionErr);
    require_action(listen(listener, 2) == 0, exit, err = kConnectionErr);
    server_log("listening");
    while (!stop) {
        fd = accept(listener, NULL, NULL);
        require_action(fd >= 0, exit, err = kConnectionErr);
        stop = serve(fd);
        SocketClose(&fd);
    }
    server_log("stopped");

exit:
    SocketClose(&listener);
    if (err != kNoErr) {
        server_log("failed: %d", err);
    }
    return kNoErr;
}
