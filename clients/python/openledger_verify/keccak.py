"""Keccak-256 as Ethereum uses it (the padding of before FIPS 202), after the specification of keccak.team."""

RATE = 136
ROUNDS = 24
MASK = (1 << 64) - 1


def _round_constants():
    """From the shift register that defines them."""
    constants = []
    register = 1
    for _ in range(ROUNDS):
        constant = 0
        for j in range(7):
            if register & 1:
                constant ^= 1 << ((1 << j) - 1)
            register = ((register << 1) & 0xFF) ^ 0x71 if register & 0x80 else register << 1
        constants.append(constant)
    return constants


def _walk():
    """For each step of the walk through the lanes: where it goes and by how much it turns."""
    steps = []
    x, y = 1, 0
    for t in range(ROUNDS):
        x, y = y, (2 * x + 3 * y) % 5
        steps.append((x + 5 * y, (t + 1) * (t + 2) // 2 % 64))
    return steps


IOTA = _round_constants()
WALK = _walk()


def _permute(a):
    for constant in IOTA:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[x - 1] ^ (((c[x - 4] << 1) | (c[x - 4] >> 63)) & MASK) for x in range(5)]
        a = [lane ^ d[i % 5] for i, lane in enumerate(a)]
        last = a[1]
        for lane, by in WALK:
            last, a[lane] = a[lane], ((last << by) | (last >> (64 - by))) & MASK
        b = a
        a = []
        for row in range(0, 25, 5):
            b0, b1, b2, b3, b4 = b[row : row + 5]
            a += (
                b0 ^ (~b1 & b2),
                b1 ^ (~b2 & b3),
                b2 ^ (~b3 & b4),
                b3 ^ (~b4 & b0),
                b4 ^ (~b0 & b1),
            )
        a[0] ^= constant
    return a


def keccak256(message: bytes, padding: int = 0x01, state: bytes = bytes(200)) -> bytes:
    """The 32 bytes of the hash. What begins the padding is all that SHA3-256 has otherwise (0x06).

    `state` is what whole blocks before the message have left: 25 lanes, each with its lowest byte first.
    """
    padded = bytearray(message)
    padded += bytes(RATE - len(message) % RATE)
    padded[len(message)] ^= padding
    padded[-1] ^= 0x80
    lanes = [int.from_bytes(state[at : at + 8], "little") for at in range(0, 200, 8)]
    for block in range(0, len(padded), RATE):
        for lane in range(RATE // 8):
            at = block + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])
