package openledger.wiring.health;

import openledger.store.key.StoredKeys;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that keys of the database are recent enough to be accepted. */
@Readiness
final class KeysHealth implements HealthCheck {
    private final StoredKeys keys;

    KeysHealth(StoredKeys keys) {
        this.keys = keys;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("keys")
                .status(keys.isFresh())
                .withData("keys", keys.size())
                .build();
    }
}
