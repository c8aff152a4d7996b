"""Who signed a hash: public key recovery on secp256k1 (SEC 1, 4.1.6). Takes some milliseconds."""

from functools import lru_cache

from .encoding import from_hex, to_hex
from .keccak import keccak256

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


def add(a, b):
    """The sum of two points of the curve; None is the point at infinity."""
    if a is None or b is None:
        return b if a is None else a
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    if a[0] == b[0]:
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def multiply(point, times):
    total = None
    while times > 0:
        if times & 1:
            total = add(total, point)
        point = add(point, point)
        times >>= 1
    return total


def address_of(key):
    """The account of a public key."""
    return to_hex(keccak256(key[0].to_bytes(32, "big") + key[1].to_bytes(32, "big"))[12:])


# All receipts of a batch have one signed head.
@lru_cache(maxsize=256)
def recover(digest, signature):
    """The address whose signature (65 bytes: r, s, v) of a hash this is; None if it is nobody's. Only the lower s is taken."""
    raw = from_hex(signature)
    if raw is None or len(raw) != 65:
        return None
    r = int.from_bytes(raw[:32], "big")
    s = int.from_bytes(raw[32:64], "big")
    v = raw[64]
    if not 27 <= v <= 28 or not 0 < r < N or not 0 < s <= N // 2:
        return None
    square = (r * r * r + 7) % P
    root = pow(square, (P + 1) // 4, P)
    if root * root % P != square:
        return None
    nonce = (r, root if root & 1 == v - 27 else P - root)
    inverse = pow(r, -1, N)
    key = add(
        multiply(G, -int.from_bytes(from_hex(digest), "big") * inverse % N),
        multiply(nonce, s * inverse % N),
    )
    return key and address_of(key)
