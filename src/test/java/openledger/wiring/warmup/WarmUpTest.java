package openledger.wiring.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import openledger.inference.Timekeeper;
import openledger.wiring.loop.VertxTimekeeper;
import openledger.wiring.warmup.WarmUpClient.Sent;
import openledger.wiring.warmup.WarmUpRouter.Rehearsed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final String KEY = "sk-of-this-test-alone";

    private final Vertx vertx = Vertx.vertx();
    private final Timekeeper time = new VertxTimekeeper(vertx);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void everyKindIsAnsweredAndTheRouterIsReady() {
        WarmUp warmUp = new WarmUp(vertx, time, new WarmUpSettings(40, Duration.ofSeconds(60)));
        assertThat(warmUp.isOver()).isFalse();

        assertThat(ended(warmUp.start())).isEqualTo(WarmUp.End.WARM);

        assertThat(warmUp.isOver()).isTrue();
    }

    @Test
    void noneAreSentIfNoneAreWanted() {
        WarmUp warmUp = new WarmUp(vertx, time, new WarmUpSettings(0, Duration.ofSeconds(60)));

        assertThat(ended(warmUp.start())).isEqualTo(WarmUp.End.NONE);

        assertThat(warmUp.isOver()).isTrue();
    }

    @Test
    void whatTakesTooLongDoesNotKeepTheRouterFromBeingReady() {
        WarmUp warmUp = new WarmUp(vertx, time, new WarmUpSettings(10_000, Duration.ofMillis(100)));

        assertThat(ended(warmUp.start())).isEqualTo(WarmUp.End.COLD);

        assertThat(warmUp.isOver()).isTrue();
    }

    @Test
    void nobodyElseIsServed() {
        WarmUpProvider provider = new WarmUpProvider(vertx);
        WarmUpRouter router = new WarmUpRouter(vertx, time, ended(provider.open()), KEY);
        WarmUpClient stranger = new WarmUpClient(vertx, ended(router.open()), "sk-of-somebody-else");
        Sent sent = new Sent(
                "/v1/chat/completions", Buffer.buffer("{\"model\":\"" + Rehearsed.CHAT + "\",\"messages\":[]}"));

        assertThatThrownBy(() -> ended(stranger.send(List.of(sent), 1))).hasMessageContaining("answered 401");
    }

    @Test
    void settingsHaveBounds() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new WarmUpSettings(-1, second)).hasMessageContaining("0 to 10000");
        assertThatThrownBy(() -> new WarmUpSettings(10_001, second)).hasMessageContaining("0 to 10000");
        assertThatThrownBy(() -> new WarmUpSettings(1, Duration.ofMillis(99))).hasMessageContaining("100 ms to 60 s");
        assertThatThrownBy(() -> new WarmUpSettings(1, Duration.ofSeconds(61))).hasMessageContaining("100 ms to 60 s");
    }

    private static <T> T ended(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(2, TimeUnit.MINUTES)
                .join();
    }
}
