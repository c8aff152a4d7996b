"""Reads a receipt, the answer of GET /v1/receipts/{id}, as openledger.verifier.ReceiptReader does.

It may come from anywhere, so every value is bounded and what verification needs must be there. Whether the values are true is not
asked here.
"""

import re

from .commitments import KINDS, TOKENS, ZERO_HASH
from .encoding import utf8
from .note import LONGEST_NOTE
from .strict_json import NotJson, flatten, parse

LEVELS = ("RECORDED", "ACCEPTED", "PRECONFIRMED", "SEQUENCED", "SAFE", "FINALIZED", "SETTLED")
LARGEST = 1 << 20
TOO_LONG = f"A receipt has at most {LARGEST} bytes."
LONG = 2**63 - 1
INT = 2**31 - 1
MOST_NEIGHBOURS = 63
MOST_ATTEMPTS = 255
LONGEST_ID = 255
LONGEST_NONCE = 64
NONCE = re.compile(r"[\x20-\x7e]+")
HEX = re.compile(r"0x[0-9a-f]*")
AMOUNT = re.compile(r"0|[1-9][0-9]{0,38}")
REQUEST = re.compile(r"[0-9a-f]{32}")
NO_OBJECT = "It must be one JSON object of at most 16 levels, each member once."


class UnreadableReceipt(Exception):
    """This cannot be checked; the message says why, and names the member."""

    def __init__(self, message, member=""):
        super().__init__(f"{member}: {message}" if member else message)
        self.member = member


class Members:
    """The members of one object: each of its type and within its bounds, or it is named."""

    def __init__(self, node, path):
        self.node = node
        self.path = path

    def has(self, name):
        return self.node.get(name) is not None

    def require(self, holds, name, message):
        if not holds:
            raise UnreadableReceipt(message, self.path + name)

    def value(self, name):
        self.require(self.has(name), name, "is missing")
        return self.node[name]

    def child(self, name):
        value = self.value(name)
        self.require(isinstance(value, dict), name, "must be an object")
        return Members(value, f"{self.path}{name}.")

    def child_if_there(self, name):
        return self.child(name) if self.has(name) else None

    def number(self, name, least, most):
        value = self.value(name)
        self.require(
            type(value) is int and least <= value <= most, name, f"must be a whole number from {least} to {most}"
        )
        return value

    def truth(self, name):
        value = self.value(name)
        self.require(isinstance(value, bool), name, "must be true or false")
        return value

    def amount(self, name):
        """An amount in wei."""
        value = self.value(name)
        is_amount = isinstance(value, str) and AMOUNT.fullmatch(value) and not int(value) >> 128
        self.require(is_amount, name, "must be a string of decimal digits, below 2^128")
        return int(value)

    def text(self, name, most_bytes):
        return self.text_of(self.value(name), name, most_bytes)

    def text_of(self, value, name, most_bytes):
        self.require(
            isinstance(value, str) and len(utf8(value)) <= most_bytes,
            name,
            f"must be a string of at most {most_bytes} bytes",
        )
        return value

    def bytes(self, name, length):
        return self.bytes_of(self.value(name), name, length)

    def bytes_of(self, value, name, length):
        self.require(
            isinstance(value, str) and len(value) == 2 + 2 * length and HEX.fullmatch(value),
            name,
            f"must be 0x and {2 * length} lower-case hexadecimal digits",
        )
        return value

    def list(self, name, most, read):
        value = self.value(name)
        self.require(isinstance(value, list) and len(value) <= most, name, f"must be an array of at most {most}")
        return [read(item, f"{name}[{i}]") for i, item in enumerate(value)]


def _level(members):
    word = members.text("level", 32)
    members.require(word in LEVELS, "level", f"must be one of [{', '.join(LEVELS)}]")
    return word


def _nonce(commitment):
    if not commitment.has("nonce"):
        return ""
    text = commitment.text("nonce", LONGEST_NONCE)
    commitment.require(NONCE.fullmatch(text), "nonce", "must be 1 to 64 printable ASCII characters")
    return text


def _header(batch):
    return {
        "version": batch.number("version", 2, 2),
        "chain_id": batch.number("chain_id", 1, LONG),
        "registry": batch.bytes("registry", 20),
        "lane": batch.number("lane", 1, LONG),
        "sequence": batch.number("sequence", 1, LONG),
        "previous_head": batch.bytes("previous_head", 32),
        "policy_hash": batch.bytes("policy_hash", 32),
        "first_snapshot": batch.number("first_snapshot", 0, LONG),
        "last_snapshot": batch.number("last_snapshot", 0, LONG),
        "snapshot_root": batch.bytes("snapshot_root", 32),
        "first_counter": batch.number("first_counter", 1, LONG),
        "last_counter": batch.number("last_counter", 1, LONG),
        "complete_through": batch.number("complete_through", 0, LONG),
        "count": batch.number("count", 1, INT),
        "outcomes": batch.number("outcomes", 0, INT),
        "size": batch.number("size", 1, LONG),
        "root": batch.bytes("root", 32),
        "records_root": batch.bytes("records_root", 32),
        "first_ms": batch.number("first_ms", 0, LONG),
        "last_ms": batch.number("last_ms", 0, LONG),
    }


def _anchor(members):
    """Where the batch is; None if its transaction is in no block yet."""
    transaction = members.child_if_there("transaction")
    if transaction is None or not transaction.has("block_number"):
        return None
    return {
        "transaction": transaction.bytes("hash", 32),
        "block_number": transaction.number("block_number", 0, LONG),
        "block_hash": transaction.bytes("block_hash", 32),
        "committed_at": members.child("batch").number("committed_at", 0, LONG),
    }


