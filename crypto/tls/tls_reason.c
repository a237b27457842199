/* SPDX-License-Identifier: Apache-2.0 */
/* Why a TLS connection failed: wolfSSL's numbers and the peer's alerts, in words. */
#include "crypto/tls/tls_reason.h"

#include "crypto/psa/mico_psa.h"

#include <stdio.h>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

static const struct {
    int number;
    mico_err err;
    const char *words;
} reasons[] = {
    {ASN_NO_SIGNER_E, MICO_ERR_AUTH, "certificate: unknown issuer"},
    {ASN_SELF_SIGNED_E, MICO_ERR_AUTH, "certificate: self-signed and not a root of ours"},
    {ASN_SIG_CONFIRM_E, MICO_ERR_AUTH, "certificate: wrong signature"},
    {ASN_SIG_OID_E, MICO_ERR_AUTH, "certificate: signature algorithm not supported"},
    {HASH_TYPE_E, MICO_ERR_AUTH, "certificate: signature algorithm not supported"},
    {ASN_BEFORE_DATE_E, MICO_ERR_AUTH, "certificate: not yet valid"},
    {ASN_AFTER_DATE_E, MICO_ERR_AUTH, "certificate: expired"},
    {ASN_PATHLEN_SIZE_E, MICO_ERR_AUTH, "certificate: path too long"},
    {ASN_PATHLEN_INV_E, MICO_ERR_AUTH, "certificate: path length not allowed"},
    {ASN_NAME_INVALID_E, MICO_ERR_AUTH, "certificate: name constraint"},
    {ASN_CRIT_EXT_E, MICO_ERR_AUTH, "certificate: unknown critical extension"},
    {ASN_PARSE_E, MICO_ERR_AUTH, "certificate: malformed"},
    {NOT_CA_ERROR, MICO_ERR_AUTH, "certificate: issuer is no certificate authority"},
    {DOMAIN_NAME_MISMATCH, MICO_ERR_AUTH, "certificate: wrong server name"},
    {IPADDR_MISMATCH, MICO_ERR_AUTH, "certificate: wrong server address"},
    {KEYUSE_SIGNATURE_E, MICO_ERR_AUTH, "certificate: key usage does not allow signing"},
    {EXTKEYUSE_AUTH_E, MICO_ERR_AUTH, "certificate: not for this side of TLS"},
    {CRL_CERT_REVOKED, MICO_ERR_AUTH, "certificate: revoked"},
    {CRL_MISSING, MICO_ERR_AUTH, "certificate: no usable revocation list of its issuer"},
    {CRL_CERT_DATE_ERR, MICO_ERR_AUTH, "certificate: the revocation list of its issuer has expired"},
    {ASN_CRL_CONFIRM_E, MICO_ERR_AUTH, "wrong signature"},
    {NO_PEER_CERT, MICO_ERR_AUTH, "peer sent no certificate"},
    {NO_PEER_KEY, MICO_ERR_AUTH, "certificate: key type not supported"},
    {RSA_KEY_SIZE_E, MICO_ERR_AUTH, "certificate: RSA key too short"},
    {MAX_CHAIN_ERROR, MICO_ERR_AUTH, "certificate: chain too long"},
    {VERIFY_CERT_ERROR, MICO_ERR_AUTH, "certificate: not acceptable"},
    {SIG_VERIFY_E, MICO_ERR_AUTH, "peer's key exchange has a wrong signature"},
    {VERIFY_SIGN_ERROR, MICO_ERR_AUTH, "peer's key exchange has a wrong signature"},
    {VERIFY_FINISHED_ERROR, MICO_ERR_AUTH, "peer's Finished is wrong"},
    {VERIFY_MAC_ERROR, MICO_ERR_AUTH, "record: wrong tag"},
    {AES_GCM_AUTH_E, MICO_ERR_AUTH, "record: wrong tag"},
    {MAC_CMP_FAILED_E, MICO_ERR_AUTH, "record: wrong tag"},
    {DECRYPT_ERROR, MICO_ERR_AUTH, "record: wrong tag"},
    {MATCH_SUITE_ERROR, MICO_ERR_FORMAT, "no cipher suite in common"},
    {UNSUPPORTED_SUITE, MICO_ERR_FORMAT, "no cipher suite in common"},
    {BAD_KEY_SHARE_DATA, MICO_ERR_FORMAT, "no group in common"},
    {VERSION_ERROR, MICO_ERR_FORMAT, "peer does not speak this version of TLS"},
    {UNKNOWN_RECORD_TYPE, MICO_ERR_FORMAT, "peer does not speak TLS"},
    {PSK_KEY_ERROR, MICO_ERR_DENIED, "no pre-shared key for the peer"},
    {UNKNOWN_ALPN_PROTOCOL_NAME_E, MICO_ERR_FORMAT, "no application protocol in common"},
    {UNSUPPORTED_PROTO_VERSION, MICO_ERR_FORMAT, "peer does not speak this version of TLS"},
    {OUT_OF_ORDER_E, MICO_ERR_FORMAT, "handshake message out of order"},
    {MEMORY_E, MICO_ERR_FULL, "out of memory"},
    {MEMORY_ERROR, MICO_ERR_FULL, "out of memory"},
    {RNG_FAILURE_E, MICO_ERR_ENTROPY, "no random numbers"},
    {DRBG_CONT_FIPS_E, MICO_ERR_ENTROPY, "no random numbers"},
};

