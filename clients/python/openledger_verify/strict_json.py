"""Reads JSON as the command does: a member may stand there once, depth and numbers are bounded, and a number stays what was written.

Beside the tree it gives the flat list of all members by their paths (openledger.commitment.verify.ReceiptContent).
"""

import json
import re

from .encoding import utf16

DEEPEST = 16
LONGEST_NUMBER = 32
MOST_DIGITS = 40
LONGEST_SHOWN = 120
PLAIN = re.compile(r"[a-z0-9_]{1,40}")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
SPACE = re.compile(r"[ \t\n\r]*")
STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"')
NOT_ASCII = re.compile(r"[^ -~]")


class NotJson(Exception):
    """The text is none that is read here."""


class Decimal:
    """A number with a fraction or an exponent, written out."""

    def __init__(self, text):
        self.text = text


def shown(text):
    """Foreign text as it may be shown: printable ASCII, not long."""
    units = utf16(text)
    cut = NOT_ASCII.sub("?", units[:LONGEST_SHOWN])
    return cut + "..." if len(units) > LONGEST_SHOWN else cut


def path_of(parent, name):
    """A member's path below a parent, which is empty for the outermost. A name that no receipt has is quoted: it meets no other."""
    step = name if PLAIN.fullmatch(name) else f'"{shown(name)}"'
    return step if parent == "" else f"{parent}.{step}"


def parse(text):
    """The tree of a text; raises NotJson."""
    reader = _Reader(text)
    reader.space()
    if reader.at == len(text):
        return None
    value = reader.value(0)
    reader.space()
    if reader.at != len(text):
        raise NotJson()
    return value


class _Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def match(self, pattern):
        found = pattern.match(self.text, self.at)
        if not found:
            raise NotJson()
        self.at = found.end()
        return found.group()

    def space(self):
        self.match(SPACE)

    def takes(self, character):
        """Whether that character is next; if so it is passed."""
        self.space()
        found = self.text.startswith(character, self.at)
        self.at += found
        return found

    def expect(self, character):
        if not self.takes(character):
            raise NotJson()

    def value(self, depth):
        if depth > DEEPEST:
            raise NotJson()
        self.space()
        first = self.text[self.at : self.at + 1]
        if first == "{":
            return self.object(depth + 1)
        if first == "[":
            return self.array(depth + 1)
        if first == '"':
            return json.loads(self.match(STRING))
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        return _number(self.match(NUMBER))

    def object(self, depth):
        if depth > DEEPEST:
            raise NotJson()
        members = {}
        self.expect("{")
        if self.takes("}"):
            return members
        while True:
            self.space()
            name = json.loads(self.match(STRING))
            if name in members:
                raise NotJson()
            self.expect(":")
            members[name] = self.value(depth)
            if not self.takes(","):
                break
        self.expect("}")
        return members

    def array(self, depth):
        if depth > DEEPEST:
            raise NotJson()
        items = []
        self.expect("[")
        if self.takes("]"):
            return items
        while True:
            items.append(self.value(depth))
            if not self.takes(","):
                break
        self.expect("]")
        return items


def _number(text):
    if len(text) > LONGEST_NUMBER:
        raise NotJson()
    if not re.search(r"[.eE]", text):
        return int(text)
    mantissa, _, exponent = text.lower().partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    before, _, behind = mantissa.replace("-", "").partition(".")
    digits = (before + behind).lstrip("0")
    if digits == "":
        return Decimal("0")
    kept = digits.rstrip("0")
    scale = len(behind) - int(exponent or "0") - (len(digits) - len(kept))
    if not -MOST_DIGITS <= scale <= MOST_DIGITS:
        raise NotJson()
    if scale <= 0:
        return Decimal(sign + kept + "0" * -scale)
    padded = kept.rjust(scale + 1, "0")
    return Decimal(f"{sign}{padded[:-scale]}.{padded[-scale:]}")


def flatten(root):
    """All members and elements by their paths, (kind, text) each, in their order; of a container the text is how many it has."""
    values = {}

    def members(parent, node):
        for name, value in node.items():
            add(path_of(parent, name), value)

    def add(path, value):
        values.setdefault(path, _flat(value))
        if isinstance(value, list):
            for i, item in enumerate(value):
                add(f"{path}[{i}]", item)
        elif isinstance(value, dict) and values[path][0] == "object":
            members(path, value)

    members("", root)
    return values


def _flat(value):
    if value is None:
        return "null", ""
    if isinstance(value, list):
        return "array", str(len(value))
    if isinstance(value, Decimal):
        return "decimal", value.text
    if isinstance(value, str):
        return "text", value
    if isinstance(value, bool):
        return "truth", "true" if value else "false"
    if isinstance(value, dict):
        return "object", str(len(value))
    return "number", str(value)
