"""Whether enough of the named witnesses have cosigned a log with the receipt's leaf (openledger.commitment.verify.WitnessCheck).

What the receipt says of a quorum is the router's word and decides nothing.
"""

from datetime import datetime, timezone
from typing import NamedTuple, Optional

from .commitments import entry_hash, root_of
from .encoding import from_hex
from .finding import failed, passed, unchecked
from .note import Key, NotANote, read_checkpoint, read_key, read_note, standing
from .strict_json import shown

# The end of the year 9999, Unix seconds: a later time is no date for everybody.
LAST_DATE = 253402300799
OWNERS = {"NOTE": "log", "COSIGNATURE": "witness"}
NONE = unchecked("The receipt has no checkpoint that a witness can have cosigned. If it is young, get it again later.")
NOT_INCLUDED = failed(
    "Leaf, index and path do not lead to the checkpoint's root: one of them is changed, or of another log."
)
UNREADABLE = unchecked("The checkpoint of the receipt cannot be read: it is no signed note of a log.")


class LogPins(NamedTuple):
    """What the verifier knows of the log and its witnesses."""

    key: Optional[Key]
    witnesses: tuple
    quorum: int


def _key(text, kind):
    no = f"This is no key of a {OWNERS[kind]}"
    try:
        key = read_key(text.strip())
    except NotANote as why:
        raise ValueError(f"{no}: {why}.") from None
    if key.kind != kind:
        raise ValueError(f"{no}, but of a {OWNERS[key.kind]}.")
    return key


def log_pins(log_key, witnesses=(), quorum=None):
    """Pins from verifier keys; a quorum of all unless it is said. Raises ValueError for what is none."""
    named = tuple(_key(text, "COSIGNATURE") for text in witnesses)
    # Under two names it would count twice.
    if len({witness.key for witness in named}) != len(named):
        raise ValueError("Two witnesses have one key.")
    wanted = len(named) if quorum is None else quorum
    if type(wanted) is not int or not min(1, len(named)) <= wanted <= len(named):
        raise ValueError("A quorum is 1 to the number of witnesses.")
    return LogPins(None if log_key is None else _key(log_key, "NOTE"), named, wanted)


def time_of(seconds):
    """Unix seconds for a person."""
    if seconds > LAST_DATE:
        return f"Unix second {seconds}"
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def cosigned(note, pins):
    """Passed if there are enough cosignatures, unchecked if not: there can be more later. A false one refutes all."""
    by = []
    for witness in pins.witnesses:
        found = standing(note, witness)
        if found.standing == "FORGED":
            return failed(
                f"The cosignature of {witness.name} is not by the given key: one of them is changed, or the checkpoint is."
            )
        if found.standing == "SIGNED":
            by.append(f"{witness.name} at {time_of(found.seconds)}")
    told = f"The checkpoint has cosignatures of {len(by)} of {len(pins.witnesses)} named witnesses"
    told += f": {', '.join(by)}." if by else "."
    if len(by) >= pins.quorum:
        return passed(told)
    return unchecked(f"{told} The quorum is {pins.quorum}. If the receipt is young, get it again later.")


def not_of_the_log(note, checkpoint, key):
    if key is None:
        return None
    if key.name != checkpoint.origin:
        return failed(f"The checkpoint is of the log {shown(checkpoint.origin)}, the given key of {key.name}.")
    return {
        "ABSENT": failed("The checkpoint has no signature by the given key."),
        "FORGED": failed("The signature of the checkpoint is not by the given key: one of them is changed."),
    }.get(standing(note, key).standing)


def _misplaced(receipt, checkpoint):
    size, header = checkpoint.size, receipt["header"]
    if size < header["size"]:
        return failed(f"The checkpoint is of a log of {size} leaves, but the header says {header['size']}.")
    if size == header["size"] and checkpoint.root != header["root"]:
        return failed(
            f"Checkpoint and header have different roots for a log of {size} leaves: "
            "one of them is changed, or of another log."
        )
    entry = entry_hash(from_hex(receipt["leaf"]))
    if root_of(entry, receipt["proof"]["index"], size, receipt["witnessed"]["inclusion"]) == checkpoint.root:
        return None
    return NOT_INCLUDED


def witnesses(receipt, pins):
    """Without the key of the log it stays open which log it was: witnesses cosign those of others too."""
    if receipt["witnessed"] is None:
        return NONE
    try:
        note = read_note(receipt["witnessed"]["checkpoint"])
        checkpoint = read_checkpoint(note.text)
    except NotANote:
        return UNREADABLE
    found = cosigned(note, pins)
    if found.finding == "FAILED":
        return found
    wrong = not_of_the_log(note, checkpoint, pins.key) or _misplaced(receipt, checkpoint)
    if wrong or found.finding != "PASSED":
        return wrong or found
    leads = f"{found.text} Leaf {receipt['proof']['index']} of {checkpoint.size} leads to its root."
    if pins.key:
        return passed(f"{leads} The given key of the log has signed it.")
    return unchecked(
        f"{leads} Which log it is of is not known: it calls itself {shown(checkpoint.origin)}. Name the key of the log."
    )
