/** What is insisted on. Without a registry only the one that ships with this package will do; without a lane or its owner the lane is not checked, unless anyLane. */
export interface Pins {
  chainId?: number | bigint | string;
  /** 0x and 40 hexadecimal digits. */
  registry?: string;
  lane?: number | bigint | string;
  /** 0x and 40 hexadecimal digits. */
  laneOwner?: string;
  anyLane?: boolean;
  /** Keys of witnesses, `<name>+<id>+<key>`: enough of them must have cosigned the log. */
  witnesses?: string[];
  /** How many of them; default: all. */
  witnessQuorum?: number;
  /** Key of the lane's log, of which a receipt as COSE or tlog-proof must be, and which the witnesses must have cosigned. */
  logKey?: string;
}

export type Finding = "PASSED" | "FAILED" | "MISROUTE" | "UNCHECKED" | "SKIPPED";

/** HOLDS: verified. OPEN: not checked. MISROUTED: genuine, and a proof that rules or a promise were broken. BROKEN: refuted. */
export type Verdict = "HOLDS" | "OPEN" | "MISROUTED" | "BROKEN";

export type Level = "RECORDED" | "ACCEPTED" | "PRECONFIRMED" | "SEQUENCED" | "SAFE" | "FINALIZED" | "SETTLED";

export interface Check {
  subject: string;
  /** What is checked, in words. */
  title: string;
  finding: Finding;
  /** What was found, a sentence. */
  text: string;
}

export type Member = string | number | boolean | null;

export interface VerifiedReceipt {
  readable: true;
  verdict: Verdict;
  /** Whether the verdict is HOLDS. */
  verified: boolean;
  why: string;
  /** 32 hexadecimal digits. */
  request: string;
  /** The level that the receipt claims. */
  claimed: Level;
  /** The level that the node's evidence shows; absent if the leaf is not shown to be on chain. */
  reached?: Level;
  meaning?: string;
  checks: Check[];
  /** Members by their paths that are proved. */
  proved: Record<string, Member>;
  /** Paths of members that could not be checked. */
  unchecked: string[];
  /** Members by their paths that nothing proves; null for one that is absent. */
  routersWord: Record<string, Member>;
  notProved: string[];
}

/** A receipt as COSE or tlog-proof, held against the key of a log. */
export interface LoggedReceipt {
  readable: true;
  verdict: Verdict;
  verified: boolean;
  why: string;
  checks: Omit<Check, "subject">[];
  /** What the leaf and the log say, by names; empty unless it is verified. */
  proved: Record<string, string>;
  notProved: string[];
}

export interface UnreadableReceipt {
  readable: false;
  verdict: "OPEN";
  verified: false;
  why: string;
  /** Path of the member that is wrong; empty if it is the whole. */
  member: string;
  checks: [];
}

/**
 * Verifies a receipt, the answer of GET /v1/receipts/{id}: JSON against a chain, COSE and tlog-proof against the key of a log alone. Never
 * rejects for what a receipt or a node says; rejects with a TypeError for pins, a leaf or an address that are none.
 */
export function verifyReceipt(
  receipt: Body,
  options?: {
    /** JSON-RPC address of a node that is trusted for what is on its chain; without it only what needs no chain is checked. */
    node?: string | URL;
    pins?: Pins;
    /** The leaf, 0x and 192 hexadecimal digits: a tlog-proof does not contain it. */
    leaf?: string;
  },
): Promise<VerifiedReceipt | LoggedReceipt | UnreadableReceipt>;

/** Exit code of `openledger verify` for a verdict: 0 verified, 1 refuted or misrouted, 2 not checked. */
export function exitCode(verdict: Verdict): 0 | 1 | 2;

/** What `openledger-promise` says. Times are Unix seconds. */
export interface SignedPromise {
  lane: number | bigint;
  request: string;
  requestKey: string;
  kind: "PLAN" | "OUTCOME";
  leafHash: string;
  signedAt: number | bigint;
  anchorBy: number | bigint;
  chainId: number | bigint;
  registry: string;
  salt: string;
  signature: string;
}

export interface CheckedPromise {
  finding: "PASSED" | "FAILED" | "UNCHECKED";
  text: string;
  /** Absent if it could not be read. */
  promise?: SignedPromise;
  /** The account that signed; absent if the signature is nobody's. */
  signer?: string;
}

export type Body = string | ArrayBuffer | ArrayBufferView;
export type HeadersLike = { get(name: string): string | null | undefined } | Record<string, unknown> | string | null | undefined;

/** Checks the promise that came with an answer, with nothing but the body that was sent, byte for byte. */
export function checkPromise(
  /** Of the answer, or the value of `openledger-promise`. */
  headers: HeadersLike,
  body: Body,
  options?: {
    pins?: Pins;
    /** The account that must have signed; without it the finding is UNCHECKED at best. */
    signer?: string;
    /** The `openledger-nonce` that was sent. */
    nonce?: string;
    /** Unix seconds. */
    now?: number;
  },
): CheckedPromise;

/** Reads the value of `openledger-promise`; throws MalformedPromise. */
export function readPromise(header: string): SignedPromise;

export class MalformedPromise extends Error {}

/** A promise that is wrong, missing or was not kept. */
export interface Unproved {
  request: string | null;
  /** HTTP status of the answer. */
  status: number;
  promise?: SignedPromise;
  signer?: string;
  /** Of the receipt, if there was one. */
  verdict?: Verdict;
  why: string;
}

export interface OpenledgerFetch {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Promises that are wrong, missing or were not kept, oldest first; the newest `most` of them. */
  unproved(): Unproved[];
  /** Numbers of answers that were checked, whose promise was proved, waits for its proof, or is unproved. */
  counts(): { checked: number; proved: number; pending: number; unproved: number };
  /** Looks for the proof of each promise that waits. */
  prove(): Promise<void>;
  /** Stops looking; what waits stays. */
  close(): void;
}

/**
 * Wraps a fetch, for the OpenAI and Anthropic SDKs among others: asks for a promise with each answer, checks it on the spot, and proves
 * later by the receipt that it was kept. An answer is never held back or changed.
 */
export function openledgerFetch(
  fetch: (input: any, init?: any) => Promise<Response>,
  options: {
    /** JSON-RPC address of a node that is trusted. */
    node: string | URL;
    pins?: Pins;
    signer?: string;
    /** Promises that wait for their proof at most; default 1000. */
    most?: number;
    /** Milliseconds between two looks for proofs; default 30000, 0 for none. */
    every?: number;
    onUnproved?: (unproved: Unproved) => void;
    /** Milliseconds. */
    now?: () => number;
  },
): OpenledgerFetch;