/* RFC 5246 section 7.2. */
static const struct {
    int code;
    const char *name;
} alerts[] = {
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {22, "record_overflow"},
    {40, "handshake_failure"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {90, "user_canceled"},
    {110, "unsupported_extension"},
    {112, "unrecognized_name"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
};

mico_err mico_tls_say(struct mico_tls *tls, const char *words, mico_err err)
{
    snprintf(tls->reason, sizeof tls->reason, "%s", words);
    return err;
}

const char *mico_tls_reason(const struct mico_tls *tls)
{
    return tls->reason;
}

mico_err mico_tls_explain(struct mico_tls *tls, const char *what, int number, mico_err otherwise)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].number == number) {
            snprintf(tls->reason, sizeof tls->reason, "%s: %s", what, reasons[i].words);
            return reasons[i].err == MICO_ERR_AUTH ? otherwise : reasons[i].err;
        }
    }
    snprintf(tls->reason, sizeof tls->reason, "%s: refused by the TLS library (%d)", what, number);
    return otherwise;
}

static mico_err explain_alert(struct mico_tls *tls, int code)
{
    for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++) {
        if (alerts[i].code == code) {
            snprintf(tls->reason, sizeof tls->reason, "alert from peer: %s", alerts[i].name);
            return MICO_ERR_DENIED;
        }
    }
    snprintf(tls->reason, sizeof tls->reason, "alert from peer: %d", code);
    return MICO_ERR_DENIED;
}

static mico_err explain_io(struct mico_tls *tls)
{
    snprintf(tls->reason, sizeof tls->reason, "connection: %s", mico_err_name(tls->io_error));
    return tls->io_error;
}

static mico_err explain_signing(struct mico_tls *tls)
{
    const char *why = "";
    switch (tls->sign_status) {
    case PSA_ERROR_NOT_PERMITTED:
        why = ": not permitted";
        break;
    case PSA_ERROR_COMMUNICATION_FAILURE:
        why = ": no answer from where it is";
        break;
    case PSA_ERROR_HARDWARE_FAILURE:
        why = ": where it is, it is busy or broken";
        break;
    }
    snprintf(tls->reason, sizeof tls->reason, "signing with our key failed%s (PSA status %d)", why,
             (int)tls->sign_status);
    return tls->sign_status == PSA_ERROR_NOT_PERMITTED ? MICO_ERR_DENIED : mico_err_of_psa(tls->sign_status);
}

mico_err mico_tls_explain_session(struct mico_tls *tls, int result)
{
    WOLFSSL_ALERT_HISTORY history;
    int number = wolfSSL_get_error(tls->session, result);

    if (number == MICO_TLS_SIGN_REFUSED) {
        return explain_signing(tls);
    }
    if (number == WOLFSSL_ERROR_ZERO_RETURN) {
        tls->good_bye = true;
        return mico_tls_say(tls, "peer said good-bye", MICO_ERR_CLOSED);
    }
    if (number == FATAL_ERROR || number == SOCKET_PEER_CLOSED_E || number == SOCKET_ERROR_E) {
        bool alerted = wolfSSL_get_alert_history(tls->session, &history) == WOLFSSL_SUCCESS &&
                       history.last_rx.level == alert_fatal;
        if (alerted) {
            return explain_alert(tls, history.last_rx.code);
        }
    }
    bool waits = number == WOLFSSL_ERROR_WANT_READ || number == WOLFSSL_ERROR_WANT_WRITE;
    if (tls->io_error != MICO_OK && (waits || tls->io_error != MICO_ERR_TIMEOUT)) {
        return explain_io(tls);
    }
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].number == number) {
            return mico_tls_say(tls, reasons[i].words, reasons[i].err);
        }
    }
    snprintf(tls->reason, sizeof tls->reason, "TLS library error %d", number);
    return MICO_ERR_FORMAT;
}
