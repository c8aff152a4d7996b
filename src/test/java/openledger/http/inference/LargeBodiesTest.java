package openledger.http.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One tenant's large bodies do not stand before those of all others. */
final class LargeBodiesTest {
    private final Vertx vertx = Vertx.vertx();
    private final LargeBodies bodies = new LargeBodies();
    private final Queue<String> order = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void tenantsTakeTurns() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> first = read("a", "a1", go);
        List<CompletableFuture<Void>> others = List.of(
                read("a", "a2", go),
                read("a", "a3", go),
                read("b", "b1", go),
                read("c", "c1", go),
                read("b", "b2", go));

        go.countDown();
        first.get(10, TimeUnit.SECONDS);
        for (CompletableFuture<Void> other : others) {
            other.get(10, TimeUnit.SECONDS);
        }

        assertThat(order.stream().filter(name -> name.startsWith("a"))).containsExactly("a1", "a2", "a3");
        assertThat(List.copyOf(order).indexOf("b1"))
                .isLessThan(List.copyOf(order).indexOf("a3"));
        assertThat(List.copyOf(order).indexOf("c1"))
                .isLessThan(List.copyOf(order).indexOf("a3"));
    }

    @Test
    void aBugIsToldToWhoAsks() {
        CompletableFuture<Void> read = new CompletableFuture<>();
        vertx.runOnContext(go -> bodies.read("a", () -> {
                    throw new IllegalStateException("a bug");
                })
                .onFailure(read::completeExceptionally));

        assertThat(read).failsWithin(10, TimeUnit.SECONDS).withThrowableThat().withMessageContaining("a bug");
    }

    private CompletableFuture<Void> read(String tenant, String name, CountDownLatch go) throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> read = new CompletableFuture<>();
        vertx.runOnContext(here -> {
            bodies.read(tenant, () -> {
                        try {
                            return go.await(10, TimeUnit.SECONDS) && order.add(name);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .onComplete(done -> read.complete(null));
            asked.complete(null);
        });
        asked.get(10, TimeUnit.SECONDS);
        return read;
    }
}
