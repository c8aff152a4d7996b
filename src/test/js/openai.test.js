// OpenAI's JavaScript SDK, unmodified, with its own retries on.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import OpenAI from "openai";
import { abandoned, key, reset, router, script, upstreamCalls, wrongKey } from "./surroundings.js";

const client = (apiKey = key) => new OpenAI({ baseURL: `${router}/v1`, apiKey });
const hello = { model: "assistant", messages: [{ role: "user", content: "Hello!" }] };
const weather = {
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};

beforeEach(reset);

test("chats", async () => {
  const answer = await client().chat.completions.create(hello);

  assert.ok(answer.choices[0].message.content);
});

test("streams to a plain loop over the first choice, in chunks of one completion", async () => {
  let text = "";
  let finish;
  const ids = new Set();
  const stream = await client().chat.completions.create({ ...hello, stream: true });
  for await (const chunk of stream) {
    text += chunk.choices[0].delta.content ?? "";
    finish = chunk.choices[0].finish_reason ?? finish;
    ids.add(`${chunk.id} ${chunk.model}`);
  }

  assert.ok(text);
  assert.equal(finish, "stop");
  assert.equal(ids.size, 1);
});

test("its stream helper puts the whole answer together, as the provider's own", async () => {
  const asked = { ...hello, stream_options: { include_usage: true } };
  const answer = await client().chat.completions.stream(asked).finalChatCompletion();

  assert.ok(answer.choices[0].message.content);
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.equal(answer.model, "sim-large");
  assert.ok(answer.usage.completion_tokens > 0);
});

test("calls tools", async () => {
  const answer = await client().chat.completions.create({ ...hello, tools: [weather] });

  assert.equal(answer.choices[0].message.tool_calls[0].function.name, "weather");
});

test("its stream helper puts a tool's call together", async () => {
  const answer = await client()
    .chat.completions.stream({ ...hello, tools: [weather] })
    .finalChatCompletion();

  const call = answer.choices[0].message.tool_calls[0];
  assert.equal(call.function.name, "weather");
  JSON.parse(call.function.arguments);
});

test("chats with targets of another dialect", async () => {
  const answer = await client().chat.completions.stream({ ...hello, model: "scribe" }).finalChatCompletion();

  assert.ok(answer.choices[0].message.content);
});

test("embeds", async () => {
  const answer = await client().embeddings.create({ model: "assistant", input: ["a", "b"] });

  assert.equal(answer.data.length, 2);
  assert.ok(answer.data.every((one) => one.embedding.length > 0 && one.embedding.every(Number.isFinite)));
});

test("lists models", async () => {
  const ids = [];
  for await (const model of client().models.list()) {
    ids.push(model.id);
  }

  assert.ok(ids.includes("assistant"));
});

test("responds", async () => {
  const answer = await client().responses.create({ model: "assistant", input: "Hello!" });

  assert.equal(answer.status, "completed");
  assert.ok(answer.output_text);
});

test("responds in a stream", async () => {
  let text = "";
  let last;
  for await (const event of await client().responses.create({ model: "assistant", input: "Hello!", stream: true })) {
    text += event.type === "response.output_text.delta" ? event.delta : "";
    last = event;
  }

  assert.ok(text);
  assert.equal(last.type, "response.completed");
  assert.equal(last.openledger.attempts, 1);
});

test("responds to the SDK's own reader of streams, which refuses events it does not know", async () => {
  const answer = await client().responses.stream({ model: "assistant", input: "Hello!" }).finalResponse();

  assert.equal(answer.status, "completed");
});

test("every error has its class", async () => {
  await assert.rejects(client(wrongKey).chat.completions.create(hello), OpenAI.AuthenticationError);
  await assert.rejects(client().chat.completions.create({ ...hello, model: "nope" }), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, "model_not_found");
    return true;
  });
  await script("status 400");
  await assert.rejects(client().chat.completions.create(hello), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.match(error.message, /simulated status 400/);
    return true;
  });
});

test("its retries do not multiply ours", async () => {
  await script(...Array(4).fill("status 500"));

  await assert.rejects(client().chat.completions.create(hello), (error) => {
    assert.ok(error instanceof OpenAI.InternalServerError);
    assert.equal(error.status, 503);
    assert.equal(error.code, "budget_exhausted");
    return true;
  });
  assert.equal(await upstreamCalls(), 4);
});

test("a stream that breaks is an error", async () => {
  await script("error 2");
  const stream = await client().chat.completions.create({ ...hello, stream: true });

  await assert.rejects(async () => {
    for await (const chunk of stream) {
      assert.ok(chunk);
    }
  }, OpenAI.APIError);
  assert.equal(await upstreamCalls(), 1);
});

test("aborting cancels the call upstream", async () => {
  await script("hang-after 2");
  const stream = await client().chat.completions.create({ ...hello, stream: true });
  for await (const chunk of stream) {
    assert.ok(chunk);
    stream.controller.abort();
  }

  await abandoned(1);
  assert.equal(await upstreamCalls(), 1);
});
