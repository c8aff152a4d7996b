package openledger.wiring.health;

import openledger.store.lane.LaneHold;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.lanes.LaneKeeper;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Shows the lane that this router serves, so that one of several can be told from the others, and the lanes that it finishes for them.
 * Always ready: whether the lane is ours the journal knows, and those of others take nothing from its own requests.
 */
@Readiness
final class LanesHealth implements HealthCheck {
    private final LaneKeeper keeper;
    private final LaneHold serving;
    private final long number;

    LanesHealth(LaneKeeper keeper, LaneHold serving, CheckedConfiguration checked) {
        this.keeper = keeper;
        this.serving = serving;
        this.number = checked.lanes().number();
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder health = HealthCheckResponse.named("lanes")
                .up()
                .withData("number", number)
                .withData("lane", serving.lane().value())
                // 0 before the lane was taken.
                .withData("fence", serving.fence())
                .withData("finishing", keeper.finishing());
        keeper.shown().forEach(health::withData);
        return health.build();
    }
}
