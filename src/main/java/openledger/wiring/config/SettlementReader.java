package openledger.wiring.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import openledger.chain.ChainSettings;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.RpcSettings;
import openledger.commitment.BatchCut;
import openledger.commitment.BatchHeader;
import openledger.commitment.LaneNumber;
import openledger.commitment.LeafPromise;
import openledger.settlement.SequencerSettings;
import openledger.settlement.SequencerSettings.Backlog;
import openledger.settlement.SequencerSettings.LaneAccounts;
import openledger.settlement.SequencerSettings.LeafPosting;
import openledger.settlement.SequencerSettings.Pace;
import openledger.settlement.SequencerSettings.Preconfirmations;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.LaneNumbers;
import openledger.unit.Wei;
import openledger.wiring.lanes.LaneKeyring;
import org.jspecify.annotations.Nullable;

/** Reads how decisions get to the chain. Long because each key has its bounds here. */
public final class SettlementReader {
    private static final String KEY = "openledger.settlement";
    private static final long WEI_A_GWEI = 1_000_000_000;
    private static final int LARGEST_GWEI = 1_000_000;
    private static final Duration RPC_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PLAN_WAIT = Duration.ofMillis(50);
    /** At most 6,000 decisions a second beside a load that could fill more, since batches take from the requests. */
    private static final Duration BETWEEN_FULL_BATCHES = Duration.ofMillis(200);

    private static final Duration LEASE_TERM = Duration.ofSeconds(10);
    /** After so many blocks without a transaction its bytes are sent again, and later at a higher price. */
    private static final int BLOCKS_UNTIL_RESENT = 4;

    private static final Duration LEAST_UNTIL_RESENT = Duration.ofSeconds(2);
    private static final int RESENDS_UNTIL_STUCK = 3;
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration LONGEST_PROMISE = Duration.ofSeconds(LeafPromise.LONGEST);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(365);
    private static final Wei L1_CAP = Wei.of(10_000_000 * WEI_A_GWEI);

    private final ConfigurationProblems problems;
    private final Function<String, @Nullable String> environment;
    private final SecretReader secrets;

    SettlementReader(ConfigurationProblems problems, Function<String, @Nullable String> environment) {
        this.problems = problems;
        this.environment = environment;
        this.secrets = new SecretReader(problems, environment);
    }

    /**
     * What is needed to settle.
     *
     * @param account commits
     * @param signer signs promises
     * @param anchorWithin what a signed receipt promises
     */
    public record SettlementSettings(
            ChainSettings chain,
            LaneAccount account,
            LaneAccount signer,
            SequencerSettings sequencer,
            Duration anchorWithin) {
        /** Our lane, by its number on the registry. */
        public LaneId lane() {
            return chain.lane();
        }
    }

    /** How each lane of a pool is settled, by its number; empty if nothing is to be settled. What is wrong was noted. */
    Map<Long, SettlementSettings> read(LaneNumbers pool, SettlementKeys keys) {
        if (isOff(keys)) {
            return Map.of();
        }
        Map<Long, LaneAccount> accounts = new LaneKeyring(problems, secrets::key).read(pool, keys);
        Map<Long, SettlementSettings> settled = new HashMap<>();
        // What is wrong for one is wrong for all.
        SettlementReader reader = this;
        for (long number : pool.numbers()) {
            reader.read(number, Optional.ofNullable(accounts.get(number)), keys)
                    .ifPresent(settings -> settled.put(number, settings));
            reader = new SettlementReader(new ConfigurationProblems(), environment);
        }
        return settled;
    }

    private boolean isOff(SettlementKeys keys) {
        if (keys.rpcUrls().isEmpty()) {
            if (keys.registry().isPresent()
                    || keys.keyEnv().isPresent()
                    || keys.keyFile().isPresent()
                    || keys.laneKeysEnv().isPresent()
                    || !keys.keyEnvs().isEmpty()
                    || keys.signerKeyEnv().isPresent()
                    || keys.laneOpener().isPresent()
                    || keys.chainId().isPresent()) {
                problems.add(KEY + ".rpc-urls", "is missing: no node of the chain is named");
            }
        }
        return keys.rpcUrls().isEmpty();
    }

