package openledger.wiring.health;

import java.util.Optional;
import openledger.settlement.SequencerStatus;
import openledger.wiring.Settlement;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Shows the state of settlement. Always ready: while the chain is away, decisions wait in the journal, and refusing requests would help
 * nobody.
 */
@Readiness
final class SettlementHealth implements HealthCheck {
    private final Optional<Settlement> settlement;

    SettlementHealth(Optional<Settlement> settlement) {
        this.settlement = settlement;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder health =
                HealthCheckResponse.named("settlement").up();
        settlement
                .flatMap(running -> running.cosigning())
                .ifPresent(cosigning -> health.withData(
                        "leaves-unwitnessed", cosigning.standing().lag()));
        settlement
                .map(running -> running.sequencer().status())
                .ifPresentOrElse(status -> tell(health, status), () -> health.withData("condition", "OFF"));
        return health.build();
    }

    private static void tell(HealthCheckResponseBuilder health, SequencerStatus status) {
        health.withData("condition", status.condition().name())
                .withData("warning", status.warning().name())
                .withData("batches-cut", status.cut())
                .withData("batches-on-chain", status.onChain())
                .withData("leaves-waiting", status.backlog().leaves())
                .withData("oldest-waits-seconds", status.backlog().age().toSeconds());
        if (!status.reason().isEmpty()) {
            health.withData("reason", status.reason());
        }
    }
}
