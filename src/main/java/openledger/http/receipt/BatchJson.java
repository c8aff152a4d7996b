package openledger.http.receipt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.SignedHead;
import openledger.commitment.log.InclusionPath;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.receipt.Batches.Tally;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Hash32;

/** Batches as JSON: on their own, and as a part of receipts. */
final class BatchJson {
    private static final String BATCHES = "/v1/batches/";

    private BatchJson() {}

    /** A batch in a list. */
    static ObjectNode entry(SettledBatch batch, Tally upToIt) {
        ObjectNode node = header(batch);
        node.put("level", batch.level().name());
        if (batch.transaction().isPresent()) {
            node.set("transaction", transaction(batch));
        }
        node.put("requests", upToIt.highestCounter());
        node.put("requests_without_leaf", upToIt.withoutLeaf());
        node.set("urls", urls(batch));
        return node;
    }

    /** A batch, its signed head if there is one, and its history. */
    static ObjectNode whole(SettledBatch batch, Tally upToIt, Optional<SignedHead> head) {
        ObjectNode node = entry(batch, upToIt);
        head.ifPresent(signed -> signed(node, signed));
        return node.set("history", history(batch));
    }

    /** Adds who has signed the head; what was signed is in the header. */
    static void signed(ObjectNode header, SignedHead signed) {
        header.putObject("signed_head")
                .put("signature", signed.signatureText())
                .put("signer", signed.signer().toString());
    }

    /** The members of the header in the order of its encoding, its hash, and the time that is on chain beside it. */
    static ObjectNode header(SettledBatch batch) {
        BatchHeader header = batch.header();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("version", BatchHeader.VERSION);
        node.put("chain_id", header.chainId());
        node.put("registry", header.registry().toString());
        node.put("lane", header.lane().value());
        node.put("sequence", header.sequence());
        node.put("previous_head", header.previousHead().toString());
        node.put("policy_hash", header.policyHash().toString());
        node.put("first_snapshot", header.firstSnapshot());
        node.put("last_snapshot", header.lastSnapshot());
        node.put("snapshot_root", header.snapshotRoot().toString());
        node.put("first_counter", header.firstCounter());
        node.put("last_counter", header.lastCounter());
        node.put("complete_through", header.completeThrough());
        node.put("count", header.count());
        node.put("outcomes", header.outcomes());
        node.put("size", header.size());
        node.put("root", header.root().toString());
        node.put("records_root", header.recordsRoot().toString());
        node.put("first_ms", header.firstMillis());
        node.put("last_ms", header.lastMillis());
        node.put("head", batch.head().toString());
        batch.inclusion()
                .filter(inclusion -> inclusion.effect() == Inclusion.Effect.DONE)
                .ifPresent(inclusion -> node.put("committed_at", inclusion.committedAt()));
        return node;
    }

    /** The transaction that was sent last and, once it is in a block, in which. */
    static ObjectNode transaction(SettledBatch batch) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        batch.transaction().ifPresent(hash -> node.put("hash", hash.toString()));
        batch.inclusion().ifPresent(inclusion -> {
            node.put("hash", inclusion.transaction().toString());
            node.put("block_number", inclusion.block().number());
            node.put("block_hash", inclusion.block().hash().toString());
            node.put("gas_used", inclusion.gasUsed());
        });
        return node;
    }

    /** The way from an entry to a root. */
    static ObjectNode proof(InclusionPath proof) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("index", proof.index()).put("size", proof.size());
        ArrayNode path = node.putArray("path");
        proof.path().stream().map(Hash32::toString).forEach(path::add);
        return node;
    }

    /** Every change of its level, oldest first. */
    static ArrayNode history(SettledBatch batch) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        batch.history().forEach(change -> {
            ObjectNode node = list.addObject();
            node.put("level", change.level().name());
            node.put("at", change.at().toString());
            change.block().ifPresent(block -> {
                node.put("block_number", block.number());
                node.put("block_hash", block.hash().toString());
            });
        });
        return list;
    }

    /** Where the batch and its data are. */
    static ObjectNode urls(SettledBatch batch) {
        String lane = "lane=" + batch.header().lane().value();
        String path = BATCHES + batch.header().sequence();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("batch", path + "?" + lane);
        node.put("data", path + "/data?" + lane);
        node.put("records", path + "/data?" + lane + "&part=records");
        node.put("snapshots", path + "/data?" + lane + "&part=snapshots");
        node.put("trees", path + "/data?" + lane + "&part=trees");
        return node;
    }
}