def _witnessed(members):
    """A checkpoint with the leaf; what the receipt says of a quorum is nothing to hold against."""
    there = members.child_if_there("witnessed")
    if there is None or not (there.has("checkpoint") or there.has("inclusion")):
        return None
    return {
        "checkpoint": there.text("checkpoint", LONGEST_NOTE),
        "inclusion": there.list("inclusion", MOST_NEIGHBOURS, lambda item, name: there.bytes_of(item, name, 32)),
    }


def _stake(of):
    """What is said to stand behind the batch."""
    return of and {
        "vault": of.bytes("vault", 20),
        "active": of.amount("active"),
        "leaf_penalty": of.amount("leaf_penalty"),
        "promise_penalty": of.amount("promise_penalty"),
        "challengeable_until": of.number("challengeable_until", 0, LONG),
        "is_punished": of.truth("punished"),
    }


def _signature(of):
    return of and {"signature": of.bytes("signature", 65), "signer": of.bytes("signer", 20)}


def _committed(members):
    """Read in the order of the command, so that of several things that are wrong both name the same."""
    claimed = _level(members)
    leaf = members.bytes("leaf", 96)
    proof = members.child("proof")
    return {
        "leaf": leaf,
        "proof": {
            "index": proof.number("index", 0, LONG),
            "size": proof.number("size", 1, LONG),
            "path": proof.list("path", MOST_NEIGHBOURS, lambda item, name: proof.bytes_of(item, name, 32)),
        },
        "header": _header(members.child("batch")),
        "head": members.child("batch").bytes("head", 32),
        "level": claimed,
        "anchor": _anchor(members),
        "witnessed": _witnessed(members),
        "signed_head": _signature(members.child("batch").child_if_there("signed_head")),
        "stake": _stake(members.child_if_there("stake")),
    }


def _usage(commitment):
    """What the attempts took; a number that the provider does not say stays None."""

    def one(item, name):
        commitment.require(isinstance(item, dict), name, "must be an object")
        attempt = Members(item, f"{commitment.path}{name}.")
        return {
            "attempt": attempt.number("attempt", 1, MOST_ATTEMPTS),
            **{token: attempt.number(token, 0, LONG) if attempt.has(token) else None for token in TOKENS},
            "model": attempt.text("model", LONGEST_ID) if attempt.has("model") else "",
        }

    attempts = commitment.list("usage", MOST_ATTEMPTS, one)
    price_table = commitment.bytes("price_table", 32) if commitment.has("price_table") else ZERO_HASH
    return attempts, price_table


def _kind(promise):
    word = promise.text("kind", 32)
    promise.require(word in KINDS, "kind", f"must be one of [{', '.join(KINDS)}]")
    return word


def _promised(root):
    promise = root.child_if_there("promise")
    return promise and {
        "lane": promise.number("lane", 1, LONG),
        "request_key": promise.bytes("request_key", 32),
        "kind": _kind(promise),
        "leaf_hash": promise.bytes("leaf_hash", 32),
        "signed_at": promise.number("signed_at", 0, LONG),
        "anchor_by": promise.number("anchor_by", 0, LONG),
        "chain_id": promise.number("chain_id", 1, LONG),
        "registry": promise.bytes("registry", 20),
        **_signature(promise),
    }


def _tree(text):
    """The tree of a text, and all its members by their paths."""
    if len(text) > LARGEST or len(utf8(text)) > LARGEST:
        raise UnreadableReceipt(TOO_LONG)
    try:
        value = parse(text)
    except NotJson:
        raise UnreadableReceipt(NO_OBJECT) from None
    if not isinstance(value, dict):
        raise UnreadableReceipt("It is not a JSON object.")
    return value, flatten(value)


def read_receipt(text):
    """Reads the text of a receipt; raises UnreadableReceipt if it is none, or of a request that is in no batch yet."""
    members, content = _tree(text)
    root = Members(members, "")
    request = root.text("request", 32)
    root.require(REQUEST.fullmatch(request), "request", "must be 32 lower-case hexadecimal digits")
    _level(root)
    planned = root.child_if_there("planned")
    ended = root.has("batch") and root.has("leaf")
    if not ended and planned is None:
        raise UnreadableReceipt(
            "The request is in no batch yet, so its record is the router's word alone. Get the receipt again later."
        )
    commitment = root.child("commitment")
    digest = commitment.bytes("digest", 32)
    salt = commitment.bytes("salt", 16)
    of = {
        "request": request,
        "lane": int(request[:16], 16),
        "counter": int(request[16:], 16),
        "digest": digest,
        "nonce": _nonce(commitment),
        "salt": salt,
        "response_digest": commitment.bytes("response_sha256", 32)
        if ended or commitment.has("response_sha256")
        else ZERO_HASH,
        "upstream_request_ids": commitment.list(
            "upstream_request_ids",
            MOST_ATTEMPTS,
            lambda item, name: commitment.text_of(item, name, LONGEST_ID),
        )
        if ended or commitment.has("upstream_request_ids")
        else [],
    }
    attempts, price_table = _usage(commitment) if ended or commitment.has("usage") else ([], ZERO_HASH)
    of |= {"usage": attempts, "price_table": price_table}
    # Of a request whose outcome is in no batch yet, the plan is the leaf.
    receipt = {**of, **_committed(root if ended else planned), "promised": _promised(root), "content": content}
    receipt["of_plan"] = (
        {**of, **_committed(planned), "promised": None, "content": {}, "of_plan": None}
        if ended and planned is not None
        else None
    )
    return receipt
