// The page in a browser, against a router that settles on a real chain.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import {
  browser,
  chat,
  checks,
  enter,
  key,
  node,
  open,
  openWithKey,
  otherKey,
  ownLane,
  pictures,
  receipts,
  request,
  requireAccessible,
  router,
  verify,
  word,
} from "./surroundings.js";

after(() => browser.close());

test("without a key it says what is public, and the browser has nothing to complain of", async () => {
  const { page, complaints, asked } = await open();
  await page.getByText("The router is up.").waitFor();

  assert.equal(await page.getByRole("rowheader", { name: "journal" }).count(), 0);
  assert.ok(await page.locator("#figures").isHidden());
  await requireAccessible(page);
  await page.screenshot({ path: `${pictures}/public.png`, fullPage: true });
  assert.deepEqual(complaints, []);
  assert.ok(asked.length > 10 && asked.every((sent) => new URL(sent.url()).origin === router));
});

test("runs nothing and asks nobody that the server does not allow", async () => {
  const { page } = await open();
  const refused = await page.evaluate(async () => {
    const found = [];
    document.addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
    document.body.append(Object.assign(document.createElement("img"), { src: "http://127.0.0.1:1/" }));
    document.body.setAttribute("style", "color: red");
    await fetch("http://127.0.0.1:1/").catch(() => {});
    try {
      document.body.innerHTML = "<b>";
    } catch {
      found.push("innerHTML");
    }
    await new Promise((later) => setTimeout(later, 200));
    return found;
  });

  for (const directive of ["img-src", "style-src-attr", "connect-src", "innerHTML"]) {
    assert.ok(refused.includes(directive), `${directive} in ${refused}`);
  }
});

test("a wrong key is refused in words, and forgotten", async () => {
  const { page } = await open();

  await enter(page, "sk-wrong-0123456789abcdef");

  await page.locator("#status", { hasText: "key" }).waitFor();
  assert.ok(await page.getByLabel("Your key").isVisible());
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});

test("the key stays in the tab and goes in a header alone", async () => {
  const { page, asked, complaints } = await openWithKey();

  assert.ok(asked.some((sent) => sent.headers().authorization === `Bearer ${key}`));
  assert.ok(asked.every((sent) => !sent.url().includes(key)));
  assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie, location.href]), [
    0,
    "",
    `${router}/`,
  ]);
  await page.reload();
  await page.locator("#objectives-table tbody tr").first().waitFor();
  await page.getByRole("button", { name: "Forget the key" }).click();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  assert.ok(await page.locator("#figures").isHidden());
  assert.deepEqual(complaints, []);
});

test("its figures move while there is load, and no focus is lost", async () => {
  const { page, complaints } = await openWithKey();
  await page.locator("#requests-table tbody tr").first().waitFor();
  const show = page.locator("#requests-table button").first();
  await show.focus();
  const before = await page.locator("#modes-table").textContent();

  for (let i = 0; i < 20; i++) {
    await chat();
  }

  const last = await chat();
  await page.waitForFunction((old) => document.getElementById("modes-table").textContent !== old, before);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Show");
  await page.getByLabel("Route").focus();
  await page.getByRole("button", { name: last }).waitFor();
  assert.deepEqual(complaints, []);
});

test("batches are drawn at their levels", async () => {
  const { page } = await openWithKey();
  await page.locator("#batches-chart rect.batch").first().waitFor();

  await page.getByText("The newest batches as a table").click();
  const [drawn, rows] = await page.evaluate(() =>
    ["#batches-chart rect.batch", "#batches-table tbody tr"].map((all) => document.querySelectorAll(all).length),
  );
  assert.equal(drawn, rows);
  assert.match(await page.locator("#batches-table tbody").textContent(), /FINALIZED/);
});

// The page shows no more of a member than a person reads.
const cut = (text) => (text.length > 120 ? `${text.slice(0, 120)}...` : text);

test("judges every receipt as openledger verify does, line by line", async () => {
  const { page, complaints } = await open();
  const verdicts = new Map();
  for (const { name, receipt, expected } of receipts) {
    const said = await verify(page, receipt);
    if (expected.checks) {
      assert.deepEqual(await checks(page), expected.checks, name);
      assert.equal(said, expected.why, name);
      const told = Object.entries(expected.routers_word).map(([path, value]) => [path, cut(String(value ?? "none"))]);
      assert.deepEqual(await word(page), told, name);
      const reached = expected.reached ? `Level by the evidence: ${expected.reached}. ${expected.meaning}` : "";
      assert.equal(await page.locator("#reached").textContent(), reached, name);
    } else {
      assert.equal(said, `The receipt cannot be checked. ${expected.why}`, name);
      assert.ok(await page.locator("#proof").isHidden(), name);
    }
    verdicts.set(name, expected.verdict);
  }
  assert.deepEqual(complaints, []);
  // What is compared is not nothing.
  const of = (verdict) => [...verdicts].filter(([, found]) => found === verdict).map(([name]) => name);
  assert.deepEqual(of("HOLDS").filter((name) => !name.startsWith("changed")).length, 6, of("HOLDS"));
  assert.ok(of("BROKEN").length >= 20, of("BROKEN"));
  assert.ok(of("OPEN").length >= 3, of("OPEN"));
});

