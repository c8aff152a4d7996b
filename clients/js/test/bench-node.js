// For `scripts/clients bench`: writes folders of recorded receipts, and is the node that they are verified against, until it is stopped.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf, node, recorded } from "./world.js";

/** Members in one order, since a verifier in another language may send them in another. */
const sorted = (value) =>
  Array.isArray(value)
    ? value.map(sorted)
    : value && typeof value === "object"
      ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
      : value;
const known = new Map(recorded.answers.map((one) => [JSON.stringify(sorted([one.method, one.params])), one.params]));
const answer = ({ id, method, params }) =>
  answerOf({ id, method, params: known.get(JSON.stringify(sorted([method, params]))) ?? params });

for (const [name, count] of [["few", 10], ["many", 1_000]]) {
  const folder = join(process.argv[2], name);
  mkdirSync(folder);
  for (let i = 0; i < count; i++) {
    const { receipt } = recorded.genuine[i % recorded.genuine.length];
    writeFileSync(join(folder, `${String(i).padStart(4, "0")}.json`), receipt);
  }
}
console.log((await node(answer)).url, recorded.lane);
