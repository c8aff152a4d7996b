"""What a node of the chain says about a receipt: the questions of openledger.verifier.EvidenceReader, by JSON-RPC.

A node that says nothing is silence with a reason, and never a failure.
"""

import http.client
import json
import urllib.error
import urllib.request
from functools import lru_cache
from urllib.parse import urlsplit

from . import bounded_http
from .answers import NodeSilence, bytes_of, hash_of, hear, malformed, or_none, said, silent, to_number, words
from .chain import NEVER
from .commitments import ZERO_HASH, encode_header, promise_digest
from .encoding import from_hex, number, to_hex, word
from .events import HEADER_TYPE, committed, policies, policies_of
from .gate import gate_of
from .keccak import keccak256
from .leaf import NotALeaf, decode
from .signer import recover

NOT_ANCHORED = "the receipt does not say that it is on chain"
NO_PROMISE = "the receipt has no promise"
LONGEST_ANSWER_SECONDS = 10
LARGEST_ANSWER = 16 << 20
LARGEST_INT64 = 2**63 - 1
TESTIMONIES = (
    "chain_id",
    "registry_code",
    "batch_record",
    "transaction",
    "committed",
    "canonical",
    "tags",
    "leaf_verified",
    "up_to",
    "policies",
    "lane_owner",
    "signer_retired_at",
    "promise_signer",
    "head_signer_retired_at",
    "gate",
)


def no_evidence(why):
    """All of it silent, for one reason."""
    return dict.fromkeys(TESTIMONIES, silent(why))


class Node:
    """A node at an address. Safe for several threads."""

    def __init__(self, url):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise ValueError("node must be the http or https address of a node")
        self.url = url
        self.opener = bounded_http.opener()

    def ask(self, *questions):
        """Answers to several questions, (method, parameters) each, in their order and in one trip if the node takes that."""
        asked = [
            {"jsonrpc": "2.0", "id": i, "method": method, "params": params}
            for i, (method, params) in enumerate(questions)
        ]
        together = self.post(asked)
        answers = together if isinstance(together, list) else [self.post(question) for question in asked]
        by_id = {}
        for answer in answers:
            if isinstance(answer, dict) and type(answer.get("id")) is int:
                by_id.setdefault(answer["id"], answer)
        return [
            by_id.get(i, {"error": {"message": f"the node did not answer {method}"}})
            for i, (method, _) in enumerate(questions)
        ]

    def post(self, body):
        status = None
        request = urllib.request.Request(
            self.url, json.dumps(body).encode(), {"content-type": "application/json"}, method="POST"
        )
        try:
            try:
                answer = self.opener.open(request, timeout=LONGEST_ANSWER_SECONDS)
            except urllib.error.HTTPError as refused:
                answer = refused
            with answer:
                status = answer.status
                raw = answer.read(LARGEST_ANSWER + 1)
            if len(raw) > LARGEST_ANSWER:
                raise ValueError("too long")
            return json.loads(raw)
        except (OSError, ValueError, RecursionError, http.client.HTTPException):
            # The reason can have the address in it, and that a key.
            why = "a node cannot be reached, or takes too long" if status is None else f"a node answers {status} and no JSON"
            raise NodeSilence(why) from None

    def evidence(self, receipt):
        """All that it can testify about a receipt."""
        try:
            return self._read(receipt)
        except NodeSilence as why:
            return no_evidence(str(why))

    def _read(self, receipt):
        header, anchor, promised = receipt["header"], receipt["anchor"], receipt["promised"]
        signed_head = receipt["signed_head"]
        lane = number(header["lane"])

        def call(signature, *parts):
            return _question(header["registry"], signature, *parts)

        route = _route_of(receipt)
        questions = {
            "chain_id": ("eth_chainId", []),
            "code": ("eth_getCode", [header["registry"], "latest"]),
            "record": call("batchRecord(uint64,uint64)", lane, number(header["sequence"])),
            "lane": call("laneOf(uint64)", lane),
            **{tag: ("eth_getBlockByNumber", [tag, False]) for tag in ("latest", "safe", "finalized")},
        }
        if anchor:
            questions["verified"] = call(VERIFY_LEAF, _verify_leaf(receipt))
            questions["sent"] = ("eth_getTransactionReceipt", [anchor["transaction"]])
        if route is not None:
            questions["budget"] = call("routeOf(uint64,uint16)", lane, number(route))
        for name, signed in (("retired", promised), ("head_retired", signed_head)):
            if signed:
                questions[name] = call("signerRetiredAt(uint64,address)", lane, word(from_hex(signed["signer"])))
        answers = dict(zip(questions, self.ask(*questions.values())))
        unanchored = silent(NOT_ANCHORED)
        transaction = hear(self._inclusion, anchor["transaction"]) if anchor else unanchored
        return {
            "chain_id": hear(lambda: to_number("eth_chainId", answers["chain_id"].get("result"))),
            "registry_code": hear(_code, answers["code"]),
            "batch_record": hear(_record, answers["record"]),
            "transaction": transaction,
            "committed": hear(committed, header, answers["sent"]) if anchor else unanchored,
            "canonical": hear(self._canonical, transaction.value["number"])
            if transaction.said and transaction.value
            else silent("no block is known to have the transaction"),
            "tags": hear(_tags, answers),
            "leaf_verified": hear(_truth, "verifyLeaf", answers["verified"]) if anchor else unanchored,
            "up_to": silent("the leaf names no route") if route is None else hear(_up_to, answers["budget"]),
            "policies": hear(lambda: policies(self.ask(policies_of(header))[0]))
            if receipt["content"]
            else silent("nothing in the receipt needs them"),
            "lane_owner": _owner(answers["lane"]),
            "signer_retired_at": hear(_retired_at, answers["retired"]) if promised else silent(NO_PROMISE),
            "promise_signer": said(recover(promise_digest(promised), promised["signature"]))
            if promised
            else silent(NO_PROMISE),
            "head_signer_retired_at": hear(_retired_at, answers["head_retired"])
            if signed_head
            else silent("the receipt has no signed head"),
            "gate": hear(gate_of, self._call, receipt, answers["lane"], answers["latest"]),
        }

    def _call(self, contract, *calls):
        """Answers of a contract, (signature, words) asked of it."""
        return self.ask(*(_question(contract, *call) for call in calls))

    def _inclusion(self, hash_):
        """The block of a transaction; None if it is in none."""
        receipt = or_none("the receipt", self.ask(("eth_getTransactionReceipt", [hash_]))[0])
        if not isinstance(receipt, dict) or receipt.get("blockNumber") is None:
            return None
        if hash_of("receipt.transactionHash", receipt.get("transactionHash")) != hash_:
            raise malformed("receipt.transactionHash")
        block_hash = receipt.get("blockHash")
        block = {
            "number": to_number("receipt.blockNumber", receipt["blockNumber"]),
            "hash": ZERO_HASH if block_hash is None else hash_of("receipt.blockHash", block_hash),
        }
        # Most nodes write the block's time beside each event.
        logs = receipt.get("logs")
        first = logs[0] if isinstance(logs, list) and logs else None
        stamp = first.get("blockTimestamp") if isinstance(first, dict) else None
        if stamp is not None:
            return {**block, "time_seconds": to_number("logs.blockTimestamp", stamp)}
        found = self.ask(("eth_getBlockByHash", [block["hash"], False]))[0].get("result")
        time = to_number("block.timestamp", found.get("timestamp")) if isinstance(found, dict) else 0
        return {**block, "time_seconds": time}

    def _canonical(self, height):
        """The hash of the chain's block of that number; None if there is none yet."""
        block = or_none("a block", self.ask(("eth_getBlockByNumber", [hex(height), False]))[0])
        if block is None:
            return None
        return hash_of("block.hash", block.get("hash") if isinstance(block, dict) else None)


