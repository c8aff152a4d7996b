package openledger.wiring.health;

import openledger.wiring.warmup.WarmUp;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that the code a request needs has been run before. */
@Readiness
final class WarmUpHealth implements HealthCheck {
    private final WarmUp warmUp;

    WarmUpHealth(WarmUp warmUp) {
        this.warmUp = warmUp;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("warm-up").status(warmUp.isOver()).build();
    }
}
