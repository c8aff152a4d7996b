"""The record beside a receipt's leaf, held against what the leaves and the commitment prove.

openledger.commitment.verify.LeafRecord. A record shows a member only if it means something, so one that is not there says that there
is nothing.
"""

import re

from .commitments import TOKENS, ZERO_HASH
from .finding import failed, passed, read_leaf, skipped
from .leaf import NO_SNAPSHOT, is_fast
from .strict_json import shown

MOST_RESENDS = 255
U32 = 0xFFFFFFFF
NOTHING = ""
LEAF = "the leaf has"
COMMITMENT = "the commitment has"
WHOLE = re.compile(r"([0-9]{1,18})(\.[0-9]+)?")
SCALARS = ("text", "number", "decimal", "truth")


def text_of(content, path):
    """A member's text; None if it is not there or no scalar."""
    kind, text = content.get(path, (None, None))
    return text if kind in SCALARS else None


def size_of(content, path):
    """How many elements an array has."""
    kind, text = content.get(path, (None, None))
    return int(text) if kind == "array" else 0


def _named(value):
    return "none" if value == NOTHING else shown(value)


def _whole(text):
    """The whole of a number that is not negative; -1 if it is none."""
    found = WHOLE.fullmatch(text)
    return int(found[1]) if found else -1


def utc(millis):
    """A time as RFC 3339 has it, for all years that 48 bits of milliseconds reach."""
    days, of_day = divmod(millis, 86_400_000)
    # Days to a date: the algorithm of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
    days += 719_468
    era, day_of_era = divmod(days, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + era * 400 + (month <= 2)
    seconds, fraction = divmod(of_day, 1000)
    date = f"{year:04d}" if year <= 9999 else f"+{year}"
    end = f".{fraction:03d}Z" if fraction else "Z"
    return f"{date}-{month:02d}-{day:02d}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{end}"


def record(receipt, leaf):
    if not receipt["content"]:
        return skipped("There is no record beside the leaf.")
    objections = _Objections(receipt, leaf).run()
    if objections:
        return failed(objections[0])
    if leaf["ended"]:
        return passed(
            "The record agrees with the leaves and the commitment on the end, the rules, the plan, the times and the digests."
        )
    return skipped("The leaf is a plan; the record is of how it ended.")


def proved(leaf):
    """What a record has to say of a leaf; of a plan that is little."""
    how, _, gate = leaf["mode"].lower().partition("_")
    yield "mode", "fast" if is_fast(leaf["mode"]) else "confirmed"
    yield "gate", gate
    yield "route_id", str(leaf["route"])
    yield "budget", str(leaf["budget"])
    ended = leaf["ended"]
    if not ended:
        return
    yield "status", ended["status"]
    yield "attribution", ended["attribution"]
    yield "released", "true" if how == "released" else NOTHING
    yield "fallback_reason", NOTHING if leaf["trigger"] == "NONE" else leaf["trigger"]
    # A crash takes the record of attempts along that were spent before a plan; the leaf keeps their number.
    if ended["status"] != "INTERRUPTED":
        yield "attempts", str(leaf["attempts"])
    yield "resends", NOTHING if ended["resends"] == 0 else str(ended["resends"])
    yield "snapshot", NOTHING if leaf["snapshot"] == NO_SNAPSHOT else str(leaf["snapshot"])
    yield "arrival", utc(leaf["time_millis"])


class _Objections:
    """Members that are not what is proved, in words."""

    def __init__(self, receipt, leaf):
        self.receipt = receipt
        self.content = receipt["content"]
        self.leaf = leaf
        self.found = []

    def object(self, name, said, where, proved):
        self.found.append(f"The record has {name} {_named(said)}, but {where} {_named(proved)}.")

    def said(self, name):
        text = text_of(self.content, name)
        return NOTHING if text is None else text

    def equal(self, name, proved, where):
        said = self.said(name)
        is_more = name == "resends" and proved == str(MOST_RESENDS) and _whole(said) >= MOST_RESENDS
        if said != proved and not is_more:
            self.object(name, said, where, proved)

    def run(self):
        leaf, receipt = self.leaf, self.receipt
        self.equal("body_sha256", receipt["digest"][2:], COMMITMENT)
        self.equal("nonce", receipt["nonce"], COMMITMENT)
        for name, value in proved(leaf):
            self.equal(name, value, LEAF)
        if leaf["ended"]:
            self.ended()
        return self.found

    def ended(self):
        digest = self.receipt["response_digest"]
        self.equal("response_sha256", NOTHING if digest == ZERO_HASH else digest[2:], COMMITMENT)
        total = self.said("time_ms.total")
        millis = self.leaf["ended"]["total_millis"]
        if _whole(total) != millis and not (millis == U32 and _whole(total) > U32):
            self.object("time_ms.total", total, LEAF, f"{millis} whole milliseconds")
        self.attempts()
        places = size_of(self.content, "plan")
        if places != len(self.leaf["plan"]):
            self.object("plan", f"{places} places", LEAF, f"{len(self.leaf['plan'])} places")
        self.turn()

    def attempts(self):
        ids, usage = self.receipt["upstream_request_ids"], self.receipt["usage"]
        count = size_of(self.content, "attempt_list")
        self.equal("attempts", str(count), "the list of attempts has")
        triggers = []
        for i in range(count):
            attempt = f"attempt_list[{i}]."
            self.equal(f"{attempt}number", str(i + 1), "its place is")
            self.equal(f"{attempt}upstream_request_id", ids[i] if i < len(ids) else NOTHING, COMMITMENT)
            took = next((each for each in usage if each["attempt"] == i + 1), None) or {}
            self.equal(f"{attempt}model", took.get("model", NOTHING), COMMITMENT)
            for name in TOKENS:
                tokens = took.get(name)
                self.equal(f"{attempt}tokens.{name}", NOTHING if tokens is None else str(tokens), COMMITMENT)
            triggers.append(self.said(f"{attempt}trigger"))
        if count != len(ids):
            self.object("attempt_list", f"{count} attempts", COMMITMENT, f"{len(ids)} names of calls")
        trigger = self.leaf["trigger"]
        is_named = all(one == "NONE" for one in triggers) if trigger == "NONE" else trigger in triggers
        if not is_named and self.leaf["ended"]["status"] != "INTERRUPTED":
            self.object("the triggers of its attempts", f"[{', '.join(sorted(set(triggers)))}]", LEAF, trigger)

    def turn(self):
        """A turn is in the leaf of the plan alone."""
        of_plan = self.receipt["of_plan"]
        pinned = of_plan and read_leaf(of_plan["leaf"]).get("planned")
        if pinned:
            said, turned = self.said("turn"), pinned["turn"]
            if _whole(said) != turned and not (turned == U32 and _whole(said) > U32):
                self.object("turn", said, "the plan's leaf has", str(turned))
        if self.leaf["snapshot"] == NO_SNAPSHOT:
            self.equal("turn", NOTHING, LEAF)
