package openledger.chain.registry;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.Answers;
import openledger.chain.ChainNode.At;
import openledger.chain.rpc.NodeAnswers.OfReceipt;
import openledger.chain.rpc.NodeAnswers.OfTransaction;
import openledger.chain.rpc.NodeRejection;
import openledger.chain.rpc.NodeValue;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.ledger.Submission;
import openledger.unit.Address;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;

/**
 * Sends transactions: so that the node answers with the receipt (EIP-7966) where it can, else plainly. Whatever error a node returns, the
 * receipt is looked up before the outcome of the transaction is decided. Thread-safe.
 */
public final class TransactionSender {
    /** Nodes get better, and another node may be asked by now. */
    private static final long NO_SYNC_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** Who has just hung up is left alone for a moment; the truth is worth that wait. */
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);

    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(1);
    private static final int LOOKS_AGAIN = 3;

    private final ChainNode node;
    private final TransactionReceipts receipts;
    private final Address account;
    private final Duration patience;
    private volatile long plainUntilNanos = System.nanoTime();

    /**
     * @param patience how long a node may take to answer with the receipt
     */
    public TransactionSender(ChainNode node, TransactionReceipts receipts, Address account, Duration patience) {
        this.node = node;
        this.receipts = receipts;
        this.account = account;
        this.patience = patience;
    }

    /** Never fails. */
    public Uni<Submission> submit(SignedTransaction transaction) {
        Uni<Submission> sent = plainUntilNanos - System.nanoTime() > 0 ? sendPlain(transaction) : sendSync(transaction);
        return sent.onFailure(LedgerUnavailable.class)
                .recoverWithUni(why -> objected(transaction, NodeRejection.silence(why.getMessage())));
    }

    private Uni<Submission> sendSync(SignedTransaction transaction) {
        return node.askPatiently(ChainNode.sendSync(transaction.raw()), patience)
                .chain(answer -> {
                    if (answer.hasError()) {
                        NodeRejection objection = NodeRejection.of(answer.getError());
                        if (objection.kind() == NodeRejection.Kind.NO_SUCH_METHOD) {
                            plainUntilNanos = System.nanoTime() + NO_SYNC_NANOS;
                            return sendPlain(transaction);
                        }
                        return objected(transaction, objection);
                    }
                    return receiptOf(transaction, answer)
                            .chain(found -> found.<Uni<Submission>>map(
                                            inclusion -> Uni.createFrom().item(new Submission.Included(inclusion)))
                                    .orElseGet(() ->
                                            objected(transaction, NodeRejection.silence("a receipt without a block"))));
                });
    }

    private Uni<Submission> sendPlain(SignedTransaction transaction) {
        return node.ask(ChainNode.send(transaction.raw()))
                .chain(answer -> answer.hasError()
                        ? objected(transaction, NodeRejection.of(answer.getError()))
                        : Uni.createFrom().item(new Submission.Pending()));
    }

    /** The node's word is not the last: the transaction may be in a block all the same. */
    private Uni<Submission> objected(SignedTransaction transaction, NodeRejection objection) {
        List<Request<?, ? extends Response<?>>> questions = List.of(
                ChainNode.receipt(transaction.hash()),
                ChainNode.transaction(transaction.hash()),
                ChainNode.nonce(account, At.LATEST));
        return node.askAll(questions)
                .onFailure(LedgerUnavailable.class)
                .retry()
                .withBackOff(FIRST_BACKOFF, LONGEST_BACKOFF)
                .atMost(LOOKS_AGAIN)
                .chain(answers -> receiptOf(transaction, answers.at(0, OfReceipt.class))
                        .chain(found -> ChainNode.readable(
                                Uni.createFrom().item(() -> outcome(transaction, objection, found, answers)))))
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(why -> new Submission.Unknown(objection.words()));
    }

    private Uni<Optional<Inclusion>> receiptOf(SignedTransaction transaction, OfReceipt answer) {
        return ChainNode.readable(Uni.createFrom()
                .deferred(() -> receipts.read(transaction.hash(), NodeValue.orNone("the receipt", answer))));
    }

    private static Submission outcome(
            SignedTransaction transaction, NodeRejection objection, Optional<Inclusion> found, Answers answers) {
        if (found.isPresent()) {
            return new Submission.Included(found.get());
        }
        boolean isHeld = NodeValue.orNone("the transaction", answers.at(1, OfTransaction.class)) != null;
        return switch (objection.kind()) {
            case KNOWN -> new Submission.Pending();
            case NONCE_USED -> new Submission.NonceUsed();
            case NONCE_GAP -> new Submission.NonceGap();
            case UNDERPRICED -> new Submission.Underpriced();
            case REFUSED -> new Submission.Refused(objection.words());
            case NOT_IN_TIME, NOT_READY, NO_SUCH_METHOD, UNCLEAR ->
                isHeld ? new Submission.Pending() : byNonce(transaction, objection, answers);
        };
    }

    /** No node holds it and no block has it: the account's nonce may tell why. */
    private static Submission byNonce(SignedTransaction transaction, NodeRejection objection, Answers answers) {
        long nonce = NodeValue.number("eth_getTransactionCount", answers.text(2).getResult());
        if (transaction.nonce() < nonce) {
            return new Submission.NonceUsed();
        }
        if (objection.kind() == NodeRejection.Kind.NOT_READY && transaction.nonce() > nonce) {
            return new Submission.NonceGap();
        }
        return new Submission.Unknown(objection.words());
    }
}
