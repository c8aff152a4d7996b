// What clients/vectors/receipts.json recorded of a real router and chain, and a node over HTTP that answers as that chain did.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { build } from "../build.js";

build();

export const recorded = JSON.parse(readFileSync(new URL("../../vectors/receipts.json", import.meta.url), "utf8"));

/** The text of a changed receipt: a genuine one, of which a part is exchanged. */
export const forged = ({ of, at, cut, put }) => {
  const { receipt } = recorded.genuine[of];
  return receipt.slice(0, at) + put + receipt.slice(at + cut);
};

/** Receipts with cosignatures of witnesses, made from the recorded ones. */
export const { cases: witnessed } = JSON.parse(readFileSync(new URL("../../vectors/witnessed.json", import.meta.url), "utf8"));

export const cosigned = (one) => forged(one).replace("@@@", () => one.repeated.repeat(one.times));

/** Receipts with a stake behind them, made from the recorded ones, each with what its node says otherwise than one of a lane with a vault. */
export const { answers: behind, cases: staked } = JSON.parse(readFileSync(new URL("../../vectors/staked.json", import.meta.url), "utf8"));

const envelopes = JSON.parse(readFileSync(new URL("../../vectors/envelopes.json", import.meta.url), "utf8"));
const bytesOf = (base64) => Buffer.from(base64, "base64");

/** Receipts that a log has signed, and what of one is asked for in vain. */
export const { cases: logged, misuses } = envelopes;
export const enveloped = (form) => bytesOf(envelopes.genuine[form]);

/** The bytes of a changed one: a genuine one, of which a part is exchanged. */
export const envelope = ({ of, at, cut, put, times }) => {
  const genuine = enveloped(of);
  return Buffer.concat([genuine.subarray(0, at), ...Array(times).fill(bytesOf(put)), genuine.subarray(at + cut)]);
};

/** Copies of one, each with another byte: in turn with one of its bits changed. */
export function* bytesChanged(genuine, bits = 1) {
  for (let i = 0; i < genuine.length * bits; i++) {
    const other = Uint8Array.from(genuine);
    other[Math.floor(i / bits)] ^= 1 << (bits === 1 ? (3 * i) % 8 : i % bits);
    yield other;
  }
}

const keyOf = (method, params) => JSON.stringify([method, params]);
const answers = new Map(recorded.answers.map(({ method, params, ...answer }) => [keyOf(method, params), answer]));
const registry = JSON.parse(recorded.genuine[0].receipt).batch.registry;

/** What a chain has of which it was never asked: nothing. */
function nothing(method, [first]) {
  switch (method) {
    case "eth_call":
      return first.to === registry ? "0x" + "00".repeat(5 * 32) : "0x";
    case "eth_getCode":
      return "0x";
    case "eth_getLogs":
      return [];
    default:
      return null;
  }
}

export const answerOf = ({ id, method, params }) => ({
  jsonrpc: "2.0",
  id,
  ...(answers.get(keyOf(method, params)) ?? { result: nothing(method, params) }),
});

/** The answers of a node that says some things otherwise. */
export function saying(others) {
  const changed = new Map(others.map(({ method, params, ...answer }) => [keyOf(method, params), answer]));
  return ({ id, method, params }) => {
    const other = changed.get(keyOf(method, params));
    return other ? { jsonrpc: "2.0", id, ...other } : answerOf({ id, method, params });
  };
}

/** Listens on a free port of this machine, until the end of the tests that use it. */
export async function serve(handler) {
  const server = createServer(handler);
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

export async function bodyOf(request) {
  const parts = [];
  for await (const part of request) {
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/** A node; `answer` may change what it says. */
export const node = (answer = answerOf) =>
  serve(async (request, response) => {
    const asked = JSON.parse(await bodyOf(request));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(Array.isArray(asked) ? asked.map(answer) : answer(asked)));
  });
