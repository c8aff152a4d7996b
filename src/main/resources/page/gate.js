// The questions about the vault behind a leaf (openledger.verifier.EvidenceReader). Only the lane's gate is asked, whatever the receipt names.

import { readTerms } from "./backing.js";
import { hex, toBigInt } from "./bytes.js";
import { NodeSilence, bytes, calldata, hear, heard, malformed, number, orNone, silent, toNumber, words } from "./node.js";

/** What stands behind the leaf, by the registry's answer about the lane and by the newest block; asks the gate, if the receipt names it. */
export async function gateOf(node, receipt, laneOf, latest) {
  const lane = words("laneOf", bytes("laneOf", laneOf), 5);
  if (/^0x0*$/.test(hex(lane[0].slice(12)))) {
    throw new NodeSilence("nobody has opened the lane");
  }
  const gate = hex(lane[3].slice(12));
  const seconds = hear(() => {
    const block = orNone("the newest block", latest);
    if (block === null) {
      throw malformed("the newest block");
    }
    return toNumber("block.timestamp", block.timestamp);
  });
  const answers =
    gate === receipt.stake?.vault
      ? await heard(() => vault(node, gate, receipt))
      : silent("it is not the one that the receipt names");
  return { gate, seconds, answers };
}

async function vault(node, gate, { header, proof }) {
  const place = BigInt(proof.index) - (BigInt(header.size) - BigInt(header.count));
  if (place < 0n || place >= BigInt(header.count)) {
    throw new NodeSilence("the leaf has no place in the batch");
  }
  const call = (data) => ["eth_call", [{ to: gate, data: hex(data) }, "latest"]];
  const lane = number(header.lane);
  const [terms, active, punished] = await node.ask(
    call(calldata("terms()")),
    call(calldata("active(uint64)", lane)),
    call(calldata("isPunished(uint64,uint64,uint256)", lane, number(header.sequence), number(place))),
  );
  return {
    terms: there("terms", readTerms(bytes("terms", terms))),
    active: below(1n << 128n, "active", active),
    isPunished: below(2n, "isPunished", punished) === 1n,
  };
}

function there(what, value) {
  if (value === null) {
    throw malformed(what);
  }
  return value;
}

/** The one word of an answer, which is below a bound. */
function below(bound, what, answer) {
  const result = bytes(what, answer);
  return there(what, result.length === 32 && toBigInt(result) < bound ? toBigInt(result) : null);
}
