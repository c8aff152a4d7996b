package openledger.chain;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import openledger.chain.ChainNode.Answers;
import openledger.chain.ChainNode.At;
import openledger.chain.fee.FeeReader;
import openledger.chain.registry.RegistryCalls;
import openledger.chain.registry.TransactionReceipts;
import openledger.chain.registry.TransactionSender;
import openledger.chain.rpc.NodeAnswers.Block;
import openledger.chain.rpc.NodeAnswers.OfBlock;
import openledger.chain.rpc.NodeRevert;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.chain.vault.VaultErrors;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Ledger;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.ledger.Submission;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;

/** The ledger on an OP Stack chain. Answers come on an event loop. Thread-safe. */
public final class Web3jLedger implements Ledger {
    /** A block may be orphaned between the question which is newest and what is read at it. */
    private static final int VIEW_TRIES = 3;

    private static final int BLOCKS_A_TRIP = 20;
    /** Place of the newest block among what is read at a block. */
    private static final int LATEST_AGAIN = 4;

    private final Vertx vertx;
    private final ChainSettings settings;
    private final LaneAccount account;
    private final VertxWeb3jService service;
    private final ChainNode node;
    private final TransactionReceipts receipts;
    private final TransactionSender sender;
    private final FeeReader fees;
    private final NewHeads heads;

    /** Connects to nothing yet; {@link #close} lets all connections go. */
    public Web3jLedger(Vertx vertx, ChainSettings settings, LaneAccount account) {
        this.vertx = vertx;
        this.settings = settings;
        this.account = account;
        this.service = new VertxWeb3jService(vertx, settings.rpc());
        this.node = new ChainNode(service);
        this.receipts = new TransactionReceipts(node);
        this.fees = new FeeReader(node, settings.fees());
        this.sender = new TransactionSender(node, receipts, account.address(), settings.syncWait());
        this.heads = new NewHeads(vertx, settings.webSockets(), settings.pollInterval());
    }

    @Override
    public Uni<LedgerView> view() {
        return view(VIEW_TRIES);
    }

    private Uni<LedgerView> view(int tries) {
        return node.askAll(List.of(ChainNode.block(At.LATEST), ChainNode.block(At.SAFE), ChainNode.block(At.FINALIZED)))
                .chain(this::viewAtLatest)
                .chain(view -> view.map(seen -> Uni.createFrom().item(seen))
                        .orElseGet(() -> tries > 1
                                ? view(tries - 1)
                                : Uni.createFrom()
                                        .failure(new LedgerUnavailable("the newest block changed between two reads"))));
    }

    /** Empty if the newest block is not that any more. */
    private Uni<Optional<LedgerView>> viewAtLatest(Answers blocks) {
        return ChainNode.readable(Uni.createFrom().deferred(() -> {
            BlockRef latest = reference(NodeValue.orNone("the newest block", blocks.at(0, OfBlock.class)))
                    .orElseThrow(() -> NodeValue.malformed("eth_getBlockByNumber.latest"));
            At at = new At.Block(latest.hash());
            long asked = System.nanoTime();
            return node.askAll(List.of(
                            ChainNode.call(settings.registry(), RegistryCalls.headOf(settings.lane()), at),
                            ChainNode.call(settings.registry(), RegistryCalls.laneOf(settings.lane()), at),
                            ChainNode.call(
                                    settings.registry(),
                                    RegistryCalls.signerRetiredAt(settings.lane(), settings.signer()),
                                    at),
                            ChainNode.nonce(account.address(), at),
                            ChainNode.block(At.LATEST)))
                    .map(read -> stillLatest(latest, read)
                            ? view(latest, blocks, read, Duration.ofNanos(System.nanoTime() - asked))
                            : Optional.empty());
        }));
    }

    /** Some nodes tell the nonce of their newest block whatever block they are asked for: so no other may have come between. */
    private static boolean stillLatest(BlockRef latest, Answers read) {
        return reference(NodeValue.orNone("the newest block", read.at(LATEST_AGAIN, OfBlock.class)))
                .filter(latest::equals)
                .isPresent();
    }

