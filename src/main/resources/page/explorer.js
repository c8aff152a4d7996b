// One request: its story, and its proof checked here.

import { Refused, getText } from "./api.js";
import { fromHex, hex, readUtf8, utf8 } from "./bytes.js";
import { byId, el, say } from "./dom.js";
import { isLogged, readForm, refuse } from "./envelope.js";
import { shown } from "./json.js";
import { LOG_CONCLUSIONS, NOT_PROVED_BY_LOG, verifyLogged } from "./logged.js";
import { Node, noEvidence } from "./node.js";
import { NotANote } from "./note.js";
import { LARGEST, UnreadableReceipt } from "./receipt.js";
import { Story } from "./story.js";
import { CONCLUSIONS, MEANINGS, NOT_PROVED, verify } from "./verify.js";
import { logPins } from "./witnesses.js";

const MARKS = { PASSED: "ok", FAILED: "refuted", MISROUTE: "misroute", UNCHECKED: "open", SKIPPED: "–" };
const NO_ED25519 = "This browser cannot check signatures of logs (Ed25519).";
const PROOF = "c2sp.org/tlog-proof@";
/** How long a request that is in no batch yet is waited for. */
const PATIENCE = "?wait=SEQUENCED&timeout=20s";

export class Explorer {
  constructor(nodes) {
    this.nodes = nodes;
    this.story = new Story();
    this.turn = 0;
    byId("nodes").append(...nodes.map((value) => el("option", { value })));
    byId("node").value = nodes[0] ?? "";
    say(byId("node-note"), allowed(nodes));
    byId("receipt-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    byId("receipt-file").addEventListener("change", async ({ target }) => {
      if (target.files.length > 0) {
        byId("receipt").value = await contentOf(target.files[0]);
      }
    });
  }

  /** Tells of that request. */
  pick(id) {
    byId("receipt").value = id;
    byId("explorer").scrollIntoView();
    this.run();
  }

  async run() {
    const turn = ++this.turn;
    const current = () => turn === this.turn;
    byId("proof").hidden = true;
    byId("save").hidden = true;
    this.story.hide();
    try {
      const input = byId("receipt").value.trim();
      const asked = /^[0-9a-f]{32}$/i.test(input) ? input.toLowerCase() : null;
      const text = await this.receipt(input, asked, current);
      if (current()) {
        await this.prove(text, asked, current);
      }
    } catch (thrown) {
      const why = thrown.name === "NotSupportedError" ? new NotANote(NO_ED25519) : thrown;
      if (!(why instanceof Refused || why instanceof UnreadableReceipt || why instanceof NotANote)) {
        throw why;
      }
      if (current()) {
        this.tell(why instanceof UnreadableReceipt ? `The receipt cannot be checked. ${why.message}` : why.message);
      }
    }
  }

  /** The text of the receipt, its story told; that of a request in no batch yet is waited for. */
  async receipt(input, id, current) {
    if (!id) {
      this.tellStory(input);
      return input;
    }
    history.replaceState(null, "", `#receipt=${id}`);
    this.tell("Getting the receipt …");
    let text = await getText(`v1/receipts/${id}`);
    if (!current()) {
      return text;
    }
    this.tellStory(text);
    const { commitment, transaction } = JSON.parse(text);
    if (commitment && transaction?.block_number == null) {
      this.tell("Waiting until its batch is on chain …");
      text = await getText(`v1/receipts/${id}${PATIENCE}`);
      if (current()) {
        this.tellStory(text);
      }
    }
    return text;
  }

  /** What somebody gives may be anything: of what is no receipt there is no story, and that it is none the reader says. */
  tellStory(text) {
    try {
      this.story.show(JSON.parse(text));
      offer(text);
    } catch {
      this.story.hide();
    }
  }

  async prove(text, asked, current) {
    const receipt = readForm(bytesOf(text));
    if (asked && receipt.request !== asked) {
      throw new UnreadableReceipt("The router returned the receipt of another request.");
    }
    const wanted = pins();
    const leaf = byId("pin-leaf").value.trim();
    refuse(receipt, wanted);
    this.tell("Checking …");
    if (isLogged(receipt)) {
      const found = await verifyLogged(receipt, wanted.log, leaf && fromHex(leaf));
      if (current()) {
        this.show(found);
      }
      return;
    }
    if (leaf) {
      throw new UnreadableReceipt("A leaf is for a tlog-proof, or for COSE; this receipt is JSON.");
    }
    const url = byId("node").value.trim();
    const node = url ? new Node(url) : null;
    const ask = (of) => (node ? node.evidence(of) : noEvidence("no node was named."));
    const evidence = await ask(receipt);
    const ofPlan = receipt.ofPlan ? await ask(receipt.ofPlan) : undefined;
    const found = await verify(receipt, evidence, ofPlan, wanted);
    if (current()) {
      this.show(found);
    }
  }

  /** What was found of a receipt against the chain, which has members, or against a log, which has not. */
  show({ checks, reached, verdict, members, proved }) {
    const conclusion = (members ? CONCLUSIONS : LOG_CONCLUSIONS)[verdict];
    const place = byId("verdict");
    place.className = `verdict ${verdict.toLowerCase()}`;
    say(place, conclusion);
    say(byId("reached"), reached ? `Level by the evidence: ${reached}. ${MEANINGS[reached]}` : "");
    byId("checks").replaceChildren(
      ...checks.map(({ subject, title, finding, text }) =>
        el(
          "li",
          { class: finding.toLowerCase(), "data-subject": subject ?? title, "data-finding": finding },
          el("span", { class: "finding-mark" }, MARKS[finding]),
          el("span", {}, el("strong", {}, title), el("small", {}, text)),
        ),
      ),
    );
    say(byId("word-title"), members ? "The router's word, which nothing here proves" : "Proved, if the key is the log's");
    byId("word").replaceChildren(
      ...(members ? [...members.word] : Object.entries(proved)).map(([path, value]) =>
        el("li", { "data-member": path }, `${path}: ${value === null ? "none" : shown(value)}`),
      ),
    );
    say(byId("not-proved-title"), `Not proved, by this receipt or any other${members ? "" : " of its form"}`);
    byId("not-proved").replaceChildren(
      ...(members ? NOT_PROVED : NOT_PROVED_BY_LOG).map((what) => el("li", {}, what)),
    );
    byId("proof").hidden = false;
    this.tell(
      conclusion +
        (!members || this.mayAsk(byId("node").value.trim()) ? "" : ` This page may not query that node. ${allowed(this.nodes)}`),
    );
  }

  /** The browser sees to it by the policy that the page was sent with; this only knows how to say so. */
  mayAsk(url) {
    const origins = [location.origin, ...this.nodes.map((node) => new URL(node).origin)];
    return !url || (URL.canParse(url) && origins.includes(new URL(url).origin));
  }

  tell(text) {
    say(byId("explorer-status"), text);
  }
}

