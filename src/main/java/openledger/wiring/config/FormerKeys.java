package openledger.wiring.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keys that were renamed. A configuration that still has one is refused with the new name, not merely as an unknown key. */
@ConfigMapping(prefix = "openledger")
public interface FormerKeys {
    Limits limits();

    Resends resends();

    Confirmed confirmed();

    Settlement settlement();

    interface Limits {
        @WithName("largest-body-bytes")
        Optional<String> largestBodyBytes();

        @WithName("deepest-body")
        Optional<String> deepestBody();

        @WithName("most-in-flight")
        Optional<String> mostInFlight();
    }

    interface Resends {
        @WithName("largest-answer-bytes")
        Optional<String> largestAnswerBytes();

        @WithName("most-ledgers")
        Optional<String> mostLedgers();
    }

    interface Confirmed {
        @WithName("most-held")
        Optional<String> mostHeld();
    }

    interface Settlement {
        @WithName("longest-wait")
        Optional<String> longestWait();

        @WithName("most-gwei")
        Optional<String> mostGwei();
    }

    /**
     * Refuses a configuration that has any of them.
     *
     * @throws ConfigurationProblem with each and what it is called now
     */
    static void refuse(FormerKeys keys) {
        List<String> found = new ArrayList<>();
        renamed(
                found,
                "limits.largest-body-bytes",
                "max-body-bytes",
                keys.limits().largestBodyBytes());
        renamed(found, "limits.deepest-body", "max-body-depth", keys.limits().deepestBody());
        renamed(found, "limits.most-in-flight", "max-in-flight", keys.limits().mostInFlight());
        renamed(
                found,
                "resends.largest-answer-bytes",
                "max-answer-bytes",
                keys.resends().largestAnswerBytes());
        renamed(found, "resends.most-ledgers", "max-ledgers", keys.resends().mostLedgers());
        renamed(found, "confirmed.most-held", "max-held", keys.confirmed().mostHeld());
        renamed(found, "settlement.longest-wait", "max-wait", keys.settlement().longestWait());
        renamed(found, "settlement.most-gwei", "max-gwei", keys.settlement().mostGwei());
        if (!found.isEmpty()) {
            throw new ConfigurationProblem(found);
        }
    }

    private static void renamed(List<String> found, String key, String now, Optional<String> value) {
        if (value.isPresent()) {
            found.add("openledger." + key + ": was renamed to " + now);
        }
    }
}
