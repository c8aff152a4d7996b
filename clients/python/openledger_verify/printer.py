"""Results as `openledger verify` prints them, to the byte."""

import re
import unicodedata

from .encoding import utf16
from .logged import NOT_PROVED_BY_LOG, LogVerification
from .strict_json import shown
from .verify import MEANINGS, NOT_PROVED

LONGEST_LINE = 400
FIRST_NAMES = 3
MEMBER = re.compile(r"([^.\[]+)(?:\[[0-9]+\])?\.(.+)", re.DOTALL)
MARKS = {"PASSED": "ok", "FAILED": "REFUTED", "MISROUTE": "MISROUTE", "UNCHECKED": "open", "SKIPPED": "-"}
WORDS = {"HOLDS": "VERIFIED", "OPEN": "NOT CHECKED", "MISROUTED": "MISROUTED", "BROKEN": "REFUTED"}
DECIDES = {"BROKEN": "FAILED", "MISROUTED": "MISROUTE", "OPEN": "UNCHECKED"}
SHOWS_NOTHING = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def line(foreign):
    """Text of others as one line of a terminal: what shows nothing by itself is written as its escape."""
    clean = "".join(
        "".join(f"\\u{ord(unit):04x}" for unit in utf16(point))
        if unicodedata.category(point) in SHOWS_NOTHING
        else point
        for point in foreign
    )
    return clean[:LONGEST_LINE] + "..." if len(clean) > LONGEST_LINE else clean


def _checks(title, found):
    yield from (title, "")
    for check in found.checks:
        yield from (f"  {MARKS[check.finding]:<9} {check.title}", f"            {line(check.text)}")
    yield from ("", found.why)


def _logged(found):
    out = [*_checks("Receipt that a log has signed", found), ""]
    if found.verified:
        out += ["Proved, if the key is the log's:"]
        out += [*(f"  - {name}: {line(value)}" for name, value in found.proved.items()), ""]
    out += ["Not proved, by this receipt or any other of its form:", *(f"  - {what}" for what in NOT_PROVED_BY_LOG)]
    return "\n".join(out)


def text(found, with_all):
    if isinstance(found, LogVerification):
        return _logged(found)
    receipt = found.receipt
    out = [*_checks(f"Receipt of request {receipt['request']}, which claims to be {receipt['level']}", found)]
    if found.reached:
        out.append(f"Level by the evidence: {found.reached}. {MEANINGS[found.reached]}")
    word = found.members.word
    out += ["", *(_each_word(word) if with_all else _groups_of(word)), ""]
    out += ["Not proved, by this receipt or any other:", *(f"  - {what}" for what in NOT_PROVED)]
    return "\n".join(out)


def _each_word(word):
    yield "The router's word, which nothing here proves:"
    for path, value in word.items():
        yield f"  - {path}: {'none' if value is None else shown(value)}"


def _groups_of(word):
    yield f"The router's word, which nothing here proves ({len(word)} members; --all lists them):"
    groups = {}
    for path in word:
        found = MEMBER.fullmatch(path)
        group, name = found.groups() if found else ("", path)
        groups.setdefault(group, []).append(name)
    for group in sorted(groups):
        names = groups[group]
        distinct = list(dict.fromkeys(names))
        more = ", …" if len(distinct) > FIRST_NAMES else ""
        yield f"  - {group or 'the receipt itself'}: {len(names)} ({', '.join(distinct[:FIRST_NAMES])}{more})"


def unreadable(why):
    return line(f"The receipt cannot be checked. {why}")


def row(name, found):
    """One of several."""
    reason = getattr(found, "why", "") if not found.checks else ""
    made = next((check for check in found.checks if check.finding == DECIDES.get(found.verdict)), None)
    if made:
        reason = f"{made.title}: {made.text}"
    return f"{line(name)}  {WORDS[found.verdict]:<11}  {found.reached or '-':<12}  {line(reason)}".rstrip()


def totals(counts):
    return (
        f"{sum(counts.values())} receipts: {counts['HOLDS']} verified, {counts['BROKEN']} refuted, "
        f"{counts['MISROUTED']} misrouted, {counts['OPEN']} not checked"
    )


def _string(value):
    def escaped(unit):
        if unit in ESCAPES:
            return ESCAPES[unit]
        return f"\\u{ord(unit):04X}" if unit < " " or unit > "\x7f" else unit

    return '"' + "".join(map(escaped, utf16(value))) + '"'


def _object(members):
    return "{" + ",".join(f"{_string(name)}:{value}" for name, value in members) + "}"


def _array(items):
    return "[" + ",".join(items) + "]"


def _value(member):
    kind, value = member
    if kind in ("number", "decimal", "array", "truth"):
        return value
    return _string(value) if kind == "text" else "null"


def _named(file):
    return [] if file is None else [("file", _string(file))]


def _strings(members):
    return _object((name, _string(value)) for name, value in members.items())


def as_json(found, file=None):
    head = [*_named(file), ("verdict", _string(found.verdict)), ("why", _string(found.why))]
    checks = ("checks", _array(_strings(check._asdict()) for check in found.checks))
    if isinstance(found, LogVerification):
        none = ("not_proved", _array(map(_string, NOT_PROVED_BY_LOG)))
        return _object([*head, checks, ("proved", _strings(found.proved)), none])
    content, members = found.receipt["content"], found.members
    reached = [("reached", _string(found.reached)), ("meaning", _string(MEANINGS[found.reached]))] if found.reached else []
    return _object(
        [
            *head,
            *reached,
            checks,
            ("proved", _object((path, _value(content[path])) for path in members.proved)),
            ("unchecked", _array(map(_string, members.unchecked))),
            (
                "routers_word",
                _object(
                    (path, "null" if value is None else _value(content[path])) for path, value in members.word.items()
                ),
            ),
            ("not_proved", _array(map(_string, NOT_PROVED))),
        ]
    )


def unreadable_as_json(found, file=None):
    return _object(
        [
            *_named(file),
            ("verdict", _string(found.verdict)),
            ("member", _string(found.member)),
            ("why", _string(found.why)),
        ]
    )


def totals_as_json(counts):
    return _object(
        [
            ("receipts", sum(counts.values())),
            ("verified", counts["HOLDS"]),
            ("refuted", counts["BROKEN"]),
            ("misrouted", counts["MISROUTED"]),
            ("not_checked", counts["OPEN"]),
        ]
    )
