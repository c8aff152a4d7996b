// What the tests are told of the router and of the simulated providers behind it.

function told(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: JavaScriptSdksTest runs these tests`);
  }
  return value;
}

export const router = told("OPENLEDGER_URL");
export const key = told("OPENLEDGER_KEY");
export const wrongKey = "sk-wrong-0123456789abcdef";

const simulators = told("OPENLEDGER_SIMULATORS").split(",");
const patience = 10_000;

async function control(path, body) {
  return Promise.all(
    simulators.map(async (simulator) => {
      const answer = await fetch(`${simulator}/simulator/${path}`, body === undefined ? {} : { method: "POST", body });
      if (!answer.ok) {
        throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      }
      return answer;
    }),
  );
}

/** Forgets faults and counts. */
export async function reset() {
  await control("reset", "");
}

/** Has every provider do this to its next calls, one fault a call. */
export async function script(...faults) {
  await control("script", faults.join("\n"));
}

async function sum(member) {
  const counts = await Promise.all((await control("calls")).map((answer) => answer.json()));
  return counts.reduce((total, count) => total + count[member], 0);
}

/** Calls that reached any provider since the last reset. */
export function upstreamCalls() {
  return sum("calls");
}

/** Waits, bounded, until `many` calls were given up before their answers were whole. */
export async function abandoned(many) {
  const until = Date.now() + patience;
  while ((await sum("abandoned")) < many) {
    if (Date.now() > until) {
      throw new Error(`${many} calls should have been abandoned`);
    }
    await new Promise((later) => setTimeout(later, 20));
  }
}
