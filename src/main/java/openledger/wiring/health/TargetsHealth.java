package openledger.wiring.health;

import openledger.inference.CurrentPolicy;
import openledger.provider.HttpProviderGateway;
import openledger.routing.Route;
import openledger.routing.Tier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means that at least one route has a target that may be called. Shows for each tier how many of its targets are open: not closed by
 * {@code Retry-After}, and their circuit closed.
 */
@Readiness
final class TargetsHealth implements HealthCheck {
    private final CurrentPolicy policy;
    private final HttpProviderGateway gateway;

    TargetsHealth(CurrentPolicy policy, HttpProviderGateway gateway) {
        this.policy = policy;
        this.gateway = gateway;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder health = HealthCheckResponse.named("targets");
        long openInAll = 0;
        for (Route route : policy.get().routes().values()) {
            for (Tier tier : route.tiers()) {
                long open = tier.targets().stream()
                        .filter(target -> gateway.load(target).isOpen())
                        .count();
                openInAll += open;
                health.withData(
                        route.name() + "/" + tier.name(),
                        open + " of " + tier.targets().size());
            }
        }
        return health.status(openInAll > 0).build();
    }
}
