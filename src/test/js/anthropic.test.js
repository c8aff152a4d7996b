// Anthropic's JavaScript SDK, unmodified, with its own retries on.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { abandoned, key, reset, router, script, upstreamCalls, wrongKey } from "./surroundings.js";

const client = (apiKey = key) => new Anthropic({ baseURL: router, apiKey });
const hello = { model: "scribe", max_tokens: 64, messages: [{ role: "user", content: "Hello!" }] };
const weather = { name: "weather", input_schema: { type: "object", properties: { city: { type: "string" } } } };

beforeEach(reset);

test("sends messages", async () => {
  const answer = await client().messages.create(hello);

  assert.equal(answer.type, "message");
  assert.ok(answer.content[0].text);
});

test("streams and skips our event", async () => {
  const types = [];
  for await (const event of await client().messages.create({ ...hello, stream: true })) {
    types.push(event.type);
  }

  assert.equal(types[0], "message_start");
  assert.ok(types.includes("content_block_delta"));
  assert.equal(types.at(-1), "message_stop");
});

test("its stream helper puts the whole answer together", async () => {
  const answer = await client().messages.stream(hello).finalMessage();

  assert.ok(answer.content[0].text);
  assert.equal(answer.stop_reason, "end_turn");
});

test("uses tools", async () => {
  const answer = await client().messages.create({ ...hello, tools: [weather] });

  assert.equal(answer.content.find((block) => block.type === "tool_use").name, "weather");
});

test("uses tools in a stream", async () => {
  const answer = await client()
    .messages.stream({ ...hello, tools: [weather] })
    .finalMessage();

  assert.equal(answer.content.find((block) => block.type === "tool_use").name, "weather");
});

test("every error has its class", async () => {
  await assert.rejects(client(wrongKey).messages.create(hello), Anthropic.AuthenticationError);
  await assert.rejects(client().messages.create({ ...hello, model: "nope" }), Anthropic.NotFoundError);
  await script("status 400");
  await assert.rejects(client().messages.create(hello), (error) => {
    assert.ok(error instanceof Anthropic.BadRequestError);
    assert.match(error.message, /simulated status 400/);
    return true;
  });
});

test("its retries do not multiply ours", async () => {
  await script(...Array(4).fill("status 529"));

  await assert.rejects(client().messages.create(hello), (error) => {
    assert.ok(error instanceof Anthropic.InternalServerError);
    assert.equal(error.status, 503);
    assert.match(error.message, /budget/);
    return true;
  });
  assert.equal(await upstreamCalls(), 4);
});

test("a stream that breaks is an error", async () => {
  await script("error 2");

  await assert.rejects(client().messages.stream(hello).finalMessage(), Anthropic.APIError);
  assert.equal(await upstreamCalls(), 1);
});

test("aborting cancels the call upstream", async () => {
  await script("hang-after 2");
  const stream = await client().messages.create({ ...hello, stream: true });
  for await (const event of stream) {
    assert.ok(event);
    stream.controller.abort();
  }

  await abandoned(1);
  assert.equal(await upstreamCalls(), 1);
});
