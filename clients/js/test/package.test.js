// What a client installs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import "./world.js";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));
const LARGEST = 64_000;

test("the package is small, whole and depends on nothing", (context) => {
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: FOLDER, stdio: ["ignore", "pipe", "ignore"] }));
  context.diagnostic(`packed ${packed.size} bytes, unpacked ${packed.unpackedSize}`);
  assert.ok(packed.size <= LARGEST, `${packed.size} bytes`);
  const files = packed.files.map(({ path }) => path);
  for (const file of ["LICENSE", "README.md", "cli.js", "index.d.ts", "index.js", "verifier/verify.js"]) {
    assert.ok(files.includes(file), file);
  }
  assert.ok(!files.some((file) => file.startsWith("test/") || file === "build.js"));
  const { dependencies } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  assert.equal(dependencies, undefined);
});

test("everything that is exported has a type, and the other way round", async () => {
  const types = readFileSync(new URL("../index.d.ts", import.meta.url), "utf8");
  const typed = [...types.matchAll(/^export (?:function|class) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(typed.sort(), Object.keys(await import("../index.js")).sort());
});
