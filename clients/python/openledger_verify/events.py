"""What the registry's events say of a lane: its batches, and its policies with full text (openledger.verifier.LaneEvents)."""

import json

from .answers import hash_of, malformed, or_none
from .commitments import head_of
from .encoding import from_hex, number, to_hex
from .keccak import keccak256

WHAT = "the lane's events"
# The type of a batch's header.
HEADER_TYPE = (
    "(uint256,uint256,address,uint64,uint64,bytes32,bytes32,uint64,uint64,bytes32,"
    "uint64,uint64,uint64,uint32,uint32,uint64,bytes32,bytes32,uint64,uint64)"
)
MOST_TOPICS = 4
MOST_TIERS = 8
MOST_ROUTES = 0xFFFF
MOST_NUMBER = 0x7FFFFFFF
WORD = 32


def _topic(signature):
    return to_hex(keccak256(signature.encode()))


POLICY_PUBLISHED = _topic("PolicyPublished(uint64,bytes32,bytes,(uint16,uint8[])[])")
BATCH_COMMITTED = _topic(f"BatchCommitted(uint64,uint64,bytes32,{HEADER_TYPE},uint64)")


def policies_of(header):
    """All policies in one question, oldest first."""
    topics = [POLICY_PUBLISHED, to_hex(number(header["lane"]))]
    return "eth_getLogs", [
        {"address": header["registry"], "fromBlock": "0x0", "toBlock": "latest", "topics": topics}
    ]


def committed(header, answer):
    """Whether a transaction has the event of this batch."""
    receipt = or_none("the receipt", answer)
    logs = receipt.get("logs") if isinstance(receipt, dict) else None
    expected = [BATCH_COMMITTED, to_hex(number(header["lane"])), to_hex(number(header["sequence"])), head_of(header)]
    return any(
        isinstance(log, dict)
        and isinstance(log.get("address"), str)
        and log["address"].lower() == header["registry"]
        and log.get("topics") == expected
        for log in _list(logs)
    )


def _list(value):
    return value if isinstance(value, list) else []


def _word(value):
    return value if isinstance(value, str) else ""


def _member(value, name):
    return value.get(name) if isinstance(value, dict) else None


def _topic_at(event, place):
    topics = _member(event, "topics")
    if not isinstance(topics, list) or len(topics) > MOST_TOPICS or place >= len(topics):
        raise malformed(WHAT)
    return hash_of(WHAT, topics[place])


def policies(answer):
    """Every policy, oldest first."""
    events = or_none(WHAT, answer)
    if not isinstance(events, list):
        raise malformed(WHAT)
    return [_policy(event) for event in events if _topic_at(event, 0) == POLICY_PUBLISHED]


def _policy(event):
    data = _Data(from_hex(event.get("data")))
    text = data.text(data.offset(0, 0))
    if to_hex(keccak256(text)) != _topic_at(event, 2):
        raise malformed(WHAT)
    return {"budgets": _budgets(data), "routes": _routes(text.decode("utf-8", "replace"))}


def _budgets(data):
    at = data.offset(0, 1)
    budgets = []
    for i in range(data.count(at)):
        element = data.offset(at + WORD, i)
        numbers = data.offset(element, 1)
        tiers = data.count(numbers)
        if tiers > MOST_TIERS:
            raise malformed(WHAT)
        up_to = [data.number(numbers + WORD * (1 + tier)) for tier in range(tiers)]
        budgets.append({"route": min(data.number(element), MOST_ROUTES), "up_to": up_to})
    return budgets


def _no_constant(_):
    raise ValueError("no JSON")


def _routes(text):
    """A text that is no policy as we know them has no routes that a name could be of."""
    try:
        policy = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return []
    return [
        {
            "name": _word(_member(route, "name")),
            "tiers": [
                {
                    "name": _word(_member(tier, "name")),
                    "up_to": _whole(_member(tier, "up_to")),
                    "targets": [
                        f"{_word(_member(target, 'provider'))}/{_word(_member(target, 'model'))}"
                        for target in _list(_member(tier, "targets"))
                    ],
                }
                for tier in _list(_member(route, "tiers"))
            ],
        }
        for route in _list(_member(policy, "routes"))
    ]


def _whole(value):
    is_whole = type(value) is int or (isinstance(value, float) and value.is_integer())
    return int(value) if is_whole else 0


class _Data:
    """The data of an event: values, and offsets to what has no fixed size. Everything in it can be wrong."""

    def __init__(self, raw):
        if raw is None:
            raise malformed(WHAT)
        self.raw = raw

    def number(self, at):
        value = int.from_bytes(self.raw[at : at + WORD], "big") if 0 <= at <= len(self.raw) - WORD else None
        if value is None or value > MOST_NUMBER:
            raise malformed(WHAT)
        return value

    def offset(self, base, place):
        """Where the value at a place of what begins at the base points to."""
        at = base + self.number(base + WORD * place)
        if at > len(self.raw):
            raise malformed(WHAT)
        return at

    def count(self, at):
        """Elements of a list, of which each has a word at least."""
        count = self.number(at)
        if count > len(self.raw) / WORD:
            raise malformed(WHAT)
        return count

    def text(self, at):
        length = self.number(at)
        if length > len(self.raw) - at - WORD:
            raise malformed(WHAT)
        return self.raw[at + WORD : at + WORD + length]
