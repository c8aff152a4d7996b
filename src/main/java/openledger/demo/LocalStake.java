package openledger.demo;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.audit.court.Court.LaneStake;
import openledger.audit.court.Filing;
import openledger.chain.LaneAccount;
import openledger.chain.RpcSettings;
import openledger.chain.registry.Deployment;
import openledger.chain.registry.RegistryCalls;
import openledger.chain.registry.RegistryCalls.LaneAccounts;
import openledger.chain.registry.RegistryDeployer;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.LaneGate;
import openledger.chain.vault.VaultContracts;
import openledger.chain.vault.VaultDeployer;
import openledger.chain.vault.VaultDeployer.Step;
import openledger.chain.vault.Web3jCourt;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.settlement.ledger.LedgerCall;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/**
 * What the lane of the demo has at stake: a vault on a chain of this machine, which is the lane's gate. All of it is done once, in six
 * blocks; a chain that is kept has it at the next start.
 */
final class LocalStake {
    private static final LaneAccount OWNER = LaneAccount.of(LocalRegistry.LANE_KEY);
    private static final LaneAccount BACKER = LaneAccount.of(AnvilNode.KEYS.getFirst());
    /** Of the account that answers games; it may be neither the committer nor anybody who sends at the same time. */
    private static final String ANSWER_KEY = AnvilNode.KEYS.get(2);

    private static final String ANSWER_KEY_ENV = "OPENLEDGER_STAKE_KEY";
    private static final int SALT = 1;
    private static final Wei STAKE = new Wei(BigInteger.valueOf(5).multiply(BigInteger.TEN.pow(18)));
    /** As in {@link VaultTerms#USUAL}, with the shortest times that a vault takes. */
    static final VaultTerms TERMS = new VaultTerms(
            VaultTerms.USUAL.floor(),
            VaultTerms.USUAL.stakePerLeaf(),
            VaultTerms.USUAL.volumeWindow(),
            VaultTerms.USUAL.leafPenalty(),
            VaultTerms.USUAL.promisePenalty(),
            VaultTerms.USUAL.mostPerBatch(),
            VaultTerms.USUAL.bond(),
            VaultTerms.USUAL.bondGas(),
            VaultTerms.USUAL.reporterBps(),
            Duration.ofDays(1),
            Duration.ofDays(1),
            VaultTerms.USUAL.anchorMost(),
            VaultTerms.USUAL.grace());

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 50;
    private static final String OPENING_GAS = "0x3d090";

    private LocalStake() {}

    /** Where the vault of the demo is, or would be. */
    static Address vault() {
        return new VaultContracts(RegistryDeployer.address(), TERMS).vault().address();
    }

    /**
     * Puts it there unless it is, and says in a router's environment where. Blocks for some blocks of the chain.
     *
     * @throws IOException if the chain takes some of it not
     */
    static Map<String, String> put(AnvilNode chain) throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        RpcSettings rpc = RpcSettings.of(List.of(chain.rpc()), OptionalLong.of(AnvilNode.CHAIN_ID), TIMEOUT);
        CourtSettings settings =
                new CourtSettings(rpc, RegistryDeployer.address(), vault(), LocalRegistry.FEES, TIMEOUT, LIMIT);
        try (VaultDeployer deployer = new VaultDeployer(vertx, rpc, LocalRegistry.FEES, BACKER, TERMS);
                LaneGate gate = new LaneGate(vertx, settings, OWNER);
                Web3jCourt court = new Web3jCourt(vertx, settings, Optional.of(BACKER))) {
            for (Step step : now(deployer.deploy())) {
                if (step.outcome() instanceof Deployment.Failed(var reason)) {
                    throw new IOException("the " + step.contract() + " was not deployed: " + reason);
                }
            }
            LaneId lane = LocalRegistry.lane();
            Address before = opened(chain, gate, lane).gate();
            LaneStake stake = now(court.stake(lane));
            if (stake.isShort()) {
                done("to stand behind the lane", now(court.file(new VaultCall.Deposit(lane), STAKE)));
            }
            if (!before.equals(vault())) {
                done("to let the vault judge the lane", now(gate.set(lane, vault())));
            }
        } catch (LedgerUnavailable | TimeoutException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            vertx.close();
        }
        return Map.of(
                "OPENLEDGER_STAKE_VAULT",
                vault().toString(),
                "OPENLEDGER_STAKE_KEY_ENV",
                ANSWER_KEY_ENV,
                ANSWER_KEY_ENV,
                ANSWER_KEY);
    }

    /** The router would open its lane itself, but later than somebody can stand behind it. */
    private static LaneAccounts opened(AnvilNode chain, LaneGate gate, LaneId lane)
            throws IOException, InterruptedException {
        Optional<LaneAccounts> known = now(gate.lane(lane));
        if (known.isPresent()) {
            return known.get();
        }
        byte[] opening = RegistryCalls.encode(new LedgerCall.OpenLane(SALT, OWNER.address()), OWNER.address());
        // The chain has the keys of the demo's accounts.
        chain.call(
                "eth_sendTransaction",
                new JsonObject()
                        .put("from", OWNER.address().toString())
                        .put("to", RegistryDeployer.address().toString())
                        .put("gas", OPENING_GAS)
                        .put("data", "0x" + HexFormat.of().formatHex(opening)));
        long until = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < until) {
            known = now(gate.lane(lane));
            if (known.isPresent()) {
                return known.get();
            }
            Thread.sleep(LOOK_MILLIS);
        }
        throw new IOException("the lane was not opened");
    }

    /**
     * The chain of the demo is kept from one run to the next, and one of a former version may not be what this one needs.
     *
     * @param what the transaction was for
     * @throws IOException if it was not done
     */
    static void done(String what, Filing filing) throws IOException {
        String why = switch (filing) {
            case Filing.Done done -> "";
            case Filing.Reverted(var transaction, var block, var spent) ->
                "a contract refused it in transaction " + transaction;
            case Filing.Unsettled(var reason) -> reason;
            case Filing.NotSent(var reason) -> reason;
        };
        if (!why.isEmpty()) {
            throw new IOException("the transaction " + what + " was not done: " + why
                    + "; if the demo's chain is of an older version, remove its folder and that of its database (.data/chain"
                    + " and .data/postgres) and start again");
        }
    }

    private static <T> T now(Uni<T> answer) {
        return answer.await().atMost(LIMIT.multipliedBy(2));
    }
}
