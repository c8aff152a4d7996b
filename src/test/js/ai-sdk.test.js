// The AI SDK over its provider for OpenAI-compatible services, both unmodified.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, Output, RetryError, embedMany, generateText, jsonSchema, streamText, tool } from "ai";
import { abandoned, key, reset, router, script, upstreamCalls, wrongKey } from "./surroundings.js";

const provider = (apiKey = key) => createOpenAICompatible({ name: "openledger", baseURL: `${router}/v1`, apiKey });
const model = (route = "assistant", apiKey = key) => provider(apiKey).chatModel(route);
const weather = tool({
  description: "The weather of a city",
  inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } } }),
});

beforeEach(reset);

test("chats", async () => {
  const answer = await generateText({ model: model(), prompt: "Hello!" });

  assert.ok(answer.text);
  assert.equal(answer.finishReason, "stop");
});

test("streams and skips our last chunk", async () => {
  const stream = streamText({ model: model(), prompt: "Hello!" });
  let text = "";
  for await (const part of stream.textStream) {
    text += part;
  }

  assert.ok(text);
  assert.equal(await stream.finishReason, "stop");
});

test("calls tools", async () => {
  const answer = await generateText({ model: model(), prompt: "What is the weather?", tools: { weather } });

  assert.equal(answer.toolCalls[0].toolName, "weather");
});

test("calls tools in a stream, with targets of another dialect too", async () => {
  for (const route of ["assistant", "scribe"]) {
    const stream = streamText({ model: model(route), prompt: "What is the weather?", tools: { weather } });
    await stream.consumeStream();

    assert.equal((await stream.toolCalls)[0].toolName, "weather", route);
  }
});

test("sends a conversation back to targets of another dialect, with ids of another provider", async () => {
  for (const toolCallId of ["call:1/2", "functions.weather:0", "x".repeat(100)]) {
    const answer = await generateText({
      model: model("scribe"),
      tools: { weather },
      providerOptions: { openledger: { reasoningEffort: "low", user: "ann@example.org" } },
      seed: 7,
      messages: [
        { role: "user", content: "What is the weather in Bern?" },
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "hm" },
            { type: "text", text: " " },
            { type: "tool-call", toolCallId, toolName: "weather", input: { city: "Bern" } },
          ],
        },
        {
          role: "tool",
          content: [{ type: "tool-result", toolCallId, toolName: "weather", output: { type: "text", value: "sunny" } }],
        },
      ],
    });

    assert.equal(answer.toolCalls[0].toolName, "weather", toolCallId);
  }
});

test("asks for an object, from targets of another dialect too", async () => {
  const output = Output.object({
    schema: jsonSchema({ type: "object", properties: { city: { type: "string" } }, additionalProperties: false }),
  });
  const structured = createOpenAICompatible({
    name: "openledger",
    baseURL: `${router}/v1`,
    apiKey: key,
    supportsStructuredOutputs: true,
  });

  // The simulator says a sentence, which is no object: what counts is that it was asked.
  const answer = await generateText({ model: structured.chatModel("scribe"), prompt: "Hello!", output }).catch(
    (error) => error,
  );

  assert.ok(!APICallError.isInstance(answer) && !RetryError.isInstance(answer), String(answer));
});

test("embeds", async () => {
  const answer = await embedMany({ model: provider().textEmbeddingModel("assistant"), values: ["a", "b"] });

  assert.equal(answer.embeddings.length, 2);
});

test("errors have their status", async () => {
  await assert.rejects(generateText({ model: model("assistant", wrongKey), prompt: "Hello!" }), status(401));
  await assert.rejects(generateText({ model: model("nope"), prompt: "Hello!" }), status(404));
  await script("status 400");
  await assert.rejects(generateText({ model: model(), prompt: "Hello!" }), status(400));
});

// It looks at the status alone and sends again, each time as a new request; what it cannot do is raise a budget.
test("each of its retries has one budget", async () => {
  await script(...Array(8).fill("status 500"));

  await assert.rejects(generateText({ model: model(), prompt: "Hello!", maxRetries: 1 }), (error) => {
    assert.ok(RetryError.isInstance(error));
    assert.match(error.message, /budget/);
    return true;
  });
  assert.equal(await upstreamCalls(), 8);
});

test("a stream that breaks is an error", async () => {
  await script("error 2");
  const errors = [];
  const stream = streamText({ model: model(), prompt: "Hello!", onError: ({ error }) => errors.push(error) });
  await stream.consumeStream();

  assert.equal(errors.length, 1);
});

test("aborting cancels the call upstream", async () => {
  await script("hang-after 2");
  const leave = new AbortController();
  const stream = streamText({ model: model(), prompt: "Hello!", abortSignal: leave.signal });
  for await (const part of stream.textStream) {
    assert.ok(part);
    leave.abort();
  }

  await abandoned(1);
  assert.equal(await upstreamCalls(), 1);
});

function status(code) {
  return (error) => {
    assert.ok(APICallError.isInstance(error), String(error));
    assert.equal(error.statusCode, code);
    return true;
  };
}
