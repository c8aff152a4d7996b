package openledger.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import openledger.chain.ChainNode;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.NodeAnswers.Text;
import openledger.chain.rpc.RpcFailover.Silence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RpcFailoverTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ScriptedNodes nodes = new ScriptedNodes();

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void aNodeThatFailsIsLeftForTheNextAndNotAskedAgain() throws Exception {
        VertxWeb3jService service = nodes.service(LONG, ScriptedNodes.status(503), ScriptedNodes.wellBehaved("0x2"));

        assertThat(ScriptedNodes.answer(service).getResult()).isEqualTo("0x2");
        nodes.questions.set(0);
        assertThat(ScriptedNodes.answer(service).getResult()).isEqualTo("0x2");
        assertThat(nodes.questions).hasValue(1);
    }

    @Test
    void aNodeThatRefusesConnectionsIsLeftForTheNext() throws Exception {
        VertxWeb3jService service = nodes.service(RpcSettings.of(
                List.of(URI.create("http://127.0.0.1:1"), nodes.node(ScriptedNodes.wellBehaved("0x2"))),
                OptionalLong.empty(),
                LONG));

        assertThat(ScriptedNodes.answer(service).getResult()).isEqualTo("0x2");
    }

    @Test
    void aNodeOfAnotherChainIsNotBelieved() throws Exception {
        VertxWeb3jService service = nodes.service(RpcSettings.of(
                List.of(nodes.node(ScriptedNodes.wellBehaved("0x1")), nodes.node(ScriptedNodes.wellBehaved("0x385"))),
                OptionalLong.of(901),
                LONG));

        assertThat(ScriptedNodes.answer(service).getResult()).isEqualTo("0x385");
    }

    @Test
    void whereAllNodesAreOfAnotherChainThatIsSaid() {
        VertxWeb3jService service = nodes.service(
                RpcSettings.of(List.of(nodes.node(ScriptedNodes.wellBehaved("0x1"))), OptionalLong.of(901), LONG));

        ScriptedNodes.assertFails(service, "is on chain 1, not on 901");
    }

    @Test
    void silenceEndsWithTheTimeOut() {
        ScriptedNodes.assertFails(nodes.service(SHORT, (request, body) -> {}), "did not answer within");
    }

    @Test
    void anAnswerThatIsTooLongIsNotRead() {
        RpcSettings settings = new RpcSettings(
                List.of(nodes.node(ScriptedNodes.wellBehaved("0x" + "00".repeat(2_000)))),
                OptionalLong.empty(),
                LONG,
                1_000,
                4,
                LONG);

        ScriptedNodes.assertFails(nodes.service(settings), "more than 1000 bytes");
    }

    @Test
    void moreCallsThanTheBoundAreRefused() {
        VertxWeb3jService service = nodes.service(new RpcSettings(
                List.of(nodes.node((request, body) -> {})), OptionalLong.empty(), LONG, 1_000, 1, LONG));
        var first =
                service.send(ChainNode.chainId(), Text.class).subscribe().withSubscriber(UniAssertSubscriber.create());

        ScriptedNodes.assertFails(service, "more than 1 calls");

        first.cancel();
        service.send(ChainNode.chainId(), Text.class)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .assertNotTerminated()
                .cancel();
    }

    @Test
    void aNodeThatHasFailedTwiceIsLeftAlone() throws Exception {
        AtomicReference<BiConsumer<HttpServerRequest, Object>> behaviour =
                new AtomicReference<>(ScriptedNodes.status(503));
        VertxWeb3jService service = paused(LONG, behaviour);
        ScriptedNodes.assertFails(service, "answered with status 503");
        assertThat(nodes.questions).hasValue(2);
        behaviour.set(ScriptedNodes.wellBehaved("0x2"));

        ScriptedNodes.assertFails(service, "answered with status 503");

        assertThat(nodes.questions).hasValue(2);
    }

    @Test
    void aProbeThatIsCancelledDoesNotKeepItsNodeClosed() throws Exception {
        AtomicReference<BiConsumer<HttpServerRequest, Object>> behaviour =
                new AtomicReference<>(ScriptedNodes.status(503));
        VertxWeb3jService service = paused(Duration.ofMillis(1), behaviour);
        ScriptedNodes.assertFails(service, "answered with status 503");
        CompletableFuture<Void> asked = new CompletableFuture<>();
        behaviour.set((request, body) -> asked.complete(null));
        var probe = askUntilHeard(service).subscribe().withSubscriber(UniAssertSubscriber.create());
        asked.get(ScriptedNodes.LIMIT_SECONDS, TimeUnit.SECONDS);
        behaviour.set(ScriptedNodes.wellBehaved("0x2"));

        probe.cancel();

        Text answer = askUntilHeard(service).await().atMost(LONG.multipliedBy(2));
        assertThat(answer.getResult()).isEqualTo("0x2");
    }

    @Test
    void whoWaitsForTheChainDoesNotCloseItsNode() throws Exception {
        AtomicReference<BiConsumer<HttpServerRequest, Object>> behaviour = new AtomicReference<>((request, body) -> {});
        VertxWeb3jService service = paused(LONG, behaviour);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> service.send(ChainNode.chainId(), Text.class, SHORT, Silence.IS_EXPECTED)
                            .await()
                            .atMost(LONG))
                    .hasMessageContaining("did not answer within");
        }
        behaviour.set(ScriptedNodes.wellBehaved("0x2"));

        assertThat(ScriptedNodes.answer(service).getResult()).isEqualTo("0x2");
    }

    @Test
    void questionsThatFallTogetherDoNotKeepTheirNodeClosed() {
        AtomicReference<BiConsumer<HttpServerRequest, Object>> behaviour =
                new AtomicReference<>(ScriptedNodes.status(503));
        VertxWeb3jService service = paused(Duration.ofMillis(50), behaviour);
        ScriptedNodes.assertFails(service, "answered with status 503");
        behaviour.set(ScriptedNodes.wellBehaved("0x2"));

        Text answer = Uni.createFrom()
                .deferred(() -> Uni.combine()
                        .all()
                        .unis(
                                service.send(ChainNode.chainId(), Text.class),
                                service.send(ChainNode.chainId(), Text.class),
                                service.send(ChainNode.chainId(), Text.class))
                        .with((first, second, third) -> third))
                .onFailure()
                .retry()
                .withBackOff(Duration.ofMillis(60), Duration.ofMillis(60))
                .expireIn(TimeUnit.SECONDS.toMillis(ScriptedNodes.LIMIT_SECONDS))
                .await()
                .atMost(LONG.multipliedBy(2));

        assertThat(answer.getResult()).isEqualTo("0x2");
    }

    private VertxWeb3jService paused(Duration pause, AtomicReference<BiConsumer<HttpServerRequest, Object>> behaviour) {
        return nodes.service(new RpcSettings(
                List.of(nodes.node((request, body) -> behaviour.get().accept(request, body))),
                OptionalLong.empty(),
                LONG,
                1_000,
                4,
                pause));
    }

    /** Asks until the node is not left alone any more. */
    private static Uni<Text> askUntilHeard(VertxWeb3jService service) {
        return Uni.createFrom()
                .deferred(() -> service.send(ChainNode.chainId(), Text.class))
                .onFailure()
                .retry()
                .withBackOff(Duration.ofMillis(10))
                .expireIn(TimeUnit.SECONDS.toMillis(ScriptedNodes.LIMIT_SECONDS));
    }

    @Test
    void aCallThatIsCancelledLetsItsConnectionGo() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        VertxWeb3jService service = nodes.service(LONG, (request, body) -> {
            request.connection().closeHandler(closed -> gone.complete(null));
            asked.complete(null);
        });
        var call =
                service.send(ChainNode.chainId(), Text.class).subscribe().withSubscriber(UniAssertSubscriber.create());
        asked.get(ScriptedNodes.LIMIT_SECONDS, TimeUnit.SECONDS);

        call.cancel();

        gone.get(ScriptedNodes.LIMIT_SECONDS, TimeUnit.SECONDS);
        call.assertNotTerminated();
    }
}
