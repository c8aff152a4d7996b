package openledger.wiring;

import openledger.store.GroupCommitJournal;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that intents are accepted and can be made durable. */
@Readiness
final class JournalHealth implements HealthCheck {
    private final GroupCommitJournal journal;

    JournalHealth(GroupCommitJournal journal) {
        this.journal = journal;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("journal")
                .status(journal.isOpen())
                .withData("pending-bytes", journal.pendingBytes())
                .withData("reason", journal.state().reason())
                .build();
    }
}
