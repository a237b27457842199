/* SPDX-License-Identifier: Apache-2.0 */
/* tpm-bench TCTI SECONDS: P-256 signatures per second by a TPM (swtpm in the bench), plain and in a protected session: salted
 * with an ECDH, every command and answer authenticated by HMAC, the first parameter encrypted (TPM 2.0 library, part 1,
 * sections 19 and 21). What MSCP does in every record. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tss2/tss2_esys.h>
#include <tss2/tss2_tctildr.h>

static ESYS_CONTEXT *tpm;

static void must(TSS2_RC rc, const char *what)
{
    if (rc != TSS2_RC_SUCCESS) {
        fprintf(stderr, "error: %s gave 0x%x\n", what, rc);
        exit(1);
    }
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A P-256 key of the owner hierarchy: to sign with, or (a decrypting one) to salt sessions with. */
static ESYS_TR make_key(TPMA_OBJECT purpose)
{
    const TPM2B_SENSITIVE_CREATE sensitive = {0};
    const TPM2B_DATA outside = {0};
    const TPML_PCR_SELECTION registers = {0};
    TPM2B_PUBLIC template = {
        .publicArea = {.type = TPM2_ALG_ECC,
                       .nameAlg = TPM2_ALG_SHA256,
                       .objectAttributes = purpose | TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
                                           TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH,
                       .parameters.eccDetail = {.symmetric.algorithm = TPM2_ALG_NULL,
                                                .scheme.scheme = TPM2_ALG_NULL,
                                                .curveID = TPM2_ECC_NIST_P256,
                                                .kdf.scheme = TPM2_ALG_NULL}}};
    if (purpose == TPMA_OBJECT_SIGN_ENCRYPT) {
        template.publicArea.parameters.eccDetail.scheme.scheme = TPM2_ALG_ECDSA;
        template.publicArea.parameters.eccDetail.scheme.details.ecdsa.hashAlg = TPM2_ALG_SHA256;
    }
    ESYS_TR key;
    must(Esys_CreatePrimary(tpm, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &sensitive, &template,
                            &outside, &registers, &key, NULL, NULL, NULL, NULL),
         "CreatePrimary");
    return key;
}

static ESYS_TR open_session(ESYS_TR salt_key)
{
    const TPMT_SYM_DEF aes = {.algorithm = TPM2_ALG_AES, .keyBits.aes = 128, .mode.aes = TPM2_ALG_CFB};
    const TPMA_SESSION wanted = TPMA_SESSION_CONTINUESESSION | TPMA_SESSION_DECRYPT | TPMA_SESSION_ENCRYPT;
    ESYS_TR session;
    must(Esys_StartAuthSession(tpm, salt_key, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, NULL,
                               TPM2_SE_HMAC, &aes, TPM2_ALG_SHA256, &session),
         "StartAuthSession");
    must(Esys_TRSess_SetAttributes(tpm, session, wanted, 0xFF), "SetAttributes");
    return session;
}

static void sign_for(double seconds, ESYS_TR key, ESYS_TR session, const char *name)
{
    const TPMT_SIG_SCHEME scheme = {.scheme = TPM2_ALG_ECDSA, .details.ecdsa.hashAlg = TPM2_ALG_SHA256};
    const TPMT_TK_HASHCHECK ticket = {.tag = TPM2_ST_HASHCHECK, .hierarchy = TPM2_RH_NULL};
    TPM2B_DIGEST digest = {.size = 32};
    unsigned long count = 0;
    double from = now();
    while (now() < from + seconds) {
        TPMT_SIGNATURE *signature;
        digest.buffer[0]++;
        must(Esys_Sign(tpm, key, session, ESYS_TR_NONE, ESYS_TR_NONE, &digest, &scheme, &ticket, &signature), "Sign");
        Esys_Free(signature);
        count++;
    }
    printf("%s %.0f\n", name, (double)count / (now() - from));
}

int main(int argc, char **argv)
{
    TSS2_TCTI_CONTEXT *link;
    if (argc != 3) {
        fprintf(stderr, "usage: tpm-bench TCTI SECONDS\nexample: tpm-bench swtpm:path=tpm.sock 2\n");
        return 2;
    }
    must(Tss2_TctiLdr_Initialize(argv[1], &link), "the link to the TPM");
    must(Esys_Initialize(&tpm, link, NULL), "Esys_Initialize");
    must(Esys_Startup(tpm, TPM2_SU_CLEAR), "Startup");
    double seconds = atof(argv[2]);
    ESYS_TR key = make_key(TPMA_OBJECT_SIGN_ENCRYPT), salt_key = make_key(TPMA_OBJECT_DECRYPT);
    sign_for(seconds, key, ESYS_TR_PASSWORD, "plain");
    sign_for(seconds, key, open_session(salt_key), "protected");
    Esys_Finalize(&tpm);
    Tss2_TctiLdr_Finalize(&link);
    return 0;
}
