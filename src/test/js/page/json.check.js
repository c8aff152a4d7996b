// The page reads JSON as strictly as the command, and knows the same members and the same registry.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { vaultAddress } from "../../../../target/served-page/backing.js";
import { concat, fromHex, hex } from "../../../../target/served-page/bytes.js";
import { REGISTRY, REGISTRY_CODE } from "../../../../target/served-page/chain.js";
import { NotJson, flatten, parse } from "../../../../target/served-page/json.js";
import { keccak256 } from "../../../../target/served-page/keccak.js";
import { TABLE } from "../../../../target/served-page/table.js";

const root = (path) => readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8");

test("the registry is the one of the artifact", () => {
  const { bytecode, deployedBytecode } = JSON.parse(root("contracts/artifacts/RoutingBatchRegistry.json"));
  assert.equal(hex(keccak256(fromHex(deployedBytecode))), REGISTRY_CODE);
  const factory = fromHex("0x4e59b44847b379578588920ca78fbf26c0b4956c");
  const made = keccak256(concat(Uint8Array.of(0xff), factory, new Uint8Array(32), keccak256(fromHex(bytecode))));
  assert.equal(hex(made.slice(12)), REGISTRY);
});

test("a vault is where the code of the artifact and its terms put it", () => {
  const { bytecode } = JSON.parse(root("contracts/artifacts/StakeVault.json"));
  const factory = fromHex("0x4e59b44847b379578588920ca78fbf26c0b4956c");
  for (const words of [new Uint8Array(13 * 32), crypto.getRandomValues(new Uint8Array(13 * 32))]) {
    const creation = keccak256(concat(fromHex(bytecode), new Uint8Array(12), fromHex(REGISTRY), words));
    const made = keccak256(concat(Uint8Array.of(0xff), factory, new Uint8Array(32), creation));
    assert.equal(vaultAddress(REGISTRY, words), hex(made.slice(12)), "make generate");
  }
});

test("the members are those that the command knows", () => {
  const java = root("src/main/java/openledger/commitment/verify/ReceiptTable.java");
  const [, text] = java.match(/TEXT = """\n(.*?)\n +"""/s);
  assert.equal(TABLE.trim(), text.replace(/^ +/gm, "").trim());
});

test("a number stays what was written", () => {
  const values = flatten(parse('{"a": 1.50, "b": 1.2345678E7, "c": 12345678901234567890, "d": -0, "e": 0.0e9, "f": -1e-3}'));
  assert.deepEqual(
    [...values].map(([path, { kind, text }]) => [path, kind, text]),
    [
      ["a", "decimal", "1.5"],
      ["b", "decimal", "12345678"],
      ["c", "number", "12345678901234567890"],
      ["d", "number", "0"],
      ["e", "decimal", "0"],
      ["f", "decimal", "-0.001"],
    ],
  );
});

test("a name with a dot meets no path", () => {
  assert.deepEqual([...flatten(parse('{"a.b": 1, "a": {"b": 2}}')).keys()], ['"a.b"', "a", "a.b"]);
});

test("refuses what the command refuses", () => {
  const deep = (levels) => "[".repeat(levels) + "]".repeat(levels);
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":{"b":1,"b":2}}',
    '{"a":1,"\\u0061":1}',
    "{",
    "{}x",
    "{'a':1}",
    '{"a":01}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":1.}',
    '{"a":NaN}',
    '{"a":1,}',
    '{"a":"\u0001"}',
    '{"a":"\\x"}',
    '{"a":1e99}',
    `{"a":${"1".repeat(33)}}`,
    `{"a":${deep(16)}}`,
  ]) {
    assert.throws(() => parse(text), NotJson, text);
  }
  assert.deepEqual(flatten(parse(`{"a":${deep(15)}}`)).get("a"), { kind: "array", text: "1" });
  assert.deepEqual(parse(JSON.stringify({ __proto__: null, a: ["\u00e9\ud83d\ude00\n", true, false, null] })).a.length, 4);
});
