"""What a request's plan says of its end."""

from .finding import ALONE, UNREADABLE, Found, failed, misroute, passed, read_leaf, skipped, unchecked
from .leaf import NO_SNAPSHOT, NO_TARGET, is_fast, released
from .strict_json import shown
from .told import text_of


def absent_plan(leaf):
    if leaf["unreadable"]:
        return UNREADABLE
    if not leaf["ended"]:
        return skipped("The leaf is the plan; the request had not ended.")
    if is_fast(leaf["mode"]):
        return skipped("In mode fast nothing is pinned.")
    if leaf["snapshot"] != NO_SNAPSHOT:
        return unchecked(
            f"The outcome names a plan of snapshot {leaf['snapshot']}, but the receipt does not have it. Get the receipt again."
        )
    breach = _place(leaf)
    return misroute(breach) if breach else skipped("It ended before anything was pinned.")


def alone(leaf, published):
    """What the leaf itself shows of a plan that it is, or that it names."""
    breach = None
    if not leaf["unreadable"]:
        # Without any plan it is told where the plan is looked for.
        named = None if leaf["snapshot"] == NO_SNAPSHOT else _place
        breach = _foundation(leaf, published) if leaf["planned"] else named and named(leaf)
    return misroute(breach) if breach else skipped("There is no second leaf to compare.")


def _place(leaf):
    """Whoever served in mode confirmed was pinned for that attempt, by what the outcome itself says of its plan."""
    target = leaf["ended"]["served_target"]
    if is_fast(leaf["mode"]) or target == NO_TARGET:
        return None
    if not leaf["plan"] or leaf["snapshot"] == NO_SNAPSHOT:
        return "It was served in mode confirmed by a target that nothing was pinned for."
    return _served_by(leaf["plan"], leaf["attempts"], target)


def _served_by(plan, attempt, target):
    if not 0 < attempt <= len(plan):
        return f"It was served by attempt {attempt}, for which nothing was pinned."
    pinned = plan[attempt - 1]
    if pinned == target:
        return None
    return f"Attempt {attempt} was served by target {target}, but target {pinned} was pinned for it."


def _foundation(leaf, published):
    """What shows that a plan is none that the allocator can give, whatever the snapshot."""
    plan, attempts, budget = leaf["plan"], leaf["attempts"], leaf["budget"]
    turn, arrival, rank, waiting = (leaf["planned"][name] for name in ("turn", "arrival", "rank", "open"))
    if len(plan) != budget or attempts >= budget:
        return f"The plan has {len(plan)} places after {attempts} attempts, with a budget of {budget}."
    if leaf["selected_target"] != plan[attempts]:
        return (
            f"Target {leaf['selected_target']} was selected first, but target {plan[attempts]} was pinned"
            f" for attempt {attempts + 1}."
        )
    # Of another budget or route nobody can tell the tier.
    if published.said and published.value and published.value[-1] == budget:
        tier = next(i for i, up_to in enumerate(published.value) if attempts < up_to)
        if leaf["selected_tier"] != tier:
            return (
                f"Tier {leaf['selected_tier']} was selected after {attempts} attempts"
                f", but the published route has tier {tier} there."
            )
    if rank >= waiting:
        return f"Its rank is {rank} of {waiting} open requests."
    if arrival > leaf["snapshot"] or arrival > turn:
        return f"It arrived with snapshot {arrival}, after its turn {turn} or its snapshot {leaf['snapshot']}."
    return None


def worst(plan):
    """Of the plan's own checks the first that made its verdict."""
    if plan.verdict != "HOLDS":
        bad = next((check for check in plan.checks if ALONE[check.finding] == plan.verdict), None)
        if bad:
            return Found(bad.finding, f"Of the plan, '{bad.title}': {bad.text}")
    end = f", which is {plan.reached} by the evidence." if plan.reached else "."
    return passed("The plan is a leaf of a batch of its own" + end)


def pair(receipt, outcome):
    plan = read_leaf(receipt["of_plan"]["leaf"])
    wrong = plan["unreadable"] or outcome["unreadable"]
    if not wrong and not (plan["planned"] and outcome["ended"]):
        wrong = "kind: a plan and an outcome"
    if wrong:
        return failed(f"These are not the two leaves of a request ({wrong}).")
    planned, ended = receipt["of_plan"]["header"]["sequence"], receipt["header"]["sequence"]
    if planned > ended:
        return misroute(
            f"The plan is in batch {planned}, after the outcome in batch {ended}"
            ": it was not committed before it was carried out."
        )
    breach = _breach_of(plan, outcome)
    told = _told(receipt["content"], breach)
    if told:
        return told
    if breach:
        return misroute(breach)
    return passed(f"What was pinned was done: attempt {outcome['attempts']} of the plan {_list(plan['plan'])}.")


def _told(content, breach):
    """What the receipt says of the two leaves, if it is not what they say."""
    followed = text_of(content, "followed_plan.followed")
    if followed is None:
        return unchecked("followed_plan.followed is missing.")
    does = "does not follow" if breach else "follows"
    if followed == ("false" if breach else "true") and text_of(content, "followed_plan.breach") == breach:
        return None
    return failed(f"The receipt contradicts its two leaves: followed {shown(followed)}, but the end {does} the plan.")


def _list(targets):
    return f"[{', '.join(map(str, targets))}]"


def _breach_of(plan, outcome):
    """What of the outcome does not follow the plan; None if all does."""
    if plan["request"] != outcome["request"]:
        return "Plan and outcome are of different requests."
    if outcome["mode"] not in (plan["mode"], released(plan["mode"])):
        return f"It was pinned in mode {plan['mode']} and ended in mode {outcome['mode']}."
    if (plan["route"], plan["budget"]) != (outcome["route"], outcome["budget"]):
        return (
            f"It was pinned on route {plan['route']} with a budget of {plan['budget']}"
            f" and ended on route {outcome['route']} with a budget of {outcome['budget']}."
        )
    if (plan["snapshot"], plan["plan"]) != (outcome["snapshot"], outcome["plan"]):
        return (
            f"The outcome names another plan: {_list(outcome['plan'])} of snapshot {outcome['snapshot']}"
            f", not {_list(plan['plan'])} of snapshot {plan['snapshot']}."
        )
    if not plan["attempts"] <= outcome["attempts"] <= outcome["budget"]:
        return (
            f"It ended after {outcome['attempts']} attempts, of which {plan['attempts']}"
            f" were spent when it was pinned, with a budget of {outcome['budget']}."
        )
    target = outcome["ended"]["served_target"]
    return None if target == NO_TARGET else _served_by(plan["plan"], outcome["attempts"], target)
