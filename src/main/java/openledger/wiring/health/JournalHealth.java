package openledger.wiring.health;

import openledger.inference.record.JournalState;
import openledger.store.journal.GroupCommitJournal;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that intents are accepted and can be made durable; if it is not, the reason is shown. */
@Readiness
final class JournalHealth implements HealthCheck {
    private final GroupCommitJournal journal;

    JournalHealth(GroupCommitJournal journal) {
        this.journal = journal;
    }

    @Override
    public HealthCheckResponse call() {
        JournalState state = journal.state();
        HealthCheckResponseBuilder health = HealthCheckResponse.named("journal")
                .status(state == JournalState.OPEN)
                .withData("pending-bytes", journal.pendingBytes());
        return (state == JournalState.OPEN ? health : health.withData("reason", state.reason())).build();
    }
}
