package openledger.wiring;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.RpcSettings;
import openledger.chain.vault.CourtSettings;
import openledger.unit.Address;
import openledger.unit.Wei;
import openledger.wiring.config.ConfigurationProblems;
import openledger.wiring.config.SettlementKeys.L1Keys;
import openledger.wiring.config.SettlementKeys.StakeKeys;
import openledger.wiring.config.SettlementReader.SettlementSettings;

/** Reads where the lane has a stake, and how it is defended. */
public final class StakeReader {
    private static final String KEY = "openledger.stake";
    private static final long WEI_A_GWEI = 1_000_000_000;
    private static final int LARGEST_GWEI = 1_000_000;
    /** An answer that is not given costs more than any fee for data. */
    private static final Wei L1_CAP = Wei.of(50_000_000 * WEI_A_GWEI);

    private static final Duration RPC_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Of L1, where blocks take twelve seconds. */
    private static final Duration L1_PATIENCE = Duration.ofMinutes(4);
    /** Events are read in ranges that fit, and none holds up an event loop for long. */
    private static final int RESPONSE_BYTES = 2 << 20;

    private static final int IN_FLIGHT = 32;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ConfigurationProblems problems;
    private final Secrets secrets;

    /**
     * A reader that notes what it finds wrong.
     *
     * @param secrets reads keys from where the configuration places them
     */
    public StakeReader(ConfigurationProblems problems, Secrets secrets) {
        this.problems = problems;
        this.secrets = secrets;
    }

    /** Reads a key from an environment variable or a file, and notes why it cannot. */
    public interface Secrets {
        /**
         * The text of a key.
         *
         * @param name of the configuration's keys, without {@code -env} and {@code -file}
         */
        Optional<String> key(String name, Optional<String> variable, Optional<String> file);
    }

    /**
     * What is needed to defend a stake.
     *
     * @param account sends answers, on both chains
     * @param l1 the portal in place of the vault; empty if there is no way around the sequencer
     */
    public record StakeSettings(CourtSettings court, LaneAccount account, Optional<CourtSettings> l1) {}

    /** Empty if there is no vault, or if something was found wrong and noted. */
    public Optional<StakeSettings> read(StakeKeys keys, Optional<SettlementSettings> settlement) {
        if (keys.vault().isEmpty()) {
            if (keys.keyEnv().isPresent()
                    || keys.keyFile().isPresent()
                    || keys.rpcUrls().isPresent()) {
                problems.add(KEY + ".vault", "is missing");
            }
            return Optional.empty();
        }
        Optional<Address> vault = address(".vault", keys.vault());
        if (keys.keyEnv().isEmpty() && keys.keyFile().isEmpty()) {
            problems.add(KEY + ".key-env", "is missing; set it or key-file");
        }
        Optional<LaneAccount> account = account(keys);
        gwei(".max-gwei", keys.maxGwei());
        if (settlement.isEmpty()) {
            problems.add(KEY + ".vault", "needs openledger.settlement, for the lane whose stake it is");
            return Optional.empty();
        }
        SettlementSettings lane = settlement.get();
        if (account.isPresent() && account.get().address().equals(lane.account().address())) {
            problems.add(KEY + ".key-env", "must be another account than the one that commits");
            return Optional.empty();
        }
        Optional<List<URI>> nodes = keys.rpcUrls()
                .map(texts -> nodes(".rpc-urls", texts))
                .orElseGet(() -> Optional.of(lane.chain().rpc().nodes()));
        Optional<CourtSettings> court = vault.flatMap(at -> nodes.flatMap(known -> problems.build(
                KEY + ".rpc-urls",
                () -> court(known, lane.chain().chainId(), lane.chain().registry(), at, keys.maxGwei(), PATIENCE))));
        Optional<CourtSettings> l1 = l1(keys.l1(), lane);
        return court.isPresent() && account.isPresent()
                ? Optional.of(new StakeSettings(court.get(), account.get(), l1))
                : Optional.empty();
    }

    private Optional<CourtSettings> l1(L1Keys keys, SettlementSettings lane) {
        if (keys.rpcUrls().isEmpty()) {
            if (keys.portal().isPresent() || keys.chainId().isPresent()) {
                problems.add(KEY + ".l1.rpc-urls", "is missing");
            }
            return Optional.empty();
        }
        gwei(".l1.max-gwei", keys.maxGwei());
        if (keys.chainId().isEmpty()) {
            problems.add(KEY + ".l1.chain-id", "is missing");
        } else if (keys.chainId().getAsLong() == lane.chain().chainId()) {
            problems.add(KEY + ".l1.chain-id", "must be another chain than that of the vault");
        }
        Optional<Address> portal = address(".l1.portal", keys.portal());
        Optional<List<URI>> nodes = nodes(".l1.rpc-urls", keys.rpcUrls().get());
        return keys.chainId().isEmpty()
                ? Optional.empty()
                : portal.flatMap(at -> nodes.flatMap(known -> problems.build(
                        KEY + ".l1.rpc-urls",
                        () -> court(
                                known,
                                keys.chainId().getAsLong(),
                                lane.chain().registry(),
                                at,
                                keys.maxGwei(),
                                L1_PATIENCE))));
    }

    private static CourtSettings court(
            List<URI> nodes, long chainId, Address registry, Address contract, int maxGwei, Duration patience) {
        return new CourtSettings(
                new RpcSettings(nodes, OptionalLong.of(chainId), RPC_TIMEOUT, RESPONSE_BYTES, IN_FLIGHT, PAUSE),
                registry,
                contract,
                FeeSettings.upTo(Wei.of(Math.clamp(maxGwei, 1, LARGEST_GWEI) * WEI_A_GWEI), L1_CAP),
                RPC_TIMEOUT,
                patience);
    }

    private Optional<LaneAccount> account(StakeKeys keys) {
        String where = KEY + ".key" + (keys.keyFile().isPresent() ? "-file" : "-env");
        return secrets.key(KEY + ".key", keys.keyEnv(), keys.keyFile())
                .flatMap(secret -> problems.build(where, () -> LaneAccount.of(secret)));
    }

    private Optional<Address> address(String key, Optional<String> text) {
        if (text.isEmpty()) {
            problems.add(KEY + key, "is missing");
        }
        return text.flatMap(known -> problems.build(KEY + key, () -> Address.parse(known.strip())));
    }

    private Optional<List<URI>> nodes(String key, List<String> texts) {
        List<URI> found = new ArrayList<>();
        for (String text : texts) {
            // The text may hold a key of the operator's, so no reason repeats it.
            problems.build(KEY + key, () -> {
                        try {
                            return URI.create(text.strip());
                        } catch (IllegalArgumentException e) {
                            throw new IllegalArgumentException("this is not an address", e);
                        }
                    })
                    .ifPresent(found::add);
        }
        return found.size() == texts.size() ? Optional.of(List.copyOf(found)) : Optional.empty();
    }

    private void gwei(String key, int value) {
        if (value < 1 || value > LARGEST_GWEI) {
            problems.add(KEY + key, "must be 1 to " + LARGEST_GWEI + ": " + value);
        }
    }
}
