package openledger.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import openledger.chain.ChainNode;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.NodeAnswers.Text;
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
        VertxWeb3jService service = new VertxWeb3jService(
                nodes.vertx,
                RpcSettings.of(
                        List.of(URI.create("http://127.0.0.1:1"), nodes.node(ScriptedNodes.wellBehaved("0x2"))),
                        OptionalLong.empty(),
                        LONG));

        assertThat(ScriptedNodes.answer(service).getResult()).isEqualTo("0x2");
    }

    @Test
    void aNodeOfAnotherChainIsNotBelieved() throws Exception {
        VertxWeb3jService service = new VertxWeb3jService(
                nodes.vertx,
                RpcSettings.of(
                        List.of(
                                nodes.node(ScriptedNodes.wellBehaved("0x1")),
                                nodes.node(ScriptedNodes.wellBehaved("0x385"))),
                        OptionalLong.of(901),
                        LONG));

        assertThat(ScriptedNodes.answer(service).getResult()).isEqualTo("0x385");
    }

    @Test
    void whereAllNodesAreOfAnotherChainThatIsSaid() {
        VertxWeb3jService service = new VertxWeb3jService(
                nodes.vertx,
                RpcSettings.of(List.of(nodes.node(ScriptedNodes.wellBehaved("0x1"))), OptionalLong.of(901), LONG));

        ScriptedNodes.assertFails(service, "is of chain 1, not of 901");
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
                SHORT,
                LONG);

        ScriptedNodes.assertFails(new VertxWeb3jService(nodes.vertx, settings), "more than 1000 bytes");
    }

    @Test
    void moreCallsThanTheBoundAreRefused() {
        VertxWeb3jService service = new VertxWeb3jService(
                nodes.vertx,
                new RpcSettings(
                        List.of(nodes.node((request, body) -> {})), OptionalLong.empty(), LONG, 1_000, 1, SHORT, LONG));
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
