package openledger.cli;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import openledger.chain.RpcSettings;

/** The network calls of a command: event loops for one piece of work, and none left behind. */
public final class NodeCall {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Some receipts at once, about ten calls each: not every node takes them in one. */
    private static final int IN_FLIGHT = 256;

    private NodeCall() {}

    /** The address of a node; empty if it is none. Who refuses it must not repeat it: such an address often holds a key. */
    public static Optional<URI> address(String text) {
        try {
            URI uri = new URI(text);
            boolean usable = uri.getHost() != null
                    && uri.getUserInfo() == null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
            return usable ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** How nodes are asked; whatever chain they are of. */
    public static RpcSettings settings(List<URI> nodes) {
        return RpcSettings.of(nodes, OptionalLong.empty(), TIMEOUT, IN_FLIGHT);
    }

    /** Does {@code work} and waits for what comes of it. */
    public static <T> T wait(Function<Vertx, Uni<T>> work, Duration longest) {
        Vertx vertx = loop();
        try {
            return work.apply(vertx).await().atMost(longest);
        } finally {
            end(vertx);
        }
    }

    /** An event loop of our own, until {@link #end}. */
    public static Vertx loop() {
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
    }

    public static void end(Vertx vertx) {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
