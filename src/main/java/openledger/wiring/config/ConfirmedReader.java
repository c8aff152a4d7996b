package openledger.wiring.config;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.commitment.ConfirmationLevel;
import openledger.inference.admission.ConfirmedDefaults;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.confirmed.ConfirmedSettings;
import openledger.routing.Gate;
import openledger.routing.RetryGrid;
import openledger.wiring.config.OpenLedgerConfig.ConfirmedKeys;

/** Reads the settings of mode {@code confirmed}. */
final class ConfirmedReader {
    private static final String KEY = "openledger.confirmed";
    private static final Duration LEAST_WAIT = Duration.ofSeconds(2);
    private static final int BLOCKS_A_WAIT = 3;

    private final ConfirmedKeys keys;
    private final ConfigurationProblems problems;

    ConfirmedReader(ConfirmedKeys keys, ConfigurationProblems problems) {
        this.keys = keys;
        this.problems = problems;
    }

    /** What all confirmed requests share; empty if something was found wrong and noted. */
    Optional<ConfirmedSettings> settings() {
        Optional<Duration> epoch = problems.build(KEY + ".epoch", () -> new ConfirmedSettings(keys.epoch(), 1).epoch());
        Optional<Integer> mostHeld = problems.build(
                KEY + ".max-held", () -> new ConfirmedSettings(RetryGrid.SHORTEST_EPOCH, keys.maxHeld()).mostHeld());
        return epoch.flatMap(length -> mostHeld.map(held -> new ConfirmedSettings(length, held)));
    }

    /** What holds where a request does not say otherwise; empty if something was found wrong and noted. */
    Optional<ConfirmedDefaults> defaults(ChainProfile profile) {
        Optional<Gate> gate = Gate.ofWord(keys.gate());
        if (gate.isEmpty()) {
            problems.add(KEY + ".gate", "unknown gate '" + keys.gate() + "'; the gates are: response, dispatch");
        }
        Optional<OnUnconfirmed> then = onUnconfirmed();
        Optional<ConfirmationLevel> level = level(profile);
        keys.maxWait().ifPresent(this::checkWait);
        return gate.isEmpty() || then.isEmpty() || level.isEmpty()
                ? Optional.empty()
                : problems.build(
                        KEY + ".max-wait",
                        () -> new ConfirmedDefaults(gate.get(), level.get(), waits(profile), then.get()));
    }

    private void checkWait(Duration wait) {
        if (wait.compareTo(Duration.ofMillis(1)) < 0 || wait.compareTo(ModeOptions.LONGEST_WAIT) > 0) {
            problems.add(KEY + ".max-wait", "must be 1 ms to 10 s: " + wait);
        }
    }

    private Optional<OnUnconfirmed> onUnconfirmed() {
        for (OnUnconfirmed then : OnUnconfirmed.values()) {
            if (then.word().equals(keys.onUnconfirmed())) {
                return Optional.of(then);
            }
        }
        problems.add(KEY + ".on-unconfirmed", "must be 'fail' or 'release', not '" + keys.onUnconfirmed() + "'");
        return Optional.empty();
    }

    private Optional<ConfirmationLevel> level(ChainProfile profile) {
        Set<ConfirmationLevel> levels = levels(profile);
        if (keys.level().isEmpty()) {
            return levels.stream().findFirst();
        }
        for (ConfirmationLevel level : levels) {
            if (level.name().equals(keys.level().get())) {
                return Optional.of(level);
            }
        }
        problems.add(
                KEY + ".level",
                "'" + keys.level().get()
                        + "' is not available with this openledger.settlement.profile; the levels are: "
                        + levels.stream().map(Enum::name).collect(Collectors.joining(", ")));
        return Optional.empty();
    }

    /**
     * Only a chain that speaks before its blocks are canonical has something to say there. The levels after SEQUENCED follow L1,
     * which takes minutes: whoever waited for them would hold a slot for the longest wait and never get an answer.
     */
    private static Set<ConfirmationLevel> levels(ChainProfile profile) {
        return profile == ChainProfile.FLASHBLOCKS
                ? EnumSet.of(ConfirmationLevel.PRECONFIRMED, ConfirmationLevel.SEQUENCED)
                : EnumSet.of(ConfirmationLevel.SEQUENCED);
    }

    private Map<ConfirmationLevel, Duration> waits(ChainProfile profile) {
        Map<ConfirmationLevel, Duration> waits = new EnumMap<>(ConfirmationLevel.class);
        for (ConfirmationLevel level : levels(profile)) {
            Duration usual = ofBlocks(level == ConfirmationLevel.PRECONFIRMED ? profile.interval() : profile.blocks());
            waits.put(level, keys.maxWait().orElse(usual));
        }
        return waits;
    }

    private static Duration ofBlocks(Duration interval) {
        Duration blocks = interval.multipliedBy(BLOCKS_A_WAIT);
        Duration wait = blocks.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : blocks;
        return wait.compareTo(ModeOptions.LONGEST_WAIT) > 0 ? ModeOptions.LONGEST_WAIT : wait;
    }
}
