package openledger.chain.vault;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import openledger.audit.court.Filing;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.At;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.OffLoop;
import openledger.chain.RpcSettings;
import openledger.chain.fee.FeeReader;
import openledger.chain.registry.TransactionReceipts;
import openledger.chain.registry.TransactionSender;
import openledger.chain.rpc.NodeAnswers.Text;
import openledger.chain.rpc.NodeRevert;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.Ledger.Fees;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.ledger.Submission;
import openledger.unit.Address;
import openledger.unit.Ether;
import openledger.unit.Wei;

/**
 * Sends transactions of an account that nobody else uses, one at a time, and waits for their blocks. The nonce is the chain's: a
 * transaction that is in no block yet is replaced by the next one, for a higher fee, so nothing has to be remembered over a restart.
 * What one node holds every other gets too, for a node may keep it to itself. Long because a transaction is followed from its nonce to its
 * block in one place. Thread-safe.
 */
final class AccountSender {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** EIP-7825 has almost 17 million; nothing of ours needs more. */
    private static final long MOST_GAS = 16_000_000;
    /** Estimates are of the newest block, and the next may need more. */
    private static final int GAS_MARGIN_PERCENT = 25;

    private static final long GAS_MARGIN = 20_000;
    /** What nodes ask of a transaction that replaces another, and some more. */
    private static final int RAISE_PERCENT = 25;

    private static final int MOST_RAISES = 8;
    private static final BigInteger HUNDRED = BigInteger.valueOf(100);
    /** Leaf, header, path and signature; what is longer costs some more, and is as rare. */
    private static final int USUAL_BYTES = 2_000;

    private final Vertx vertx;
    private final LaneAccount account;
    private final long chainId;
    private final FeeSettings settings;
    private final Duration patience;
    private final ChainNode node;
    private final List<ChainNode> others;
    private final List<VertxWeb3jService> opened;
    private final TransactionReceipts receipts;
    private final TransactionSender sender;
    private final FeeReader fees;
    private final AtomicReference<CompletableFuture<Boolean>> last =
            new AtomicReference<>(CompletableFuture.completedFuture(true));
    /** The nonce and fees of what was sent last; only what runs alone reads or writes it. */
    private volatile Offer latest = new Offer(-1, new Fees(Wei.ZERO, Wei.ZERO));

    AccountSender(Vertx vertx, CourtSettings court, VertxWeb3jService service, LaneAccount account) {
        this.vertx = vertx;
        this.account = account;
        this.chainId = court.rpc().chainId().orElseThrow();
        this.settings = court.fees();
        this.patience = court.patience();
        this.node = new ChainNode(service);
        this.opened = court.rpc().nodes().size() == 1
                ? List.of()
                : court.rpc().nodes().stream()
                        .map(address -> new VertxWeb3jService(
                                vertx,
                                RpcSettings.of(
                                        List.of(address),
                                        court.rpc().chainId(),
                                        court.rpc().timeout())))
                        .toList();
        this.others = opened.stream().map(ChainNode::new).toList();
        this.receipts = new TransactionReceipts(node);
        this.sender = new TransactionSender(node, receipts, account.address(), court.syncWait());
        this.fees = new FeeReader(node, settings, USUAL_BYTES);
    }

    /** Never fails. Waits for those that were asked for before. */
    Uni<Filing> send(Address to, byte[] data, Wei value) {
        return Uni.createFrom().deferred(() -> {
            CompletableFuture<Boolean> mine = new CompletableFuture<>();
            CompletableFuture<Boolean> before = last.getAndSet(mine);
            return Uni.createFrom()
                    .completionStage(before)
                    .chain(() -> alone(new Wanted(to, data, value)))
                    // Also if nobody waits any more; and not before the one before has ended.
                    .onTermination()
                    .invoke(() -> {
                        var _ = before.whenComplete((done, why) -> mine.complete(true));
                    });
        });
    }

    private Uni<Filing> alone(Wanted wanted) {
        return Uni.combine()
                .all()
                .unis(
                        node.ask(ChainNode.nonce(account.address(), At.LATEST)),
                        node.ask(ChainNode.estimate(account.address(), wanted.to, wanted.data, wanted.value)),
                        fees.offer())
                .asTuple()
                .chain(answers -> ChainNode.readable(Uni.createFrom()
                        .deferred(() -> prepared(wanted, answers.getItem1(), answers.getItem2(), answers.getItem3()))))
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(why -> new Filing.NotSent(String.valueOf(why.getMessage())));
    }

    private Uni<Filing> prepared(Wanted wanted, Text nonce, Text estimate, Fees offer) {
        if (estimate.hasError()) {
            return NodeRevert.of(estimate.getError())
                    .map(data -> notSent(
                            "the contract refuses it: " + VaultErrors.read(data).reason()))
                    .orElseGet(() -> refused(
                            NodeValue.cleaned(estimate.getError().getMessage()), new Cost(wanted.value, Wei.ZERO)));
        }
        long gas = NodeValue.number("eth_estimateGas", estimate.getResult());
        long limit = gas + gas * GAS_MARGIN_PERCENT / 100 + GAS_MARGIN;
        if (gas > MOST_GAS || limit > MOST_GAS) {
            return notSent("it needs more gas than a transaction may: " + gas);
        }
        long number = NodeValue.number("eth_getTransactionCount", NodeValue.orNone("the nonce", nonce));
        Fees first = number == latest.nonce ? higher(latest.fees, offer) : offer;
        return fees.mayBeSent()
                .chain(may -> may
                        ? offered(wanted, limit, new Offer(number, first), 0)
                        : notSent("the chain's fee for data on L1 is above the configured cap"));
    }

