// The router, as the page asks it: with the key in a header and never in an address.

const STORED = "openledger.key";

/** The router refuses, or cannot be reached. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The key of this tab; it does not outlive it. */
export const key = {
  get: () => sessionStorage.getItem(STORED),
  set: (value) => sessionStorage.setItem(STORED, value),
  forget: () => sessionStorage.removeItem(STORED),
};

async function ask(path, accept, signal) {
  const held = key.get();
  let answer;
  try {
    answer = await fetch(path, {
      headers: { accept, ...(held ? { authorization: `Bearer ${held}` } : {}) },
      cache: "no-store",
      signal,
    });
  } catch (why) {
    if (signal?.aborted) {
      throw why;
    }
    throw new Refused(0, "The router cannot be reached.");
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, problem.detail ?? `The router answers ${answer.status}.`);
  }
  return answer;
}

/** The text of an answer. */
export const getText = async (path, signal) => (await ask(path, "application/json", signal)).text();

export const getJson = async (path, signal) => JSON.parse(await getText(path, signal));

/** What the router says of itself to anybody; one that is not ready says so with a status that is no failure here. */
export async function health() {
  const answer = await fetch("q/health", { cache: "no-store" });
  return answer.json();
}

/** Hands on each event of a stream until it ends. A plain EventSource could not send the key in a header. */
export async function stream(path, signal, onEvent) {
  const answer = await ask(path, "text/event-stream", signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let pending = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    pending += value.replaceAll("\r", "");
    const events = pending.split("\n\n");
    pending = events.pop();
    for (const event of events) {
      const data = event
        .split("\n")
        .filter((part) => part.startsWith("data:"))
        .map((part) => part.slice(5).trimStart());
      if (data.length > 0) {
        onEvent(JSON.parse(data.join("\n")));
      }
    }
  }
}
