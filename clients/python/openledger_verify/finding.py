"""What a check found. Each text is a sentence for a person."""

from typing import NamedTuple

from .encoding import from_hex
from .leaf import NotALeaf, decode


class Found(NamedTuple):
    finding: str
    text: str


def passed(text):
    return Found("PASSED", text)


def failed(text):
    return Found("FAILED", text)


def misroute(text):
    return Found("MISROUTE", text)


def unchecked(text):
    return Found("UNCHECKED", text)


def skipped(text):
    return Found("SKIPPED", text)


# The verdict that a finding would make if it were the only one.
ALONE = {
    "PASSED": "HOLDS",
    "SKIPPED": "HOLDS",
    "UNCHECKED": "OPEN",
    "MISROUTE": "MISROUTED",
    "FAILED": "BROKEN",
}

# What checks come to; a later one outweighs an earlier one.
VERDICTS = ("HOLDS", "OPEN", "MISROUTED", "BROKEN")


def verdict_of(checks):
    return max((ALONE[check.finding] for check in checks), key=VERDICTS.index)


# Nothing can be said of a leaf that is none.
UNREADABLE = unchecked("The leaf cannot be read.")


def read_leaf(text):
    """A leaf, or why it is none."""
    try:
        return decode(from_hex(text))
    except NotALeaf as why:
        return {"unreadable": str(why)}
