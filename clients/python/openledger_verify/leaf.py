"""The 96 bytes of a leaf, version 2, big-endian; read as strictly as openledger.commitment.leaf.LeafEncoding reads them."""

from .encoding import to_hex
from .triggers import TRIGGERS

BYTES = 96
NO_TIER = 0xFF
NO_TARGET = 0xFFFF
NO_SNAPSHOT = 0xFFFFFFFF
LONGEST_PLAN = 8
PLAN, OUTCOME = 1, 2
MODES = {
    0x01: "FAST",
    0x02: "CONFIRMED_RESPONSE",
    0x03: "CONFIRMED_DISPATCH",
    0x82: "RELEASED_RESPONSE",
    0x83: "RELEASED_DISPATCH",
}
ATTRIBUTIONS = ("NONE", "SLOW", "SELECTIVE", "MISSED")
STATUSES = (
    None,
    "SERVED",
    "FELL_BACK",
    "EXHAUSTED",
    "REJECTED",
    "INTERRUPTED",
    "CANCELLED",
    "UNCONFIRMED",
    "TIMED_OUT",
)


class NotALeaf(Exception):
    """The bytes are not those of a leaf; the message names the field."""


def released(mode):
    """The mode of a request that was pinned in this one and let go before its level was reached."""
    return mode.replace("CONFIRMED_", "RELEASED_", 1)


def is_fast(mode):
    return mode == "FAST"


_ANY_TRIGGER = f"0..{len(TRIGGERS) - 1}"

# openledger.commitment.leaf.LeafField: name, offset, bytes, then the values of a plan and of an outcome.
FIELDS = (
    ("counter", 24, 8, "1..9223372036854775807", "1..9223372036854775807"),
    ("version", 32, 1, "2", "2"),
    ("kind", 33, 1, "1", "2"),
    ("mode", 34, 1, "2..3", "1..3, 130..131"),
    ("cohort", 35, 1, "0..63", "0..63"),
    ("route", 36, 2, "0..65535", "0..65535"),
    ("budget", 38, 1, "1..64", "1..64"),
    ("attempts", 39, 1, "0..255", "0..255"),
    ("time", 40, 6, "0..281474976710655", "0..281474976710655"),
    ("snapshot", 46, 4, "0..4294967294", "0..4294967295"),
    ("selected tier", 50, 1, "0..7", "0..7, 255"),
    ("served tier", 51, 1, "255", "0..7, 255"),
    ("selected target", 52, 2, "0..65534", "0..65535"),
    ("served target", 54, 2, "65535", "0..65535"),
    ("trigger", 56, 1, _ANY_TRIGGER, _ANY_TRIGGER),
    ("status", 57, 1, "0", "1..8"),
    ("attribution", 58, 1, "0", "0..3"),
    ("resends", 59, 1, "0", "0..255"),
    ("total time", 60, 4, "0", "0..4294967295"),
    ("turn", 80, 4, "0..4294967295", ""),
    ("arrival", 84, 4, "0..4294967295", ""),
    ("rank", 88, 4, "0..4294967295", ""),
    ("open", 92, 4, "0..4294967295", ""),
)


def _has(ranges, value):
    for one in ranges.split(", "):
        least, _, most = one.partition("..")
        if int(least) <= value <= int(most or least):
            return True
    return False


def _require(holds, message):
    if not holds:
        raise NotALeaf(message)


def _check(raw):
    is_plan = raw[33] == PLAN
    for name, offset, length, plan, outcome in FIELDS:
        values = plan if is_plan else outcome
        value = int.from_bytes(raw[offset : offset + length], "big")
        if values:
            _require(_has(values, value), f"{name}: {'1, 2' if name == 'kind' else values}, not {value}")


def _plan(raw):
    """Targets up to the first unused place; nothing may come after it."""
    places = [int.from_bytes(raw[64 + 2 * i : 66 + 2 * i], "big") for i in range(LONGEST_PLAN)]
    targets = [target for target in places if target != NO_TARGET]
    _require(NO_TARGET not in places[: len(targets)], "plan: an unused place before a used one")
    return targets


def decode(raw):
    """Reads a leaf; raises NotALeaf. A plan has `planned`, an outcome has `ended`; the other is None."""
    _require(len(raw) == BYTES, f"leaf: {BYTES} bytes, not {len(raw)}")
    _check(raw)

    def at(offset, length):
        return int.from_bytes(raw[offset : offset + length], "big")

    leaf = {
        "unreadable": None,
        "request": to_hex(raw[:32]),
        "counter": at(24, 8),
        "mode": MODES[raw[34]],
        "cohort": raw[35],
        "route": at(36, 2),
        "budget": raw[38],
        "attempts": raw[39],
        "time_millis": at(40, 6),
        "snapshot": at(46, 4),
        "selected_tier": raw[50],
        "selected_target": at(52, 2),
        "trigger": TRIGGERS[raw[56]],
        "plan": _plan(raw),
        "planned": None,
        "ended": None,
    }
    if raw[33] == PLAN:
        leaf["planned"] = {"turn": at(80, 4), "arrival": at(84, 4), "rank": at(88, 4), "open": at(92, 4)}
        _require(leaf["plan"], "plan: at least one place")
    else:
        leaf["ended"] = {
            "status": STATUSES[raw[57]],
            "served_tier": raw[51],
            "served_target": at(54, 2),
            "attribution": ATTRIBUTIONS[raw[58]],
            "resends": raw[59],
            "total_millis": at(60, 4),
            "outcome": to_hex(raw[80:]),
        }
    _require(
        not is_fast(leaf["mode"]) or (leaf["snapshot"] == NO_SNAPSHOT and not leaf["plan"]),
        "mode: FAST has neither snapshot nor plan",
    )
    return leaf
