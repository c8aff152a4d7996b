// Every program that a recipe or a script starts by `scripts/stack` is there.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url).pathname;

function callers() {
  const scripts = readdirSync(`${root}scripts`).map((name) => `scripts/${name}`);
  return ["Makefile", ...scripts].filter((name) => statSync(root + name).isFile());
}

test("programs that scripts/stack is told to start exist", () => {
  const named = callers().flatMap((file) =>
    [...readFileSync(root + file, "utf8").matchAll(/scripts\/stack ((?:[a-z]+\.)*[A-Z][A-Za-z]*)/g)].map((call) => ({
      file,
      program: call[1],
    })),
  );
  assert.ok(named.length > 5, "recipes start programs");
  for (const { file, program } of named) {
    const source = `src/test/java/openledger/${program.replaceAll(".", "/")}.java`;
    assert.ok(existsSync(root + source), `${file} starts ${program}, but there is no ${source}`);
  }
});
