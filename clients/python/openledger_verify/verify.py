"""Holds a receipt against itself, against what a node says and against what its owner insists on.

Nothing is believed of the router. The checks of `openledger verify` (openledger.commitment.verify.ReceiptVerification), in its order
and its words.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple, Optional, Sequence

from .chain import chain
from .encoding import from_hex, utf8
from .envelope import Proof, Statement, read_form
from .finding import read_leaf, verdict_of
from .leaf import BYTES
from .logged import LogVerification, verify_logged
from .members import Account, Members
from .names import names
from .node import Node, no_evidence
from .paper import paper
from .plan import absent_plan, alone, pair, worst
from .receipt import UnreadableReceipt
from .rules import rules
from .witnesses import LogPins, log_pins, witnesses

SUBJECTS = {
    "MEMBERS": "Every member is known",
    "LEAF": "The leaf can be read",
    "COMMITMENT": "The leaf is about this request",
    "REQUEST": "The request is the one that was sent",
    "ANSWER": "The leaf is about this answer",
    "RESPONSE": "The answer is the one that was received",
    "STORY": "The record says what the leaf says",
    "BATCH": "The leaf belongs to this batch",
    "PROOF": "The leaf is in the batch, at this place",
    "HEADER": "The header has this hash",
    "WITNESSES": "Witnesses have cosigned the log",
    "NAMES": "The names are the published ones",
    "ATTEMPTS": "No more attempts than the budget",
    "BUDGET": "The budget is the published one",
    "FALL_BACK": "No fall-back before better tiers were spent",
    "EXHAUSTION": "Not given up before the budget was spent",
    "END": "The end agrees with who served",
    "PLAN": "The plan was committed too",
    "PAIR": "The end follows the plan",
    "CHAIN": "It is the right chain",
    "REGISTRY": "It is the right registry",
    "LANE": "It is the right lane",
    "RECORDED": "The registry has this header",
    "REGISTRY_PROOF": "The registry itself accepts the proof",
    "BLOCK": "The block is part of the chain",
    "LEVEL": "It has reached the claimed level",
    "PROMISE": "The promise was kept",
    "SIGNED_HEAD": "The lane has signed the header",
    "STAKE": "A stake stands behind it",
}

CONCLUSIONS = {
    "HOLDS": "VERIFIED: every check that matters has passed, according to the node.",
    "OPEN": "NOT CHECKED: nothing is wrong, but not everything that matters could be checked.",
    "MISROUTED": "MISROUTED: the receipt is genuine, and proves a breach of the published rules.",
    "BROKEN": "REFUTED: the receipt does not prove what it says.",
}

MEANINGS = {
    "RECORDED": "It is in the router's journal: the router's word alone.",
    "ACCEPTED": "The router has signed that the leaf will be on chain by a certain time.",
    "PRECONFIRMED": "A node has announced the transaction, but its block can still be dropped.",
    "SEQUENCED": "It is in the chain as the sequencer has it. This trusts the sequencer: until the block is on L1, a reorg can take it away.",
    "SAFE": "The block follows from data on L1; a reorg of L1 can still take it away.",
    "FINALIZED": "The block follows from data on an L1 block that is final: nobody can change it any more.",
    "SETTLED": "Final, and the time to challenge it has passed.",
}

NOT_PROVED = (
    "that a time-out or an error of a provider, which a trigger names, really happened",
    "that the provider ran the model that it names",
    "in which order requests arrived, and that none was left out: compare the counters of the lane's batches",
    "that the node tells the truth about its chain: ask one that you trust",
)

EXIT_CODES = {"HOLDS": 0, "MISROUTED": 1, "BROKEN": 1, "OPEN": 2}
ADDRESS = re.compile(r"0x[0-9a-f]{40}")


def exit_code(verdict: str) -> int:
    """Exit code of `openledger verify` for a verdict."""
    return EXIT_CODES[verdict]


def checked_address(name, value):
    """An account as the verifier compares it; raises ValueError for what is none."""
    text = None if value is None else str(value).lower()
    if text is not None and not ADDRESS.fullmatch(text):
        raise ValueError(f"{name} must be 0x and 40 hexadecimal digits")
    return text


@dataclass(frozen=True)
class Pins:
    """What the verifier insists on.

    Without a registry only the one that ships with this package will do; without a lane or its owner the lane is not checked, unless
    any_lane. With witnesses (verifier keys), all of them, or witness_quorum, must have cosigned the log whose key is log_key. Raises
    ValueError for what no receipt can have.
    """

    chain_id: Optional[int] = None
    registry: Optional[str] = None
    lane: Optional[int] = None
    lane_owner: Optional[str] = None
    any_lane: bool = False
    log_key: Optional[str] = None
    witnesses: Sequence[str] = ()
    witness_quorum: Optional[int] = None
    log: LogPins = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        for name in ("chain_id", "lane"):
            value = getattr(self, name)
            if value is not None and not (type(value) is int and 0 < value < 2**63):
                raise ValueError(f"{name} must be a positive whole number")
        for name in ("registry", "lane_owner"):
            object.__setattr__(self, name, checked_address(name, getattr(self, name)))
        object.__setattr__(self, "witnesses", tuple(self.witnesses))
        object.__setattr__(self, "log", log_pins(self.log_key, self.witnesses, self.witness_quorum))

    @property
    def is_of_chain(self) -> bool:
        """Whether something is asked of the chain, of which a receipt that a log has signed says nothing."""
        return any(value is not None for value in (self.chain_id, self.registry, self.lane, self.lane_owner))


class Check(NamedTuple):
    subject: str
    title: str
    finding: str
    text: str


class Verification(NamedTuple):
    """What the checks of a readable receipt come to. `reached` is None if the leaf is not shown to be on chain."""

    receipt: dict
    checks: list
    reached: Optional[str]
    verdict: str
    members: Account

    @property
    def verified(self) -> bool:
        return self.verdict == "HOLDS"

    @property
    def why(self) -> str:
        return CONCLUSIONS[self.verdict]


class Unreadable(NamedTuple):
    """The text is no receipt that can be checked."""

    member: str
    why: str
    verdict: str = "OPEN"
    verified: bool = False
    checks: tuple = ()
    reached: Optional[str] = None


def verify(receipt, evidence, of_plan=None, pins=Pins()):
    """Holds what read_receipt read against what a node said of it, and of its plan."""
    checks = []

    def add(subject, found):
        checks.append(Check(subject, SUBJECTS[subject], found.finding, found.text))

    leaf = read_leaf(receipt["leaf"])
    members = Members(receipt["content"])
    add("MEMBERS", members.finding())
    paper(receipt, leaf, add)
    if pins.log.witnesses:
        add("WITNESSES", witnesses(receipt, pins.log))
    found, proved = names(receipt, leaf, evidence["policies"])
    add("NAMES", found)
    rules(leaf, evidence["up_to"], add)
    silence = no_evidence("it was not queried for the plan.")
    plan = receipt["of_plan"] and verify(receipt["of_plan"], of_plan or silence, None, pins)
    add("PLAN", worst(plan) if plan else absent_plan(leaf))
    add("PAIR", pair(receipt, leaf) if plan else alone(leaf, evidence["up_to"]))
    reached = chain(receipt, evidence, pins, add)
    verdict = verdict_of(checks)
    account = members.account(checks, proved, reached, plan)
    return Verification(receipt, checks, reached, verdict, account)


def verify_read(receipt, node, pins, promise=None):
    """Holds a receipt that was read against a node; `promise` is one that was kept from an answer."""
    if promise:
        receipt = {**receipt, "promised": promise}
    silence = no_evidence("no --rpc was given.")
    evidence = node.evidence(receipt) if node else silence
    of_plan = receipt["of_plan"] and (node.evidence(receipt["of_plan"]) if node else silence)
    return verify(receipt, evidence, of_plan, pins)


def is_logged(receipt):
    """Whether a receipt is in one of the forms that a log signs."""
    return isinstance(receipt, (Proof, Statement))


def refuse(receipt, pins):
    """What was asked for and cannot be checked must not look as if it had been, whatever form it has."""
    if is_logged(receipt) and pins.is_of_chain:
        raise UnreadableReceipt(
            "It names no chain, so registry and lane cannot be checked: name the log alone, or get the receipt as JSON."
        )


def verify_bytes(raw, node, pins, leaf, check):
    """Reads a receipt of any form and holds it against what there is; `check` may raise for what it is."""
    try:
        receipt = read_form(raw)
        check(receipt, pins)
        if is_logged(receipt):
            return verify_logged(receipt, pins.log, leaf, CONCLUSIONS)
        return verify_read(receipt, node, pins)
    except UnreadableReceipt as why:
        return Unreadable(why.member, str(why))


def is_useless(pins, leaf):
    """Whether something is named that only the forms of logs can be held against."""
    return leaf is not None or (pins.log.key is not None and not pins.log.witnesses)


def checked_leaf(text):
    """The bytes of a leaf behind 0x; raises ValueError for what is none."""
    leaf = None if text is None else from_hex(text)
    if text is not None and (leaf is None or len(leaf) != BYTES):
        raise ValueError("leaf must be 0x and 192 hexadecimal digits")
    return leaf


def verify_receipt(receipt, node=None, pins=Pins(), leaf=None):
    """Verifies a receipt, the answer of GET /v1/receipts/{id}, as text or bytes. Never raises for what a receipt or a node says.

    In JSON, `node` is the JSON-RPC address of a node that is trusted for what is on its chain. COSE and tlog-proof are held against
    the key of the log in `pins`, a tlog-proof with `leaf`, 0x and 192 hexadecimal digits. Returns a Verification, a LogVerification or
    an Unreadable.
    """
    known = Node(node) if isinstance(node, str) else node
    wanted = checked_leaf(leaf)

    def check(read, pinned):
        refuse(read, pinned)
        if not is_logged(read) and is_useless(pinned, wanted):
            raise UnreadableReceipt(
                "A leaf, and the key of a log without witnesses, are for COSE and tlog-proof; this receipt is JSON."
            )

    raw = utf8(receipt) if isinstance(receipt, str) else bytes(memoryview(receipt))
    return verify_bytes(raw, known, pins, wanted, check)
