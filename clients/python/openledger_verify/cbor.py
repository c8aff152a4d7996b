"""Reads CBOR in its one deterministic form (RFC 8949, 4.2.1), one value after the other, as openledger.commitment.log.CborReader does.

Takes no more memory than there are bytes, and goes no deeper than its caller does.
"""

UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG = range(7)
NULL = 0xF6


class NotCbor(Exception):
    """Something else stands there."""


def require(holds):
    if not holds:
        raise NotCbor


class Cbor:
    def __init__(self, raw):
        self.raw = raw
        self.at = 0

    def integer(self):
        if self.raw[self.at : self.at + 1] and self.raw[self.at] >> 5 == NEGATIVE:
            return -1 - self.head(NEGATIVE)
        return self.head(UNSIGNED)

    def binary(self, major=BYTES):
        length = self.count(major)
        self.at += length
        return self.raw[self.at - length : self.at]

    def text(self):
        try:
            return self.binary(TEXT).decode("utf-8")
        except UnicodeDecodeError:
            raise NotCbor from None

    def array(self):
        """How many elements follow."""
        return self.count(ARRAY)

    def map(self, entries):
        """Passes the head of a map of so many entries."""
        require(self.count(MAP) == entries)
        return self

    def skip(self, *numbers):
        """Passes keys, or other numbers, that must stand here."""
        for number in numbers:
            require(self.integer() == number)
        return self

    def tag(self, number):
        require(self.head(TAG) == number)

    def nothing(self):
        require(self.raw[self.at : self.at + 1] == bytes([NULL]))
        self.at += 1

    def end(self):
        require(self.at == len(self.raw))

    def count(self, major):
        """Elements, entries or bytes that follow: at least one byte each, so no more than are left."""
        count = self.head(major)
        require(count <= len(self.raw) - self.at)
        return count

    def head(self, major):
        require(self.at < len(self.raw) and self.raw[self.at] >> 5 == major)
        low = self.raw[self.at] & 31
        self.at += 1
        require(low < 28)
        if low < 24:
            return low
        size = 1 << (low - 24)
        self.at += size
        require(self.at <= len(self.raw))
        value = int.from_bytes(self.raw[self.at - size : self.at], "big")
        # The shortest way to write it, and a number of 63 bits.
        require((24 if size == 1 else 1 << (4 * size)) <= value < 1 << 63)
        return value
