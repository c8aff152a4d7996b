package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import openledger.budget.AttemptLedger;
import openledger.http.CapturedLog;
import openledger.http.RouterUnderTest;
import openledger.inference.TurnedClock;
import openledger.inference.admission.Permit;
import openledger.inference.admission.RequestBody;
import openledger.inference.upstream.AccountFault;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.ConnectionFault;
import openledger.inference.upstream.MadeNames;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.target.CircuitSettings;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a real call makes of errors, and what follows from them for the calls after it. Long because each error needs a provider of its
 * own.
 */
@QuarkusTest
@Tag("long") // starts the router
@QuarkusTestResource(RouterUnderTest.class)
final class UpstreamErrorsTest {
    private static final Duration LONGEST_CLOSURE = Duration.ofMinutes(1);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final TurnedClock clock = new TurnedClock();
    private final Route route = TestRoutes.of(8);
    private final Target target = route.tiers().getFirst().targets().getFirst();
    private ServerSocket server;
    private HttpProviderGateway gateway;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        gateway = new HttpProviderGateway(
                vertx, new CircuitSettings(100, 0.5, Duration.ofSeconds(1), LONGEST_CLOSURE), clock, MadeNames.UNHEARD);
        learn("http://127.0.0.1:" + server.getLocalPort() + "/v1", Map.of());
    }

    private void learn(String address, Map<String, Credential> credentials) {
        List<Provider> providers = List.of("p0", "p1", "p2").stream()
                .map(name -> new Provider(
                        name, Dialect.OPENAI, Dialect.OPENAI.operations(), URI.create(address), TestRoutes.TIMEOUTS))
                .toList();
        gateway.learn(new Policy(providers, Map.of(route.name(), route)), credentials, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        gateway.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "429, insufficient_quota, QUOTA, RATE_LIMITED",
        "400, billing_not_active, BILLING, SERVER_ERROR",
        "401, invalid_api_key, CREDENTIAL, SERVER_ERROR",
        "403, account_deactivated, SUSPENDED, SERVER_ERROR",
        "200, insufficient_quota, QUOTA, IN_BAND_ERROR",
    })
    void anAccountAtFaultIsCountedAndClosesTheTargetUntilItIsReachedWithAnotherKey(
            int status, String code, AccountFault fault, Trigger trigger) throws Exception {
        serve(answer(status, "{\"error\":{\"message\":\"x\",\"type\":\"" + code + "\",\"code\":\"" + code + "\"}}"));

        assertThat(call())
                .isInstanceOfSatisfying(
                        CallResult.Failed.class,
                        failed -> assertThat(failed.trigger()).isEqualTo(trigger));

        assertThat(gateway.accountFaults("p0"))
                .containsEntry(fault, 1L)
                .hasSize(AccountFault.values().length)
                .satisfies(all -> assertThat(all.values()).containsOnlyOnce(1L));
        assertThat(gateway.load(target).isOpen()).isFalse();
        clock.advance(LONGEST_CLOSURE.minusMillis(1));
        assertThat(gateway.load(target).isOpen()).isFalse();

        learn("http://127.0.0.1:" + server.getLocalPort() + "/v1", Map.of("p0", new Credential("another")));
        assertThat(gateway.load(target).isOpen()).isTrue();
        assertThat(gateway.accountFaults("p0")).containsEntry(fault, 1L);
    }

    @Test
    void wordsAloneCloseNothing() throws Exception {
        serve(
                answer(
                        400,
                        "{\"error\":{\"message\":\"This organization has been disabled.\",\"type\":\"invalid_request_error\"}}"));

        assertThat(call())
                .isInstanceOfSatisfying(
                        CallResult.Failed.class,
                        failed -> assertThat(failed.trigger()).isEqualTo(Trigger.SERVER_ERROR));
        assertThat(gateway.accountFaults("p0")).containsEntry(AccountFault.SUSPENDED, 1L);
        assertThat(gateway.load(target).isOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "413|{\"error\":{\"message\":\"x\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}",
                "429|{\"error\":{\"message\":\"x\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}",
                "529|{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
            })
    void aLimitIsOneWhateverItsStatus(int status, String body) throws Exception {
        serve(answer(status, body));

        assertThat(call())
                .isInstanceOfSatisfying(
                        CallResult.Failed.class,
                        failed -> assertThat(failed.trigger()).isEqualTo(Trigger.RATE_LIMITED));
        assertThat(gateway.load(target).isOpen()).isTrue();
    }

    @Test
    void aClientsMistakeClosesNoTarget() throws Exception {
        serve("HTTP/1.1 400 X\r\nretry-after: 30\r\ncontent-length: 2\r\n\r\n{}");

        assertThat(call()).isInstanceOf(CallResult.Rejected.class);
        assertThat(gateway.load(target).isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 403, 451, 301})
    void whatNoClientCanMendIsInTheLog(int status) throws Exception {
        serve(answer(status, "{}"));

        try (CapturedLog log = new CapturedLog()) {
            call();
            assertThat(log.text()).contains("provider=p0", "status=" + status, "request=request");
        }
    }

    @Test
    void eachFaultOfAnAccountHasALineOfItsOwn() {
        ProviderAccount account = new ProviderAccount("p", clock::nanoTime);

        try (CapturedLog log = new CapturedLog()) {
            account.isAtFault(AccountFault.CREDENTIAL, 400, "a");
            account.isAtFault(AccountFault.BILLING, 400, "b");
            account.isAtFault(AccountFault.CREDENTIAL, 400, "c");

            assertThat(log.text()).contains("request=a", "request=b").doesNotContain("request=c");
        }
    }

    @Test
    void anErrorWithinA200MayBeTheClients() throws Exception {
        serve(answer(200, "{\"object\":\"error\",\"message\":\"too long\",\"type\":\"BadRequestError\",\"code\":400}"));

        assertThat(call()).isInstanceOfSatisfying(CallResult.Rejected.class, no -> {
            assertThat(no.httpStatus()).isEqualTo(400);
            assertThat(no.rejection().message()).isEqualTo("too long");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 429})
    void aBodyThatDoesNotComeIsNotWaitedForLong(int status) throws Exception {
        serve("HTTP/1.1 " + status + " X\r\ncontent-length: 1000\r\n\r\n{\"error\":{\"message\":\"because");
        CompletableFuture<CallResult> result = begin();

        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!result.isDone() && System.nanoTime() < until) {
            loop.runOnContext(go -> clock.advance(Duration.ofMillis(100)));
            Thread.sleep(10);
        }

        if (status == 400) {
            assertThat(result.get(1, TimeUnit.SECONDS)).isInstanceOf(CallResult.Rejected.class);
        } else {
            assertThat(result.get(1, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            CallResult.Failed.class,
                            failed -> assertThat(failed.trigger()).isEqualTo(Trigger.RATE_LIMITED));
        }
        assertThat(gateway.load(target).inFlight()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:1/v1, REFUSED",
        "http://nowhere.invalid/v1, DNS",
        "https://127.0.0.1:PORT/v1, TLS",
        "http://127.0.0.1:PORT/v1, HEAD_TOO_LARGE",
    })
    void aConnectionThatFailsSaysWhy(String address, ConnectionFault fault) throws Exception {
        serve("HTTP/1.1 200 OK\r\nx-policy: " + "x".repeat(70_000) + "\r\ncontent-length: 2\r\n\r\n{}");
        learn(address.replace("PORT", Integer.toString(server.getLocalPort())), Map.of());

        assertThat(call()).isInstanceOfSatisfying(CallResult.Failed.class, failed -> {
            assertThat(failed.detail().connection()).isEqualTo(fault);
            assertThat(failed.trigger()).isEqualTo(Trigger.CONNECTION_LOST);
        });
    }

    private static String answer(int status, String json) {
        return "HTTP/1.1 " + status + " X\r\ncontent-type: application/json\r\ncontent-length: " + json.length()
                + "\r\n\r\n" + json;
    }

    private void serve(String answer) {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> answer(client, answer));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private void answer(Socket client, String answer) {
        try (client) {
            InputStream in = client.getInputStream();
            StringBuilder head = new StringBuilder();
            for (int next = in.read(); next >= 0; next = in.read()) {
                head.append((char) next);
                if (head.indexOf("\r\n\r\n") >= 0 || head.charAt(0) != 'P') {
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    client.getOutputStream().flush();
                    in.readNBytes("{\"model\":\"m0\"}".length());
                    head.setLength(0);
                }
            }
        } catch (IOException gone) {
            // The router gave the connection up, which is its right.
        }
    }

    private CallResult call() throws Exception {
        return begin().get(10, TimeUnit.SECONDS);
    }

    private CompletableFuture<CallResult> begin() throws Exception {
        RequestBody body = RequestBody.of("{\"model\":\"m0\"}".getBytes(StandardCharsets.UTF_8), 8);
        UpstreamRequest request = new UpstreamRequest(
                Operation.CHAT,
                body,
                AnswerForm.PLAIN,
                Map.of(),
                "request",
                gateway.viewOf(route),
                Optional.empty(),
                "tenant",
                Permit.UNCOUNTED);
        CompletableFuture<CallResult> result = new CompletableFuture<>();
        loop.runOnContext(go -> gateway.call(new AttemptLedger(route).take().orElseThrow(), target, request)
                .subscribe()
                .with(result::complete, result::completeExceptionally));
        return result;
    }
}
