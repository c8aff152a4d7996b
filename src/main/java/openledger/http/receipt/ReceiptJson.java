package openledger.http.receipt;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HexFormat;
import java.util.Optional;
import openledger.audit.court.LeafStake;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedHead;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.LeafPair;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.leaf.UsageRecord.Usage;
import openledger.inference.Catalog.Names;
import openledger.inference.record.Decision;
import openledger.inference.record.Decisions.Found;
import openledger.inference.record.Intent;
import openledger.settlement.cut.LeafMaker;
import openledger.settlement.receipt.Batches.Leaves;
import openledger.settlement.receipt.Batches.Located;
import openledger.settlement.receipt.SettledBatch;
import openledger.settlement.witness.WitnessedLog.Witnessed;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/** A receipt as JSON: the decision, and all that is needed to verify it against the chain. */
final class ReceiptJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "0x";
    private static final String PLANNED = "planned";
    private static final String BATCH = "batch";

    private final RequestId id;
    private final ObjectNode node;

    private ReceiptJson(RequestId id, DecisionJson decision) {
        this.id = id;
        this.node = JSON.valueToTree(decision);
    }

    /** What is known without the chain. */
    static ReceiptJson of(Found found, Names names) {
        return switch (found) {
            case Found.Open(var id, var intent) -> new ReceiptJson(id, DecisionJson.open(id, intent, names));
            case Found.Finished(var decision) -> new ReceiptJson(decision.id(), DecisionJson.of(decision, names));
        };
    }

    /** Adds what the leaf's commitments are made from. */
    ReceiptJson commitment(Found found, LaneSecret secret) {
        ObjectNode member = node.putObject("commitment");
        switch (found) {
            case Found.Open(var request, var intent) -> request(member, intent, secret);
            case Found.Finished(var decision) -> {
                request(member, decision.intent(), secret);
                answer(member, decision);
            }
        }
        return this;
    }

    private void request(ObjectNode member, Intent intent, LaneSecret secret) {
        member.put("digest", hex(intent.bodyDigest()));
        if (!intent.nonce().isEmpty()) {
            member.put("nonce", intent.nonce());
        }
        member.put("salt", hex(secret.salt(id)));
    }

    private static void answer(ObjectNode member, Decision decision) {
        member.put("response_sha256", hex(decision.responseDigest()));
        LeafMaker.upstreamRequestIds(decision).forEach(member.putArray("upstream_request_ids")::add);
        UsageRecord usage = LeafMaker.usage(decision);
        ArrayNode attempts = member.putArray("usage");
        usage.attempts().forEach(attempt -> usage(attempts.addObject(), attempt));
        if (!usage.priceTable().equals(Hash32.ZERO)) {
            member.put("price_table", usage.priceTable().toString());
        }
    }

    /** What a provider does not say has no member. */
    private static void usage(ObjectNode member, Usage usage) {
        member.put("attempt", usage.attempt());
        tokens(member, "input", usage.input());
        tokens(member, "cached", usage.cached());
        tokens(member, "cache_written", usage.cacheWritten());
        tokens(member, "output", usage.output());
        tokens(member, "reasoning", usage.reasoning());
        if (!usage.model().isEmpty()) {
            member.put("model", usage.model());
        }
    }

    private static void tokens(ObjectNode member, String name, long tokens) {
        if (tokens != UsageRecord.UNKNOWN) {
            member.put(name, tokens);
        }
    }

    /** Adds the leaves and their ways to the chain: the outcome's is the request's, the plan has its own. */
    ReceiptJson located(Leaves leaves) {
        leaves.outcome().ifPresent(outcome -> located(outcome, node));
        leaves.plan().ifPresent(plan -> located(plan, node.putObject(PLANNED)));
        if (leaves.plan().isPresent() && leaves.outcome().isPresent()) {
            followed(leaves.plan().get(), leaves.outcome().get());
        }
        return this;
    }

    private void followed(Located plan, Located outcome) {
        Optional<String> breach = LeafPair.decode(plan.leaf(), outcome.leaf()).breach();
        ObjectNode member = node.putObject("followed_plan").put("followed", breach.isEmpty());
        breach.ifPresent(why -> member.put("breach", why));
    }

    private static void located(Located located, ObjectNode node) {
        SettledBatch batch = located.batch();
        node.put("level", batch.level().name());
        node.put("leaf", hex(located.leaf()));
        node.set("proof", BatchJson.proof(located.proof()));
        node.set(BATCH, BatchJson.header(batch));
        if (batch.transaction().isPresent()) {
            node.set("transaction", BatchJson.transaction(batch));
        }
        node.set("history", BatchJson.history(batch));
        node.set("urls", BatchJson.urls(batch));
    }

    /** Adds who has seen the leaves: the outcome's is the request's, the plan has its own. */
    ReceiptJson witnessed(Optional<Witnessed> outcome, Optional<Witnessed> plan) {
        outcome.ifPresent(seen -> witnessed(seen, node));
        plan.ifPresent(seen -> witnessed(seen, (ObjectNode) node.get(PLANNED)));
        return this;
    }

    private static void witnessed(Witnessed seen, ObjectNode node) {
        ObjectNode member =
                node.putObject("witnessed").put("quorum", seen.quorum()).put("met", seen.isMet());
        seen.proof().ifPresent(proof -> {
            member.put("checkpoint", proof.note().toString());
            ArrayNode path = member.putArray("inclusion");
            proof.inclusion().path().stream().map(Hash32::toString).forEach(path::add);
        });
    }

    /** Adds the signed heads of the batches: the outcome's is the request's, the plan has its own. */
    ReceiptJson signed(Optional<SignedHead> outcome, Optional<SignedHead> plan) {
        outcome.ifPresent(head -> BatchJson.signed((ObjectNode) node.get(BATCH), head));
        plan.ifPresent(head -> BatchJson.signed((ObjectNode) node.get(PLANNED).get(BATCH), head));
        return this;
    }

    /** Adds what stands behind the leaves: the outcome's is the request's, the plan has its own. */
    ReceiptJson staked(StakeMember member, Optional<LeafStake> outcome, Optional<LeafStake> plan) {
        member.addTo(node, outcome);
        if (node.get(PLANNED) instanceof ObjectNode planned) {
            member.addTo(planned, plan);
        }
        return this;
    }

    /** Adds our signature. */
    ReceiptJson promise(SignedPromise signed) {
        LeafPromise promise = signed.promise();
        ObjectNode member = node.putObject("promise");
        member.put("chain_id", signed.chainId());
        member.put("registry", signed.registry().toString());
        member.put("lane", promise.lane());
        member.put("request_key", promise.request().toString());
        member.put("kind", promise.kind().name());
        member.put("leaf_hash", promise.leafHash().toString());
        member.put("signed_at", promise.signedAt());
        member.put("anchor_by", promise.anchorBy());
        member.put("signature", signed.signatureText());
        member.put("signer", signed.signer().toString());
        return this;
    }

    ObjectNode tree() {
        return node;
    }

    private static String hex(byte[] bytes) {
        return PREFIX + HexFormat.of().formatHex(bytes);
    }
}
