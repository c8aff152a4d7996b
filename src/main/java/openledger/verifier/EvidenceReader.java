package openledger.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import openledger.commitment.BatchHeader;
import openledger.commitment.PublishedPolicy;
import openledger.commitment.evm.CallData;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.evm.SignatureRecovery;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.stake.GateEvidence;
import openledger.commitment.stake.GateEvidence.Answers;
import openledger.commitment.stake.VaultTerms;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.commitment.verify.ChainEvidence.SeenBlock;
import openledger.commitment.verify.ChainEvidence.Tags;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptContent;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RouteId;
import openledger.verifier.RpcNode.Question;

/**
 * Queries a node for all evidence about a receipt. Blocks. Needs no account and keeps no state; thread-safe. Long because each part of a
 * receipt has its questions.
 */
final class EvidenceReader {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final String NOT_ANCHORED = "the receipt does not say that it is on chain";
    private static final String NO_PROMISE = "the receipt has no promise";

    private final RpcNode node;

    EvidenceReader(RpcNode node) {
        this.node = node;
    }

    /** Never fails; what a node does not say is silence, with the reason. Takes a minute at most. */
    ChainEvidence read(Receipt receipt) {
        try {
            return read(receipt, routeOf(receipt), System.nanoTime() + LONGEST.toNanos());
        } catch (NodeSilence why) {
            return ChainEvidence.none(String.valueOf(why.getMessage()));
        }
    }

    private static Optional<RouteId> routeOf(Receipt receipt) {
        try {
            return Optional.of(LeafEncoding.decode(receipt.leaf()).route());
        } catch (IllegalArgumentException noLeaf) {
            return Optional.empty();
        }
    }

    private ChainEvidence read(Receipt receipt, Optional<RouteId> route, long until) {
        BatchHeader header = receipt.header();
        List<Question> questions = new ArrayList<>(List.of(
                Question.of("eth_chainId"),
                Question.of("eth_getCode", header.registry().toString(), "latest"),
                call(header, RegistryQueries.batchRecord(header.lane(), header.sequence())),
                call(header, RegistryQueries.laneOf(header.lane())),
                block("latest"),
                block("safe"),
                block("finalized")));
        int verify = questions.size();
        receipt.anchor()
                .ifPresent(anchor -> questions.add(call(
                        header,
                        RegistryQueries.verifyLeaf(header, anchor.committedAt(), receipt.leaf(), receipt.proof()))));
        int committed = questions.size();
        receipt.anchor()
                .ifPresent(anchor -> questions.add(Question.of(
                        "eth_getTransactionReceipt", anchor.transaction().toString())));
        int budget = questions.size();
        route.ifPresent(id -> questions.add(call(header, RegistryQueries.routeOf(header.lane(), id))));
        int retired = questions.size();
        receipt.promised()
                .ifPresent(promised ->
                        questions.add(call(header, RegistryQueries.signerRetiredAt(header.lane(), promised.signer()))));
        int headRetired = questions.size();
        receipt.signedHead()
                .ifPresent(signed ->
                        questions.add(call(header, RegistryQueries.signerRetiredAt(header.lane(), signed.signer()))));
        List<NodeAnswer> answers = node.ask(questions, until);
        NodeTestimony<Optional<SeenBlock>> transaction = receipt.anchor()
                .map(anchor -> said(() -> inclusion(anchor.transaction(), answers.get(committed), until)))
                .orElseGet(() -> new Silent<>(NOT_ANCHORED));
        ChainEvidence evidence = new ChainEvidence(
                said(() -> NodeAnswer.number("eth_chainId", answers.get(0).result())),
                said(() -> registryCode(answers.get(1))),
                said(() -> RegistryQueries.record(answers.get(2).bytes("batchRecord"))),
                transaction,
                receipt.anchor().isPresent()
                        ? said(() -> LaneEvents.committed(header, answers.get(committed)))
                        : new Silent<>(NOT_ANCHORED),
                canonical(transaction, until),
                said(() -> tags(answers.get(4), answers.get(5), answers.get(6))),
                receipt.anchor().isPresent() ? said(() -> agreement(answers.get(verify))) : new Silent<>(NOT_ANCHORED),
                route.isPresent()
                        ? said(() -> RegistryQueries.upTo(answers.get(budget).bytes("routeOf")))
                        : new Silent<>("the leaf names no route"),
                policies(receipt, until),
                said(() -> RegistryQueries.owner(answers.get(3).bytes("laneOf"))),
                receipt.promised().isPresent()
                        ? said(() ->
                                RegistryQueries.retiredAt(answers.get(retired).bytes("signerRetiredAt")))
                        : new Silent<>(NO_PROMISE),
                receipt.promised()
                        .map(promised -> said(() -> SignatureRecovery.signer(promised.digest(), promised.signature())))
                        .orElseGet(() -> new Silent<>(NO_PROMISE)));
        ChainEvidence signed = receipt.signedHead().isPresent()
                ? evidence.withHeadSigner(said(
                        () -> RegistryQueries.retiredAt(answers.get(headRetired).bytes("signerRetiredAt"))))
                : evidence;
        return signed.withGate(said(() -> gate(receipt, answers.get(3), answers.get(4), until)));
    }

    /** Only a record needs them. */
    private NodeTestimony<List<PublishedPolicy>> policies(Receipt receipt, long until) {
        return receipt.content().equals(ReceiptContent.NONE)
                ? new Silent<>("nothing in the receipt needs them")
                : said(() -> LaneEvents.policies(node.ask(LaneEvents.question(receipt.header()), until)));
    }

    private static Question call(BatchHeader header, byte[] data) {
        return RegistryQueries.call(header.registry(), data);
    }