    private static Optional<LedgerView> view(BlockRef latest, Answers blocks, Answers read, Duration roundTrip) {
        if (IntStream.range(0, LATEST_AGAIN).anyMatch(i -> read.text(i).hasError())) {
            return Optional.empty();
        }
        return Optional.of(new LedgerView(
                latest,
                tagged(blocks.at(1, OfBlock.class)),
                tagged(blocks.at(2, OfBlock.class)),
                NodeValue.number("eth_getTransactionCount", read.text(3).getResult()),
                RegistryCalls.lane(
                        NodeValue.bytes("headOf", read.text(0).getResult()),
                        NodeValue.bytes("laneOf", read.text(1).getResult()),
                        NodeValue.bytes("signerRetiredAt", read.text(2).getResult())),
                roundTrip));
    }

    /** A young chain has no such block yet; nodes say so with nothing, or with an error. */
    private static BlockRef tagged(OfBlock answer) {
        if (answer.hasError() && NodeValue.saysAbsent(answer.getError())) {
            return LedgerView.NO_BLOCK;
        }
        return reference(NodeValue.orNone("a tagged block", answer)).orElse(LedgerView.NO_BLOCK);
    }

    private static Optional<BlockRef> reference(@Nullable Block block) {
        return block == null
                ? Optional.empty()
                : Optional.of(new BlockRef(
                        NodeValue.number("block.number", block.number()), NodeValue.hash("block.hash", block.hash())));
    }

    @Override
    public Uni<Published> published(Hash32 policyHash) {
        return node.ask(ChainNode.call(
                        settings.registry(), RegistryCalls.policyPublishedAt(settings.lane(), policyHash), At.LATEST))
                .chain(answer -> ChainNode.readable(Uni.createFrom()
                        .item(() -> RegistryCalls.publishedAt(NodeValue.result("policyPublishedAt", answer)) > 0
                                ? Published.YES
                                : Published.NO)));
    }

    @Override
    public Uni<Optional<String>> stakeShort(LedgerCall.Commit commit) {
        byte[] data = RegistryCalls.encode(commit, account.address());
        return node.ask(ChainNode.call(account.address(), settings.registry(), data, Wei.ZERO, At.LATEST))
                .map(answer -> answer.hasError()
                        ? NodeRevert.of(answer.getError()).flatMap(VaultErrors::stakeShort)
                        : Optional.empty());
    }

    @Override
    public Uni<Fees> fees() {
        return fees.offer();
    }

    @Override
    public Uni<SignedTransaction> sign(LedgerCall call, long nonce, Fees fees) {
        return OffLoop.run(
                vertx,
                () -> account.sign(
                        settings.chainId(),
                        nonce,
                        BigInteger.valueOf(RegistryCalls.gasLimit(call)),
                        settings.registry(),
                        RegistryCalls.encode(call, account.address()),
                        fees));
    }

    @Override
    public Uni<Submission> submit(SignedTransaction transaction) {
        return fees.mayBeSent().chain(may -> may ? sender.submit(transaction) : tooDear());
    }

    private static Uni<Submission> tooDear() {
        return Uni.createFrom()
                .item(new Submission.Unknown("the chain's fee for data on L1 is above the configured cap"));
    }

    @Override
    public Uni<Optional<Inclusion>> inclusion(Hash32 transaction) {
        return receipts.inclusion(transaction);
    }

    @Override
    public Uni<List<Optional<Hash32>>> canonical(List<Long> numbers) {
        return canonical(numbers, 0, new ArrayList<>());
    }

    private Uni<List<Optional<Hash32>>> canonical(List<Long> numbers, int from, List<Optional<Hash32>> found) {
        if (from >= numbers.size()) {
            return Uni.createFrom().item(found);
        }
        int to = Math.min(from + BLOCKS_A_TRIP, numbers.size());
        List<Request<?, ? extends Response<?>>> questions = new ArrayList<>();
        numbers.subList(from, to).forEach(number -> questions.add(ChainNode.block(number)));
        return node.askAll(questions)
                .chain(answers -> ChainNode.readable(Uni.createFrom().item(() -> {
                    for (int i = 0; i < questions.size(); i++) {
                        found.add(reference(NodeValue.orNone("a block", answers.at(i, OfBlock.class)))
                                .map(BlockRef::hash));
                    }
                    return found;
                })))
                .chain(sofar -> canonical(numbers, to, sofar));
    }

    @Override
    public void onNewHead(Runnable told) {
        heads.tell(told);
    }

    /** Lets all connections go. */
    public void close() {
        heads.close();
        service.close();
    }
}
