#!/usr/bin/env node
// `openledger verify` without Java: the same words and exit codes.

import { closeSync, openSync, readSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import * as printer from "./printer.js";
import { exitCode, isUseless, leafOf, pinned, verifyBytes } from "./receipt.js";
import { RpcNode } from "./rpc.js";
import { isLogged, isOfChain, refuse } from "./verifier/envelope.js";
import { VERDICTS } from "./verifier/finding.js";
import { LARGEST, UnreadableReceipt } from "./verifier/receipt.js";

const USAGE = `Usage: openledger-verify RECEIPT... --node URL [--lane N | --lane-owner ADDRESS | --any-lane]
                         [--chain-id N] [--registry ADDRESS] [--witness KEY... --log-key KEY [--witness-quorum K]] [--all] [--json]
       openledger-verify RECEIPT --log-key KEY [--leaf HEX] [--witness KEY... [--witness-quorum K]] [--json]

Verifies receipts, the answers of GET /v1/receipts/{id}, against the chain; as COSE or tlog-proof with the key of the log, the latter with
the leaf that it does not contain. RECEIPT is a file, or a folder whose *.json files are read.
Without --registry, the registry must be the one that ships with this program. Without --lane or --lane-owner the lane is not
checked (exit code 2), unless --any-lane accepts every lane. The node is trusted for what is on its chain.
With --witness, all of them, or K, must have cosigned the log of --log-key.
Exit codes:
  0  verified: every check that matters was made and passed
  1  refuted; or misrouted: genuine, and a proof that rules or a promise were broken
  2  not checked: a check that matters could not be made, the receipt cannot be read, or wrong usage`;
const AT_ONCE = 16;
const FOR_LOGS = "--leaf, and --log-key without --witness, are for COSE and tlog-proof; this receipt is JSON.";
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
  leaf: { type: "string" },
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
  return bytes.subarray(0, length);
}

async function verified(path, node, pins, leaf, check) {
  const bytes = read(path);
  return bytes
    ? verifyBytes(bytes, node, pins, leaf, check)
    : { verdict: "OPEN", unreadable: new UnreadableReceipt("The file cannot be read.") };
}

async function one(path, node, pins, values) {
  const { all, json } = values;
  const leaf = leafOf(values.leaf);
  const found = await verified(path, node, pins, leaf, (receipt) => {
    const no = isLogged(receipt) ? noLogged(receipt, node, pins) : isUseless(pins, leaf) && FOR_LOGS;
    if (no) {
      throw new Misuse(no);
    }
  });
  const { unreadable } = found;
  if (unreadable) {
    print(json ? printer.jsonUnreadable(unreadable) : printer.unreadable(unreadable));
  } else {
    print(json ? printer.json(found) : printer.text(found, { all }));
  }
  return found.verdict;
}

/** What was asked for and cannot be checked must not look as if it had been. */
function noLogged({ note }, node, pins) {
  if (node || pins.anyLane || isOfChain(pins)) {
    return "This receipt names no chain and no body: it is checked with --log-key, --witness and --leaf alone. Get it as JSON for the rest.";
  }
  return !note && pins.log.witnesses.length > 0
    ? "A COSE receipt cannot carry cosignatures of witnesses: get it as JSON or as tlog-proof for --witness."
    : null;
}

async function series(paths, node, pins, { json }) {
  const counts = { HOLDS: 0, OPEN: 0, MISROUTED: 0, BROKEN: 0 };
  for (let i = 0; i < paths.length; i += AT_ONCE) {
    const some = paths.slice(i, i + AT_ONCE);
    const all = await Promise.all(some.map((path) => verified(path, node, pins, undefined, refuse)));
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
  return VERDICTS.findLast((verdict) => counts[verdict] > 0);
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
  if (paths.length > 1 && values.leaf !== undefined) {
    throw new Misuse("--leaf needs exactly one receipt; several were given.");
  }
  try {
    leafOf(values.leaf);
  } catch {
    throw new Misuse("--leaf must be 0x and 192 hexadecimal digits.");
  }
  return exitCode(await (paths.length === 1 ? one(paths[0], node, pins, values) : series(paths, node, pins, values)));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (why) {
  process.stderr.write(why instanceof Misuse ? `${why.message}\n${USAGE}\n` : `openledger-verify failed: ${why.stack}\n`);
  process.exitCode = 2;
}
