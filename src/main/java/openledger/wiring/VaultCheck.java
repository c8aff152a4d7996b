package openledger.wiring;

import io.smallrye.mutiny.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import openledger.chain.vault.FoundVault;
import openledger.chain.vault.Web3jCourt;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.ShortDuration;
import openledger.wiring.config.ConfigurationProblem;
import openledger.wiring.config.SettlementReader.SettlementSettings;
import org.jboss.logging.Logger;

/** Holds the configuration against the vault that it names, before anything is built on it. */
final class VaultCheck {
    private static final Logger LOG = Logger.getLogger(VaultCheck.class);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final String VAULT = "openledger.stake.vault: ";

    private VaultCheck() {}

    /**
     * Asks the vault and blocks until it has answered. If no node answers that is only logged: what is asked of the lane meanwhile can
     * wait for longer.
     *
     * @param batchDays after which batches are dropped; empty if they stay
     * @throws ConfigurationProblem if something does not fit the vault; names each key
     */
    static void check(Web3jCourt court, SettlementSettings settlement, OptionalInt batchDays) {
        FoundVault found;
        try {
            found = court.look().ifNoItem().after(LONGEST).fail().await().indefinitely();
        } catch (LedgerUnavailable | TimeoutException silent) {
            LOG.warnf("the vault is not checked, because no node answers yet, reason=%s", silent.getMessage());
            return;
        }
        List<String> problems = switch (found) {
            case FoundVault.Other(var reason) -> List.of(VAULT + reason);
            case FoundVault.Vault vault -> problems(vault.terms(), settlement, batchDays);
        };
        if (!problems.isEmpty()) {
            throw new ConfigurationProblem(problems);
        }
    }

    private static List<String> problems(VaultTerms terms, SettlementSettings settlement, OptionalInt batchDays) {
        List<String> problems = new ArrayList<>();
        Duration window = settlement.sequencer().pace().challengeWindow();
        if (!window.equals(terms.window())) {
            problems.add("openledger.settlement.challenge-window: must be the vault's, " + words(terms.window()) + ": "
                    + words(window));
        }
        if (settlement.anchorWithin().compareTo(terms.anchorMost()) > 0) {
            problems.add("openledger.settlement.anchor-within: the vault allows " + words(terms.anchorMost())
                    + " at most: " + words(settlement.anchorWithin()));
        }
        Duration asked = terms.window().plus(terms.response());
        if (batchDays.isPresent() && Duration.ofDays(batchDays.getAsInt()).compareTo(asked) < 0) {
            problems.add("openledger.retention.batch-days: must be at least the vault's window and response, "
                    + words(asked) + ": " + batchDays.getAsInt());
        }
        return problems;
    }

    private static String words(Duration time) {
        return ShortDuration.words(time);
    }
}