function allowed(nodes) {
  const others = "The operator allows others with openledger.page.rpc-urls; `openledger verify` can query any node.";
  return nodes.length === 0
    ? `This router allows its page no node, so only checks that need no chain are made here. ${others}`
    : `The page may query ${nodes.map((node) => new URL(node).origin).join(", ")}; the browser blocks all others. ${others}`;
}

/** A file as it could have been pasted: its text, or its bytes if it has none. */
async function contentOf(file) {
  const bytes = new Uint8Array(await file.slice(0, LARGEST + 1).arrayBuffer());
  return readUtf8(bytes) ?? hex(bytes);
}

/** The bytes of what stands there, at whose ends are spaces or not. */
function bytesOf(text) {
  return fromHex(text) ?? utf8(text.startsWith(PROOF) ? `${text}\n` : text);
}

/** What was typed here, and never what the router or the receipt says. */
function pins() {
  const value = (id) => byId(id).value.trim() || null;
  return {
    chainId: value("pin-chain") && Number(value("pin-chain")),
    registry: value("pin-registry")?.toLowerCase(),
    lane: value("pin-lane") && Number(value("pin-lane")),
    laneOwner: value("pin-owner")?.toLowerCase(),
    anyLane: byId("pin-any").checked,
    log: namedLog(value),
  };
}

function namedLog(value) {
  const witnesses = value("pin-witnesses")?.split(/\s+/) ?? [];
  const quorum = value("pin-quorum");
  return logPins(value("pin-log"), witnesses, quorum === null ? undefined : Number(quorum));
}

/** Lets the receipt be saved as it came. */
function offer(text) {
  const link = byId("save");
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.hidden = false;
}
