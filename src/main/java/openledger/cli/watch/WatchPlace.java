package openledger.cli.watch;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.audit.court.LaneGuard;
import openledger.chain.FeeSettings;
import openledger.chain.RpcSettings;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.FoundVault;
import openledger.chain.vault.VaultPurse;
import openledger.chain.vault.Web3jCourt;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/**
 * Where a lane is watched. Immutable.
 *
 * @param chainId of all nodes that answered
 * @param registry of the vault
 * @param terms of the vault
 */
record WatchPlace(long chainId, Address registry, VaultTerms terms) {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SYNC_WAIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Wei L1_CAP = Wei.of(10_000_000_000_000_000L);

    /** Whatever is waited for, there is nothing to watch there. The message is a sentence for people that says what helps. */
    static final class NothingToWatch extends Exception {
        NothingToWatch(String message) {
            super(message);
        }
    }

    /**
     * Asks the nodes. Blocks.
     *
     * @throws NothingToWatch if nodes are of different chains, there is no vault, or the vault is not the lane's gate
     * @throws LedgerUnavailable if no node answers
     */
    static WatchPlace find(Vertx vertx, WatchSettings settings) throws NothingToWatch {
        long chainId = chainId(vertx, settings);
        RpcSettings nodes = nodes(settings.nodes(), chainId);
        FoundVault.Vault vault;
        try (VaultPurse purse = new VaultPurse(vertx, nodes, settings.vault())) {
            vault = switch (Patience.await(purse.look(settings.vault()))) {
                case FoundVault.Vault found -> found;
                case FoundVault.Other(var reason) ->
                    throw new NothingToWatch("The vault cannot be asked: " + reason + ".");
            };
        }
        WatchPlace place = new WatchPlace(chainId, vault.registry(), vault.terms());
        try (Web3jCourt court = new Web3jCourt(vertx, place.court(settings, settings.nodes()), Optional.empty())) {
            LaneGuard guard = Patience.await(court.stake(settings.lane())).guard();
            if (!guard.isThisVault()) {
                throw new NothingToWatch(objection(guard, settings.lane()));
            }
        }
        return place;
    }

    private static long chainId(Vertx vertx, WatchSettings settings) throws NothingToWatch {
        OptionalLong first = OptionalLong.empty();
        LedgerUnavailable silence = new LedgerUnavailable("there is no node");
        for (URI node : settings.nodes()) {
            RpcSettings alone = RpcSettings.of(List.of(node), OptionalLong.empty(), TIMEOUT);
            try (VaultPurse purse = new VaultPurse(vertx, alone, settings.vault())) {
                long chain = Patience.await(purse.chainId());
                if (first.isPresent() && first.getAsLong() != chain) {
                    throw new NothingToWatch(
                            "The nodes of --rpc are of different chains: the first one that answered is on" + " chain "
                                    + first.getAsLong() + ", another on " + chain + ".");
                }
                first = OptionalLong.of(chain);
            } catch (LedgerUnavailable e) {
                silence = e;
            }
        }
        if (first.isEmpty()) {
            throw silence;
        }
        return first.getAsLong();
    }

    /** Why the vault takes nothing from the lane, and what helps. */
    static String objection(LaneGuard guard, LaneId lane) {
        String how = switch (guard) {
            case LaneGuard.ThisVault() -> "";
            case LaneGuard.Another(var gate) -> "watch it with --vault " + gate;
            case LaneGuard.Nobody() -> "audit it without --watch";
            case LaneGuard.NoLane(var registry) ->
                "--lane has to be the number that the lane's router logs at its start";
        };
        return "There is nothing to watch at this vault: " + guard.words(lane) + "; " + how + ".";
    }

    /** How the vault is asked at some of the nodes. */
    CourtSettings court(WatchSettings settings, List<URI> some) {
        return new CourtSettings(
                nodes(some, chainId),
                registry,
                settings.vault(),
                FeeSettings.upTo(settings.mostGas(), L1_CAP),
                SYNC_WAIT,
                PATIENCE);
    }

    /** Nodes, which are checked to be of a chain. */
    static RpcSettings nodes(List<URI> nodes, long chainId) {
        return RpcSettings.of(nodes, OptionalLong.of(chainId), TIMEOUT);
    }
}
