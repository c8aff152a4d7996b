// The names in a record, of its route, tiers and targets, held against the policies that the lane has published with full text
// (openledger.commitment.verify.NameChecks).

import { UNREADABLE, failed, passed, skipped, unchecked } from "./finding.js";
import { shown } from "./json.js";
import { NO_TARGET, NO_TIER } from "./leaf.js";
import { sizeOf, textOf } from "./told.js";

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const upToOf = (route) => route.tiers.map(({ upTo }) => upTo);

/** What the names come to, and the paths of those that the policy proves. */
export function names({ content }, leaf, policies) {
  const none = new Set();
  if (content.size === 0) {
    return { found: skipped("There is no record beside the leaf."), proved: none };
  }
  if (leaf.unreadable) {
    return { found: UNREADABLE, proved: none };
  }
  if (!policies.said) {
    return {
      found: unchecked(`The published policies are not known, so names are the router's word: ${policies.why}`),
      proved: none,
    };
  }
  const check = new NameChecks(content, leaf);
  check.run(policies.value);
  if (check.objections.length > 0) {
    return { found: failed(check.objections[0]), proved: none };
  }
  if (check.gaps.length > 0) {
    return { found: unchecked(check.gaps[0]), proved: none };
  }
  return {
    found: passed(
      "The names of route, tiers and targets are those of the published policy; which of a tier's targets it" +
        " was is the router's word where a tier has several.",
    ),
    proved: check.proved,
  };
}

class NameChecks {
  constructor(content, leaf) {
    this.content = content;
    this.leaf = leaf;
    this.proved = new Set();
    this.objections = [];
    this.gaps = [];
  }

  run(published) {
    const number = this.leaf.route;
    const candidates = this.candidates(published);
    if (candidates.length === 0) {
      this.gaps.push(`The lane has published no policy that fits route ${number}, so names are the router's word.`);
      return;
    }
    const name = this.named("route");
    if (name === undefined) {
      this.gaps.push("route is missing.");
      return;
    }
    const route = candidates.find((one) => one.name === name);
    if (!route) {
      const known = [...new Set(candidates.map((one) => one.name))].map(shown).join(" or ");
      this.objections.push(`The record names route ${shown(name)}, but route ${number} is published as ${known}.`);
      return;
    }
    if (candidates.length > 1 && !same(this.inItsPlace(published), route)) {
      this.gaps.push(
        `The published policy has several routes with the budgets of route ${number}, so its name is the router's word.`,
      );
    }
    this.proved.add("route");
    this.tiers(route);
    this.numbers();
  }

  /** A router writes `?` for a name that it does not know. */
  named(path) {
    const name = textOf(this.content, path);
    return name === "?" ? undefined : name;
  }

  /** Texts that can be those of the leaf's route: in each policy that numbers it, with its budgets. */
  candidates(published) {
    const fitting = published.flatMap(({ budgets, routes }) =>
      budgets
        .filter(({ route }) => route === this.leaf.route)
        .map(({ upTo }) => routes.filter((route) => same(upToOf(route), upTo))),
    );
    const [first = [], ...others] = fitting;
    return first.filter((route) => others.every((here) => here.some((one) => same(one, route))));
  }

  /** The text at the place of the number, if numbers and texts stand in one order. */
  inItsPlace(published) {
    for (const { budgets, routes } of published) {
      const place = budgets.findIndex(({ route }) => route === this.leaf.route);
      if (place >= 0 && same(budgets.map(({ upTo }) => upTo), routes.map(upToOf))) {
        return routes[place];
      }
    }
    return null;
  }

