// The Python package says of every change of every member of the recorded receipts what this one says, line for line.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bytesChanged, envelope, forged, logged, node, recorded } from "./world.js";

const PACKAGE = fileURLToPath(new URL("../../python/", import.meta.url));
const CLI = fileURLToPath(new URL("../cli.js", import.meta.url));
const LONGEST = 240_000;
const skip = isMissing() && "Python 3.10 or newer was not found, so its package is not compared.";

function isMissing() {
  try {
    execFileSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"], { stdio: "ignore" });
    return false;
  } catch {
    return true;
  }
}

const run = (command, options) =>
  new Promise((done) => {
    const settings = { cwd: PACKAGE, maxBuffer: 1 << 29, timeout: LONGEST };
    execFile(command, options, settings, (failure, out, err) => done({ code: failure?.code ?? 0, lines: out.split("\n"), err }));
  });

const other = (value) => {
  switch (typeof value) {
    case "string":
      return value === "" ? "x" : value.slice(0, -1) + (value.endsWith("1") ? "2" : "1");
    case "number":
      return value + 1;
    case "boolean":
      return !value;
    default:
      return Array.isArray(value) ? [] : {};
  }
};

/** Copies of a receipt, each with one member or element changed, and taken away, null, of another type, strange or renamed in turn. */
function* changes(text, below = "") {
  const places = [];
  const walk = (value, path) => {
    for (const name of Object.keys(value)) {
      places.push([...path, name]);
      if (typeof value[name] === "object" && value[name] !== null) {
        walk(value[name], [...path, name]);
      }
    }
  };
  walk(JSON.parse(text), []);
  const changed = (parent, name) => (parent[name] = other(parent[name]));
  const kinds = Object.values({
    removed: (parent, name) => (Array.isArray(parent) ? parent.splice(name, 1) : delete parent[name]),
    null: (parent, name) => (parent[name] = null),
    retyped: (parent, name) => (parent[name] = typeof parent[name] === "string" ? 7 : "7"),
    strange: (parent, name) => (parent[name] = "\u202e\u001b[2J😀\ud800".repeat(20)),
    renamed: (parent, name) => {
      parent[`${name}\u00e9`] = parent[name];
    },
  });
  for (const [i, path] of places.filter(([first]) => below === "" || first === below).entries()) {
    for (const change of [changed, kinds[i % kinds.length]]) {
      const copy = JSON.parse(text);
      change(path.slice(0, -1).reduce((at, name) => at[name], copy), path.at(-1));
      yield JSON.stringify(copy);
    }
  }
}

/** JSON that the one or the other could read in another way. */
const ODD = [
  "",
  " ",
  "7",
  "{}",
  "[]",
  '{"request":1.5e3}',
  '{"a":1,"a":2}',
  '{"a":NaN}',
  "{'a':1}",
  '{"a":01}',
  '{"a":1e999999999}',
  `{"a":${"9".repeat(33)}}`,
  `${"[".repeat(17)}${"]".repeat(17)}`,
  `{"a":${"[".repeat(15)}${"]".repeat(15)}}`,
  "[".repeat(100_000),
  '{"a":"\\ud800"}',
  '{"a":"\\x"}',
  '{"a":"\t"}',
  '{"a":tru}',
  '{"a":1}{"b":1}',
  "\ufeff{}",
];

test("Python and JavaScript say the same, line for line", { skip, timeout: LONGEST }, async () => {
  const chain = await node();
  const folder = mkdtempSync(join(tmpdir(), "openledger-same-"));
  after(() => {
    chain.close();
    rmSync(folder, { recursive: true });
  });
  const texts = [...ODD, ...recorded.forged.map(forged)];
  const confirmed = recorded.genuine.find(({ name }) => name === "confirmed, gate response");
  const signed = recorded.genuine.find(({ name }) => name === "signed");
  texts.push(...recorded.genuine.map(({ receipt }) => receipt), ...changes(confirmed.receipt), ...changes(signed.receipt, "promise"));
  for (const [options, files] of [[["--json"], texts.length], [[], ODD.length + recorded.forged.length]]) {
    const from = join(folder, `${files}`);
    mkdirSync(from);
    texts.slice(0, files).forEach((text, i) => writeFileSync(join(from, `r${String(i).padStart(5, "0")}.json`), text));
    const all = [from, "--node", chain.url, "--lane", String(recorded.lane), ...options];
    const mine = await run(process.execPath, [CLI, ...all]);
    const theirs = await run("python3", ["-m", "openledger_verify", ...all]);
    assert.equal(theirs.err, "");
    assert.equal(mine.lines.length, files + 2);
    mine.lines.forEach((line, i) => assert.equal(theirs.lines[i], line, texts[i]));
    assert.deepEqual([theirs.code, theirs.lines.length], [mine.code, mine.lines.length]);
  }
});

test("Python and JavaScript say the same of receipts that a log has signed, whatever byte is another", { skip, timeout: LONGEST }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "openledger-same-"));
  after(() => rmSync(folder, { recursive: true }));
  const [{ options }] = logged;
  const all = [...logged.map(envelope)];
  for (const name of ["COSE", "tlog-proof, two of two"]) {
    all.push(...bytesChanged(envelope(logged.find((one) => one.name === name))));
  }
  all.forEach((bytes, i) => writeFileSync(join(folder, `r${String(i).padStart(5, "0")}.json`), bytes));
  const mine = await run(process.execPath, [CLI, folder, ...options, "--json"]);
  const theirs = await run("python3", ["-m", "openledger_verify", folder, ...options, "--json"]);
  assert.equal(theirs.err, "");
  assert.equal(mine.lines.length, all.length + 2);
  mine.lines.forEach((line, i) => assert.equal(theirs.lines[i], line));
  assert.deepEqual([mine.code, theirs.code], [1, 1]);
});

test("Python prints a receipt as the command does", { skip, timeout: LONGEST }, async () => {
  const chain = await node();
  const folder = mkdtempSync(join(tmpdir(), "openledger-same-"));
  after(() => {
    chain.close();
    rmSync(folder, { recursive: true });
  });
  const some = recorded.genuine.filter(({ name }) => ["signed", "confirmed, gate dispatch"].includes(name));
  assert.equal(some.length, 2);
  for (const { receipt, printed, line, code } of some) {
    const path = join(folder, "one.json");
    writeFileSync(path, receipt);
    for (const [options, expected] of [[[], printed], [["--json"], line]]) {
      const found = await run("python3", ["-m", "openledger_verify", path, "--node", chain.url, "--lane", String(recorded.lane), ...options]);
      assert.deepEqual([found.code, found.err, found.lines.join("\n")], [code, "", expected]);
    }
    const all = [path, "--node", chain.url, "--any-lane", "--all"];
    assert.deepEqual(await run("python3", ["-m", "openledger_verify", ...all]), await run(process.execPath, [CLI, ...all]));
  }
});
