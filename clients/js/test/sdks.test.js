// The wrapped fetch in the SDKs, unmodified. src/test/js installs them; where they are not, this is skipped.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { bodyOf, node, recorded, serve } from "./world.js";

const { openledgerFetch, checkPromise } = await import("../index.js");
const { resolve } = createRequire(new URL("../../../src/test/js/package.json", import.meta.url));
const sdk = (name) => {
  try {
    return pathToFileURL(resolve(name)).href;
  } catch {
    return null;
  }
};
const [openai, anthropic] = [sdk("openai"), sdk("@anthropic-ai/sdk")];
const skip = !(openai && anthropic) && "The SDKs of src/test/js are not installed.";

const chain = await node();
const bodies = [];
const router = await serve(async (request, response) => {
  bodies.push({ asked: request.headers["openledger-receipt"], body: await bodyOf(request) });
  const text = { type: "text", text: "Hello!" };
  const answer = request.url.endsWith("/messages")
    ? { id: "m", type: "message", role: "assistant", model: "m", content: [text], usage: { input_tokens: 1, output_tokens: 1 } }
    : { id: "c", object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: "Hello!" } }] };
  response.writeHead(200, { "content-type": "application/json", "openledger-promise": recorded.promises[0].header });
  response.end(JSON.stringify(answer));
});
after(() => {
  chain.close();
  router.close();
});

test("the SDKs' answers are checked, with the bytes that they sent", { skip }, async () => {
  const told = [];
  const fetched = openledgerFetch(fetch, { node: chain.url, every: 0, onUnproved: (entry) => told.push(entry) });
  const messages = [{ role: "user", content: "Hello!" }];
  const { default: OpenAI } = await import(openai);
  const { default: Anthropic } = await import(anthropic);
  const chat = await new OpenAI({ baseURL: `${router.url}/v1`, apiKey: "a key", fetch: fetched }).chat.completions.create({ model: "assistant", messages });
  const message = await new Anthropic({ baseURL: router.url, apiKey: "a key", fetch: fetched }).messages.create({ model: "claude", max_tokens: 9, messages });
  assert.equal(chat.choices[0].message.content, "Hello!");
  assert.equal(message.content[0].text, "Hello!");
  assert.deepEqual(bodies.map(({ asked }) => asked), ["signed", "signed"]);
  assert.equal(fetched.counts().checked, 2);
  // The fake router always sends another request's promise; the key that it does not have says of which bytes.
  const { registry } = JSON.parse(recorded.genuine[0].receipt).batch;
  bodies.forEach(({ body }, i) => {
    const { text } = checkPromise(recorded.promises[0].header, body, { pins: { registry } });
    assert.equal(told[i].why, text);
  });
});