  tiers(route) {
    const { ended } = this.leaf;
    if (ended?.servedTier === NO_TIER) {
      this.absent("tier");
      this.absent("target");
    } else if (ended) {
      this.tier("tier", ended.servedTier, route);
      this.target("target", ended.servedTier, route, true);
    }
    for (let i = 0; i < sizeOf(this.content, "plan"); i++) {
      this.target(`plan[${i}]`, tierOf(i + 1, route), route, true);
    }
    for (let i = 0; i < sizeOf(this.content, "attempt_list"); i++) {
      const tier = tierOf(i + 1, route);
      this.tier(`attempt_list[${i}].tier`, tier, route);
      this.target(`attempt_list[${i}].target`, tier, route, false);
    }
  }

  tier(path, number, route) {
    const name = this.named(path);
    if (name === undefined) {
      this.gaps.push(`${path} is missing.`);
    } else if (number >= route.tiers.length) {
      this.gaps.push(`The published route has no tier ${number}.`);
    } else if (route.tiers[number].name !== name) {
      this.objections.push(
        `The record has ${path} ${shown(name)}, but tier ${number} of the published route is ` +
          `${shown(route.tiers[number].name)}.`,
      );
    } else {
      this.proved.add(path);
    }
  }

  /** A slot can be refused before any target is chosen, so not every attempt has one. */
  target(path, number, route, isNeeded) {
    const name = this.named(path);
    if (name === undefined) {
      if (isNeeded) {
        this.gaps.push(`${path} is missing.`);
      }
      return;
    }
    const tier = route.tiers[number];
    if (tier && !tier.targets.includes(name)) {
      this.objections.push(
        `The record has ${path} ${shown(name)}, but tier ${shown(tier.name)} of the published route has only ` +
          `${tier.targets.map(shown).join(", ")}.`,
      );
    } else if (tier?.targets.length === 1) {
      this.proved.add(path);
    }
  }

  absent(path) {
    const name = this.named(path);
    if (name !== undefined) {
      this.objections.push(`The record has ${path} ${shown(name)}, but the leaf has none.`);
    }
  }

  /** One number has one name, wherever the record says it. */
  numbers() {
    const { ended, plan, selectedTarget } = this.leaf;
    const known = { names: new Map(), numbers: new Map() };
    plan.slice(0, sizeOf(this.content, "plan")).forEach((number, i) => this.number(known, number, `plan[${i}]`));
    if (ended && ended.servedTarget !== NO_TARGET) {
      this.number(known, ended.servedTarget, "target");
      const place = this.serving(ended);
      if (place) {
        this.number(known, ended.servedTarget, place);
      }
    }
    if (plan.length === 0 && sizeOf(this.content, "attempt_list") > 0) {
      this.number(known, selectedTarget, "attempt_list[0].target");
    }
  }

  /** Where the attempt that served is, if the record leaves no choice. */
  serving({ status }) {
    const places = Array.from({ length: sizeOf(this.content, "attempt_list") }, (_, i) => `attempt_list[${i}].`).filter(
      (attempt) => textOf(this.content, `${attempt}trigger`) === "NONE",
    );
    return ["SERVED", "FELL_BACK"].includes(status) && places.length === 1 ? `${places[0]}target` : null;
  }

  number({ names: byNumber, numbers: byName }, number, path) {
    const name = this.named(path);
    if (name === undefined) {
      if (number !== NO_TARGET) {
        this.gaps.push(`${path} is missing.`);
      }
      return;
    }
    const other = byNumber.get(number);
    const before = byName.get(name);
    if (other === undefined) {
      byNumber.set(number, name);
    }
    if (before === undefined) {
      byName.set(name, number);
    }
    if (
      number === NO_TARGET ||
      (other !== undefined && other !== name) ||
      (before !== undefined && before !== number)
    ) {
      this.objections.push(
        `The record has ${path} ${shown(name)}, but by the leaf and the record's other names that is another target.`,
      );
    }
  }
}

/** Attempts are taken from the best tier that has some left. */
function tierOf(attempt, { tiers }) {
  const tier = tiers.slice(0, -1).findIndex(({ upTo }) => attempt <= upTo);
  return tier < 0 ? tiers.length - 1 : tier;
}
