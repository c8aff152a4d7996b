package openledger.wiring.config;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.commitment.PlanLevel;
import openledger.inference.admission.ConfirmedDefaults;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.confirmed.ConfirmedSettings;
import openledger.routing.Gate;
import openledger.routing.RetryGrid;
import openledger.wiring.config.OpenLedgerConfig.ConfirmedKeys;
import openledger.wiring.config.OpenLedgerConfig.LogKeys;

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

    /** Whether the log has witnesses. */
    enum Witnesses {
        NONE,
        NAMED
    }

    /** As they are named: whether they can be used is for others to say. */
    static Witnesses witnesses(LogKeys keys) {
        return keys.witnesses().isEmpty() ? Witnesses.NONE : Witnesses.NAMED;
    }

    /** What holds where a request does not say otherwise; empty if something was found wrong and noted. */
    Optional<ConfirmedDefaults> defaults(ChainProfile profile, Witnesses witnesses) {
        Optional<Gate> gate = Gate.ofWord(keys.gate());
        if (gate.isEmpty()) {
            problems.add(KEY + ".gate", "unknown gate '" + keys.gate() + "'; the gates are: response, dispatch");
        }
        Optional<OnUnconfirmed> then = onUnconfirmed();
        Set<PlanLevel> levels = levels(profile, witnesses);
        Optional<PlanLevel> level = level(profile, levels);
        keys.maxWait().ifPresent(this::checkWait);
        return gate.isEmpty() || then.isEmpty() || level.isEmpty()
                ? Optional.empty()
                : problems.build(
                        KEY + ".max-wait",
                        () -> new ConfirmedDefaults(gate.get(), level.get(), waits(profile, levels), then.get()));
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

    /** Whose file says nothing waits for the chain, also if there are witnesses. */
    private Optional<PlanLevel> level(ChainProfile profile, Set<PlanLevel> levels) {
        if (keys.level().isEmpty()) {
            return onChain(profile).stream().findFirst();
        }
        if (keys.level().get().equals(PlanLevel.WITNESSED.name()) && !levels.contains(PlanLevel.WITNESSED)) {
            problems.add(KEY + ".level", "'WITNESSED' needs witnesses of the log: set openledger.log.witnesses");
            return Optional.empty();
        }
        for (PlanLevel level : levels) {
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
    private static Set<PlanLevel> onChain(ChainProfile profile) {
        return profile == ChainProfile.FLASHBLOCKS
                ? EnumSet.of(PlanLevel.PRECONFIRMED, PlanLevel.SEQUENCED)
                : EnumSet.of(PlanLevel.SEQUENCED);
    }

    private static Set<PlanLevel> levels(ChainProfile profile, Witnesses witnesses) {
        Set<PlanLevel> levels = EnumSet.copyOf(onChain(profile));
        if (witnesses == Witnesses.NAMED) {
            levels.add(PlanLevel.WITNESSED);
        }
        return levels;
    }

    private Map<PlanLevel, Duration> waits(ChainProfile profile, Set<PlanLevel> levels) {
        Map<PlanLevel, Duration> waits = new EnumMap<>(PlanLevel.class);
        for (PlanLevel level : levels) {
            waits.put(level, keys.maxWait().orElseGet(() -> usual(profile, level)));
        }
        return waits;
    }

    private static Duration usual(ChainProfile profile, PlanLevel level) {
        return switch (level) {
            case WITNESSED -> LEAST_WAIT;
            case PRECONFIRMED -> ofBlocks(profile.interval());
            case SEQUENCED, SAFE, FINALIZED -> ofBlocks(profile.blocks());
        };
    }

    private static Duration ofBlocks(Duration interval) {
        Duration blocks = interval.multipliedBy(BLOCKS_A_WAIT);
        Duration wait = blocks.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : blocks;
        return wait.compareTo(ModeOptions.LONGEST_WAIT) > 0 ? ModeOptions.LONGEST_WAIT : wait;
    }
}