    private static Question block(String numberOrTag) {
        return Question.of("eth_getBlockByNumber", numberOrTag, false);
    }

    private static <T> NodeTestimony<T> said(Supplier<T> reading) {
        try {
            return new Said<>(reading.get());
        } catch (NodeSilence why) {
            return new Silent<>(String.valueOf(why.getMessage()));
        }
    }

    private static Hash32 registryCode(NodeAnswer answer) {
        byte[] code = answer.bytes("eth_getCode");
        return code.length == 0 ? Hash32.ZERO : Hash32.of(Keccak256.digest(code));
    }

    private static Agreement agreement(NodeAnswer answer) {
        return RegistryQueries.truth("verifyLeaf", answer.bytes("verifyLeaf")) ? Agreement.YES : Agreement.NO;
    }

    private static Tags tags(NodeAnswer latest, NodeAnswer safe, NodeAnswer finalized) {
        return new Tags(
                height(latest).orElseThrow(() -> NodeSilence.malformed("the newest block")),
                height(safe),
                height(finalized));
    }

    private static OptionalLong height(NodeAnswer answer) {
        return answer.result().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(NodeAnswer.number(
                        "block.number", NodeAnswer.member(answer.result().get(), "number")));
    }

    /** The block that a transaction's receipt names; empty if it is in none. */
    private Optional<SeenBlock> inclusion(Hash32 transaction, NodeAnswer answer, long until) {
        Optional<JsonNode> receipt = answer.orNone("the receipt");
        Optional<JsonNode> number = receipt.flatMap(found -> NodeAnswer.member(found, "blockNumber"));
        if (receipt.isEmpty() || number.isEmpty()) {
            return Optional.empty();
        }
        JsonNode found = receipt.get();
        if (!NodeAnswer.hash("receipt.transactionHash", NodeAnswer.member(found, "transactionHash"))
                .equals(transaction)) {
            throw NodeSilence.malformed("receipt.transactionHash");
        }
        Optional<JsonNode> hash = NodeAnswer.member(found, "blockHash");
        Hash32 block = hash.isPresent() ? NodeAnswer.hash("receipt.blockHash", hash) : Hash32.ZERO;
        return Optional.of(new SeenBlock(
                NodeAnswer.number("receipt.blockNumber", number), block, timeOf(found.path("logs"), block, until)));
    }

    /** Most nodes write the block's time beside each event. A block that is preconfirmed only cannot be read yet. */
    private long timeOf(JsonNode logs, Hash32 block, long until) {
        Optional<JsonNode> stamp = logs.isEmpty() ? Optional.empty() : NodeAnswer.member(logs.get(0), "blockTimestamp");
        if (stamp.isPresent()) {
            return NodeAnswer.number("logs.blockTimestamp", stamp);
        }
        return node.ask(Question.of("eth_getBlockByHash", block.toString(), false), until)
                .result()
                .map(found -> NodeAnswer.number("block.timestamp", NodeAnswer.member(found, "timestamp")))
                .orElse(0L);
    }

    /** The hash of the chain's block of that number; empty if there is none yet. */
    private NodeTestimony<Optional<Hash32>> canonical(NodeTestimony<Optional<SeenBlock>> transaction, long until) {
        if (!(transaction instanceof Said<Optional<SeenBlock>>(var found)) || found.isEmpty()) {
            return new Silent<>("no block is known to have the transaction");
        }
        Question question = block("0x" + Long.toHexString(found.get().number()));
        return said(() -> node.ask(question, until)
                .orNone("a block")
                .map(block -> NodeAnswer.hash("block.hash", NodeAnswer.member(block, "hash"))));
    }

    /** What stands behind the leaf. Only the lane's gate is asked, and that only if the receipt names it. */
    private GateEvidence gate(Receipt receipt, NodeAnswer lane, NodeAnswer latest, long until) {
        Address gate = RegistryQueries.gate(lane.bytes("laneOf"));
        NodeTestimony<Long> seconds = said(() -> latest.orNone("the newest block")
                .map(block -> NodeAnswer.number("block.timestamp", NodeAnswer.member(block, "timestamp")))
                .orElseThrow(() -> NodeSilence.malformed("the newest block")));
        NodeTestimony<Answers> answers =
                receipt.stake().filter(claim -> claim.vault().equals(gate)).isPresent()
                        ? said(() -> answers(receipt, gate, until))
                        : new Silent<>("it is not the one that the receipt names");
        return new GateEvidence(gate, seconds, answers);
    }

    private Answers answers(Receipt receipt, Address gate, long until) {
        BatchHeader header = receipt.header();
        long lane = header.lane().value();
        long place = receipt.proof().index() - header.firstIndex();
        if (place < 0 || place >= header.count()) {
            throw new NodeSilence("the leaf has no place in the batch");
        }
        List<NodeAnswer> answers = node.ask(
                List.of(
                        RegistryQueries.call(gate, CallData.of("terms()").encode()),
                        RegistryQueries.call(
                                gate, CallData.of("active(uint64)").number(lane).encode()),
                        RegistryQueries.call(
                                gate,
                                CallData.of("isPunished(uint64,uint64,uint256)")
                                        .number(lane)
                                        .number(header.sequence())
                                        .number(place)
                                        .encode())),
                until);
        return new Answers(
                read("terms", () -> VaultTerms.decode(answers.get(0).bytes("terms"))),
                read("active", () -> GateEvidence.active(answers.get(1).bytes("active"))),
                read("isPunished", () -> GateEvidence.isPunished(answers.get(2).bytes("isPunished"))));
    }

    private static <T> T read(String function, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException malformed) {
            throw NodeSilence.malformed(function);
        }
    }
}
