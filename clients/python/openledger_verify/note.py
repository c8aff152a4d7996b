"""Signed notes, checkpoints, and the keys that have signed them (openledger.commitment.log).

C2SP signed-note, tlog-checkpoint and tlog-cosignature.
"""

import base64
import re
from typing import NamedTuple, Optional

from .commitments import sha
from .ed25519 import is_key, verifies
from .encoding import to_hex, utf8, utf16

LONGEST_NOTE = 256 << 10
MOST_SIGNATURES = 64
LONGEST_LINE = 255
LONGEST_KEY = 1024
ID_BYTES = 4
KINDS = {1: "NOTE", 4: "COSIGNATURE"}
NAME = re.compile(r"[^\s\x00-\x1f\x7f+]+")
LINE = re.compile("\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})")
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
HALF = re.compile("[\ud800-\udfff]")
EMPTY_ROOT = to_hex(sha(b""))


class NotANote(Exception):
    """The text is none; the message says why."""


class Key(NamedTuple):
    name: str
    kind: str
    id: bytes
    key: bytes


class Signature(NamedTuple):
    name: str
    id: bytes
    raw: bytes

    @property
    def seconds(self):
        """When a witness has signed, by its own clock: Unix seconds of what a key for cosignatures writes before its signature."""
        return int.from_bytes(self.raw[:8], "big")


class Note(NamedTuple):
    text: str
    signatures: list


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: str


class Standing(NamedTuple):
    """Of a key and a note: it has SIGNED it, is ABSENT, or one of its signatures is FORGED; of a witness the first `seconds`."""

    standing: str
    seconds: Optional[int] = None


def _require(holds, message):
    if not holds:
        raise NotANote(message)


def _is_name(text):
    return len(utf16(text)) <= LONGEST_LINE and NAME.fullmatch(text) is not None


def is_longer(text, most):
    """Whether a text has more characters than that, as other languages count."""
    return len(text) > most or len(text.encode("utf-16-le", "surrogatepass")) > 2 * most


def from_base64(text):
    """Bytes of base64 that is written in its one way."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = None
    _require(
        raw is not None and base64.b64encode(raw).decode("ascii") == text,
        "base64 has padding, and is written in its one way",
    )
    return raw


def read_key(text):
    """Reads a verifier key, `<name>+<id in hex>+<kind and key in base64>`."""
    parts = text.split("+", 2) if len(text) <= LONGEST_KEY else []
    _require(len(parts) == 3, "a verifier key is <name>+<id>+<key>")
    name, key_id, material = parts[0], parts[1], from_base64(parts[2])
    _require(len(material) == 33, "only Ed25519 keys are known here")
    _require(material[0] in KINDS, f"an unknown kind of key: {material[0]}")
    _require(_is_name(name) and not HALF.search(name), "the name of a key has 1 to 255 characters, no spaces and no plus")
    _require(is_key(material[1:]), "an Ed25519 key that is none, or that anybody could sign with")
    known = sha(utf8(name + "\n") + material)[:ID_BYTES]
    _require(key_id == known.hex(), "the id of the verifier key is not that of its name and key")
    return Key(name, KINDS[material[0]], known, material[1:])


def _signature(line):
    found = LINE.fullmatch(line)
    _require(found is not None and _is_name(found[1]), "a signature line is \u2014 <name> <base64>")
    raw = from_base64(found[2])
    _require(len(raw) > ID_BYTES, "a signature is longer than the id of its key")
    return Signature(found[1], raw[:ID_BYTES], raw[ID_BYTES:])


def read_note(note):
    """Reads a signed note. Nothing in it counts before `standing` says that a known key has signed it."""
    blank = -1 if is_longer(note, LONGEST_NOTE) else note.rfind("\n\n")
    _require(
        blank >= 0 and blank + 2 < len(note) and note.endswith("\n"), "a note is a text, a blank line and signatures"
    )
    lines = note[blank + 2 : -1].split("\n")
    _require(len(lines) <= MOST_SIGNATURES, f"more than {MOST_SIGNATURES} signatures are not read")
    text = note[: blank + 1]
    _require(
        not CONTROL.search(text) and not HALF.search(text), "the text of a note is lines, without control characters"
    )
    return Note(text, [_signature(line) for line in lines])


def number_of(digits):
    """A size or an index, in its one form."""
    _require(
        NUMBER.fullmatch(digits) is not None and int(digits) < 2**63,
        "a size or an index is a decimal number without leading zeros",
    )
    return int(digits)


def read_checkpoint(text):
    """Reads the text of a note that is a checkpoint."""
    lines = text.split("\n")
    _require(len(lines) == 4 and lines[3] == "", "a checkpoint is three lines: origin, size and root")
    origin, size, root, _ = lines
    _require(
        origin != "" and len(utf16(origin)) <= LONGEST_LINE,
        "the origin of a log is one line of at most 255 characters",
    )
    raw = from_base64(root)
    _require(len(raw) == 32, "the root of a log is 32 bytes in base64, with padding")
    _require(size != "0" or to_hex(raw) == EMPTY_ROOT, "no log of 0 entries has this root")
    return Checkpoint(origin, number_of(size), to_hex(raw))


def _is_by(key, one, text):
    if key.kind == "NOTE":
        return verifies(key.key, utf8(text), one.raw)
    return (
        len(one.raw) > 8
        and one.seconds < 2**63
        and verifies(key.key, utf8(f"cosignature/v1\ntime {one.seconds}\n{text}"), one.raw[8:])
    )


def standing(note, key):
    """What a known key has to do with a note."""
    its = [one for one in note.signatures if (one.name, one.id) == (key.name, key.id)]
    if not its:
        return Standing("ABSENT")
    if not all(_is_by(key, one, note.text) for one in its):
        return Standing("FORGED")
    return Standing("SIGNED", min(one.seconds for one in its))
