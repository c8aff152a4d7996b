package openledger.cli.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSignature;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.witness.AddCheckpoint;
import openledger.commitment.witness.Witness;
import openledger.identity.NoteSecret;
import openledger.unit.Hash32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness over HTTP, with a real folder. */
final class WitnessServerTest {
    private static final String ORIGIN = "router.example/openledger/lane/1";
    private static final Instant NOW = Instant.ofEpochSecond(1_795_600_000L);

    @TempDir
    Path folder = Path.of("");

    private final NoteSigner log = NoteSecret.signer(ORIGIN, NoteKey.Kind.NOTE, "22".repeat(32));
    private final NoteSigner witness =
            NoteSecret.signer("witness.example/w1", NoteKey.Kind.COSIGNATURE, "11".repeat(32));
    private final HttpClient http = HttpClient.newHttpClient();
    private Duration longest = Duration.ofMinutes(1);
    private Vertx vertx = Vertx.vertx();
    private WitnessFolder memory;
    private URI at = URI.create("http://127.0.0.1");

    @BeforeEach
    void start() throws IOException {
        vertx = Vertx.vertx();
        memory = WitnessFolder.open(folder);
        Witness serving = new Witness(witness, Map.of(ORIGIN, log.key()), memory);
        int port = new WitnessServer(vertx, serving, () -> NOW, longest, line -> {})
                .listen("127.0.0.1", 0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        at = URI.create("http://127.0.0.1:" + port + "/add-checkpoint");
    }

    @AfterEach
    void stop() throws IOException {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        memory.close();
    }

    private static HashedEntries entries(int size, String kind) {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add((kind + i).getBytes(StandardCharsets.UTF_8));
        }
        return new HashedEntries(all);
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(at)
                        .timeout(Duration.ofSeconds(10))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private SignedNote checkpoint(long size, Hash32 root) {
        String text = new Checkpoint(ORIGIN, size, root).toString();
        return new SignedNote(text, List.of(log.sign(text, 0)));
    }

    @Test
    void goesOnAfterARestartAndKeepsTheEvidenceOfASplitView() throws IOException, InterruptedException {
        HashedEntries honest = entries(50, "e");
        SignedNote first = checkpoint(20, honest.root(20));
        HttpResponse<String> cosigned = post(new AddCheckpoint(0, List.of(), first).toString());
        assertThat(cosigned.statusCode()).isEqualTo(200);
        SignedNote whole = SignedNote.parse(first.toString() + cosigned.body());
        assertThat(whole.cosignedAt(witness.key())).hasValue(NOW.getEpochSecond());

        stop();
        start();

        HttpResponse<String> stale = post(new AddCheckpoint(0, List.of(), checkpoint(30, honest.root(30))).toString());
        assertThat(stale.statusCode()).isEqualTo(409);
        assertThat(stale.headers().firstValue("content-type")).contains("text/x.tlog.size");
        assertThat(stale.body()).isEqualTo("20\n");
        SignedNote forged = checkpoint(20, entries(20, "other").root());
        assertThat(post(new AddCheckpoint(20, List.of(), forged).toString()).statusCode())
                .isEqualTo(409);
        try (Stream<Path> evidence = Files.list(folder.resolve("evidence"))) {
            assertThat(evidence.map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }))
                    .containsExactly(first + "\n\n" + forged);
        }
        assertThat(post(new AddCheckpoint(20, honest.consistency(20, 50).path(), checkpoint(50, honest.root()))
                                .toString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void oneFolderHasOneWitness() {
        assertThatThrownBy(() -> WitnessFolder.open(folder)).isInstanceOf(Exception.class);
    }

    @Test
    void hostileBodiesGetAnAnswerAndNothingMore() throws IOException, InterruptedException {
        assertThat(post("").statusCode()).isEqualTo(400);
        assertThat(post("old 0\n\n" + "x".repeat(10_000)).statusCode()).isEqualTo(400);
        assertThat(post("x".repeat(AddCheckpoint.LONGEST + 1)).statusCode()).isEqualTo(413);
        HashedEntries honest = entries(5, "e");
        String text = new Checkpoint("stranger.example", 5, honest.root()).toString();
        SignedNote strange = new SignedNote(text, List.of(log.sign(text, 0)));
        assertThat(post(new AddCheckpoint(0, List.of(), strange).toString()).statusCode())
                .isEqualTo(404);
        assertThat(post(new AddCheckpoint(9, List.of(), checkpoint(5, honest.root())).toString())
                        .statusCode())
                .isEqualTo(400);
        assertThat(post(new AddCheckpoint(0, List.of(Hash32.ZERO), checkpoint(5, honest.root())).toString())
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void aRequestThatDripsIsCutOff() throws IOException {
        stop();
        longest = Duration.ofMillis(500);
        start();
        try (Socket slow = new Socket(at.getHost(), at.getPort())) {
            slow.setSoTimeout(30_000);
            slow.getOutputStream()
                    .write("POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 9\r\n\r\nold"
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void connectionsThatSayNothingAreBounded() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < WitnessServer.MOST_CONNECTIONS; i++) {
                silent.add(new Socket(at.getHost(), at.getPort()));
            }
            assertThat(isClosed(silent.getFirst())).isFalse();
            try (Socket late = new Socket(at.getHost(), at.getPort())) {
                late.setSoTimeout(30_000);
                assertThat(late.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout(1);
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketTimeoutException open) {
            return false;
        }
    }

    @Test
    void neitherALogNorAnyoneElseFillsTheDiskWithEvidence() throws IOException, InterruptedException {
        post(new AddCheckpoint(0, List.of(), checkpoint(20, entries(20, "e").root())).toString());
        SignedNote forged = checkpoint(20, entries(20, "other").root());
        NoteSigner anyone = NoteSecret.signer("anyone", NoteKey.Kind.NOTE, "33".repeat(32));
        List<NoteSignature> both = List.of(forged.signatures().getFirst(), anyone.sign(forged.text(), 0));
        post(new AddCheckpoint(20, List.of(), forged).toString());
        post(new AddCheckpoint(20, List.of(), new SignedNote(forged.text(), both)).toString());
        assertThat(pairs()).isEqualTo(1);

        for (int i = 0; i < WitnessFolder.MOST_PAIRS; i++) {
            post(new AddCheckpoint(
                            20,
                            List.of(),
                            checkpoint(20, entries(20, "other" + i).root()))
                    .toString());
        }
        assertThat(pairs()).isEqualTo(WitnessFolder.MOST_PAIRS);
    }

    private long pairs() throws IOException {
        try (Stream<Path> evidence = Files.list(folder.resolve("evidence"))) {
            return evidence.count();
        }
    }
}
