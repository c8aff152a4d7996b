"""The names in a record, of its route, tiers and targets, held against the policies that the lane has published with full text.

openledger.commitment.verify.NameChecks.
"""

from .finding import UNREADABLE, failed, passed, skipped, unchecked
from .leaf import NO_TARGET, NO_TIER
from .strict_json import shown
from .told import size_of, text_of


def names(receipt, leaf, policies):
    """What the names come to, and the paths of those that the policy proves."""
    if not receipt["content"]:
        return skipped("There is no record beside the leaf."), set()
    if leaf["unreadable"]:
        return UNREADABLE, set()
    if not policies.said:
        return unchecked(f"The published policies are not known, so names are the router's word: {policies.why}"), set()
    check = _NameChecks(receipt["content"], leaf)
    check.run(policies.value)
    if check.objections:
        return failed(check.objections[0]), set()
    if check.gaps:
        return unchecked(check.gaps[0]), set()
    return (
        passed(
            "The names of route, tiers and targets are those of the published policy; which of a tier's targets it"
            " was is the router's word where a tier has several."
        ),
        check.proved,
    )


def _up_to_of(route):
    return [tier["up_to"] for tier in route["tiers"]]


def _tier_of(attempt, route):
    """Attempts are taken from the best tier that has some left."""
    tiers = route["tiers"]
    return next((i for i, tier in enumerate(tiers[:-1]) if attempt <= tier["up_to"]), len(tiers) - 1)


class _NameChecks:
    def __init__(self, content, leaf):
        self.content = content
        self.leaf = leaf
        self.proved = set()
        self.objections = []
        self.gaps = []

    def run(self, published):
        number = self.leaf["route"]
        candidates = self.candidates(published)
        if not candidates:
            self.gaps.append(
                f"The lane has published no policy that fits route {number}, so names are the router's word."
            )
            return
        name = self.named("route")
        if name is None:
            self.gaps.append("route is missing.")
            return
        route = next((one for one in candidates if one["name"] == name), None)
        if route is None:
            known = " or ".join(dict.fromkeys(shown(one["name"]) for one in candidates))
            self.objections.append(
                f"The record names route {shown(name)}, but route {number} is published as {known}."
            )
            return
        if len(candidates) > 1 and self.in_its_place(published) != route:
            self.gaps.append(
                f"The published policy has several routes with the budgets of route {number}, so its name is the router's word."
            )
        self.proved.add("route")
        self.tiers(route)
        self.numbers()

    def named(self, path):
        """A router writes `?` for a name that it does not know."""
        name = text_of(self.content, path)
        return None if name == "?" else name

    def candidates(self, published):
        """Texts that can be those of the leaf's route: in each policy that numbers it, with its budgets."""
        fitting = [
            [route for route in policy["routes"] if _up_to_of(route) == budget["up_to"]]
            for policy in published
            for budget in policy["budgets"]
            if budget["route"] == self.leaf["route"]
        ]
        first, others = (fitting[0], fitting[1:]) if fitting else ([], [])
        return [route for route in first if all(route in here for here in others)]

    def in_its_place(self, published):
        """The text at the place of the number, if numbers and texts stand in one order."""
        for policy in published:
            numbers = [budget["route"] for budget in policy["budgets"]]
            in_order = [budget["up_to"] for budget in policy["budgets"]] == [_up_to_of(one) for one in policy["routes"]]
            if self.leaf["route"] in numbers and in_order:
                return policy["routes"][numbers.index(self.leaf["route"])]
        return None

    def tiers(self, route):
        ended = self.leaf["ended"]
        if ended and ended["served_tier"] == NO_TIER:
            self.absent("tier")
            self.absent("target")
        elif ended:
            self.tier("tier", ended["served_tier"], route)
            self.target("target", ended["served_tier"], route, True)
        for i in range(size_of(self.content, "plan")):
            self.target(f"plan[{i}]", _tier_of(i + 1, route), route, True)
        for i in range(size_of(self.content, "attempt_list")):
            tier = _tier_of(i + 1, route)
            self.tier(f"attempt_list[{i}].tier", tier, route)
            self.target(f"attempt_list[{i}].target", tier, route, False)

    def tier(self, path, number, route):
        name = self.named(path)
        tiers = route["tiers"]
        if name is None:
            self.gaps.append(f"{path} is missing.")
        elif not 0 <= number < len(tiers):
            self.gaps.append(f"The published route has no tier {number}.")
        elif tiers[number]["name"] != name:
            self.objections.append(
                f"The record has {path} {shown(name)}, but tier {number} of the published route is "
                f"{shown(tiers[number]['name'])}."
            )
        else:
            self.proved.add(path)

    def target(self, path, number, route, is_needed):
        """A slot can be refused before any target is chosen, so not every attempt has one."""
        name = self.named(path)
        if name is None:
            if is_needed:
                self.gaps.append(f"{path} is missing.")
            return
        tier = route["tiers"][number] if 0 <= number < len(route["tiers"]) else None
        if tier and name not in tier["targets"]:
            self.objections.append(
                f"The record has {path} {shown(name)}, but tier {shown(tier['name'])} of the published route has only "
                f"{', '.join(map(shown, tier['targets']))}."
            )
        elif tier and len(tier["targets"]) == 1:
            self.proved.add(path)

    def absent(self, path):
        name = self.named(path)
        if name is not None:
            self.objections.append(f"The record has {path} {shown(name)}, but the leaf has none.")

    def numbers(self):
        """One number has one name, wherever the record says it."""
        ended, plan = self.leaf["ended"], self.leaf["plan"]
        by_number, by_name = {}, {}
        for i, number in enumerate(plan[: size_of(self.content, "plan")]):
            self.number(by_number, by_name, number, f"plan[{i}]")
        if ended and ended["served_target"] != NO_TARGET:
            self.number(by_number, by_name, ended["served_target"], "target")
            place = self.serving(ended)
            if place:
                self.number(by_number, by_name, ended["served_target"], place)
        if not plan and size_of(self.content, "attempt_list") > 0:
            self.number(by_number, by_name, self.leaf["selected_target"], "attempt_list[0].target")

    def serving(self, ended):
        """Where the attempt that served is, if the record leaves no choice."""
        attempts = (f"attempt_list[{i}]." for i in range(size_of(self.content, "attempt_list")))
        places = [attempt for attempt in attempts if text_of(self.content, f"{attempt}trigger") == "NONE"]
        return f"{places[0]}target" if ended["status"] in ("SERVED", "FELL_BACK") and len(places) == 1 else None

    def number(self, by_number, by_name, number, path):
        name = self.named(path)
        if name is None:
            if number != NO_TARGET:
                self.gaps.append(f"{path} is missing.")
            return
        other = by_number.setdefault(number, name)
        before = by_name.setdefault(name, number)
        if number == NO_TARGET or other != name or before != number:
            self.objections.append(
                f"The record has {path} {shown(name)}, but by the leaf and the record's other names that is another target."
            )
