// Copies the page's verifier into verifier/, which is made anew for each test and package and is not in the repository:
//   node build.js
// The page's modules are the only source. The router writes the names of triggers as it serves them; here they come from the same enum.

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);
const PAGE = new URL("src/main/resources/page/", ROOT);
const TRIGGERS = new URL("src/main/java/openledger/routing/Trigger.java", ROOT);
const TO = new URL("verifier/", import.meta.url);
const ENTRIES = ["verify.js", "logged.js", "envelope.js", "node.js"];

const read = (url) => readFileSync(url, "utf8");

/** The names of the enum by code, as the router joins them. */
export function triggers(java = read(TRIGGERS)) {
  const constants = [...java.matchAll(/^ {4}([A-Z_]+)\((\d+)\)[,;]$/gm)].map(([, name, code]) => ({ name, code: Number(code) }));
  if (constants.length < 2 || constants.some(({ code }, i) => code !== i)) {
    throw new Error(`${fileURLToPath(TRIGGERS)}: its constants are not in the order of their codes`);
  }
  return constants.map(({ name }) => name).join(", ");
}

/** What the entries import, and what that imports. */
export function modules(entries = ENTRIES) {
  const found = new Set(entries);
  for (const name of found) {
    for (const [, other] of read(new URL(name, PAGE)).matchAll(/from "\.\/([a-z0-9]+\.js)"/g)) {
      found.add(other);
    }
  }
  return [...found].sort();
}

/** One module as it is in the package: without the comments, which stay with the source, and are a tenth of the whole. */
export const built = (name) =>
  `// Of src/main/resources/page/${name} in OpenLedger, which has the comments.\n` +
  read(new URL(name, PAGE))
    .replace("{{triggers}}", triggers())
    .replace(/^ *(?:\/\/ .*|\/\*\*[^]*?\*\/)\n/gm, "")
    .replace(/^\n+/, "");

/** Whole or not at all, and not if it is there: several tests can do this at once. */
function put(to, text) {
  if (!existsSync(to) || read(to) !== text) {
    const part = new URL(`${to.href}.${process.pid}`);
    writeFileSync(part, text);
    renameSync(part, to);
  }
}

export function build() {
  const names = modules();
  mkdirSync(TO, { recursive: true });
  for (const name of names) {
    put(new URL(name, TO), built(name));
  }
  for (const stale of readdirSync(TO).filter((name) => name.endsWith(".js") && !names.includes(name))) {
    rmSync(new URL(stale, TO));
  }
  put(new URL("LICENSE", import.meta.url), read(new URL("LICENSE", ROOT)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build();
}
