// A node of the chain, asked from a program: bounded in time and size, and in the words of the command.

import { concat } from "./verifier/bytes.js";
import { Node, NodeSilence } from "./verifier/node.js";

const LARGEST_ANSWER = 16 << 20;

/** The text of an answer; throws RangeError if it is longer than that. */
export async function textOf(answer, most) {
  const parts = [];
  let length = 0;
  const reader = answer.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError(`more than ${most} bytes`);
    }
    parts.push(next.value);
  }
  return new TextDecoder().decode(concat(...parts));
}

export class RpcNode extends Node {
  redirect = "error";

  constructor(url) {
    const { protocol, username } = new URL(url);
    if (!/^https?:$/.test(protocol) || username !== "") {
      throw new TypeError("node must be the http or https address of a node");
    }
    super(String(url));
  }

  async read(answer) {
    return JSON.parse(await textOf(answer, LARGEST_ANSWER));
  }

  /** The reason can have the address in it, and that a key. */
  unheard(answer) {
    return new NodeSilence(
      answer ? `a node answers ${answer.status} and no JSON` : "a node cannot be reached, or takes too long",
    );
  }
}
