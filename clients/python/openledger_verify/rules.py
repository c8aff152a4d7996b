"""The published rules that a single leaf can be seen to break. A breach is a provable misroute."""

from .finding import UNREADABLE, misroute, passed, skipped, unchecked
from .leaf import NO_TARGET, NO_TIER


def rules(leaf, published, add):
    if leaf["unreadable"]:
        for rule in ("ATTEMPTS", "BUDGET", "FALL_BACK", "EXHAUSTION", "END"):
            add(rule, UNREADABLE)
        return
    no_end = skipped("The leaf is a plan; the request had not ended.")
    add("ATTEMPTS", _attempts(leaf))
    add("BUDGET", _budget(leaf, published))
    add("FALL_BACK", _fall_back(leaf, published) if leaf["ended"] else no_end)
    add("EXHAUSTION", _exhaustion(leaf) if leaf["ended"] else no_end)
    add("END", _end(leaf["ended"]) if leaf["ended"] else no_end)


def _attempts(leaf):
    attempts, budget = leaf["attempts"], leaf["budget"]
    if attempts == 0 and leaf["ended"] and leaf["ended"]["served_tier"] != NO_TIER:
        return misroute("It was served, but no attempt was spent.")
    if attempts <= budget:
        return passed(f"{attempts} of {budget} attempts were spent.")
    return misroute(f"{attempts} attempts were spent of a budget of {budget}.")


def _budget(leaf, published):
    if not published.said:
        return unchecked(f"The published budget is not known: {published.why}")
    up_to, route, budget = published.value, leaf["route"], leaf["budget"]
    if not up_to:
        return misroute(f"The lane has published no route {route}, so nobody could know its budget.")
    if up_to[-1] == budget:
        return passed(f"Route {route} has the published budget of {budget} for everybody.")
    return misroute(f"Route {route} has a published budget of {up_to[-1]}, but this request had {budget}.")


def _fall_back(leaf, published):
    tier, attempts = leaf["ended"]["served_tier"], leaf["attempts"]
    if tier in (NO_TIER, 0):
        return passed("It was not served by a lower tier.")
    if not published.said:
        # Whatever is published: every tier is good for one attempt at least.
        if attempts <= tier:
            return misroute(
                f"It was served by tier {tier} after {attempts} attempts"
                ", although each better tier is good for at least one before that."
            )
        return unchecked(f"The published tiers are not known: {published.why}")
    up_to = published.value
    if tier >= len(up_to):
        return misroute(f"It was served by tier {tier}, but the published route has {len(up_to)} tiers.")
    if attempts <= up_to[tier - 1]:
        return misroute(
            f"It was served by tier {tier} after {attempts} attempts"
            f", although better tiers are good for {up_to[tier - 1]} before that."
        )
    return passed(f"All {up_to[tier - 1]} attempts of better tiers came before tier {tier}.")


def _exhaustion(leaf):
    if leaf["ended"]["status"] != "EXHAUSTED":
        return passed("It was not given up as exhausted.")
    if leaf["attempts"] >= leaf["budget"]:
        return passed("The whole budget was spent before it was given up.")
    return misroute(f"It was given up as exhausted after {leaf['attempts']} of {leaf['budget']} attempts.")


def _end(ended):
    status, tier, target = ended["status"], ended["served_tier"], ended["served_target"]
    fits = {"SERVED": tier == 0, "FELL_BACK": tier not in (0, NO_TIER), "INTERRUPTED": True, "CANCELLED": True}
    if (tier == NO_TIER) == (target == NO_TARGET) and fits.get(status, tier == NO_TIER):
        return passed(f"Status {status} agrees with the tier and target that served.")
    return misroute(f"The leaf contradicts itself: status {status} with tier {tier} and target {target}.")
