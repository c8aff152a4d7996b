"""Whether each member of a receipt is one that is known, and what became of it (openledger.commitment.verify.MemberChecks)."""

import re
from typing import NamedTuple

from .finding import passed, skipped, unchecked
from .table import PLANNED, ROWS

# Without these nothing that a leaf says is shown to be of the chain and the lane that the verifier means.
FOUNDATION = (
    "MEMBERS",
    "LEAF",
    "COMMITMENT",
    "BATCH",
    "PROOF",
    "HEADER",
    "CHAIN",
    "REGISTRY",
    "LANE",
    "RECORDED",
    "REGISTRY_PROOF",
)
OF_THE_END = ("leaf", "proof", "batch", "transaction", "history", "urls", "followed_plan", "witnessed.checkpoint")
WORDS = {
    "object": "an object",
    "array": "an array",
    "text": "a string",
    "number": "a whole number",
    "decimal": "a number",
    "truth": "true or false",
}
# A misroute is genuine, so what it says is proved.
STANDING = {
    "PASSED": "PROVED",
    "MISROUTE": "PROVED",
    "FAILED": "UNCHECKED",
    "UNCHECKED": "UNCHECKED",
    "SKIPPED": "WORD",
}
PLANNED_STAKE = PLANNED + "stake."
OF_WITNESSES = re.compile(r"(?:planned\.)?witnessed\.")
INDEX = re.compile(r"\[[0-9]+\]")


class Account(NamedTuple):
    """What became of each member: `proved` and `word` by path, where an absent member is None, and the paths of those `unchecked`."""

    proved: dict
    unchecked: list
    word: dict


def _pattern_of(path):
    return INDEX.sub("[]", path)


class Members:
    def __init__(self, content):
        self.content = content
        self.places = {}
        for path in content:
            self.places.setdefault(_pattern_of(path), []).append(path)
        # Whether the outcome's leaf is said to be in a batch: then all of it has to be there.
        self.has_ended = any(path in content for path in OF_THE_END)

    def how_of(self, row, findings):
        """Before the end the leaf is the plan's, so all checks are about it. Where no witness is named, none is about cosignatures."""
        if OF_WITNESSES.match(row.path) and "WITNESSES" not in findings:
            return None
        is_main = row.how == "PLAN" and row.path.startswith(PLANNED) and not self.has_ended
        return ROWS[row.path[len(PLANNED) :]].how if is_main else row.how

    def finding(self):
        if not self.content:
            return skipped("There is no record beside the leaf.")
        for path, (kind, _) in self.content.items():
            row = ROWS.get(_pattern_of(path))
            if row is None:
                return unchecked(f"The receipt has a member that this verifier does not know: {path}. It is not judged.")
            if not row.takes(kind):
                return unchecked(f"{path} must be {WORDS[row.kind]}.")
        for row in ROWS.values():
            for path in self.needed(row):
                if path not in self.content:
                    return unchecked(f"{path} is missing.")
        return passed("Each of the receipt's members is known, and none is missing.")

    def needed(self, row):
        is_needed = (row.need == "always" and not row.is_element) or (row.need == "ended" and self.has_ended)
        return self.in_each_parent(row) if is_needed else []

    def in_each_parent(self, row):
        if row.parent == "":
            return [row.name]
        return [f"{place}.{row.name}" for place in self.places.get(row.parent, [])]

    def account(self, checks, names, reached, plan):
        findings = {check.subject: check.finding for check in checks}
        is_founded = "FAILED" not in findings.values() and all(
            findings.get(subject) == "PASSED" for subject in FOUNDATION
        )
        proved, missing, word = {}, [], {}
        for path, (kind, text) in self.content.items():
            is_container = kind in ("object", "array")
            row = ROWS.get(_pattern_of(path))
            how = row and self.how_of(row, findings)
            is_list_of_words = kind == "array" and row and not how
            if is_container and text != "0" and not is_list_of_words:
                continue
            if row is None or not row.takes(kind):
                missing.append(path)
                continue
            standing = "WORD" if not how or (is_container and how == "PLAN") else STANDING.get(findings.get(how))
            plan_reached = (plan and plan.reached) if self.has_ended else reached
            if standing == "PROVED" and (
                self.is_uncounted(row)
                or _is_without_stake(row, plan)
                or not _is_proved_for(path, text, row, names, reached, plan_reached)
            ):
                standing = "WORD"
            if standing == "WORD":
                word[path] = None if kind == "object" else text
            elif standing == "PROVED" and is_founded:
                proved[path] = text
            else:
                missing.append(path)
        for row in ROWS.values():
            if self.says_nothing_if_absent(row, findings):
                for path in self.in_each_parent(row):
                    if path not in self.content:
                        word[path] = None
        return Account(proved, missing, word)

    def says_nothing_if_absent(self, row, findings):
        """Of what may be absent without a check that would notice, a receipt that lacks it is told to lack it."""
        if row.need == "ended":
            return not self.has_ended
        how = self.how_of(row, findings)
        return row.need == "-" and not row.is_element and (not how or how == "NAMES" or not self.has_ended)

    def is_uncounted(self, row):
        """Before the end nothing tells how many places the plan has that the record names."""
        return row.path == "plan[]" and not self.has_ended


def _is_without_stake(row, plan):
    """A plan can be proved where nothing is known of its vault."""
    return (
        row.path.startswith(PLANNED_STAKE)
        and plan is not None
        and any((check.subject, check.finding) == ("STAKE", "SKIPPED") for check in plan.checks)
    )


def _is_proved_for(path, text, row, names, reached, of_plan):
    if row.how == "NAMES":
        return path in names
    # A level below the one that is reached was true once; when, nothing proves.
    if path == "level":
        return reached == text
    return of_plan == text if path == "planned.level" else True
