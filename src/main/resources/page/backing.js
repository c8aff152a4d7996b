// What a receipt says of the stake behind it, against the vault that the registry names for the lane (openledger.commitment.stake.StakeCheck).

import { concat, fromHex, hex, word } from "./bytes.js";
import { failed, misroute, passed, skipped, unchecked } from "./finding.js";
import { keccak256 } from "./keccak.js";
import { timeOf } from "./witnesses.js";

/** The state of keccak-256 after all whole blocks of the code that creates a vault, and what is left of it. By `make generate`. */
export const VAULT_STATE =
  "0x6e159f5f45ac4f06ee68a7068dde9c077fdbfc907fe553361072607de5feb90e58716954a274812990031a5e888d8270b223083f7ef4528e6c55369fda6776b9d47fa5879df3dcc37dc2d40e11c0ffb98e11ef92028ab514c31eac71bcdbc6ac64c47e2fd1b955d61db2aaa7c8b0d6c6c262b26e53e9ed8ac060530979b038d1b929105b5665e21bf8e93189e19dbecc89db686c0b976e809ed010ab28f75a2d43900c38e93f18da40b6d65fa7174ebb3da773a7596bc9e2e8ae98c346626b8966651581c2a38f18";
export const VAULT_REST = "0x60245ffd5b5f60018201611a4e57611a4e6118e2565b5060010190565b80820281158282048414176101c4576101c46118e256";

const FACTORY = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
const NONE = "0x" + "0".repeat(40);

/** Where the vault of a registry's lanes with these terms is: the words of `terms()`. */
export function vaultAddress(registry, terms) {
  const creation = keccak256(concat(fromHex(VAULT_REST), word(fromHex(registry)), terms), 0x01, fromHex(VAULT_STATE));
  const made = keccak256(concat(Uint8Array.of(0xff), fromHex(FACTORY), new Uint8Array(32), creation));
  return hex(made.slice(12));
}

/** Bits of each of the words of terms: five amounts, then times and counts. */
const BITS = [128, 128, 128, 128, 128, 32, 32, 16, 16, 32, 32, 32, 32];
const LEAF_PENALTY = 2;
const PROMISE_PENALTY = 3;
const WINDOW = 9;

/** What a verification needs of terms; null if these are not the words of any. */
export function readTerms(bytes) {
  if (bytes.length !== 32 * BITS.length) {
    return null;
  }
  const words = BITS.map((bits, i) => BigInt(hex(bytes.slice(32 * i, 32 * i + 32))));
  return words.some((value, i) => value >> BigInt(BITS[i]) !== 0n)
    ? null
    : { bytes, leafPenalty: words[LEAF_PENALTY], promisePenalty: words[PROMISE_PENALTY], window: words[WINDOW] };
}

/** Wei in ether, to the last digit. */
function ether(wei) {
  const digits = wei.toString().padStart(19, "0");
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0*$/, "");
}

/** The finding, and whether the time to challenge is over: null if nobody knows. */
export function stake({ stake: claim, anchor, header }, { chainId, gate }) {
  const alone = (finding) => ({ finding, over: null });
  if (!claim) {
    return alone(skipped(none(header.lane, gate)));
  }
  if (!anchor) {
    return alone(
      unchecked("The receipt names no transaction: its batch is not on chain yet, and nothing is behind it."),
    );
  }
  if (!chainId.said) {
    return alone(skipped(`No node was asked about the vault: ${chainId.why}`));
  }
  if (!gate.said) {
    return alone(unchecked(`Which vault the lane has is not known: ${gate.why}`));
  }
  const { gate: of, seconds, answers } = gate.value;
  if (of === NONE || of !== claim.vault) {
    return alone(elsewhere(header.lane, of, claim, seconds));
  }
  if (!answers.said) {
    return alone(unchecked(`What the vault ${of} says is not known: ${answers.why}`));
  }
  if (vaultAddress(header.registry, answers.value.terms.bytes) !== of) {
    return alone(
      unchecked(
        `The lane's gate ${of} is not where a vault that this verifier knows would be with its terms, ` +
          "so what it says is not judged.",
      ),
    );
  }
  const objection = against(answers.value, anchor, claim) ?? (seconds.said ? null : unknownTime(seconds.why));
  return objection ? alone(objection) : standing(answers.value.active, seconds.value, claim);
}

/** Without a stake in the receipt there may still be one: a router need not tell, or may not have known yet. */
const none = (lane, gate) =>
  gate.said && gate.value.gate !== NONE
    ? `There is no stake in the receipt, although lane ${lane} has a gate: ${gate.value.gate}.`
    : "There is no stake in the receipt.";

const unknownTime = (why) => unchecked(`The time of the newest block is not known: ${why}`);

/** A lane changes its vault only when all that the old one could take is out of reach. */
function elsewhere(lane, gate, { vault, challengeableUntil: until }, now) {
  const other = gate === NONE ? `Lane ${lane} has no gate` : `The gate of lane ${lane} is ${gate}`;
  return now.said && now.value > until
    ? skipped(`${other}, not ${vault} any more; by the receipt the time to challenge was over at ${timeOf(until)}.`)
    : failed(`${other}, not ${vault} as the receipt says.`);
}

/** What is wrong; null if nothing is. */
function against({ terms, isPunished }, { committedAt }, claim) {
  if (terms.leafPenalty !== claim.leafPenalty) {
    return penalty("leaf", terms.leafPenalty, claim.leafPenalty);
  }
  if (terms.promisePenalty !== claim.promisePenalty) {
    return penalty("promise", terms.promisePenalty, claim.promisePenalty);
  }
  if (BigInt(claim.challengeableUntil) - terms.window !== BigInt(committedAt)) {
    return failed(
      `The batch was committed at ${committedAt} and can be challenged for ${terms.window} s, ` +
        `not until ${claim.challengeableUntil} as the receipt says.`,
    );
  }
  if (isPunished) {
    return claim.isPunished
      ? misroute("The vault has punished the lane for this leaf.")
      : failed(
          "The vault has punished the lane for this leaf, and the receipt says that it has not. " +
            "If that came later, get the receipt again.",
        );
  }
  return claim.isPunished
    ? unchecked("The receipt says that the leaf was punished, but by what this node says it was not.")
    : null;
}

const penalty = (of, real, claimed) =>
  failed(`By the vault's terms the penalty for a ${of} is ${real} wei, not ${claimed} as the receipt says.`);

function standing(active, now, { active: claimed, challengeableUntil: until }) {
  const said = `the receipt says ${ether(claimed)} ETH.`;
  return now > until
    ? {
        finding: passed(
          `The time to challenge this batch was over at ${timeOf(until)}; by now ${ether(active)} ETH stand behind the lane, and ${said}`,
        ),
        over: true,
      }
    : { finding: passed(`${ether(active)} ETH stand behind this batch until ${timeOf(until)}; ${said}`), over: false };
}
