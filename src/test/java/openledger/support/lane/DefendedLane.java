package openledger.support.lane;

import static openledger.chain.LocalChain.await;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.audit.court.Filing;
import openledger.audit.court.StakeView;
import openledger.audit.court.StakeWatch;
import openledger.chain.LaneAccount;
import openledger.chain.LocalChain;
import openledger.chain.RpcSettings;
import openledger.chain.Web3jLedger;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.VaultDeployer;
import openledger.chain.vault.Web3jCourt;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultTerms;
import openledger.demo.AnvilNode;
import openledger.demo.LocalRegistry;
import openledger.settlement.ledger.LedgerCall;
import openledger.support.LocalVault;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/**
 * A chain with registry, vault and the contract that answers many, as {@code openledger chain deploy --vault} deploys them, and the lane of a
 * router with a stake behind that gate. The amounts are the usual ones, the times the shortest that a vault takes. Confined to one thread; what its court says may be asked from any.
 */
public final class DefendedLane {
    /** Opens the lane, commits and signs. */
    public static final LaneAccount OWNER = LaneAccount.of(AnvilNode.KEYS.get(1));

    public static final LaneId LANE = LocalRegistry.lane();
    public static final Wei STAKE = new Wei(BigInteger.TEN.pow(18));
    public static final LaneAccount DEFENDER = LaneAccount.of("d1".repeat(32));
    public static final LaneAccount CHALLENGER = LaneAccount.of("d2".repeat(32));
    private static final LaneAccount STAKER = LaneAccount.of("d3".repeat(32));
    private static final long POCKET_WEI = 9_000_000_000_000_000_000L;
    private static final String DEFENDER_KEY = "DEFENDER_KEY";

    public final LocalChain chain;
    public final Address vault;

    /** Of the vault. */
    public final VaultTerms terms = terms();
    /** Of the staker. */
    public final Web3jCourt court;

    private final StakeWatch watch;

    /** Starts the chain. */
    public DefendedLane(Path folder) throws IOException, InterruptedException {
        chain = new LocalChain(folder);
        vault = deploy();
        for (LaneAccount account : List.of(DEFENDER, CHALLENGER, STAKER)) {
            chain.node.setBalance(account.address().toString(), POCKET_WEI);
        }
        Web3jLedger ledger = chain.ledger(LANE, OWNER);
        chain.include(ledger, new LedgerCall.OpenLane(1, OWNER.address()));
        ledger.close();
        LocalVault.gate(chain.node, chain.registry, LANE, OWNER.address(), vault);
        court = court(STAKER);
        if (!(await(court.file(new VaultCall.Deposit(LANE), STAKE)) instanceof Filing.Done)) {
            throw new IOException("the stake was not deposited");
        }
        watch = new StakeWatch(court, LANE);
    }

    private static VaultTerms terms() {
        VaultTerms usual = VaultTerms.USUAL;
        return new VaultTerms(
                usual.floor(),
                usual.stakePerLeaf(),
                usual.volumeWindow(),
                usual.leafPenalty(),
                usual.promisePenalty(),
                usual.mostPerBatch(),
                usual.bond(),
                usual.bondGas(),
                usual.reporterBps(),
                Duration.ofDays(1),
                Duration.ofDays(1),
                Duration.ofHours(1),
                Duration.ofHours(1));
    }

    private Address deploy() throws IOException {
        try (VaultDeployer deployer = new VaultDeployer(
                chain.vertx, LocalChain.rpc(chain.node.rpc()), LocalChain.FEES, LocalChain.ACCOUNT, terms)) {
            List<VaultDeployer.Step> steps = await(deployer.deploy());
            if (!steps.stream().allMatch(VaultDeployer.Step::isThere)) {
                throw new IOException("the vault was not deployed: " + steps);
            }
            return deployer.vault();
        }
    }

    /** The chain's node. */
    public RpcSettings rpc() {
        return RpcSettings.of(List.of(chain.node.rpc()), OptionalLong.of(AnvilNode.CHAIN_ID), Duration.ofSeconds(10));
    }

    /** The vault, for an account. */
    public Web3jCourt court(LaneAccount account) {
        return new Web3jCourt(
                chain.vertx,
                new CourtSettings(
                        rpc(), chain.registry, vault, LocalChain.FEES, Duration.ofSeconds(5), Duration.ofSeconds(20)),
                Optional.of(account));
    }

    /** Of a router that defends the stake, beside what it needs to settle here. */
    public Map<String, String> environment() {
        return Map.of(
                "OPENLEDGER_SETTLEMENT_CHALLENGE_WINDOW",
                terms.window().toHours() + "h",
                "OPENLEDGER_STAKE_VAULT",
                vault.toString(),
                "OPENLEDGER_STAKE_KEY_ENV",
                DEFENDER_KEY,
                DEFENDER_KEY,
                "d1".repeat(32));
    }

    /** What the vault has of the lane now. */
    public StakeView view() {
        return await(watch.step());
    }
}
