# SPDX-License-Identifier: Apache-2.0
"""An evidence token seen by an implementation that is not ours: cbor2 (RFC 8949), for evidence_test.c.

Reads the token named by the first argument, checks that cbor2's canonical encoding of what it means is the same bytes, and
writes evidence.tbs (the Sig_structure of RFC 9052 section 4.4) and evidence.signature for openssl.
"""
import sys

import cbor2

token = open(sys.argv[1], "rb").read()
sign1 = cbor2.loads(token)
assert sign1.tag == 18 and len(sign1.value) == 4, "not a COSE_Sign1"
protected, unprotected, payload, signature = sign1.value
claims = cbor2.loads(payload)
assert cbor2.loads(protected) == {1: -8} and unprotected == {}, "not EdDSA alone"
assert cbor2.dumps(sign1, canonical=True) == token, "the token is not canonical"
assert cbor2.dumps(claims, canonical=True) == payload, "the claims are not canonical"
assert list(claims)[:5] == [10, 256, 265, 267, 271], "not the registered claims of an EAT"
assert len(claims[10]) == 32 and claims[256][0] == 1 and claims[271] == ["1.2.3"] and claims[267] == 300

open("evidence.tbs", "wb").write(cbor2.dumps(["Signature1", protected, b"", payload], canonical=True))
open("evidence.signature", "wb").write(signature)
