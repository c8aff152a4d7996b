#!/usr/bin/env node
// `openledger verify` without Java: the same words and exit codes.

import { closeSync, openSync, readSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import * as printer from "./printer.js";
import { exitCode, pinned, verifyRead } from "./receipt.js";
import { RpcNode } from "./rpc.js";
import { UnreadableReceipt, readReceipt } from "./verifier/receipt.js";

const USAGE = `Usage: openledger-verify RECEIPT... --node URL [--lane N | --lane-owner ADDRESS | --any-lane]
                         [--chain-id N] [--registry ADDRESS] [--witness KEY... --log-key KEY [--witness-quorum K]] [--all] [--json]

Verifies receipts, the answers of GET /v1/receipts/{id}, against the chain. RECEIPT is a file, or a folder whose *.json files are read.
Without --registry, the registry must be the one that ships with this program. Without --lane or --lane-owner the lane is not
checked (exit code 2), unless --any-lane accepts every lane. The node is trusted for what is on its chain.
With --witness, all of them, or K, must have cosigned the log of --log-key.
Exit codes:
  0  verified: every check that matters was made and passed
  1  refuted; or misrouted: genuine, and a proof that rules or a promise were broken
  2  not checked: a check that matters could not be made, the receipt cannot be read, or wrong usage`;
const LARGEST = 1 << 20;
const AT_ONCE = 16;
const WORST = ["HOLDS", "OPEN", "MISROUTED", "BROKEN"];
const OPTIONS = {
  node: { type: "string" },
  rpc: { type: "string" },
  lane: { type: "string" },
  "lane-owner": { type: "string" },
  "any-lane": { type: "boolean" },
  "chain-id": { type: "string" },
  registry: { type: "string" },
  "log-key": { type: "string" },
  witness: { type: "string", multiple: true },
  "witness-quorum": { type: "string" },
  all: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

class Misuse extends Error {}

const print = (text) => process.stdout.write(text + "\n");

function files(given) {
  const found = given.flatMap((path) => {
    try {
      return statSync(path).isDirectory()
        ? readdirSync(path).filter((name) => name.endsWith(".json")).sort().map((name) => join(path, name))
        : [path];
    } catch {
      return [path];
    }
  });
  if (found.length === 0) {
    throw new Misuse("No *.json file was found in what was given.");
  }
  return found;
}

/** All of a file, or one byte more than a receipt may have, which is enough for the reader to refuse it. */
function read(path) {
  const bytes = Buffer.alloc(LARGEST + 1);
  let length = 0;
  let file;
  try {
    file = openSync(path, "r");
    for (let more = 1; more > 0 && length < bytes.length; length += more) {
      more = readSync(file, bytes, length, bytes.length - length, null);
    }
  } catch {
    return null;
  } finally {
    if (file !== undefined) {
      closeSync(file);
    }
  }
  try {
    return readReceipt(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, length)));
  } catch (why) {
    throw why instanceof TypeError ? new UnreadableReceipt("It is not JSON in UTF-8.") : why;
  }
}

async function verified(path, node, pins) {
  try {
    const receipt = read(path);
    if (!receipt) {
      throw new UnreadableReceipt("The file cannot be read.");
    }
    return { receipt, ...(await verifyRead(receipt, node, pins)) };
  } catch (why) {
    if (why instanceof UnreadableReceipt) {
      return { verdict: "OPEN", unreadable: why };
    }
    throw why;
  }
}

async function one(path, node, pins, { all, json }) {
  const found = await verified(path, node, pins);
  const { unreadable } = found;
  if (unreadable) {
    print(json ? printer.jsonUnreadable(unreadable) : printer.unreadable(unreadable));
  } else {
    print(json ? printer.json(found) : printer.text(found, { all }));
  }
  return found.verdict;
}

async function series(paths, node, pins, { json }) {
  const counts = { HOLDS: 0, OPEN: 0, MISROUTED: 0, BROKEN: 0 };
  for (let i = 0; i < paths.length; i += AT_ONCE) {
    const some = paths.slice(i, i + AT_ONCE);
    const all = await Promise.all(some.map((path) => verified(path, node, pins)));
    all.forEach((found, j) => {
      const name = basename(some[j]).replace(/\p{Cc}/gu, "?");
      const { unreadable } = found;
      counts[found.verdict]++;
      if (json) {
        print(unreadable ? printer.jsonUnreadable(unreadable, name) : printer.json(found, name));
      } else {
        print(printer.row(name, found, unreadable));
      }
    });
  }
  print(json ? printer.jsonTotals(counts) : printer.totals(counts));
  return WORST.findLast((verdict) => counts[verdict] > 0);
}

function parsed(argv) {
  try {
    return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  } catch (why) {
    throw new Misuse(why.message);
  }
}

/** Runs the command; its exit code. */
async function main(argv) {
  const { values, positionals } = parsed(argv);
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (positionals.length === 0) {
    throw new Misuse("A receipt is missing.");
  }
  const { lane, "lane-owner": laneOwner, "any-lane": anyLane } = values;
  if (anyLane && (lane !== undefined || laneOwner !== undefined)) {
    throw new Misuse("--any-lane cannot be combined with --lane or --lane-owner.");
  }
  let pins;
  try {
    pins = pinned({
      chainId: values["chain-id"],
      registry: values.registry,
      lane,
      laneOwner,
      anyLane,
      logKey: values["log-key"],
      witnesses: values.witness,
      witnessQuorum: values["witness-quorum"] && Number(values["witness-quorum"]),
    });
  } catch (why) {
    throw new Misuse(
      why.message.startsWith("pins.")
        ? "--registry and --lane-owner must be 0x and 40 hexadecimal digits, --lane and --chain-id a positive number."
        : `--log-key, --witness, --witness-quorum: ${why.message}`,
    );
  }
  const address = values.node ?? values.rpc;
  let node;
  try {
    node = address === undefined ? null : new RpcNode(address);
  } catch {
    throw new Misuse("--node must be the http or https address of a node.");
  }
  const paths = files(positionals);
  return exitCode(await (paths.length === 1 ? one(paths[0], node, pins, values) : series(paths, node, pins, values)));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (why) {
  process.stderr.write(why instanceof Misuse ? `${why.message}\n${USAGE}\n` : `openledger-verify failed: ${why.stack}\n`);
  process.exitCode = 2;
}