    private Uni<Filing> offered(Wanted wanted, long limit, Offer offer, int raises) {
        latest = offer;
        return OffLoop.run(
                        vertx,
                        () -> account.sign(
                                chainId,
                                offer.nonce,
                                BigInteger.valueOf(limit),
                                wanted.to,
                                wanted.data,
                                wanted.value,
                                offer.fees))
                .chain(transaction -> sender.submit(transaction).chain(outcome -> switch (outcome) {
                    case Submission.Included(var inclusion) -> filed(inclusion);
                    case Submission.Pending pending -> spread(transaction);
                    case Submission.Unknown unknown -> spread(transaction);
                    case Submission.Underpriced cheap -> raised(wanted, limit, offer, raises);
                    case Submission.Refused(var reason) ->
                        refused(
                                reason,
                                new Cost(wanted.value, offer.fees.maxFee().times(limit)));
                    case Submission.NonceUsed used -> unsettled("the account's next transaction is in a block already");
                    case Submission.NonceGap gap -> unsettled("the node is behind the chain");
                }));
    }

    /** One that is on its way already may have the nonce, and we do not know what it pays. */
    private Uni<Filing> raised(Wanted wanted, long limit, Offer offer, int raises) {
        Fees more = higher(offer.fees, offer.fees);
        return raises >= MOST_RAISES || more.equals(offer.fees)
                ? notSent("the chain or a transaction before it asks for more than the fee cap")
                : offered(wanted, limit, new Offer(offer.nonce, more), raises + 1);
    }

    /** Enough to replace what paid {@code before}, but never more than the cap. */
    private Fees higher(Fees before, Fees offer) {
        Wei most = least(settings.cap(), most(raise(before.maxFee()), offer.maxFee()));
        return new Fees(most, least(most, most(raise(before.priorityFee()), offer.priorityFee())));
    }

    private static Wei raise(Wei fee) {
        return new Wei(fee.value()
                .multiply(HUNDRED.add(BigInteger.valueOf(RAISE_PERCENT)))
                .divide(HUNDRED)
                .add(BigInteger.ONE));
    }

    private static Wei most(Wei one, Wei other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Wei least(Wei one, Wei other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** Gives it to all nodes and waits. */
    private Uni<Filing> spread(SignedTransaction transaction) {
        Uni<Void> told = Uni.createFrom().voidItem();
        for (ChainNode other : others) {
            told = told.chain(() -> other.ask(ChainNode.send(transaction.raw())))
                    .onItemOrFailure()
                    .transformToUni((said, why) -> Uni.createFrom().voidItem());
        }
        return told.chain(() -> awaited(transaction));
    }

    private Uni<Filing> awaited(SignedTransaction transaction) {
        return receipts.inclusion(transaction.hash())
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(Optional.empty())
                .onItem()
                .delayIt()
                .by(BETWEEN_LOOKS)
                .repeat()
                .whilst(Optional::isEmpty)
                .collect()
                .last()
                .chain(found -> filed(found.orElseThrow()))
                .ifNoItem()
                .after(patience)
                .recoverWithItem(() -> new Filing.Unsettled(
                        "transaction " + transaction.hash() + " is in no block after " + patience.toSeconds() + " s"));
    }

    private static Uni<Filing> filed(Inclusion it) {
        long block = it.block().number();
        return Uni.createFrom()
                .item(
                        it.effect() == Effect.DONE
                                ? new Filing.Done(it.transaction(), block, it.fee())
                                : new Filing.Reverted(it.transaction(), block, it.fee()));
    }

    /** In our words if it is for want of money: nodes say that in theirs, each in its own. */
    private Uni<Filing> refused(String reason, Cost cost) {
        return node.ask(ChainNode.balance(account.address()))
                .chain(answer -> ChainNode.readable(Uni.createFrom()
                        .item(() -> NodeValue.wei("eth_getBalance", NodeValue.orNone("the balance", answer)))))
                .map(balance -> cost.isAbove(balance)
                        ? "account " + account.address() + " has " + Ether.text(balance) + ", and needs " + cost.words()
                        : reason)
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(reason)
                .chain(AccountSender::notSent);
    }

    /**
     * What an account has to have for a transaction.
     *
     * @param gas at the most that is offered; zero if it is not known
     */
    private record Cost(Wei value, Wei gas) {
        private boolean isAbove(Wei balance) {
            return value.plus(gas.equals(Wei.ZERO) ? Wei.of(1) : gas).compareTo(balance) > 0;
        }

        private String words() {
            String fee = gas.equals(Wei.ZERO) ? "the fee" : "up to " + Ether.text(gas) + " for the fee";
            return value.equals(Wei.ZERO) ? fee : Ether.text(value) + " and " + fee;
        }
    }

    private static Uni<Filing> notSent(String reason) {
        return Uni.createFrom().item(new Filing.NotSent(reason));
    }

    private static Uni<Filing> unsettled(String reason) {
        return Uni.createFrom().item(new Filing.Unsettled(reason));
    }

    void close() {
        opened.forEach(VertxWeb3jService::close);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Wanted(Address to, byte[] data, Wei value) {}

    private record Offer(long nonce, Fees fees) {}
}
