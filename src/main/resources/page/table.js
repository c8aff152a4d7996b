// Every member that a receipt can have, and what verification does with it: the text of openledger.commitment.verify.ReceiptTable, which says
// what its lines mean. A test compares the two.

export const TABLE = `
request text always COMMITMENT
*level text always LEVEL
status text always STORY
arrival text always STORY
route text always NAMES
route_id number always STORY
mode text always STORY
gate text - STORY
released truth - STORY
operation text always WORD
form text always WORD
budget number always STORY
attempts number always STORY
resends number - STORY
tier text - NAMES
target text - NAMES
fallback_reason text - STORY
attribution text ended STORY
overtakes number - WORD
snapshot number - STORY
turn number - PLAN
plan array - STORY
plan[] text - NAMES
client_request_id text - WORD
body_sha256 text always STORY
nonce text - REQUEST
response_sha256 text - STORY
time_ms object ended STORY
time_ms.admit decimal always WORD
time_ms.hold decimal - WORD
time_ms.backoff decimal always WORD
time_ms.upstream decimal always WORD
time_ms.journal decimal always WORD
time_ms.confirm decimal - WORD
time_ms.stream decimal always WORD
time_ms.total decimal always STORY
attempt_list array always STORY
attempt_list[] object - STORY
attempt_list[].number number always STORY
attempt_list[].tier text - NAMES
attempt_list[].target text - NAMES
attempt_list[].trigger text always WORD
attempt_list[].http_status number - WORD
attempt_list[].start_ms decimal always WORD
attempt_list[].duration_ms decimal always WORD
attempt_list[].upstream_request_id text - STORY
attempt_list[].connection text - WORD
attempt_list[].sent_again truth - WORD
attempt_list[].model text - STORY
attempt_list[].tokens object - STORY
attempt_list[].tokens.input number - STORY
attempt_list[].tokens.cached number - STORY
attempt_list[].tokens.cache_written number - STORY
attempt_list[].tokens.output number - STORY
attempt_list[].tokens.reasoning number - STORY
attempt_list[].left_out array - WORD
attempt_list[].left_out[] text - WORD
commitment object always COMMITMENT
commitment.digest text always COMMITMENT
commitment.nonce text - REQUEST
commitment.salt text always COMMITMENT
commitment.response_sha256 text ended ANSWER
commitment.upstream_request_ids array ended ANSWER
commitment.upstream_request_ids[] text - ANSWER
commitment.usage array ended ANSWER
commitment.usage[] object - ANSWER
commitment.usage[].attempt number always ANSWER
commitment.usage[].input number - ANSWER
commitment.usage[].cached number - ANSWER
commitment.usage[].cache_written number - ANSWER
commitment.usage[].output number - ANSWER
commitment.usage[].reasoning number - ANSWER
commitment.usage[].model text - ANSWER
commitment.price_table text - ANSWER
*leaf text ended PROOF
*proof object ended PROOF
*proof.index number always PROOF
*proof.size number always PROOF
*proof.path array always PROOF
*proof.path[] text - PROOF
*batch object ended HEADER
*batch.version number always HEADER
*batch.chain_id number always HEADER
*batch.registry text always HEADER
*batch.lane number always HEADER
*batch.sequence number always HEADER
*batch.previous_head text always HEADER
*batch.policy_hash text always HEADER
*batch.first_snapshot number always HEADER
*batch.last_snapshot number always HEADER
*batch.snapshot_root text always HEADER
*batch.first_counter number always HEADER
*batch.last_counter number always HEADER
*batch.complete_through number always HEADER
*batch.count number always HEADER
*batch.outcomes number always HEADER
*batch.size number always HEADER
*batch.root text always HEADER
*batch.records_root text always HEADER
*batch.first_ms number always HEADER
*batch.last_ms number always HEADER
*batch.head text always HEADER
*batch.committed_at number - RECORDED
*batch.signed_head object - WORD
*batch.signed_head.signature text always SIGNED_HEAD
*batch.signed_head.signer text always SIGNED_HEAD
*transaction object - BLOCK
*transaction.hash text always BLOCK
*transaction.block_number number - BLOCK
*transaction.block_hash text - BLOCK
*transaction.gas_used number - WORD
*history array ended WORD
*history[] object - WORD
*history[].level text always WORD
*history[].at text always WORD
*history[].block_number number - WORD
*history[].block_hash text - WORD
*urls object ended WORD
*urls.batch text always WORD
*urls.data text always WORD
*urls.records text always WORD
*urls.snapshots text always WORD
*urls.trees text always WORD
*witnessed object - WORD
*witnessed.quorum number always WORD
*witnessed.met truth always WORD
*witnessed.checkpoint text - WITNESSES
*witnessed.inclusion array - WITNESSES
*witnessed.inclusion[] text - WITNESSES
*stake object - STAKE
*stake.vault text always STAKE
*stake.active text always WORD
*stake.as_of number always WORD
*stake.leaf_penalty text always STAKE
*stake.promise_penalty text always STAKE
*stake.challengeable_until number always STAKE
*stake.punished truth always STAKE
*stake.penalty object told WORD
*stake.penalty.fault text always WORD
*stake.penalty.transaction text always WORD
planned object - PLAN
followed_plan object - PAIR
followed_plan.followed truth always PAIR
followed_plan.breach text - PAIR
promise object - WORD
promise.chain_id number always PROMISE
promise.registry text always PROMISE
promise.lane number always PROMISE
promise.request_key text always PROMISE
promise.kind text always PROMISE
promise.leaf_hash text always PROMISE
promise.signed_at number always PROMISE
promise.anchor_by number always PROMISE
promise.signature text always PROMISE
promise.signer text always PROMISE
`;

const PLANNED = "planned.";

function row(line) {
  const [path, kind, need, how] = line.split(" ");
  return { path, kind, need, how: how === "WORD" ? null : how };
}

const lines = TABLE.trim().split("\n").map(row);
const outer = lines.map((one) => ({ ...one, path: one.path.replace("*", "") }));
const ofPlan = lines
  .filter(({ path }) => path.startsWith("*"))
  .map((one) => ({
    ...one,
    path: PLANNED + one.path.slice(1),
    need: one.need === "ended" ? "always" : one.need,
    how: one.how && "PLAN",
  }));

/** All rows by their paths, in their order. */
export const ROWS = new Map([...outer, ...ofPlan].map((one) => [one.path, one]));

/** Path of what a row is in; empty for the outermost. */
export function parentOf({ path }) {
  return path.endsWith("[]") ? path.slice(0, -2) : path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

export const nameOf = ({ path }) => path.slice(path.lastIndexOf(".") + 1);
export const isElement = ({ path }) => path.endsWith("[]");
export const takes = ({ kind }, found) => found === kind || (kind === "decimal" && found === "number");
