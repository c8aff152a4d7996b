// Runs one proof in processes of its own, which all have ended when it has.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Inherited by every process of a proof, so that also those of another session (PostgreSQL) are found. */
const MARK = 'OPENLEDGER_PROOF';
const GRACE_MS = 30_000;
const SETTLING_MS = 5_000;

/**
 * Runs a command until it ends, or the time is over, or the signal aborts it.
 * @returns {Promise<{outcome: 'ended' | 'timeout' | 'aborted', code: number, printed: string, left: number}>} left: processes that it had left behind
 */
export async function runProof(command, { limitMs, log, abort, graceMs = GRACE_MS, echo = () => {} }) {
  const mark = randomUUID();
  const child = spawn(command[0], command.slice(1), {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, [MARK]: mark },
  });
  const file = createWriteStream(log);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      file.write(bytes);
      echo(bytes);
      // Its figure is one of the last lines; a proof may print for an hour.
      printed = (printed + bytes).slice(-100_000);
    });
  }
  // Not 'close': that one waits for whatever inherited the output.
  const ended = new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  });
  let timer;
  const outcome = await Promise.race([
    ended.then(() => 'ended'),
    new Promise((resolve) => {
      timer = setTimeout(() => resolve('timeout'), limitMs);
    }),
    new Promise((resolve) => {
      if (abort?.aborted) resolve('aborted');
      abort?.addEventListener('abort', () => resolve('aborted'), { once: true });
    }),
  ]);
  clearTimeout(timer);
  if (outcome !== 'ended') {
    signal(-child.pid, 'SIGTERM');
    await until(() => !alive(-child.pid), graceMs);
  }
  // A process that is about to end is not left behind.
  await until(() => leftovers(child.pid, mark).length === 0, outcome === 'ended' ? Math.min(graceMs, SETTLING_MS) : 0);
  const left = leftovers(child.pid, mark);
  left.forEach((pid) => signal(pid, 'SIGTERM'));
  await until(() => leftovers(child.pid, mark).length === 0, graceMs);
  leftovers(child.pid, mark).forEach((pid) => signal(pid, 'SIGKILL'));
  const code = outcome === 'ended' ? await ended : 1;
  // What is still in the pipes.
  await Promise.race([new Promise((resolve) => child.on('close', resolve)), sleep(500)]);
  child.stdout.destroy();
  child.stderr.destroy();
  await new Promise((resolve) => file.end(resolve));
  return { outcome, code, printed, left: left.length };
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Processes of a proof that still run: those of its group, and, where /proc tells, those that carry its mark. */
function leftovers(group, mark) {
  const marked = [];
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${MARK}=${mark}`)) marked.push(Number(pid));
      } catch {
        // It has ended, or is another user's.
      }
    }
  } catch {
    // No /proc: the group is all that is known.
  }
  return marked.length > 0 || !alive(-group) ? marked : [-group];
}

async function until(condition, limitMs) {
  const end = Date.now() + limitMs;
  while (!condition() && Date.now() < end) await sleep(50);
}
