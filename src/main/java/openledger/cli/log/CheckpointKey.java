package openledger.cli.log;

import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import openledger.chain.LaneAccount;
import openledger.chain.LaneSeed;
import openledger.commitment.BatchHeader;
import openledger.commitment.LaneNumber;
import openledger.commitment.LogOrigin;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.identity.NoteSecret;
import openledger.settlement.log.LogExport;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.LaneNumbers;
import org.jspecify.annotations.Nullable;

/**
 * Signs the log of a lane that a configuration settles, with the key and under the name that it has for that, and no other log: two logs
 * under one name are a fork. Immutable.
 */
public final class CheckpointKey {
    private static final String KEY_ENV = "openledger.log.key-env";
    private static final String SETTLEMENT = "openledger.settlement.";
    private static final String OPENER = SETTLEMENT + "lane-opener";
    private static final String LANES = "openledger.lanes";
    private static final String SEED_ENV = SETTLEMENT + "lane-keys-env";
    private static final String KEY_ENVS = SETTLEMENT + "key-envs.";

    private final SmallRyeConfig config;
    private final Function<String, @Nullable String> environment;
    private final Optional<String> secret;

    /** Whether a log is signed. */
    public sealed interface Signing {
        /** It is. */
        record Signs(LogExport.Signer signer) implements Signing {}

        /**
         * It is not.
         *
         * @param reason for people
         */
        record SignsNot(String reason) implements Signing {}
    }

    /**
     * The key of a configuration, if it names one.
     *
     * @param environment has the secrets
     * @throws IllegalArgumentException if the key of the log is none; without its text
     */
    public CheckpointKey(SmallRyeConfig config, Function<String, @Nullable String> environment) {
        this.config = config;
        this.environment = environment;
        this.secret = text(KEY_ENV).flatMap(this::secret);
        // Before hours of work, not after them.
        secret.ifPresent(value -> signer("unknown", value));
    }

    /** Whether the log that a batch is of is signed. */
    public Signing of(BatchHeader header) {
        if (secret.isEmpty()) {
            return new Signing.SignsNot("there is no key of the log, " + KEY_ENV + " or its variable is not set");
        }
        try {
            List<Log> settled = settled();
            Log given = new Log(header.chainId(), header.registry(), header.lane());
            if (!settled.contains(given)) {
                return new Signing.SignsNot("it is of " + given + ", and this configuration settles "
                        + settled.stream().map(Log::toString).collect(Collectors.joining(", ")));
            }
        } catch (IllegalArgumentException unknown) {
            return new Signing.SignsNot(
                    "the configuration does not tell which lane it settles, " + unknown.getMessage());
        }
        String name = text("openledger.log.origin")
                .orElseGet(() -> LogOrigin.of(header.chainId(), header.registry(), header.lane()));
        NoteSigner note = signer(name, secret.get());
        return new Signing.Signs((size, root) -> {
            String text = new Checkpoint(name, size, root).toString();
            return new SignedNote(text, List.of(note.sign(text, 0)));
        });
    }

    /** Whose log it is. */
    private record Log(long chainId, Address registry, LaneId lane) {
        @Override
        public String toString() {
            return "lane " + lane.value() + " of " + registry + " on chain " + chainId;
        }
    }

    /** As the router derives them: those of a pool whose accounts are known here, or the one. */
    private List<Log> settled() {
        long chain =
                config.getOptionalValue(SETTLEMENT + "chain-id", Long.class).orElseThrow(() -> missing("chain-id"));
        Address registry = Address.parse(text(SETTLEMENT + "registry").orElseThrow(() -> missing("registry")));
        Optional<LaneNumbers> pool = text(LANES).map(LaneNumbers::parse);
        if (pool.isEmpty()) {
            long instance =
                    config.getOptionalValue("openledger.lane", Long.class).orElse(1L);
            return List.of(new Log(chain, registry, LaneNumber.of(opener(), instance)));
        }
        Optional<LaneSeed> seed = text(SEED_ENV).flatMap(this::secret).map(LaneSeed::of);
        List<Log> logs = new ArrayList<>();
        for (long number : pool.get().numbers()) {
            opener(number, seed).ifPresent(by -> logs.add(new Log(chain, registry, LaneNumber.of(by, number))));
        }
        if (logs.isEmpty()) {
            throw new IllegalArgumentException(
                    OPENER + " is missing, and so are the secrets of " + SEED_ENV + " and " + SETTLEMENT + "key-envs");
        }
        return logs;
    }

    private Optional<Address> opener(long number, Optional<LaneSeed> seed) {
        return text(OPENER)
                .map(Address::parse)
                .or(() -> seed.map(accounts -> accounts.account(number).address()))
                .or(() -> text(KEY_ENVS + number)
                        .flatMap(this::secret)
                        .map(key -> LaneAccount.of(key).address()));
    }

    private static IllegalArgumentException missing(String key) {
        return new IllegalArgumentException(SETTLEMENT + key + " is missing");
    }

    private Address opener() {
        return text(OPENER)
                .map(Address::parse)
                .or(() -> text(SETTLEMENT + "key-env")
                        .flatMap(this::secret)
                        .map(key -> LaneAccount.of(key).address()))
                .orElseThrow(() -> new IllegalArgumentException(
                        OPENER + " is missing, and so is the secret of " + SETTLEMENT + "key-env"));
    }

    private Optional<String> secret(String variable) {
        return Optional.ofNullable(environment.apply(variable)).filter(value -> !value.isBlank());
    }

    private static NoteSigner signer(String name, String secret) {
        try {
            return NoteSecret.signer(name, NoteKey.Kind.NOTE, secret);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(KEY_ENV + ": " + e.getMessage(), e);
        }
    }

    private Optional<String> text(String key) {
        return config.getOptionalValue(key, String.class).map(String::strip);
    }
}
