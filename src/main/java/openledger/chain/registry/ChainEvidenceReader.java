package openledger.chain.registry;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.Answers;
import openledger.chain.ChainNode.At;
import openledger.chain.LaneSigner;
import openledger.chain.OffLoop;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.NodeAnswers.OfBlock;
import openledger.chain.rpc.NodeAnswers.OfReceipt;
import openledger.chain.rpc.NodeAnswers.Text;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.RpcFailure;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.commitment.BatchHeader;
import openledger.commitment.PublishedPolicy;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.commitment.verify.ChainEvidence.SeenBlock;
import openledger.commitment.verify.ChainEvidence.Tags;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptContent;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RouteId;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;

/**
 * Queries a node for all evidence about a receipt. Needs no account and keeps no state; thread-safe. Long because all queries are in one
 * place.
 */
public final class ChainEvidenceReader implements AutoCloseable {
    private static final String NOT_ANCHORED = "the receipt does not say that it is on chain";
    private static final String NO_PROMISE = "the receipt has no promise";

    private final Vertx vertx;
    private final VertxWeb3jService service;
    private final ChainNode node;
    private final TransactionReceipts receipts;

    /**
     * @param rpc without a chain id: a node of another chain is to be heard, and found out
     */
    public ChainEvidenceReader(Vertx vertx, RpcSettings rpc) {
        this.vertx = vertx;
        this.service = new VertxWeb3jService(vertx, rpc);
        this.node = new ChainNode(service);
        this.receipts = new TransactionReceipts(node);
    }

    /** Never fails; what a node does not say is silence, with the reason. */
    public Uni<ChainEvidence> read(Receipt receipt) {
        return read(receipt, routeOf(receipt));
    }

    private static Optional<RouteId> routeOf(Receipt receipt) {
        try {
            return Optional.of(LeafEncoding.decode(receipt.leaf()).route());
        } catch (IllegalArgumentException noLeaf) {
            return Optional.empty();
        }
    }

    private Uni<ChainEvidence> read(Receipt receipt, Optional<RouteId> route) {
        BatchHeader header = receipt.header();
        List<Request<?, ? extends Response<?>>> questions = new ArrayList<>(List.of(
                ChainNode.chainId(),
                ChainNode.code(header.registry(), At.LATEST),
                call(header, RegistryCalls.batchRecord(header.lane(), header.sequence())),
                call(header, RegistryCalls.laneOf(header.lane())),
                ChainNode.block(At.LATEST),
                ChainNode.block(At.SAFE),
                ChainNode.block(At.FINALIZED)));
        int verify = questions.size();
        receipt.anchor()
                .ifPresent(anchor -> questions.add(call(
                        header,
                        RegistryCalls.verifyLeaf(header, anchor.committedAt(), receipt.leaf(), receipt.proof()))));
        int committed = questions.size();
        receipt.anchor().ifPresent(anchor -> questions.add(ChainNode.receipt(anchor.transaction())));
        int budget = questions.size();
        route.ifPresent(id -> questions.add(call(header, RegistryCalls.routeOf(header.lane(), id))));
        int retired = questions.size();
        receipt.promised()
                .ifPresent(promised ->
                        questions.add(call(header, RegistryCalls.signerRetiredAt(header.lane(), promised.signer()))));
        return node.askAll(questions)
                .chain(answers -> Uni.combine()
                        .all()
                        .unis(inclusion(receipt), signer(receipt), policies(receipt))
                        .asTuple()
                        .chain(more -> canonical(more.getItem1())
                                .map(canonical -> new ChainEvidence(
                                        said(() -> NodeValue.number(
                                                "eth_chainId", answers.text(0).getResult())),
                                        said(() -> registryCode(answers)),
                                        said(() -> RegistryCalls.word(
                                                "batchRecord", NodeValue.result("batchRecord", answers.text(2)))),
                                        block(more.getItem1()),
                                        receipt.anchor().isPresent()
                                                ? said(() -> LaneEvents.committed(
                                                        header, answers.at(committed, OfReceipt.class)))
                                                : new Silent<>(NOT_ANCHORED),
                                        canonical,
                                        said(() -> tags(answers)),
                                        receipt.anchor().isPresent()
                                                ? said(() -> agreement(answers.text(verify)))
                                                : new Silent<>(NOT_ANCHORED),
                                        route.isPresent()
                                                ? said(() -> RegistryCalls.upTo(
                                                        NodeValue.result("routeOf", answers.text(budget))))
                                                : new Silent<>("the leaf names no route"),
                                        more.getItem3(),
                                        owner(answers),
                                        receipt.promised().isPresent()
                                                ? said(() -> RegistryCalls.retiredAt(
                                                        NodeValue.result("signerRetiredAt", answers.text(retired))))
                                                : new Silent<>(NO_PROMISE),
                                        more.getItem2()))))
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(why -> ChainEvidence.none(String.valueOf(why.getMessage())));
    }

