"""What a node answers: everything in it can be wrong."""

import re
from typing import Any, NamedTuple

from .encoding import from_hex, to_hex

LONGEST_MESSAGE = 200
QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,64}")
# What every language of these verifiers holds exactly.
LARGEST = 2**53 - 1


class NodeSilence(Exception):
    """The node did not answer, or not what was asked."""


class Testimony(NamedTuple):
    """What a node said of one thing, or why it said nothing."""

    said: bool
    value: Any = None
    why: str = ""


def said(value):
    return Testimony(True, value)


def silent(why):
    return Testimony(False, why=why)


def hear(reading, *arguments):
    try:
        return said(reading(*arguments))
    except NodeSilence as why:
        return silent(str(why))


def malformed(member):
    return NodeSilence(f"a node's answer is malformed: {member}")


def _cleaned(message):
    """A node's words, fit to be shown: printable ASCII, not long."""
    if not isinstance(message, str):
        return "without a reason"
    return re.sub(r"[^ -~]", "?", message[:LONGEST_MESSAGE])


def or_none(what, answer):
    """What a node has, None if nothing; a refusal must not pass for nothing."""
    error = answer.get("error")
    if error is not None and error is not False and error != 0 and error != "":
        message = error.get("message") if isinstance(error, dict) else None
        raise NodeSilence(f"a node refuses {what}: {_cleaned(message)}")
    return answer.get("result")


def bytes_of(what, answer):
    value = from_hex(or_none(what, answer))
    if value is None:
        raise malformed(what)
    return value


def to_number(member, text):
    value = int(text, 16) if isinstance(text, str) and QUANTITY.fullmatch(text) else None
    if value is None or value > LARGEST:
        raise malformed(member)
    return value


def hash_of(member, text):
    value = from_hex(text)
    if value is None or len(value) != 32:
        raise malformed(member)
    return to_hex(value)


def words(what, answer, at_least):
    if len(answer) % 32 != 0 or len(answer) < 32 * at_least:
        raise malformed(what)
    return [answer[i : i + 32] for i in range(0, len(answer), 32)]