test("a request is found by its id, told and proved, and its receipt can be saved", async () => {
  const { page, complaints } = await openWithKey();

  assert.match(await verify(page, request), /^VERIFIED: /);

  assert.match(await page.locator("#story-list").textContent(), /RATE_LIMITED.*outcome: FINALIZED/s);
  assert.ok(page.url().endsWith(`#receipt=${request}`));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Save the receipt" }).click(),
  ]);
  assert.equal(JSON.parse(await readFile(await download.path(), "utf8")).request, request);
  assert.deepEqual(complaints, []);
});

test("a request that is in no batch yet is waited for", async () => {
  const { page } = await openWithKey();

  assert.match(await verify(page, await chat()), /^VERIFIED: /);
});

test("what is no receipt is said to be none", async () => {
  const { page, complaints } = await open();
  for (const text of ["hello", "[]", "null", '{"request": 7}', `{"arrival": {}, "attempt_list": 3}`]) {
    assert.match(await verify(page, text), /^The receipt cannot be checked\. /, text);
    assert.ok(await page.locator("#story").isHidden(), text);
  }
  assert.deepEqual(complaints, []);
});

test("what is insisted on must be so", async () => {
  const { page } = await open();
  await page.getByText("Require a chain").click();
  await page.getByLabel("Chain id").fill("10");
  await page.getByLabel("Registry", { exact: true }).fill("0x" + "ef".repeat(20));

  assert.match(await verify(page, receipts[0].receipt, "7"), /^REFUTED: /);

  const failed = (await checks(page)).filter(({ finding }) => finding === "FAILED").map(({ subject }) => subject);
  assert.deepEqual(failed, ["CHAIN", "REGISTRY", "LANE"]);
});

test("who has cosigned the log is told, and checked against the witnesses that are named", async () => {
  const file = new URL("../../../../clients/vectors/", import.meta.url);
  const read = async (name) => JSON.parse(await readFile(new URL(name, file), "utf8"));
  const [{ of, at, put, options }] = (await read("witnessed.json")).cases;
  const { receipt: genuine } = (await read("receipts.json")).genuine[of];
  const receipt = genuine.slice(0, at) + put + genuine.slice(at);
  const { page, complaints } = await open();
  const found = async () => (await checks(page)).find(({ subject }) => subject === "WITNESSES");

  // The receipt is of another chain, so what is looked at is this one check.
  await verify(page, receipt);
  assert.equal(await found(), undefined);
  assert.match(await page.locator("#story-list").textContent(), /cosigned by witness first\.example\/witness/);
  await page.getByText("Require a chain").click();
  await page.getByLabel("Key of the log").fill(options[1]);
  await page.getByLabel("Keys of witnesses").fill(`${options[3]} ${options[5]}`);
  await verify(page, receipt);
  assert.equal((await found()).finding, "PASSED");
  await page.getByLabel("Keys of witnesses").fill(options[1]);
  assert.match(await verify(page, receipt), /no key of a witness, but of a log/);
  assert.deepEqual(complaints, []);
});

test("receipts that a log has signed are checked by the key of the log, from a file or pasted", async () => {
  const file = new URL("../../../../clients/vectors/envelopes.json", import.meta.url);
  const { genuine, cases } = JSON.parse(await readFile(file, "utf8"));
  const named = (name) => cases.find((one) => one.name === name);
  const { page, complaints } = await open();
  const said = async (pasted) => {
    await verify(page, pasted, "");
    return (await checks(page)).map(({ title, finding, text }) => ({ title, finding, text }));
  };
  const opened = async (form) => {
    await page.getByLabel("Or the file of a receipt").setInputFiles({
      name: "receipt",
      mimeType: "application/octet-stream",
      buffer: Buffer.from(genuine[form], "base64"),
    });
    await page.waitForFunction(() => document.getElementById("receipt").value !== "");
    return page.locator("#receipt").inputValue();
  };
  const proof = named("tlog-proof");

  const cose = await opened("COSE");
  assert.match(cose, /^0xd284/);
  assert.deepEqual(await said(cose), named("COSE without a key").checks);
  await page.getByText("Require a chain").click();
  await page.getByLabel("Key of the log").fill(proof.options[1]);
  assert.deepEqual(await said(cose), named("COSE").checks);
  assert.match(await page.locator("#verdict").textContent(), /^VERIFIED: the leaf is in the log that the key is of\.$/);
  assert.match(await page.locator("#word").textContent(), /status: SERVED/);
  assert.match(await verify(page, cose, "7"), /names no chain, so registry and lane cannot be checked/);
  assert.match(await verify(page, cose.slice(0, -2), ""), /begins like a COSE receipt, and is none/);
  await page.locator("#receipt").fill("");
  const text = await opened("tlog-proof");
  assert.deepEqual(await said(text), named("tlog-proof without a leaf").checks);
  await page.getByLabel("Leaf of a tlog-proof").fill(proof.options[3]);
  assert.deepEqual(await said(text), proof.checks);
  await page.screenshot({ path: `${pictures}/log.png`, fullPage: true });
  await page.getByLabel("Leaf of a tlog-proof").fill(named("tlog-proof of another leaf").options[3]);
  assert.deepEqual(await said(text), named("tlog-proof of another leaf").checks);
  assert.match(await verify(page, receipts[0].receipt, ""), /A leaf is for a tlog-proof, or for COSE/);
  assert.deepEqual(complaints, []);
});