def _question(contract, signature, *parts):
    """A call of a contract, at the newest block."""
    data = to_hex(_selector(signature) + b"".join(parts))
    return "eth_call", [{"to": contract, "data": data}, "latest"]


@lru_cache(maxsize=64)
def _selector(signature):
    return keccak256(signature.encode())[:4]


@lru_cache(maxsize=16)
def _code_hash(code):
    return ZERO_HASH if not code else to_hex(keccak256(code))


def _code(answer):
    return _code_hash(bytes_of("eth_getCode", answer))


def _record(answer):
    raw = bytes_of("batchRecord", answer)
    return to_hex(words("batchRecord", raw, 1)[0]) if raw else ZERO_HASH


def _truth(what, answer):
    raw = bytes_of(what, answer)
    return bool(raw) and to_number(what, to_hex(words(what, raw, 1)[0])) == 1


def _tags(answers):
    def height(tag):
        block = answers[tag].get("result")
        if block is None:
            return None
        return to_number("block.number", block.get("number") if isinstance(block, dict) else None)

    if height("latest") is None:
        raise malformed("the newest block")
    return {"safe": height("safe"), "finalized": height("finalized")}


def _up_to(answer):
    """Cumulative attempts of each tier, best first: a byte each, the first in the lowest; none if there is no such route."""
    raw = bytes_of("routeOf", answer)
    packed = int.from_bytes(words("routeOf", raw, 2)[0], "big") if raw else 0
    if packed > LARGEST_INT64:
        raise malformed("routeOf")
    tiers = []
    while packed:
        tiers.append(packed & 0xFF)
        packed >>= 8
    return tiers


def _retired_at(answer):
    """Until when a key signs: 0 if it never did, NEVER while it does, else Unix seconds."""
    value = words("signerRetiredAt", bytes_of("signerRetiredAt", answer), 1)[0]
    found = int.from_bytes(value, "big")
    return found if found == NEVER else to_number("signerRetiredAt", to_hex(value))


def _owner(answer):
    account = hear(lambda: words("laneOf", bytes_of("laneOf", answer), 5)[0][12:])
    if not account.said:
        return account
    return said(to_hex(account.value)) if any(account.value) else silent("nobody has opened the lane")


def _route_of(receipt):
    try:
        return decode(from_hex(receipt["leaf"]))["route"]
    except NotALeaf:
        return None


VERIFY_LEAF = f"verifyLeaf({HEADER_TYPE},uint64,bytes,uint64,bytes32[])"


def _verify_leaf(receipt):
    """verifyLeaf(header, committedAt, leaf, index, path): 20 + 4 words, then what the two offsets point to."""
    head = 32 * 24
    leaf = from_hex(receipt["leaf"])
    path = [from_hex(neighbour) for neighbour in receipt["proof"]["path"]]
    return b"".join(
        (
            encode_header(receipt["header"]),
            number(receipt["anchor"]["committed_at"]),
            number(head),
            number(receipt["proof"]["index"]),
            number(head + 32 + len(leaf)),
            number(len(leaf)),
            leaf,
            number(len(path)),
            *path,
        )
    )
