package openledger.chain.registry;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.Answers;
import openledger.chain.ChainNode.At;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.OffLoop;
import openledger.chain.RpcSettings;
import openledger.chain.fee.FeeReader;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.ledger.Submission;

/**
 * Deploys contracts, each once per chain: its address follows from its code and its arguments alone, so a second attempt finds it, and two
 * deployments at once end with the same contract. Anybody may deploy them, because nobody controls them. Thread-safe.
 */
public final class ContractDeployer implements AutoCloseable {
    private static final int GAS_BASE = 300_000;
    /** For each byte of code: kept on chain, sent as call data, hashed. */
    private static final int GAS_A_BYTE = 300;

    private static final Duration SYNC_WAIT = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final int MOST_LOOKS = 480;

    private final Vertx vertx;
    private final LaneAccount account;
    private final VertxWeb3jService service;
    private final ChainNode node;
    private final FeeReader fees;

    /**
     * @param account pays for it
     */
    public ContractDeployer(Vertx vertx, RpcSettings rpc, FeeSettings fees, LaneAccount account) {
        this.vertx = vertx;
        this.account = account;
        this.service = new VertxWeb3jService(vertx, rpc);
        this.node = new ChainNode(service);
        this.fees = new FeeReader(node, fees);
    }

    /** Deploys it unless it is there. Never fails; waits at most two minutes for a block. */
    public Uni<Deployment> deploy(ContractArtifact artifact) {
        return node.askAll(List.of(
                        ChainNode.chainId(),
                        ChainNode.code(artifact.address(), At.LATEST),
                        ChainNode.code(ContractArtifact.FACTORY, At.LATEST),
                        ChainNode.nonce(account.address(), At.LATEST)))
                .chain(answers -> ChainNode.readable(Uni.createFrom().deferred(() -> deploy(artifact, answers))))
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(why -> new Deployment.Failed(String.valueOf(why.getMessage())));
    }

    private Uni<Deployment> deploy(ContractArtifact artifact, Answers answers) {
        long chainId = NodeValue.number("eth_chainId", answers.text(0).getResult());
        byte[] code = NodeValue.result("eth_getCode", answers.text(1));
        if (code.length > 0) {
            return Uni.createFrom()
                    .item(
                            artifact.isCode(code)
                                    ? new Deployment.AlreadyThere(artifact.address(), chainId)
                                    : otherCode(artifact));
        }
        if (NodeValue.result("eth_getCode", answers.text(2)).length == 0) {
            return failed("chain " + chainId + " has no deployment proxy at " + ContractArtifact.FACTORY
                    + ", which OP Stack chains have from the start");
        }
        long nonce = NodeValue.number("eth_getTransactionCount", answers.text(3).getResult());
        byte[] call = artifact.factoryCall();
        BigInteger gas = BigInteger.valueOf(GAS_BASE + (long) GAS_A_BYTE * call.length);
        return fees.offer()
                .chain(offer -> OffLoop.run(
                        vertx, () -> account.sign(chainId, nonce, gas, ContractArtifact.FACTORY, call, offer)))
                .chain(transaction -> send(artifact, chainId, transaction));
    }

    private Uni<Deployment> send(ContractArtifact artifact, long chainId, SignedTransaction transaction) {
        TransactionReceipts receipts = new TransactionReceipts(node);
        return new TransactionSender(node, receipts, account.address(), SYNC_WAIT)
                .submit(transaction)
                .chain(outcome -> switch (outcome) {
                    case Submission.Included(var inclusion) -> checked(artifact, chainId, inclusion);
                    case Submission.Pending pending -> awaited(artifact, chainId, receipts, transaction, MOST_LOOKS);
                    case Submission.Unknown unknown -> awaited(artifact, chainId, receipts, transaction, MOST_LOOKS);
                    case Submission.Refused(var reason) -> failed("the node refuses it: " + reason);
                    case Submission.Underpriced cheap -> failed("the fee is too low: raise the fee cap");
                    case Submission.NonceUsed used -> failed("the account sends another transaction at the same time");
                    case Submission.NonceGap gap -> failed("the account sends another transaction at the same time");
                });
    }

    private Uni<Deployment> awaited(
            ContractArtifact artifact,
            long chainId,
            TransactionReceipts receipts,
            SignedTransaction transaction,
            int looks) {
        return receipts.inclusion(transaction.hash())
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(Optional.empty())
                .chain(found -> {
                    if (found.isPresent()) {
                        return checked(artifact, chainId, found.get());
                    }
                    return looks == 0
                            ? failed("transaction " + transaction.hash()
                                    + " is in no block yet: look for it, or try again")
                            : Uni.createFrom()
                                    .voidItem()
                                    .onItem()
                                    .delayIt()
                                    .by(BETWEEN_LOOKS)
                                    .chain(() -> awaited(artifact, chainId, receipts, transaction, looks - 1));
                });
    }

    /** The factory does not fail where the code is there already. */
    private Uni<Deployment> checked(ContractArtifact artifact, long chainId, Inclusion inclusion) {
        return node.ask(ChainNode.code(artifact.address(), At.LATEST))
                .chain(answer -> ChainNode.readable(Uni.createFrom().item(() -> {
                    byte[] code = NodeValue.result("eth_getCode", answer);
                    if (inclusion.effect() != Effect.DONE || code.length == 0) {
                        return new Deployment.Failed("transaction " + inclusion.transaction() + " failed on chain");
                    }
                    return artifact.isCode(code)
                            ? new Deployment.Deployed(artifact.address(), chainId, inclusion)
                            : otherCode(artifact);
                })));
    }

    private static Deployment otherCode(ContractArtifact artifact) {
        return new Deployment.Failed("the code at " + artifact.address() + " is not that of this build");
    }

    private static Uni<Deployment> failed(String reason) {
        return Uni.createFrom().item(new Deployment.Failed(reason));
    }

    @Override
    public void close() {
        service.close();
    }
}
