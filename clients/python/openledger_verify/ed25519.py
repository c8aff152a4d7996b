"""Verification of Ed25519 signatures (RFC 8032): the standard library has none. Takes some milliseconds, and not always the same: what it
is given is public."""

from hashlib import sha512

P = 2**255 - 19
# Order of the group that the base point makes.
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def _decoded(raw):
    """A point of the curve, (x, y, z, t) with x/z, y/z and t = xy/z; None if these bytes are not the one way to write one."""
    whole = int.from_bytes(raw, "little")
    y, sign = whole & (2**255 - 1), whole >> 255
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * ROOT_OF_MINUS_ONE % P
        if v * x * x % P != u:
            return None
    if x == 0 and sign:
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def _sum(a, b):
    """Right for a point and itself as well (RFC 8032, 5.1.4)."""
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    low, high = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def _is_same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE = _decoded(bytes([0x58]) + bytes([0x66]) * 31)


def is_key(raw: bytes) -> bool:
    """Whether 32 bytes are a key whose signatures mean something: of a point of small order everybody has signed everything."""
    point = _decoded(raw) if len(raw) == 32 else None
    if point is None:
        return False
    for _ in range(3):
        point = _sum(point, point)
    return not _is_same(point, NEUTRAL)


def verifies(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature of a message is by a key. Refuses what is written in another way than its one."""
    point = _decoded(key)
    nonce = _decoded(signature[:32]) if len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if point is None or nonce is None or s >= L:
        return False
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % L
    minus = (-point[0] % P, point[1], point[2], -point[3] % P)
    steps = {(1, 0): BASE, (0, 1): minus, (1, 1): _sum(BASE, minus)}
    found = NEUTRAL
    for bit in range(252, -1, -1):
        found = _sum(found, found)
        step = steps.get((s >> bit & 1, k >> bit & 1))
        found = _sum(found, step) if step else found
    return _is_same(found, nonce)
