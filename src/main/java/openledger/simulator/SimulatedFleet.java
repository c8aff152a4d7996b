package openledger.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import openledger.lab.world.CongestionParameters;
import openledger.lab.world.CongestionWorld;

/** Simulated providers that share one world. */
public final class SimulatedFleet implements AutoCloseable {
    private static final int START_SECONDS = 20;

    private final Vertx vertx;
    private final List<SimulatedProvider> providers;
    private final Queue<Fault> script;

    private SimulatedFleet(Vertx vertx, List<SimulatedProvider> providers, Queue<Fault> script) {
        this.vertx = vertx;
        this.providers = List.copyOf(providers);
        this.script = script;
    }

    /** Starts what a file describes. */
    public static SimulatedFleet start(Path file) throws IOException {
        FleetFile fleet = FleetFile.read(file);
        return start(fleet.address(), fleet.specs(), fleet.congestion(), fleet.seed());
    }

    /** Starts providers at 127.0.0.1; they listen when this returns. */
    public static SimulatedFleet start(List<ProviderSpec> specs, CongestionParameters congestion, long seed)
            throws IOException {
        return start(FleetFile.LOOPBACK, specs, congestion, seed);
    }

    private static SimulatedFleet start(
            InetAddress host, List<ProviderSpec> specs, CongestionParameters congestion, long seed) throws IOException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        CongestionWorld world = new CongestionWorld(congestion, specs.size(), seed);
        List<SimulatedProvider> providers = new ArrayList<>();
        Queue<Fault> script = new ConcurrentLinkedQueue<>();
        for (ProviderSpec spec : specs) {
            SimulatedProvider provider =
                    new SimulatedProvider(vertx, host, spec, world, script, seed + providers.size());
            providers.add(provider);
            try {
                provider.listen().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                vertx.close();
                throw new IOException(
                        "provider " + spec.name() + " cannot listen on port " + spec.port() + " of "
                                + host.getHostAddress(),
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return new SimulatedFleet(vertx, providers, script);
    }

    public List<SimulatedProvider> providers() {
        return providers;
    }

    /** The provider of that name. */
    public SimulatedProvider provider(String name) {
        return providers.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no provider is named " + name));
    }

    /** Enqueues faults ({@link Fault#parse}) for the next calls of the fleet, whichever provider they reach. */
    public void script(String... faults) {
        for (String fault : faults) {
            script.add(Fault.parse(fault));
        }
    }

    /** Forgets scripts and calls. */
    public void reset() {
        script.clear();
        providers.forEach(SimulatedProvider::reset);
    }

    @Override
    public void close() {
        vertx.close();
    }
}
