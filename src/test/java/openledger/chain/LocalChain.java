package openledger.chain;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.chain.registry.Deployment;
import openledger.chain.registry.RegistryDeployer;
import openledger.commitment.BatchHeader;
import openledger.commitment.LaneNumber;
import openledger.commitment.evm.Keccak256;
import openledger.demo.AnvilNode;
import openledger.settlement.ledger.Ledger.Fees;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.ledger.Submission;
import openledger.support.RpcFaultProxy;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import openledger.unit.Wei;

/** A real chain with a registry, and a proxy for faults before it. Confined to one thread. */
public final class LocalChain implements AutoCloseable {
    public static final LaneAccount ACCOUNT = LaneAccount.of(AnvilNode.KEYS.getFirst());
    /** Of the account's lane. */
    public static final long SALT = 7;

    public static final LaneId LANE = LaneNumber.of(ACCOUNT.address(), SALT);
    public static final byte[] POLICY = "{\"routes\":[]}".getBytes(StandardCharsets.UTF_8);
    public static final Hash32 POLICY_HASH = Hash32.of(Keccak256.digest(POLICY));
    public static final FeeSettings FEES =
            new FeeSettings(Wei.of(50_000_000_000L), Wei.of(1_000_000), 100, Wei.of(1_000_000_000_000L));
    public static final Duration POLL = Duration.ofMillis(100);

    private static final Duration BLOCK_TIME = Duration.ofMillis(250);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Many blocks, for a busy machine makes them late. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    public final Vertx vertx = Vertx.vertx();
    public final AnvilNode node;
    final RpcFaultProxy proxy;
    public final LaneAccount account = ACCOUNT;
    public final Address registry;

    public LocalChain(Path folder) throws IOException, InterruptedException {
        node = AnvilNode.start(folder, BLOCK_TIME, AnvilNode.State.FORGOTTEN);
        proxy = RpcFaultProxy.before(vertx, node.rpc());
        registry = deploy();
    }

    public Address deploy() {
        try (RegistryDeployer deployer = new RegistryDeployer(vertx, rpc(node.rpc()), FEES, account)) {
            Deployment deployment = await(deployer.deploy());
            if (deployment instanceof Deployment.Failed(var reason)) {
                throw new IllegalStateException(reason);
            }
            return RegistryDeployer.address();
        }
    }

    /** A ledger that reaches the chain through the proxy. */
    public Web3jLedger ledger() {
        return ledger(List.of(proxy.rpc()), FEES, PATIENCE, List.of());
    }

    Web3jLedger ledger(List<URI> nodes, FeeSettings fees, Duration syncWait, List<URI> webSockets) {
        return ledger(nodes, LANE, account, account.address(), fees, syncWait, webSockets);
    }

    /** A ledger for another lane or another signing key of the account. */
    public Web3jLedger ledger(LaneId lane, Address signer) {
        return ledger(List.of(proxy.rpc()), lane, account, signer, FEES, PATIENCE, List.of());
    }

    /** A ledger for another account's lane. */
    public Web3jLedger ledger(LaneId lane, LaneAccount account) {
        return ledger(List.of(node.rpc()), lane, account, account.address(), FEES, PATIENCE, List.of());
    }

    private Web3jLedger ledger(
            List<URI> nodes,
            LaneId lane,
            LaneAccount account,
            Address signer,
            FeeSettings fees,
            Duration syncWait,
            List<URI> webSockets) {
        return new Web3jLedger(
                vertx,
                new ChainSettings(
                        RpcSettings.of(nodes, OptionalLong.of(AnvilNode.CHAIN_ID), Duration.ofSeconds(5)),
                        AnvilNode.CHAIN_ID,
                        registry,
                        lane,
                        signer,
                        fees,
                        syncWait,
                        webSockets,
                        POLL),
                account);
    }

    public static RpcSettings rpc(URI... nodes) {
        return RpcSettings.of(List.of(nodes), OptionalLong.empty(), Duration.ofSeconds(5));
    }

    public static <T> T await(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }

    /** Signs a call with the account's next nonce. */
    SignedTransaction sign(Web3jLedger ledger, LedgerCall call) {
        LedgerView view = await(ledger.view());
        return await(ledger.sign(call, view.nonce(), await(ledger.fees())));
    }

    /** Sends a call and insists that it gets in. */
    public Submission.Included include(Web3jLedger ledger, LedgerCall call) {
        return (Submission.Included) await(ledger.submit(sign(ledger, call)));
    }

    /** Opens the lane and publishes a policy with one route of 2, then 3 attempts. */
    public void open(Web3jLedger ledger) {
        include(ledger, opening());
        include(ledger, policy());
    }

    /** Of the account's lane; the account signs, too. */
    public static LedgerCall.OpenLane opening() {
        return new LedgerCall.OpenLane(SALT, ACCOUNT.address());
    }

    static LedgerCall.PublishPolicy policy() {
        return new LedgerCall.PublishPolicy(
                LANE, POLICY, List.of(new LedgerCall.RouteBudget(new RouteId(1), List.of(2, 3))));
    }

    /** Another transaction each time, and one that always fits. */
    static Fees fees(long maxFee) {
        return new Fees(Wei.of(maxFee), Wei.of(1_000_000));
    }

    /** A header of a batch; all batches before had as many leaves. */
    public BatchHeader header(long sequence, Hash32 previous, byte[] leaves, Hash32 root) {
        return new BatchHeader(
                AnvilNode.CHAIN_ID,
                registry,
                LANE,
                sequence,
                previous,
                POLICY_HASH,
                1,
                0,
                Hash32.ZERO,
                sequence,
                sequence,
                0,
                leaves.length / 96,
                1,
                sequence * leaves.length / 96,
                root,
                Hash32.ZERO,
                1_000,
                2_000);
    }

    LedgerCall.Commit commit(long sequence, Hash32 previous) {
        byte[] leaves = new byte[96];
        return new LedgerCall.Commit(header(sequence, previous, leaves, POLICY_HASH), Optional.empty());
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        node.close();
        await(Uni.createFrom().completionStage(vertx.close().toCompletionStage()));
    }
}
