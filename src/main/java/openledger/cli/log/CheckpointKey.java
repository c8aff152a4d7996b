package openledger.cli.log;

import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import openledger.chain.LaneAccount;
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
import org.jspecify.annotations.Nullable;

/**
 * Signs the log of the lane that a configuration settles, with the key and under the name that it has for that, and no other log: two logs
 * under one name are a fork. Immutable.
 */
public final class CheckpointKey {
    private static final String KEY_ENV = "openledger.log.key-env";
    private static final String SETTLEMENT = "openledger.settlement.";
    private static final String OPENER = SETTLEMENT + "lane-opener";

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
            Log settled = settled();
            Log given = new Log(header.chainId(), header.registry(), header.lane());
            if (!settled.equals(given)) {
                return new Signing.SignsNot("it is of " + given + ", and this configuration settles " + settled);
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

    /** As the router derives it. */
    private Log settled() {
        long instance = config.getOptionalValue("openledger.lane", Long.class).orElse(1L);
        return new Log(
                config.getOptionalValue(SETTLEMENT + "chain-id", Long.class).orElseThrow(() -> missing("chain-id")),
                Address.parse(text(SETTLEMENT + "registry").orElseThrow(() -> missing("registry"))),
                LaneNumber.of(opener(), instance));
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
