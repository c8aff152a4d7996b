package openledger.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import openledger.cli.witness.WitnessFolder;
import openledger.cli.witness.WitnessServer;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.witness.AddCheckpoint;
import openledger.commitment.witness.Witness;
import openledger.identity.NoteSecret;
import openledger.settlement.witness.WitnessSettings.Peer;
import openledger.settlement.witness.Witnesses.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Witnesses over HTTP: our own, and servers that are none. */
final class HttpWitnessesTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final NoteSigner LOG =
            NoteSecret.signer("router.example/1", NoteKey.Kind.NOTE, "00".repeat(NoteSigner.SEED_BYTES));
    private static final NoteSigner WITNESS =
            NoteSecret.signer("witness.example/1", NoteKey.Kind.COSIGNATURE, "01".repeat(NoteSigner.SEED_BYTES));

    @TempDir
    Path folder = Path.of("");

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Peer peer(int port, String path) {
        return new Peer(URI.create("http://127.0.0.1:" + port + path), WITNESS.key());
    }

    private static Reply ask(Duration timeout, Peer peer, String body) {
        try (HttpWitnesses witnesses = new HttpWitnesses(VERTX, timeout)) {
            return witnesses.add(peer, body).await().atMost(PATIENCE);
        }
    }

    /** A server that does what a test wants with each connection, once its request is there. */
    private static int server(BiConsumer<NetSocket, String> act) {
        NetServer server = VERTX.createNetServer().connectHandler(socket -> {
            Buffer request = Buffer.buffer();
            socket.exceptionHandler(cut -> {});
            socket.handler(chunk -> {
                request.appendBuffer(chunk);
                if (request.toString().endsWith("\n")) {
                    act.accept(socket, request.toString());
                }
            });
        });
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    @Test
    void ourOwnWitnessCosigns() throws IOException {
        HashedEntries entries = new HashedEntries(List.of(new byte[1], new byte[2], new byte[3]));
        try (WitnessFolder memory = WitnessFolder.open(folder)) {
            Witness witness = new Witness(WITNESS, Map.of(LOG.key().name(), LOG.key()), memory);
            int port = new WitnessServer(VERTX, witness, () -> Instant.ofEpochSecond(7), PATIENCE, line -> {})
                    .listen("127.0.0.1", 0)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            String text = new Checkpoint(LOG.key().name(), 3, entries.root()).toString();
            SignedNote note = new SignedNote(text, List.of(LOG.sign(text, 0)));
            AddCheckpoint request = new AddCheckpoint(0, List.of(), note);

            Reply reply = ask(LONG, peer(port, ""), request.toString());
            Reply again = ask(LONG, peer(port, "/"), request.toString());

            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Reply.Answered.class,
                            answer -> assertThat(SignedNote.parse(note + answer.body())
                                            .cosignedAt(WITNESS.key()))
                                    .hasValue(7));
            assertThat(again).isEqualTo(new Reply.Answered(409, "text/x.tlog.size", "3\n"));
        }
    }

    @Test
    void theRequestIsAPlainPostBelowItsAddress() {
        List<String> seen = new CopyOnWriteArrayList<>();
        int port = server((socket, request) -> {
            seen.add(request);
            socket.write("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno");
        });

        Reply reply = ask(LONG, peer(port, "/a/b"), "old 0\n\nbody\n");

        assertThat(reply).isEqualTo(new Reply.Answered(404, "", "no"));
        assertThat(seen)
                .singleElement()
                .satisfies(request -> assertThat(request)
                        .startsWith("POST /a/b/add-checkpoint HTTP/1.1\r\n")
                        .endsWith("\r\n\r\nold 0\n\nbody\n")
                        .doesNotContainIgnoringCase("authorization"));
    }

    @Test
    void aRedirectIsAnAnswerAndIsNotFollowed() {
        int port = server((socket, request) -> socket.write(
                "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"));

        assertThat(ask(LONG, peer(port, ""), "x\n")).isEqualTo(new Reply.Answered(307, "", ""));
    }

    @Test
    void aHugeAnswerIsNotReadToItsEnd() throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        int port = server((socket, request) -> {
            socket.closeHandler(gone -> closed.complete(null));
            socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            flood(socket, closed);
        });

        assertThat(ask(LONG, peer(port, ""), "x\n")).isEqualTo(new Reply.TooLong());
        closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void flood(NetSocket socket, CompletableFuture<Void> closed) {
        if (!closed.isDone()) {
            socket.write("400\r\n" + "x".repeat(1_024) + "\r\n").onComplete(sent -> flood(socket, closed));
        }
    }

    @Test
    void theLongestAnswerIsStillOne() {
        String body = "x".repeat(HttpWitnesses.LONGEST_ANSWER);
        int port = server((socket, request) ->
                socket.write("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body));

        assertThat(ask(LONG, peer(port, ""), "x\n")).isEqualTo(new Reply.Answered(200, "", body));
    }

    @Test
    void whoAnswersNothingIsSilentAfterAWhile() throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        int port = server((socket, request) -> socket.closeHandler(gone -> closed.complete(null)));

        assertThat(ask(SHORT, peer(port, ""), "x\n")).isEqualTo(new Reply.Silent("no answer in time"));
        closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** A byte now and then does not help. */
    @Test
    void whoAnswersDropByDropIsSilentToo() throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        int port = server((socket, request) -> {
            long drops = VERTX.setPeriodic(20, drop -> socket.write("1\r\nx\r\n"));
            socket.closeHandler(gone -> {
                VERTX.cancelTimer(drops);
                closed.complete(null);
            });
            socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        });

        assertThat(ask(SHORT, peer(port, ""), "x\n")).isEqualTo(new Reply.Silent("no answer in time"));
        closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void whoHangsUpOrIsNoServerIsSilent() {
        Reply lost = new Reply.Silent("not reachable, or hung up");
        for (String sent : List.of(
                "",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhe",
                "220 mail.example ESMTP\r\n")) {
            int port = server((socket, request) -> socket.write(sent).onComplete(done -> socket.close()));
            assertThat(ask(LONG, peer(port, ""), "x\n")).as(sent).isEqualTo(lost);
        }
        assertThat(ask(LONG, peer(1, ""), "x\n")).isEqualTo(lost);
    }

    @Test
    void whoLeavesDropsTheConnection() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        int port = server((socket, request) -> {
            socket.closeHandler(gone -> closed.complete(null));
            asked.complete(null);
        });

        try (HttpWitnesses witnesses = new HttpWitnesses(VERTX, LONG)) {
            var leaving = witnesses.add(peer(port, ""), "x\n").subscribe().with(reply -> {});
            asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            leaving.cancel();

            closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
