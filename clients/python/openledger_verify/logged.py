"""Verifies a receipt that a log signs: that a leaf is in the log that a key is of (openledger.commitment.verify.LogVerification).

It trusts the key, which never comes from the receipt, and asks no chain.
"""

import re
from typing import NamedTuple, Optional

from .commitments import entry_hash, root_of
from .ed25519 import verifies
from .encoding import from_hex, to_hex
from .envelope import Proof
from .finding import failed, passed, read_leaf, unchecked, verdict_of
from .paper import readable
from .strict_json import shown
from .told import proved, utc
from .witnesses import NOT_INCLUDED, cosigned, not_of_the_log

READABLE = "The leaf can be read"
INCLUDED = "The leaf is in the log"
WITNESSES = "Witnesses have cosigned the log"
CONTENT_TYPE = "application/vnd.openledger.leaf"
SUBJECT = re.compile("urn:openledger:request:([0-7][0-9a-f]{15})([0-9a-f]{16})")
HOLDS = "VERIFIED: the leaf is in the log that the key is of."
NOT_PROVED_BY_LOG = (
    "that a time-out or an error of a provider, which a trigger names, really happened",
    "that the leaf is about your request and your answer: the receipt in JSON has what they are bound with",
    "that the log shows everybody the same leaves, unless named witnesses have cosigned it: compare its checkpoints with those of others, or on the chain",
    "that names, budget and tiers are the published ones: the receipt in JSON is held against the chain",
)


class LogCheck(NamedTuple):
    title: str
    finding: str
    text: str


class LogVerification(NamedTuple):
    """What the checks of a receipt that a log signs come to; `proved` is empty unless it holds."""

    checks: list
    verdict: str
    proved: dict
    why: str
    reached: Optional[str] = None

    @property
    def verified(self) -> bool:
        return self.verdict == "HOLDS"


def verify_logged(envelope, pins, leaf, conclusions):
    """Holds a Proof or a Statement against the keys of log_pins, and bytes that must be the leaf, if they are known."""
    checks = []

    def add(title, found):
        checks.append(LogCheck(title, found.finding, found.text))

    if isinstance(envelope, Proof):
        log = _proof(envelope, pins, leaf, add)
    else:
        log = _statement(envelope, pins, leaf, add)
        leaf = envelope.payload
    verdict = verdict_of(checks)
    if verdict != "HOLDS":
        return LogVerification(checks, verdict, {}, conclusions[verdict])
    return LogVerification(checks, verdict, {**log, **_members(leaf)}, HOLDS)


def _no_key(origin):
    return unchecked(
        f"No key of the log was given. The receipt says that it is of {shown(origin)}, which anybody can write."
    )


def _proof(proof, pins, leaf, add):
    origin, size, root = proof.checkpoint
    if leaf is None:
        add(READABLE, unchecked("No leaf was given, and a proof does not contain it."))
        add(INCLUDED, unchecked("Without the leaf, the path begins nowhere."))
    else:
        add(READABLE, readable(read_leaf(to_hex(leaf))))
        leads = root_of(entry_hash(leaf), proof.index, size, proof.path) == root
        add(
            INCLUDED,
            passed(f"Leaf {proof.index} of {size} leads to the checkpoint's root.") if leads else NOT_INCLUDED,
        )
    if pins.key is None:
        signed = _no_key(origin)
    else:
        signed = not_of_the_log(proof.note, proof.checkpoint, pins.key) or passed(
            "The checkpoint is signed by the given key."
        )
    add("The log has signed it", signed)
    if pins.witnesses:
        add(WITNESSES, cosigned(proof.note, pins))
    return {"log": origin, "log_size": str(size), "log_root": root, "index": str(proof.index)}


def _statement(statement, pins, given, add):
    leaf = read_leaf(to_hex(statement.payload))
    if statement.content_type == CONTENT_TYPE:
        add(READABLE, readable(leaf))
    else:
        add(READABLE, failed(f"The statement is no leaf, but {shown(statement.content_type)}."))
    if given is not None:
        same = given == statement.payload
        add(
            "The leaf is the given one",
            passed("They have the same bytes.") if same else failed("The statement has another leaf."),
        )
    add("It is about this request", _about(statement.subject, leaf))
    if pins.key is None:
        by = _no_key(statement.issuer)
    elif _is_by(pins.key, statement.issuer, statement.signed, statement.payload):
        by = passed("The signature of the statement is by the given key.")
    else:
        by = failed("The signature of the statement is not by the given key.")
    add("The issuer has signed the leaf", by)
    if not statement.receipts:
        add(INCLUDED, failed("The statement has no receipt of a log."))
    log = {"log": statement.issuer}
    entry = entry_hash(statement.payload)
    for receipt in statement.receipts:
        log["log_root"] = root_of(entry, receipt.index, receipt.size, receipt.path)
        add(INCLUDED, _included(receipt, log["log_root"], pins.key))
    if pins.witnesses:
        add(
            WITNESSES,
            unchecked("This form cannot carry cosignatures: get the receipt as JSON or as tlog-proof."),
        )
    return log


def _about(subject, leaf):
    named = SUBJECT.fullmatch(subject)
    if named and int(named[1], 16) > 0 and int(named[2], 16) == leaf.get("counter"):
        return passed("The request that the statement names has the number that the leaf has.")
    return failed(f"The statement names another request than the leaf: {shown(subject)}.")


def _included(receipt, root, key):
    if root is None:
        return failed(f"No log of {receipt.size} leaves has such a path for leaf {receipt.index}.")
    if key is None:
        return _no_key(receipt.issuer)
    # Other sizes can share the path, and with them the index changes.
    if _is_by(key, receipt.issuer, receipt.signed, from_hex(root)):
        return passed(
            "The leaf leads to a root that the given key has signed. At which place, "
            f"leaf {receipt.index} of {receipt.size}, is not signed."
        )
    return failed(
        "Leaf and path do not lead to a root that the given key has signed: one of them is changed, or of another log."
    )


def _is_by(key, issuer, signed, payload):
    """Whether it is signed by a key whose owner is the issuer; its header is that of this key, as it was read in its one form."""
    return (
        (key.name, key.id) == (issuer, signed.key_id)
        and verifies(key.key, _to_be_signed(signed.header, payload), signed.signature)
    )


def _to_be_signed(header, payload):
    """What is signed (RFC 9052, 4.4), CBOR: a list of four."""
    return b"\x84\x6aSignature1" + _binary(header) + b"\x40" + _binary(payload)


def _binary(raw):
    length = len(raw)
    if length < 24:
        return bytes([0x40 + length]) + raw
    power = 0 if length < 1 << 8 else 1 if length < 1 << 16 else 2
    return bytes([0x58 + power]) + length.to_bytes(1 << power, "big") + raw


def _members(raw):
    """What a leaf says, under the names that receipts in JSON have."""
    leaf = read_leaf(to_hex(raw))
    ended, planned = leaf["ended"], leaf["planned"]
    members = {"request_key": leaf["request"], "counter": leaf["counter"], "kind": "OUTCOME" if ended else "PLAN"}
    members.update(proved(leaf))
    if ended:
        members["total_ms"] = ended["total_millis"]
    else:
        members.update(planned=utc(leaf["time_millis"]), snapshot=leaf["snapshot"], turn=planned["turn"])
    return {name: str(value) for name, value in members.items() if value != ""}
