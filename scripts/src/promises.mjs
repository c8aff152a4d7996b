// What a proof says of each promise: held, broken, or not to be had on this machine, each within a limit of time. Its last line is the figure that
// scripts/proofs keeps.
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const start = promisify(execFile);

/** Thrown where a machine lacks something: then nothing is proved, and nothing is broken. */
export class NotHere extends Error {}

export const need = (holds, otherwise) => {
  if (!holds) throw new Error(otherwise);
};

/** A command's output; fails after so many seconds, or with what it printed. */
export async function run(command, parameters, seconds = 60, more = {}) {
  const { stdout } = await start(command, parameters, { timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 1 << 26, ...more });
  return stdout.trim();
}

/** Asks every 100 ms until something holds. */
export async function until(what, seconds, holds) {
  const end = Date.now() + seconds * 1000;
  let last;
  do {
    try {
      const value = await holds();
      if (value) return value;
    } catch (e) {
      last = e;
    }
    await sleep(100);
  } while (Date.now() < end);
  throw new Error(`${what}: not within ${seconds} s${last ? ` (${last.message})` : ''}`);
}

export function freePort() {
  return new Promise((done, wrong) => {
    const server = createServer().on('error', wrong);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A proof from its beginning to its exit code; close() stops what it has started, also after a fault, or when somebody has had enough. */
export async function prove(promises, main, close) {
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    await close();
    process.exit(promises.end());
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      promises.interrupt();
      end();
    });
  }
  try {
    await main();
  } catch (e) {
    promises.failed('all of it', e.stderr?.toString().trim() || e.message);
  }
  await end();
}

/** What has been promised so far. */
export class Promises {
  #proved = [];
  #notProved = [];
  #failed = [];
  #over = false;

  get broken() {
    return this.#failed.length > 0;
  }

  /** One promise, with the time it may take. What it returns is printed behind it. */
  async step(name, seconds, check) {
    if (this.#over) return false;
    const begin = Date.now();
    const abort = new AbortController();
    try {
      const late = sleep(seconds * 1000, undefined, { signal: abort.signal }).then(() => {
        throw new Error(`not within ${seconds} s`);
      });
      const figure = await Promise.race([check(), late]);
      this.#proved.push(name);
      console.log(`  proved      ${name}${figure ? `: ${figure}` : ''} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
      return true;
    } catch (e) {
      const why = e.stderr?.toString().trim().split('\n').slice(-5).join(' / ') || e.message;
      if (e instanceof NotHere) this.notProved(name, why);
      else this.failed(name, why);
      return false;
    } finally {
      abort.abort();
    }
  }

  /** Nothing is promised any more, and what was under way counts for nothing. */
  interrupt() {
    this.failed('all of it', 'interrupted');
    this.#over = true;
  }

  notProved(name, why) {
    if (this.#over) return;
    this.#notProved.push(name);
    console.log(`  NOT PROVED  ${name}: ${why}`);
  }

  failed(name, why) {
    if (this.#over) return;
    this.#failed.push(name);
    console.log(`  FAILED      ${name}: ${why}`);
  }

  /** The last line, and the exit code. */
  end() {
    console.log(`figure: ${this.#proved.length} proved, ${this.#notProved.length} not provable here, ${this.#failed.length} failed`);
    return this.broken ? 1 : 0;
  }
}
