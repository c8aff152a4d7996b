package openledger.wiring.health;

import openledger.store.journal.GroupCommitJournal;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started means that the journal has been read back and has been open once, which may wait for the database. */
@Startup
final class StartHealth implements HealthCheck {
    private final GroupCommitJournal journal;
    private volatile boolean started;

    StartHealth(GroupCommitJournal journal) {
        this.journal = journal;
    }

    @Override
    public HealthCheckResponse call() {
        started |= journal.isOpen();
        return HealthCheckResponse.named("start").status(started).build();
    }
}
