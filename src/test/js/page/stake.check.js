// What the page shows of a stake, in a browser: the router's answers are made up here, because an honest lane has no penalties to show.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { browser, enter, key, open, pictures, requireAccessible } from "./surroundings.js";

after(() => browser.close());

/** An answer of the router with everything in it; StakeJsonTest holds its members against the code. */
const STAKE = JSON.parse(await readFile(new URL("stake.json", import.meta.url), "utf8"));
const NOBODY_ASKED = { open_games: 0, answer_by: undefined, games: [] };

/** A tab whose router watches a vault and says that. */
async function opened(status, body, options) {
  const { page, complaints } = await open(options);
  await page.evaluate(() => document.querySelector('meta[name="openledger-vault"]').setAttribute("content", "watched"));
  const type = status === 200 ? "application/json" : "application/problem+json";
  await page.route("**/v1/stake", (asked) => asked.fulfill({ status, contentType: type, body: JSON.stringify(body) }));
  await enter(page, key);
  await page.waitForFunction(() => document.getElementById("stake-finding").textContent !== "");
  return { page, complaints };
}

const finding = (page) => page.locator("#stake-finding").textContent();
const rows = (page, table) =>
  page.locator(`#stake-${table} tbody tr`).evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.innerText)));

test("a stake is shown with its games, the most urgent first, and its penalties", async () => {
  const { page, complaints } = await opened(200, STAKE);

  assert.equal(
    await finding(page),
    "12 ETH stand behind the next batch; the vault requires 10 ETH. 2 games are open; the next answer is due within 1 h 1 min. " +
      "2 penalties in 30 days.",
  );
  assert.equal(
    await page.locator("#stake-chart svg").getAttribute("aria-label"),
    "12 ETH active, 10 ETH required, 3 ETH leaving",
  );
  const amounts = Object.fromEntries(await rows(page, "amounts"));
  assert.deepEqual(Object.values(amounts), ["12 ETH", "10 ETH", "3 ETH", "1 ETH"]);
  assert.match(Object.keys(amounts)[2], /^Leaving\nnot behind new batches; can be lost until 2096-10-04 14:40 UTC at the latest$/);
  assert.deepEqual(
    (await rows(page, "games")).map(([, answer, left]) => [answer, left]),
    [
      ["none yet", "1 h 1 min"],
      ["none yet", "3 d"],
      ["given", "–"],
      ["none in time", "–"],
      ["given", "–"],
    ],
  );
  const asked = (await rows(page, "games")).map(([charge]) => charge.split("\n"));
  assert.deepEqual(asked[0], ["A committed leaf is withheld.", `asks for leaf 41,200 of the log; transaction 0x${"d4".repeat(32)}`]);
  for (const [at, words] of [
    [1, "the leaf that was promised of request 0xc7c7c7…c7c7"],
    [2, "the record of leaf 43"],
    [3, "the outcome of request 1,700,000"],
    [4, "the plan of request 0xe9e9e9…0000"],
  ]) {
    assert.ok(asked[at][1].startsWith(`asks for ${words};`), asked[at][1]);
  }
  assert.deepEqual(await rows(page, "penalties"), [
    [`The outcome of a request was not committed.\ntransaction 0x${"f1".repeat(32)}`, "–", "0.0005 ETH", "0.00015 ETH"],
    [`${STAKE.penalties[1].meaning}\ntransaction 0x${"f2".repeat(32)}`, "1,812", "0.00005 ETH", "0.000015 ETH"],
  ]);
  await page.getByText("The vault's terms, which never change").click();
  const terms = await page.locator("#stake-terms").innerText();
  assert.match(terms, /at least 10 ETH, or 0\.000001 ETH for each leaf of the last 1 h if that is more\./);
  assert.match(terms, /Of a penalty, 30 % are the reporter's/);
  assert.match(terms, /stays at risk for 10 d 1 h\./);
  assert.equal(await page.locator("#stake-vault").textContent(), STAKE.vault);
  assert.deepEqual(complaints, []);
});

test("without games and penalties there are no tables of them", async () => {
  const { page } = await opened(200, { ...STAKE, ...NOBODY_ASKED, penalties: [], leaving: "0", locked: "0" });

  assert.match(await finding(page), /No game is open\. No penalty in 30 days\.$/);
  assert.ok(await page.locator("#stake-games").isHidden());
  assert.ok(await page.locator("#stake-penalties").isHidden());
  assert.equal((await rows(page, "amounts")).length, 2);
});

test("a stake that is short, a vault that guards nothing, and a game whose time is over are called that", async () => {
  const little = { ...STAKE, ...NOBODY_ASKED, active: "9999999999999999999" };
  for (const [stake, words] of [
    [little, /^Only 9\.999999999999999999 ETH stand .* are required: the lane may commit for 1 d\./],
    [{ ...little, short_until: undefined }, /^Only .* are required: the lane cannot commit\./],
    [{ ...little, short_until: STAKE.as_of }, /^Only .* are required: the lane cannot commit\./],
    [{ ...little, is_gate: false, active: "5000" }, /^The vault is not the gate .* without a stake; 0\.000000000000005 ETH lie there for it\./],
    [{ ...STAKE, answer_by: STAKE.as_of - 1 }, /the next answer is due now: its time is over\./],
  ]) {
    const { page } = await opened(200, stake);
    assert.match(await finding(page), words);
    await page.close();
  }
});

test("when it was seen is said, and what is old is called old", async () => {
  const { page } = await opened(200, STAKE);
  assert.equal(await page.locator("#stake-as-of").textContent(), "As of 2096-10-02 07:06 UTC, block 1,234,567.");
  await page.close();

  const { page: later } = await opened(200, { ...STAKE, stale: true });
  assert.match(await later.locator("#stake-as-of").textContent(), /^This is old: .* since 2096-10-02 07:06 UTC, so all of it may be over\.$/);
  assert.equal(await later.locator("#stake-as-of.old").count(), 1);
});

test("a lane without a vault has a sentence, and nothing is asked of its router", async () => {
  const { page, complaints, asked } = await open();
  await enter(page, key);
  await page.locator("#objectives-table tbody tr").first().waitFor();

  assert.equal(await finding(page), "Nothing is at stake: this router's lane has no vault.");
  assert.ok(await page.getByText("How to put something at risk for a lane").isVisible());
  assert.ok(await page.locator("#stake-view").isHidden());
  assert.ok(asked.every((sent) => !sent.url().endsWith("/v1/stake")));
  assert.deepEqual(complaints, []);
});

test("a vault that was not read yet is called that, and the rest of the page works", async () => {
  const { page } = await opened(503, { detail: "The vault has not been read yet." });
  await page.locator("#objectives-table tbody tr").first().waitFor();

  assert.equal(await finding(page), "The vault has not been read yet.");
  assert.ok(await page.locator("#stake-none").isHidden());
  assert.ok(await page.locator("#stake-view").isHidden());
  assert.match(await page.locator("#status").textContent(), /^Live/);
});

for (const [name, options] of Object.entries({ light: {}, dark: { colorScheme: "dark" }, narrow: { width: 360 } })) {
  test(`the stake is whole and open to everybody: ${name}`, async () => {
    const { page, complaints } = await opened(200, STAKE, options);
    await page.locator("#stake-games tbody tr").first().waitFor();
    await page.locator("#objectives-table tbody tr").first().waitFor();
    await page.getByText("The vault's terms, which never change").click();

    await requireAccessible(page);
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= room, `${wide} pixels in ${room}`);
    await page.locator("#stake").screenshot({ path: `${pictures}/stake-${name}.png` });
    assert.deepEqual(complaints, []);
  });
}
