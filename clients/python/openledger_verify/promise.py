"""The promise that comes with an answer (`openledger-promise`): checked on the spot, with nothing but the body that was sent."""

import re
import time
from typing import NamedTuple, Optional

from .chain import LONGEST_PROMISE, REGISTRY
from .commitments import KINDS, promise_digest, request_digest, request_key
from .finding import failed, passed, unchecked
from .signer import recover
from .verify import Pins, checked_address

HEADER = "openledger-promise"
REQUEST_HEADER = "openledger-request"
LONGEST_HEADER = 4096
# Seconds by which the clock here may be behind the router's, or before it.
MOST_SKEW = 300
LONG = 2**63 - 1
INTEGERS = ("lane", "anchor_by", "signed_at", "kind", "chain_id")
STRINGS = {"signature": 65, "registry": 20, "request": None, "request_key": 32, "leaf_hash": 32, "salt": 16}
MEMBER = re.compile(r'[ \t]*([a-z_]+)=(?:"([0-9a-zA-Z]*)"|([0-9]{1,19}))[ \t]*')


class MalformedPromise(Exception):
    """The header is no promise; the message names the member."""


class Promised(NamedTuple):
    """What a promise came to: PASSED, FAILED or UNCHECKED, and why; what it says and who signed it, if it could be read."""

    finding: str
    text: str
    promise: Optional[dict] = None
    signer: Optional[str] = None


def read_promise(header):
    """Reads the header, a dictionary of RFC 9651: each member once, and no other."""
    if not isinstance(header, str) or len(header) > LONGEST_HEADER:
        raise MalformedPromise(f"the header must have at most {LONGEST_HEADER} characters")
    found = {}
    for part in header.split(","):
        member = MEMBER.fullmatch(part)
        name = member and member[1]
        if not member or name in found or not (name in INTEGERS or name in STRINGS):
            raise MalformedPromise(
                "the header must be a dictionary of RFC 9651, with each member of a promise once and no other"
            )
        found[name] = int(member[3]) if member[2] is None else member[2]
    for name in INTEGERS:
        value = found.get(name)
        if type(value) is not int or value > LONG:
            raise MalformedPromise(f"{name} must be a whole number from 0 to {LONG}")
    for name, length in STRINGS.items():
        value = found.get(name)
        form = "[0-9a-f]{32}" if length is None else f"0x[0-9a-f]{{{2 * length}}}"
        if not isinstance(value, str) or not re.fullmatch(form, value):
            digits = "32" if length is None else f"0x and {2 * length}"
            raise MalformedPromise(f"{name} must be {digits} lower-case hexadecimal digits")
    kind = next((word for word, code in KINDS.items() if code == found["kind"]), None)
    if kind is None:
        raise MalformedPromise("kind must be 1 or 2")
    return {**found, "kind": kind}


def _value_of(headers, name):
    if headers is None or isinstance(headers, str):
        return headers if name == HEADER else None
    return next((str(value) for other, value in headers.items() if other.lower() == name), None)


def check_promise(headers, body, pins=Pins(), signer=None, nonce="", now=None):
    """Checks the promise of an answer.

    `headers` are those of the answer, or the value of `openledger-promise`; `body` is what was sent, byte for byte, and `nonce` the
    `openledger-nonce` that was sent. `signer` is the account that must have signed; without it the finding is UNCHECKED at best.
    `now` is in Unix seconds.
    """
    expected = checked_address("signer", signer)
    header = _value_of(headers, HEADER)
    if header is None:
        return Promised(*unchecked("The answer has no promise."))
    if header == "none":
        return Promised(*unchecked("The router could not sign a promise in time."))
    try:
        promise = read_promise(header)
    except MalformedPromise as why:
        return Promised(*failed(f"The promise cannot be read: {why}."))
    digest = request_digest(body.encode() if isinstance(body, str) else bytes(body), nonce)
    found_signer = recover(promise_digest(promise), promise["signature"])
    found = (
        _objection(promise, digest, pins, time.time() if now is None else now)
        or _answered(promise, _value_of(headers, REQUEST_HEADER))
        or _signed(found_signer, expected)
    )
    return Promised(*found, promise, found_signer)


def _objection(promise, digest, pins, now):
    lane, chain_id, at = promise["lane"], promise["chain_id"], promise["registry"]
    if pins.lane is not None and lane != pins.lane:
        return failed(f"The promise is of lane {lane}, not of lane {pins.lane}.")
    chain, registry = pins.chain_id or chain_id, pins.registry or REGISTRY
    if (chain_id, at) != (chain, registry):
        return failed(f"The promise is for registry {at} on chain {chain_id}, not for {registry} on chain {chain}.")
    if int(promise["request"][:16], 16) != lane:
        return failed(f"The promise is of lane {lane}, but its request {promise['request']} is of another.")
    key = request_key(promise["request"], digest, promise["salt"])
    if promise["request_key"] != key:
        return failed(
            f"The promise is about another request or another body: it has the key {promise['request_key']}, not {key}."
        )
    signed_at, anchor_by = promise["signed_at"], promise["anchor_by"]
    if not 0 <= anchor_by - signed_at <= LONGEST_PROMISE:
        return failed(
            f"The promise was signed at {signed_at} and is due by {anchor_by}: a promise is for an hour at most."
        )
    if anchor_by < now - MOST_SKEW:
        # It may be an old one, of an equal body.
        return failed(f"The promise was due by {anchor_by}, more than five minutes ago.")
    if anchor_by > now + LONGEST_PROMISE + MOST_SKEW:
        return failed(f"The promise is due by {anchor_by}, more than an hour from now.")
    return None


def _answered(promise, answer):
    if answer is not None and answer != promise["request"]:
        return failed(f"The promise is about request {promise['request']}, but the answer is of request {answer}.")
    return None


def _signed(signer, expected):
    if not signer:
        return failed("The promise's signature is not valid.")
    if expected is None:
        return unchecked(
            f"The promise was signed by {signer}; whether that is a signing key of the lane is not known: name the signer that you expect."
        )
    if signer == expected:
        return passed(f"The promise is about this request, and {signer} signed it, as expected.")
    return failed(f"The promise was signed by {signer}, not by {expected} as expected.")