    private Optional<SettlementSettings> read(long instance, Optional<LaneAccount> account, SettlementKeys keys) {
        Optional<LaneAccount> signer = keys.signerKeyEnv().isEmpty()
                ? account
                : account(KEY + ".signer-key", keys.signerKeyEnv(), Optional.empty());
        Optional<Address> opener = keys.laneOpener()
                .<Optional<Address>>map(text -> problems.build(KEY + ".lane-opener", () -> Address.parse(text.strip())))
                .orElseGet(() -> account.map(LaneAccount::address));
        Optional<Address> registry = needed(".registry", keys.registry())
                .flatMap(text -> problems.build(KEY + ".registry", () -> Address.parse(text.strip())));
        if (keys.chainId().isEmpty()) {
            problems.add(KEY + ".chain-id", "is missing");
        }
        Optional<List<URI>> nodes = addresses(KEY + ".rpc-urls", keys.rpcUrls().orElse(List.of()));
        Optional<List<URI>> sockets =
                addresses(KEY + ".web-socket-url", keys.webSocketUrl().stream().toList());
        between(".max-gwei", keys.maxGwei(), LARGEST_GWEI);
        between(".max-wait", keys.maxWait(), LONGEST_WAIT);
        between(".anchor-within", keys.anchorWithin(), LONGEST_PROMISE);
        between(".challenge-window", keys.challengeWindow(), LONGEST_WINDOW);
        between(".warn-age", keys.warnAge(), LONGEST_WINDOW);
        if (keys.warnLeaves() < 1) {
            problems.add(KEY + ".warn-leaves", "must be 1 or more: " + keys.warnLeaves());
        }
        if (account.isEmpty()
                || signer.isEmpty()
                || opener.isEmpty()
                || registry.isEmpty()
                || nodes.isEmpty()
                || sockets.isEmpty()
                || keys.chainId().isEmpty()) {
            return Optional.empty();
        }
        LaneAccounts accounts = new LaneAccounts(
                opener.get(), instance, account.get().address(), signer.get().address());
        Optional<LaneId> lane =
                problems.build("openledger.lane", () -> LaneNumber.of(accounts.opener(), accounts.salt()));
        if (lane.isEmpty()) {
            return Optional.empty();
        }
        long chainId = keys.chainId().getAsLong();
        Wei cap = Wei.of(Math.clamp(keys.maxGwei(), 1, LARGEST_GWEI) * WEI_A_GWEI);
        Optional<ChainSettings> chain = problems.build(
                KEY,
                () -> new ChainSettings(
                        RpcSettings.of(nodes.get(), OptionalLong.of(chainId), RPC_TIMEOUT),
                        chainId,
                        registry.get(),
                        lane.get(),
                        accounts.signer(),
                        FeeSettings.upTo(cap, L1_CAP),
                        RPC_TIMEOUT,
                        sockets.get(),
                        keys.profile().interval()));
        Optional<SequencerSettings> sequencer = problems.build(
                KEY + ".batches-in-flight", () -> sequencer(lane.get(), keys, registry.get(), accounts, cap));
        return chain.isPresent() && sequencer.isPresent()
                ? Optional.of(new SettlementSettings(
                        chain.get(), account.get(), signer.get(), sequencer.get(), keys.anchorWithin()))
                : Optional.empty();
    }

    private static SequencerSettings sequencer(
            LaneId lane, SettlementKeys keys, Address registry, LaneAccounts accounts, Wei cap) {
        Duration interval = keys.profile().interval();
        Duration blocks = interval.multipliedBy(BLOCKS_UNTIL_RESENT);
        Duration resend = blocks.compareTo(LEAST_UNTIL_RESENT) < 0 ? LEAST_UNTIL_RESENT : blocks;
        return new SequencerSettings(
                registry,
                accounts,
                lane,
                new BatchCut(BatchHeader.MOST_LEAVES, PLAN_WAIT, interval, BETWEEN_FULL_BATCHES, keys.maxWait()),
                keys.batchesInFlight(),
                keys.postLeaves() ? LeafPosting.WITH_LEAVES : LeafPosting.HEADER_ONLY,
                keys.profile() == ChainProfile.FLASHBLOCKS ? Preconfirmations.WATCHED : Preconfirmations.NONE,
                new Pace(
                        LEASE_TERM,
                        interval,
                        resend,
                        resend.multipliedBy(RESENDS_UNTIL_STUCK),
                        resend,
                        keys.challengeWindow()),
                cap,
                new Backlog(keys.warnLeaves(), keys.warnAge()));
    }

    private Optional<String> needed(String key, Optional<String> value) {
        if (value.isEmpty()) {
            problems.add(KEY + key, "is missing");
        }
        return value;
    }

    private Optional<LaneAccount> account(String key, Optional<String> variable, Optional<String> file) {
        return secrets.key(key, variable, file)
                .flatMap(secret -> problems.build(
                        key + (file.isPresent() ? SecretReader.FILE : SecretReader.ENV), () -> LaneAccount.of(secret)));
    }

    private Optional<List<URI>> addresses(String key, List<String> texts) {
        List<URI> found = new ArrayList<>();
        for (String text : texts) {
            // The text may hold a key of the operator's, so no reason repeats it.
            Optional<URI> address = problems.build(key, () -> {
                try {
                    return URI.create(text.strip());
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("this is not an address", e);
                }
            });
            address.ifPresent(found::add);
        }
        return found.size() == texts.size() ? Optional.of(List.copyOf(found)) : Optional.empty();
    }

    private void between(String key, int value, int largest) {
        if (value < 1 || value > largest) {
            problems.add(KEY + key, "must be 1 to " + largest + ": " + value);
        }
    }

    private void between(String key, Duration value, Duration longest) {
        if (value.isNegative() || value.isZero() || value.compareTo(longest) > 0) {
            problems.add(KEY + key, "must be more than 0 and at most " + longest + ": " + value);
        }
    }
}
