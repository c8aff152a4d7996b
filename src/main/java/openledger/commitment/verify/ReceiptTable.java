package openledger.commitment.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.verify.ReceiptContent.Kind;
import openledger.commitment.verify.ReceiptVerification.Subject;

/**
 * Every member that a receipt can have, and what verification does with it. A member that is not here makes a receipt <em>unchecked</em>,
 * so a new member of receipts needs an entry here. The page has the same text; a test compares them.
 */
final class ReceiptTable {
    /**
     * A line is {@code path kind need how}. A path that begins with {@code *} is that of a leaf and its way to the chain: it is there once
     * for the outcome and once below {@code planned} for the plan. Need: {@code always} if its parent is there, {@code ended} if the
     * outcome's leaf is there, {@code -} if it can be absent, {@code told} if it can be absent and another member says whether it is.
     * How: the check that a true value needs to pass, or {@code WORD} for what nothing proves.
     */
    static final String TEXT = """
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
            """;

    private static final String PLANNED = "planned.";

    /** All rows by their paths, in their order. */
    static final Map<String, Row> ROWS = rows();

    private ReceiptTable() {}

    /** When a member has to be there. */
    enum Need {
        ALWAYS,
        ENDED,
        OPTIONAL,
        /** Whether it is there follows from another member. */
        TOLD
    }

    /**
     * A member of receipts.
     *
     * @param path with {@code []} for any element
     * @param how the check that has to pass; empty if it is the router's word whatever passes
     */
    record Row(String path, Kind kind, Need need, Optional<Subject> how) {
        /** Path of what it is in; empty for the outermost. */
        String parent() {
            if (path.endsWith("[]")) {
                return path.substring(0, path.length() - 2);
            }
            int dot = path.lastIndexOf('.');
            return dot < 0 ? "" : path.substring(0, dot);
        }

        /** Its name in its parent. */
        String name() {
            return path.substring(path.lastIndexOf('.') + 1);
        }

        boolean takes(Kind found) {
            return found == kind || (kind == Kind.DECIMAL && found == Kind.NUMBER);
        }

        private Row ofPlan() {
            Need below = need == Need.ENDED ? Need.ALWAYS : need;
            return new Row(PLANNED + path, kind, below, how.isEmpty() ? how : Optional.of(Subject.PLAN));
        }
    }

    private static Map<String, Row> rows() {
        List<Row> all = new ArrayList<>();
        List<Row> plan = new ArrayList<>();
        TEXT.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            boolean isOfALeaf = words[0].startsWith("*");
            Row row = new Row(
                    isOfALeaf ? words[0].substring(1) : words[0],
                    Kind.valueOf(words[1].toUpperCase(Locale.ROOT)),
                    "-".equals(words[2]) ? Need.OPTIONAL : Need.valueOf(words[2].toUpperCase(Locale.ROOT)),
                    "WORD".equals(words[3]) ? Optional.empty() : Optional.of(Subject.valueOf(words[3])));
            all.add(row);
            if (isOfALeaf) {
                plan.add(row.ofPlan());
            }
        });
        Map<String, Row> rows = new LinkedHashMap<>();
        all.forEach(row -> rows.put(row.path, row));
        plan.forEach(row -> rows.put(row.path, row));
        return rows;
    }
}
