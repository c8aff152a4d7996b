"""The questions about the vault behind a leaf (openledger.verifier.EvidenceReader).

Only the lane's gate is asked, whatever the receipt names.
"""

from .answers import NodeSilence, bytes_of, hear, malformed, or_none, silent, to_number, words
from .backing import read_terms
from .encoding import number, to_hex


def gate_of(ask, receipt, lane_of, latest):
    """What stands behind the leaf, by the registry's answer about the lane and by the newest block.

    Asks the gate, if the receipt names it: `ask` takes the contract and its calls, (signature, words) each.
    """
    lane = words("laneOf", bytes_of("laneOf", lane_of), 5)
    if not any(lane[0][12:]):
        raise NodeSilence("nobody has opened the lane")
    gate = to_hex(lane[3][12:])
    return {
        "gate": gate,
        "seconds": hear(_seconds, latest),
        "answers": hear(_vault, ask, gate, receipt)
        if receipt["stake"] and gate == receipt["stake"]["vault"]
        else silent("it is not the one that the receipt names"),
    }


def _seconds(latest):
    block = or_none("the newest block", latest)
    if block is None:
        raise malformed("the newest block")
    return to_number("block.timestamp", block.get("timestamp") if isinstance(block, dict) else None)


def _vault(ask, gate, receipt):
    header = receipt["header"]
    place = receipt["proof"]["index"] - (header["size"] - header["count"])
    if not 0 <= place < header["count"]:
        raise NodeSilence("the leaf has no place in the batch")
    lane = number(header["lane"])
    terms, active, punished = ask(
        gate,
        ("terms()",),
        ("active(uint64)", lane),
        ("isPunished(uint64,uint64,uint256)", lane, number(header["sequence"]), number(place)),
    )
    return {
        "terms": _there("terms", read_terms(bytes_of("terms", terms))),
        "active": _below(2**128, "active", active),
        "is_punished": _below(2, "isPunished", punished) == 1,
    }


def _there(what, value):
    if value is None:
        raise malformed(what)
    return value


def _below(bound, what, answer):
    """The one word of an answer, which is below a bound."""
    raw = bytes_of(what, answer)
    value = int.from_bytes(raw, "big")
    return _there(what, value if len(raw) == 32 and value < bound else None)
