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
    throw new Refused(answer.status, problem.detail ?? `The router answered with status ${answer.status}.`);
  }
  return answer;
}

/** The text of an answer. */
export const getText = async (path, signal) => (await ask(path, "application/json", signal)).text();

export const getJson = async (path, signal) => JSON.parse(await getText(path, signal));

/**
 * What the router says of itself: its parts to whoever has a key, only whether it is up to others. One that is not ready says so with
 * a status that is no failure here.
 */
export async function health() {
  const held = key.get();
  const headers = held ? { authorization: `Bearer ${held}` } : {};
  const answer = await fetch("q/health", { headers, cache: "no-store" });
  const { status, checks } = await answer.json();
  return status === "UP" || status === "DOWN" ? { status, checks } : { status: await plainHealth(), checks: [] };
}

/** A key that is refused must not hide whether the router is up. */
async function plainHealth() {
  const answer = await fetch("q/health", { cache: "no-store" });
  return (await answer.json()).status;
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
