// A browser, and what the tests are told of the router. PageTest runs them.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

function told(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: PageTest runs these tests`);
  }
  return value;
}

export const router = told("OPENLEDGER_URL");
export const key = told("OPENLEDGER_KEY");
export const otherKey = told("OPENLEDGER_OTHER_KEY");
export const node = told("OPENLEDGER_NODE");
export const request = told("OPENLEDGER_REQUEST");
export const ownLane = told("OPENLEDGER_OWN_LANE");
export const pictures = told("OPENLEDGER_PICTURES");

/** `{name, receipt, expected}` each, where what is expected is what `openledger verify --json` said. */
export const receipts = readFileSync(told("OPENLEDGER_RECEIPTS"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const browser = await chromium.launch({
  executablePath: told("OPENLEDGER_BROWSER"),
  // Containers have no room for its sandbox; it sees nothing but our own page.
  args: ["--no-sandbox", "--disable-gpu"],
});

/** A tab with the page, that remembers what was complained of and asked for. */
export async function open({ width = 1100, colorScheme = "light", fragment = "" } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  const complaints = [];
  const asked = [];
  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(message.text());
    }
  });
  page.on("request", (sent) => asked.push(sent));
  await page.goto(`${router}/${fragment}`);
  return { page, complaints, asked };
}

/** A tab that shows figures. */
export async function openWithKey(options = {}) {
  const opened = await open(options);
  await enter(opened.page, options.key ?? key);
  await opened.page.locator("#objectives-table tbody tr").first().waitFor();
  return opened;
}

export async function enter(page, text) {
  await page.getByLabel("Your key").fill(text);
  await page.keyboard.press("Enter");
}

/** Has a receipt or an id checked, and waits for what is said; the lane is what somebody types who knows it. */
export async function verify(page, text, lane = ownLane) {
  const status = page.locator("#explorer-status");
  await page.getByLabel("Id or receipt").fill(text);
  await page.getByLabel("Lane", { exact: true }).fill(lane);
  await status.evaluate((place) => place.replaceChildren());
  await page.getByRole("button", { name: "Show and verify" }).click();
  await page.waitForFunction(() => !/^$|…$/.test(document.getElementById("explorer-status").textContent));
  return status.textContent();
}

/** What the page found, as `openledger verify --json` writes it. */
export function checks(page) {
  return page.locator("#checks li").evaluateAll((items) =>
    items.map((item) => ({
      subject: item.dataset.subject,
      title: item.querySelector("strong").textContent,
      finding: item.dataset.finding,
      text: item.querySelector("small").textContent,
    })),
  );
}

/** What the page prints as the router's word, as `openledger verify --json` has it. */
export function word(page) {
  return page.locator("#word li").evaluateAll((items) =>
    items.map((item) => [item.dataset.member, item.textContent.slice(item.dataset.member.length + 2)]),
  );
}

/** Nothing that is known to shut people out (WCAG 2.2 A and AA, and good practice). */
export async function requireAccessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3)}`),
    [],
  );
}

/** Asks for an answer, as load. */
export async function chat(model = "assistant") {
  const answer = await fetch(`${router}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello!" }] }),
  });
  await answer.text();
  return answer.headers.get("openledger-request");
}
