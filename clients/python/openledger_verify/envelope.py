"""Reads a receipt in any form, also in the two that the log of a lane signs (openledger.commitment.verify.LogEnvelope).

These are COSE Receipts (RFC 9942) on a statement (RFC 9943), and C2SP tlog-proof. Nothing in them counts before it is verified.
"""

from typing import NamedTuple

from .cbor import Cbor, NotCbor, require
from .encoding import to_hex
from .note import Checkpoint, NotANote, Note, from_base64, is_longer, number_of, read_checkpoint, read_note
from .receipt import LARGEST, NO_OBJECT, TOO_LONG, UnreadableReceipt, read_receipt

SIGN1 = 18
MOST_RECEIPTS = 16
COSE = b"\xd2"
HEAD = "c2sp.org/tlog-proof@"
LONGEST_PROOF = 264 << 10
LONGEST_PATH = 63


class Signed(NamedTuple):
    """A signature, and the protected header that it covers."""

    header: bytes
    key_id: bytes
    signature: bytes


class CoseReceipt(NamedTuple):
    issuer: str
    size: int
    index: int
    path: list
    signed: Signed


class Statement(NamedTuple):
    issuer: str
    subject: str
    content_type: str
    payload: bytes
    signed: Signed
    receipts: list


class Proof(NamedTuple):
    index: int
    path: list
    note: Note
    checkpoint: Checkpoint


def read_form(raw):
    """A Statement, a Proof, or what read_receipt reads; raises UnreadableReceipt if it is none of them."""
    if len(raw) > LARGEST:
        raise UnreadableReceipt(TOO_LONG)
    if raw.startswith(COSE):
        return _whole("COSE receipt", _statement, raw)
    if raw.startswith(HEAD.encode("ascii")):
        return _whole("tlog-proof", _proof, raw)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableReceipt(NO_OBJECT) from None
    return read_receipt(text)


def _whole(form, reading, raw):
    try:
        return reading(raw)
    except (NotCbor, NotANote, UnicodeDecodeError):
        raise UnreadableReceipt(
            f"It begins like a {form}, and is none: it is cut off, changed, or not written in its one form."
        ) from None


def _sign1(raw):
    """The protected header of a COSE_Sign1, and what else it has."""
    rest = Cbor(raw)
    rest.tag(SIGN1)
    require(rest.array() == 4)
    return rest.binary(), rest


def _statement(raw):
    header, rest = _sign1(raw)
    if raw[rest.at : rest.at + 1] == b"\xa0":
        rest.map(0)
        count = 0
    else:
        count = rest.map(1).skip(394).array()
    require(count <= MOST_RECEIPTS)
    receipts = [_receipt(rest.binary()) for _ in range(count)]
    payload, signature = rest.binary(), rest.binary()
    rest.end()
    claims = Cbor(header).map(4).skip(1, -8, 3)
    content_type = claims.text()
    key_id = claims.skip(4).binary()
    issuer = claims.skip(15).map(2).skip(1).text()
    subject = claims.skip(2).text()
    claims.end()
    return Statement(issuer, subject, content_type, payload, Signed(header, key_id, signature), receipts)


def _receipt(raw):
    header, rest = _sign1(raw)
    require(rest.map(1).skip(396).map(1).skip(-1).array() == 1)
    place = Cbor(rest.binary())
    require(place.array() == 3)
    size, index = place.integer(), place.integer()
    path = [place.binary() for _ in range(place.array())]
    require(all(len(one) == 32 for one in path))
    place.end()
    rest.nothing()
    signature = rest.binary()
    rest.end()
    claims = Cbor(header).map(4).skip(1, -8, 4)
    key_id = claims.binary()
    issuer = claims.skip(15).map(3).skip(1).text()
    claims.skip(2).text()
    claims.skip(6).integer()
    claims.skip(395, 1).end()
    return CoseReceipt(issuer, size, index, list(map(to_hex, path)), Signed(header, key_id, signature))


def _proof(raw):
    text = raw.decode("utf-8")
    blank = text.find("\n\n")
    require(blank >= 0 and not is_longer(text, LONGEST_PROOF))
    head, *lines = text[:blank].split("\n")
    require(head == f"{HEAD}v1" and lines and lines[0].startswith("index ") and len(lines) <= 1 + LONGEST_PATH)
    path = [from_base64(line) for line in lines[1:]]
    require(all(len(one) == 32 for one in path))
    note = read_note(text[blank + 2 :])
    return Proof(number_of(lines[0][6:]), list(map(to_hex, path)), note, read_checkpoint(note.text))
