package openledger.wiring.loop;

import io.quarkus.arc.Arc;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.spi.VertxServiceProvider;
import openledger.edge.ConnectionLimits;
import openledger.edge.GuardedTransport;

/**
 * Puts our handlers before the servers of Quarkus' Vert.x. Found by Quarkus through {@code META-INF/services} when the router is built,
 * so that the native executable has it as well.
 */
public final class GuardedVertx implements VertxServiceProvider {
    /** Quarkus makes it when it builds the router. */
    public GuardedVertx() {}

    @Override
    public void init(VertxBuilder builder) {
        // Quarkus names its providers. Somebody who does not is another Vert.x of the process: a simulated provider, a
        // test.
        if (builder.serviceProviders() != null) {
            builder.findTransport(new GuardedTransport(
                    builder.findTransport(),
                    () -> Arc.container().instance(ConnectionLimits.class).get()));
        }
    }
}