test("a lane that nobody named is not checked, unless any will do or its owner is named", async () => {
  const { page } = await open();

  assert.match(await verify(page, receipts[0].receipt, ""), /^NOT CHECKED: /);

  const lane = (await checks(page)).find(({ subject }) => subject === "LANE");
  assert.match(lane.text, /which anybody can have opened/);
  await page.getByText("Require a chain").click();
  await page.getByLabel("Accept any lane").check();
  assert.match(await verify(page, receipts[0].receipt, ""), /^VERIFIED: /);
  await page.getByLabel("Accept any lane").uncheck();
  await page.getByLabel("Owner of the lane").fill("0x" + "ef".repeat(20));
  assert.match(await verify(page, receipts[0].receipt, ""), /^REFUTED: /);
});

test("a node that the page may not ask, one that is silent, and none leave open what they could tell", async () => {
  const { page } = await open();
  for (const [url, words] of [
    ["http://127.0.0.1:1/", /This page may not query that node\. The page may query http:/],
    [`${router}/v1/models`, /^NOT CHECKED: [^.]*\.$/],
    ["", /^NOT CHECKED: [^.]*\.$/],
  ]) {
    await page.getByLabel("Node of the chain").fill(url);
    assert.match(await verify(page, receipts[0].receipt), words);
    assert.ok((await checks(page)).every(({ finding }) => finding !== "FAILED"));
  }
  assert.equal(await page.locator("#nodes option").getAttribute("value"), node);
});

test("others see neither the request nor its proof", async () => {
  const { page } = await openWithKey({ key: otherKey });

  assert.match(await verify(page, request), /You have no request with this id/);

  assert.ok(await page.locator("#story").isHidden());
  assert.equal(await page.locator("#requests-table tbody tr").count(), 0);
});

test("all of it works with the keyboard alone, and where the focus is can be seen", async () => {
  const { page } = await open();
  const press = (name) => page.keyboard.press(name);
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      return { id: at.id, text: at.textContent.trim(), seen: outlineStyle !== "none" && outlineWidth !== "0px" };
    });
  const tabTo = async (wanted) => {
    for (let i = 0; i < 80; i++) {
      await press("Tab");
      const at = await focused();
      assert.ok(at.seen, `the focus on ${at.id || at.text} cannot be seen`);
      if (wanted(at)) {
        return;
      }
    }
    assert.fail(`no Tab leads to ${wanted}`);
  };

  await tabTo(({ text }) => text === "Skip to the figures");
  await tabTo(({ id }) => id === "key");
  await page.keyboard.type(key);
  await press("Enter");
  await page.locator("#requests-table tbody tr").first().waitFor();
  await tabTo(({ id }) => id === "route");
  await page.keyboard.type("assistant");
  assert.equal(await page.locator("#route").inputValue(), "assistant");
  await tabTo(({ text }) => text === "All cohorts as a table");
  await press("Enter");
  await page.locator("#cohorts-table tbody tr").first().waitFor();
  await tabTo(({ text }) => text === "Show");
  await press("Enter");
  await page.locator("#explorer-status", { hasText: /NOT CHECKED/ }).waitFor();
  await tabTo(({ id }) => id === "pin-lane");
  await page.keyboard.type(ownLane);
  await press("Enter");
  await page.locator("#explorer-status", { hasText: /VERIFIED/ }).waitFor();
  await page.keyboard.press("Shift+Tab");
});

/** Takes a picture of what stands from one element to another, for docs/pictures. */
async function pictureOf(page, name, first, last) {
  const box = (selector) => page.locator(selector).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return { top: top + scrollY, bottom: bottom + scrollY };
  });
  const [{ top }, { bottom }] = [await box(first), await box(last)];
  const clip = { x: 0, y: top - 24, width: page.viewportSize().width, height: bottom - top + 24 };
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true, clip });
}

for (const [name, options] of Object.entries({
  light: {},
  dark: { colorScheme: "dark" },
  narrow: { width: 360 },
})) {
  test(`is whole and open to everybody: ${name}`, async () => {
    const { page, complaints } = await openWithKey({ ...options, fragment: `#receipt=${request}` });
    await page.locator("#batches-chart rect.batch").first().waitFor();
    await page.locator("#requests-table tbody tr").first().waitFor();
    await verify(page, request);
    await page.getByText("All cohorts as a table").click();

    await requireAccessible(page);
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= room, `${wide} pixels in ${room}`);
    await page.getByText("All cohorts as a table").click();
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
    if (name === "light") {
      await pictureOf(page, "story", "#story-title", "#story-list");
      await pictureOf(page, "receipt", "#proof h3", "#checks li:nth-child(12)");
    }
    assert.deepEqual(complaints, []);
  });
}