    /** Only a record needs them. */
    private Uni<NodeTestimony<List<PublishedPolicy>>> policies(Receipt receipt) {
        return receipt.content().equals(ReceiptContent.NONE)
                ? Uni.createFrom().item(new Silent<>("nothing in the receipt needs them"))
                : heard(node.ask(LaneEvents.question(receipt.header())), LaneEvents::policies);
    }

    private static Request<?, Text> call(BatchHeader header, byte[] data) {
        return ChainNode.call(header.registry(), data, At.LATEST);
    }

    private static <T> NodeTestimony<T> said(Supplier<T> reading) {
        try {
            return new Said<>(reading.get());
        } catch (RpcFailure why) {
            return new Silent<>(String.valueOf(why.getMessage()));
        }
    }

    private static Hash32 registryCode(Answers answers) {
        byte[] code = NodeValue.result("eth_getCode", answers.text(1));
        return code.length == 0 ? Hash32.ZERO : Hash32.of(Keccak256.digest(code));
    }

    private static NodeTestimony<Address> owner(Answers answers) {
        NodeTestimony<Address> owner = said(() -> RegistryCalls.owner(NodeValue.result("laneOf", answers.text(3))));
        return owner.equals(new Said<>(RegistryCalls.NOBODY)) ? new Silent<>("nobody has opened the lane") : owner;
    }

    private static Agreement agreement(Text answer) {
        return RegistryCalls.truth("verifyLeaf", NodeValue.result("verifyLeaf", answer)) ? Agreement.YES : Agreement.NO;
    }

    private static Tags tags(Answers answers) {
        return new Tags(
                number(answers.at(4, OfBlock.class)).orElseThrow(() -> NodeValue.malformed("the newest block")),
                number(answers.at(5, OfBlock.class)),
                number(answers.at(6, OfBlock.class)));
    }

    private static OptionalLong number(OfBlock answer) {
        return answer.getResult() == null
                ? OptionalLong.empty()
                : OptionalLong.of(
                        NodeValue.number("block.number", answer.getResult().number()));
    }

    private Uni<NodeTestimony<Optional<Inclusion>>> inclusion(Receipt receipt) {
        return receipt.anchor()
                .map(anchor -> heard(receipts.inclusion(anchor.transaction()), found -> found))
                .orElseGet(() -> Uni.createFrom().item(new Silent<>(NOT_ANCHORED)));
    }

    private static NodeTestimony<Optional<SeenBlock>> block(NodeTestimony<Optional<Inclusion>> inclusion) {
        return switch (inclusion) {
            case Silent<Optional<Inclusion>>(var why) -> new Silent<>(why);
            case Said<Optional<Inclusion>>(var found) ->
                new Said<>(found.map(
                        in -> new SeenBlock(in.block().number(), in.block().hash(), in.committedAt())));
        };
    }

    private Uni<NodeTestimony<Optional<Hash32>>> canonical(NodeTestimony<Optional<Inclusion>> inclusion) {
        if (!(inclusion instanceof Said<Optional<Inclusion>>(var found)) || found.isEmpty()) {
            return Uni.createFrom().item(new Silent<>("no block is known to have the transaction"));
        }
        return heard(
                node.ask(ChainNode.block(found.get().block().number())),
                answer -> Optional.ofNullable(NodeValue.orNone("a block", answer))
                        .map(block -> NodeValue.hash("block.hash", block.hash())));
    }

    private Uni<NodeTestimony<Optional<Address>>> signer(Receipt receipt) {
        return receipt.promised()
                .map(promised -> OffLoop.run(vertx, () -> LaneSigner.recover(promised.digest(), promised.signature()))
                        .<NodeTestimony<Optional<Address>>>map(Said::new))
                .orElseGet(() -> Uni.createFrom().item(new Silent<>(NO_PROMISE)));
    }

    private static <A, T> Uni<NodeTestimony<T>> heard(Uni<A> answer, Function<A, T> reading) {
        return answer.map(value -> said(() -> reading.apply(value)))
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(why -> new Silent<>(String.valueOf(why.getMessage())));
    }

    @Override
    public void close() {
        service.close();
    }
}
