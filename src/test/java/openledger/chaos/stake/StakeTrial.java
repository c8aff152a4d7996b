package openledger.chaos.stake;

import static openledger.chain.LocalChain.await;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import openledger.audit.court.Filing;
import openledger.audit.court.LaneChain.Committed;
import openledger.audit.court.Told;
import openledger.chain.LaneAccount;
import openledger.chain.LocalChain;
import openledger.chain.RpcSettings;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.Web3jCourt;
import openledger.chain.vault.Web3jLaneChain;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultFault;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.support.LocalVault;
import openledger.support.ShownThings;
import openledger.support.lane.LyingLane;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/**
 * A chain with a vault, a lane that lies behind it, and auditors in processes of their own. Confined to one thread.
 */
final class StakeTrial {
    static final LaneAccount AUDITOR = LaneAccount.of(AnvilNode.KEYS.get(2));
    /** The fourth of the accounts that every such chain has. */
    static final LaneAccount STAKER =
            LaneAccount.of("7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6");

    static final Path OUT = Path.of("target/prove-stake");
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);

    final LocalChain chain;
    final LyingLane lane;
    final Address vault;
    final Web3jCourt court;

    StakeTrial(Path data) throws IOException, InterruptedException {
        chain = new LocalChain(data.resolve("chain"));
        lane = new LyingLane(chain, System.currentTimeMillis());
        vault = LocalVault.deploy(chain.node, chain.registry, LocalVault.TERMS);
        court = new Web3jCourt(
                chain.vertx,
                new CourtSettings(
                        rpc(), chain.registry, vault, LocalChain.FEES, Duration.ofSeconds(5), Duration.ofSeconds(20)),
                Optional.of(STAKER));
        stake(LocalChain.LANE, LocalChain.ACCOUNT.address(), 60);
    }

    private RpcSettings rpc() {
        return RpcSettings.of(List.of(chain.node.rpc()), OptionalLong.of(AnvilNode.CHAIN_ID), Duration.ofSeconds(10));
    }

    /** Makes the vault the gate of a lane, with a stake. */
    void stake(LaneId of, Address owner, long ether) throws IOException, InterruptedException {
        LocalVault.gate(chain.node, chain.registry, of, owner, vault);
        Filing filing =
                await(court.file(new VaultCall.Deposit(of), new Wei(ETHER.multiply(BigInteger.valueOf(ether)))));
        if (!(filing instanceof Filing.Done)) {
            throw new IOException("the stake was not deposited: " + filing);
        }
    }

    /** Starts an auditor that sends what it finds. */
    ChildProcess audit(
            String name, List<URI> routers, LaneId of, Path state, List<String> more, Map<String, String> environment)
            throws IOException {
        return new AuditedLane(chain.node, vault, of, OUT).audit(name, routers, state, more, environment);
    }

    /** What the vault has told of the lane that lies. */
    List<Told> told() {
        return told(LocalChain.LANE);
    }

    /** What it has told of a lane. */
    List<Told> told(LaneId of) {
        return await(court.events(of, 0, await(court.time()).latest()));
    }

    /** Faults that were proved, or asked for. */
    Set<VaultFault> faults(Class<? extends VaultEvent> kind) {
        Set<VaultFault> found = new HashSet<>();
        for (Told one : told()) {
            switch (one.event()) {
                case VaultEvent.Penalised it when kind.isInstance(it) -> found.add(it.fault());
                case VaultEvent.Challenged it when kind.isInstance(it) -> found.add(it.fault());
                default -> {}
            }
        }
        return found;
    }

    /** Something that is waited for. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Waits for it, as long as is allowed; whether it came. */
    static boolean until(Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(200);
        }
        return true;
    }

    /** What the chain has of a lane. */
    List<Committed> batches(LaneId of) {
        try (Web3jLaneChain lanes = new Web3jLaneChain(chain.vertx, rpc(), chain.registry)) {
            return await(lanes.batches(of, 0, await(court.time()).latest()));
        }
    }

    /** Of the auditor's transactions those that cost something and did nothing. */
    long refused(ShownThings shown) throws IOException, InterruptedException {
        SentTransactions sent = SentTransactions.of(chain.node, AUDITOR.address());
        shown.atLeast("transactions of the auditor", 10, sent.count());
        return sent.refused();
    }
}
