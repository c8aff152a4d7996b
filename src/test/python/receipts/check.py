"""Holds the COSE receipts and statements of contracts/vectors/log.json against scitt-cose.

    python check.py contracts/vectors/log.json
"""

import base64
import json
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from scitt_cose import CoseError, extract_receipts, parse_signed_statement, verify_receipt


def pem(verifier_key):
    """The public key of "<name>+<id>+<kind and key>"."""
    raw = base64.b64decode(verifier_key.split("+", 2)[2])[1:]
    return Ed25519PublicKey.from_public_bytes(raw).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def unhex(text):
    return bytes.fromhex(text.removeprefix("0x"))


def receipt_holds(case):
    result = verify_receipt(
        unhex(case["receipt"]), leaf_entry_hex=case["entry"].removeprefix("0x"), log_public_key_pem=pem(case["key"])
    )
    same = not result.ok or (
        str(result.tree_size) == case["size"]
        and str(result.leaf_index) == case["index"]
        and (result.issuer, result.subject, str(result.iat)) == (case["issuer"], case["subject"], case["seconds"])
    )
    return result.ok and same


def statement_holds(case):
    text = unhex(case["statement"])
    parsed = parse_signed_statement(text, public_key_pem=pem(case["key"]))
    if parsed["signature_verified"] is not True:
        return False
    try:
        receipts = extract_receipts(text)
    except CoseError:
        return False
    return parsed["payload"] == unhex(case["entry"]) and all(
        verify_receipt(each, leaf_entry_hex=case["entry"].removeprefix("0x"), log_public_key_pem=pem(case["key"])).ok
        for each in receipts
    )


def main(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    cases = [("receipt", receipt_holds, case) for case in vectors["receipts"]]
    cases += [("statement", statement_holds, case) for case in vectors["statements"]]
    differing = [f"{kind}, {case['why']}" for kind, holds, case in cases if holds(case) != case["valid"]]
    for each in differing:
        print("differs:", each)
    if differing or not cases:
        print(f"{len(differing)} of {len(cases)} checks differ")
        return 1
    print(f"{len(cases)} checks agree")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
