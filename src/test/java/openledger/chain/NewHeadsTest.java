package openledger.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import openledger.demo.AnvilNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NewHeadsTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final long LIMIT_SECONDS = 30;

    @TempDir
    Path folder = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private AnvilNode node;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        node = AnvilNode.start(folder, Duration.ofMillis(250), AnvilNode.State.FORGOTTEN);
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void newBlocksAreAnnounced() throws InterruptedException {
        NewHeads heads = heads(List.of(node.webSocket()), NEVER);

        assertTold();
        assertTold();
        heads.close();
    }

    @Test
    void announcementsGoOnAfterTheNodeCameBack() throws IOException, InterruptedException {
        NewHeads heads = heads(List.of(node.webSocket()), NEVER);
        assertTold();
        node.kill();
        told.clear();
        node.startAgain();

        assertTold();
        heads.close();
    }

    @Test
    void anotherNodeAnnouncesWhereOneIsGone() throws InterruptedException {
        NewHeads heads = heads(List.of(URI.create("ws://127.0.0.1:1"), node.webSocket()), NEVER);

        assertTold();
        heads.close();
    }

    @Test
    void whereNoNodeAnnouncesTheChainIsPolled() throws InterruptedException {
        NewHeads heads = heads(List.of(), Duration.ofMillis(20));

        assertTold();
        assertTold();
        heads.close();
    }

    @Test
    void aChainThatStandsStillIsPolled() throws IOException, InterruptedException {
        node.stall();
        NewHeads heads = heads(List.of(node.webSocket()), Duration.ofMillis(20));

        assertTold();
        assertTold();
        heads.close();
    }

    private NewHeads heads(List<URI> nodes, Duration poll) {
        NewHeads heads = new NewHeads(vertx, nodes, poll);
        heads.tell(() -> told.add("a block"));
        return heads;
    }

    private void assertTold() throws InterruptedException {
        assertThat(told.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isNotNull();
    }
}
