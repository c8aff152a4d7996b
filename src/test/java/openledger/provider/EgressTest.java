package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.ConnectionFault;
import openledger.provider.error.Failures;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Provider;
import openledger.routing.TestRoutes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to a provider: an authority of one's own, a proxy, a host with an odd name. Real servers and certificates. */
final class EgressTest {
    private static final String PASSWORD = "changeit";

    private final Vertx vertx = Vertx.vertx();
    private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aCertificateOfOnesOwnAuthorityIsTrustedForTheProviderThatNamesIt() throws Exception {
        Path store = certificate("localhost");
        HttpServer server = serve(new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PfxOptions().setPath(store.toString()).setPassword(PASSWORD)));
        String url = "https://localhost:" + server.actualPort() + "/v1";
        Egress own = new Egress(Optional.empty(), Optional.of(pem(store)));

        assertThat(ask(url, own)).isEqualTo("200");
        assertThat(ask(url, Egress.DIRECT)).isEqualTo(ConnectionFault.CERTIFICATE.name());
        assertThat(ask(url.replace("localhost", "127.0.0.1"), own)).isEqualTo(ConnectionFault.CERTIFICATE.name());
    }

    @Test
    void aProxyIsAskedForTheProvidersAddress() throws Exception {
        HttpServer proxy = serve(new HttpServerOptions());
        Egress through = new Egress(
                Optional.of(new Egress.Proxy("127.0.0.1", proxy.actualPort(), "me", "secret")), Optional.empty());

        assertThat(ask("http://provider.invalid:81/v1", through)).isEqualTo("200");

        String basic =
                Base64.getEncoder().encodeToString("me:secret".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(seen).containsExactly("http://provider.invalid:81/v1/chat/completions Basic " + basic);
        assertThat(through.toString()).doesNotContain("secret");
    }

    @Test
    void aProxyThatDoesNotLetUsThroughIsToBlame() throws Exception {
        HttpServer proxy = vertx.createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(407).end())
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        Egress through =
                new Egress(Optional.of(new Egress.Proxy("127.0.0.1", proxy.actualPort(), "", "")), Optional.empty());

        assertThat(ask("https://provider.invalid/v1", through)).isEqualTo(ConnectionFault.PROXY.name());
    }

    @Test
    void aHostWithAnUnderscoreIsAsked() throws Exception {
        HttpServer proxy = serve(new HttpServerOptions());
        Egress through =
                new Egress(Optional.of(new Egress.Proxy("127.0.0.1", proxy.actualPort(), "", "")), Optional.empty());

        assertThat(ask("http://vllm_0:81/v1", through)).isEqualTo("200");

        assertThat(seen).containsExactly("http://vllm_0:81/v1/chat/completions null");
    }

    /** The status of an answer, or the fault of the connection. */
    private String ask(String url, Egress egress) throws Exception {
        Provider provider =
                new Provider("p", Dialect.OPENAI, Dialect.OPENAI.operations(), URI.create(url), TestRoutes.TIMEOUTS);
        ProviderEndpoint endpoint = new ProviderEndpoint(
                vertx, provider, Optional.empty(), egress, new ProviderAccount("p", System::nanoTime));
        String[] result = {""};
        CountDownLatch over = new CountDownLatch(1);
        vertx.runOnContext(go -> endpoint.client()
                .request(endpoint.request(Operation.CHAT, AnswerForm.PLAIN, "m"))
                .compose(request -> request.send("{}"))
                .onComplete(answer -> {
                    result[0] = answer.succeeded()
                            ? Integer.toString(answer.result().statusCode())
                            : Failures.faultOf(answer.cause()).name();
                    over.countDown();
                }));
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        // Or its finalizer does, which may find that the event loop has ended before.
        endpoint.close();
        return result[0];
    }

    private HttpServer serve(HttpServerOptions options) throws Exception {
        return vertx.createHttpServer(options)
                .requestHandler(request -> {
                    seen.add(request.uri() + " " + request.getHeader("proxy-authorization"));
                    request.response().end("{}");
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private Path certificate(String host) throws Exception {
        Path store = folder.resolve("store.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        return store;
    }

    private String pem(Path store) throws Exception {
        Path pem = folder.resolve("authority.pem");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "a",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-file",
                pem.toString());
        return Files.readString(pem);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(java.util.List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
