package openledger.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import openledger.cluster.ClusterMember;
import openledger.cluster.ClusterSettings;
import openledger.cluster.HopFields;
import openledger.cluster.HopOutcome;
import openledger.cluster.HopSeal;
import openledger.cluster.Peers;
import openledger.unit.LaneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routers that speak TLS know each other by certificates, both ways. */
final class PeerTlsTest {
    private static final String PASSWORD = "password";
    private final Vertx vertx = Vertx.vertx();
    private final HopSeal seal = new HopSeal("0".repeat(32).getBytes(StandardCharsets.US_ASCII), "test");

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void onlyRoutersWithCertificatesOfTheAuthorityHearEachOther() throws Exception {
        ClusterSettings.Tls router = files("router");
        ClusterSettings.Tls other = files("other");
        int port = listen(router);

        // The first handshake of a process takes long.
        String first = "";
        for (int i = 0; i < 5 && !first.equals("200"); i++) {
            first = ask(Optional.of(router), port);
        }
        assertThat(first).isEqualTo("200");
        // One that the owner does not know, and one that does not know the owner.
        assertThat(ask(
                        Optional.of(new ClusterSettings.Tls(other.certificate(), other.key(), router.authority())),
                        port))
                .isIn("LOST", "UNREACHABLE");
        assertThat(ask(
                        Optional.of(new ClusterSettings.Tls(router.certificate(), router.key(), other.authority())),
                        port))
                .isEqualTo("UNREACHABLE");
        assertThat(ask(Optional.empty(), port)).isIn("LOST", "UNREACHABLE");
    }

    private int listen(ClusterSettings.Tls files) {
        return vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertPath(files.authority()))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(files.certificate())
                                .addKeyPath(files.key())))
                .requestHandler(request -> request.body().onSuccess(body -> {
                    HopFields fields = HopFields.read(String.valueOf(request.getHeader(HopFields.NAME)))
                            .orElseThrow();
                    request.response()
                            .putHeader(HopFields.ANSWER_PROOF, seal.answered(fields, 200, List.of()))
                            .end();
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private String ask(Optional<ClusterSettings.Tls> tls, int port) throws InterruptedException {
        HttpPeers peers =
                new HttpPeers(vertx, new ClusterSettings("test", "127.0.0.1", 1, seal, tls), new SecureRandom());
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        ClusterMember owner = new ClusterMember(new LaneId(1), 1, "127.0.0.1:" + port, true);
        vertx.runOnContext(go -> peers.send(
                new Peers.Forwarded("/v1/embeddings", List.of(), new byte[0], owner, 1, Duration.ofSeconds(10)),
                new Peers.Listener() {
                    @Override
                    public void hint(List<Map.Entry<String, String>> headers) {}

                    @Override
                    public void head(int status, List<Map.Entry<String, String>> headers) {
                        told.add(Integer.toString(status));
                    }

                    @Override
                    public void chunk(Buffer bytes) {}

                    @Override
                    public void end(List<Map.Entry<String, String>> trailers) {}

                    @Override
                    public void failed(HopOutcome why) {
                        told.add(why.name());
                    }
                }));
        String first = told.poll(20, TimeUnit.SECONDS);
        peers.close();
        return String.valueOf(first);
    }

    /** A certificate for this machine that is its own authority. */
    private ClusterSettings.Tls files(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Path certificate =
                pem(name + ".crt", "CERTIFICATE", keys.getCertificate("a").getEncoded());
        Path key = pem(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
        return new ClusterSettings.Tls(certificate.toString(), key.toString(), certificate.toString());
    }

    private Path pem(String name, String kind, byte[] der) throws Exception {
        return Files.writeString(
                folder.resolve(name),
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(der)
                        + "\n-----END " + kind + "-----\n");
    }
}
