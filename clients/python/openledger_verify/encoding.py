"""Bytes, and their text: 0x and lower-case hexadecimal digits."""

import re

HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")


def to_hex(raw: bytes) -> str:
    return "0x" + raw.hex()


def from_hex(text):
    """The bytes behind 0x; None if this is not the text of bytes."""
    if not isinstance(text, str) or not HEX.fullmatch(text):
        return None
    return bytes.fromhex(text[2:])


def utf8(text: str) -> bytes:
    """A half of a pair that stands alone has the length that it has elsewhere."""
    return text.encode("utf-8", "surrogatepass")


def number(value: int) -> bytes:
    """A number as a word of the contract's."""
    return value.to_bytes(32, "big")


def word(raw: bytes) -> bytes:
    """The end of a value filled up with zeros to the 32 bytes of a word of the contract's."""
    return raw.rjust(32, b"\0")


def utf16(text: str) -> str:
    """Each unit of UTF-16 as a character of its own, as other languages count."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(int.from_bytes(raw[i : i + 2], "little")) for i in range(0, len(raw), 2))
