// The modules of the package against contracts/vectors, by the same tests as the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import "./world.js";
import { built, modules, triggers } from "../build.js";

process.env.OPENLEDGER_MODULES = new URL("../verifier/", import.meta.url).href;
await import("../../../src/test/js/page/vectors.check.js");

test("the triggers are those of the vectors, which the router's own enum wrote", () => {
  const { cases } = JSON.parse(readFileSync(new URL("../../../contracts/vectors/leaves.json", import.meta.url), "utf8"));
  const named = cases.filter(({ name }) => name.startsWith("trigger "));
  assert.equal(triggers().split(", ").length, named.length);
  for (const { name, encoded } of named) {
    assert.equal(`trigger ${triggers().split(", ")[parseInt(encoded.substr(2 + 2 * 56, 2), 16)]}`, name);
  }
});

test("the package has the page's modules that verify, and nothing of the page else", () => {
  assert.ok(modules().includes("verify.js") && modules().includes("events.js"));
  for (const name of modules()) {
    assert.doesNotMatch(built(name), /\bdocument\.|\bwindow\.|\{\{/, name);
  }
});
