package openledger.wiring.health;

import openledger.wiring.lanes.LaneKeeper;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Shows the lanes that this router finishes for others. Always ready: they take nothing from its own requests. */
@Readiness
final class LanesHealth implements HealthCheck {
    private final LaneKeeper keeper;

    LanesHealth(LaneKeeper keeper) {
        this.keeper = keeper;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder health =
                HealthCheckResponse.named("lanes").up().withData("finishing", keeper.finishing());
        keeper.shown().forEach(health::withData);
        return health.build();
    }
}
