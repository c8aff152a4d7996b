"""Holds COSE receipts that a router has served against scitt-cose: each is of the leaf that the log has, and none holds with a bit changed.

    python served.py <key of the log> <receipt>:<its leaf in hex> ...
"""

import sys

from check import pem, unhex
from scitt_cose import extract_receipts, parse_signed_statement, verify_receipt


def read(text, key):
    """What a statement and its only receipt say, once both signatures hold; None otherwise."""
    try:
        parsed = parse_signed_statement(text, public_key_pem=key)
        receipts = extract_receipts(text)
        if parsed["signature_verified"] is not True or len(receipts) != 1:
            return None
        leaf = parsed["payload"]
        result = verify_receipt(receipts[0], leaf_entry_hex=leaf.hex(), log_public_key_pem=key)
    except Exception:  # Changed bytes are anything: whatever the parser makes of them is a refusal.
        return None
    if not result.ok:
        return None
    return (leaf, result.issuer, result.subject, result.iat), (result.tree_size, result.leaf_index)


def main(log, files):
    key = pem(log)
    refused = unsigned = 0
    for each in files:
        path, leaf = each.rsplit(":", 1)
        with open(path, "rb") as file:
            text = file.read()
        genuine = read(text, key)
        if genuine is None or genuine[0][0] != unhex(leaf):
            print("does not hold:", path)
            return 1
        for position in range(len(text)):
            changed = bytearray(text)
            changed[position] ^= 1 << position % 8
            found = read(bytes(changed), key)
            if found is None:
                refused += 1
            elif found[0] == genuine[0] and found[1] != genuine[1]:
                # A receipt signs the root alone: some sizes and places share a path.
                unsigned += 1
            else:
                print(f"holds although byte {position} was changed: {path}")
                return 1
    if not files:
        print("there are no receipts")
        return 1
    print(f"{len(files)} receipts hold, {refused} changed ones are refused, {unsigned} differ in the unsigned size or index alone")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
