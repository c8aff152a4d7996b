package openledger.chaos.log;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import openledger.commitment.log.NoteKey;
import openledger.demo.ChildProcess;

/**
 * litewitness, a C2SP witness that is not ours, with an ssh-agent of its own that keeps its key. Can be killed as a crash would kill it and
 * started again. Confined to one thread.
 */
final class LiteWitness implements AutoCloseable {
    private static final String NAME = "witness.example/litewitness";
    private static final Path KNOWN_LOGS = Path.of("src/test/python/receipts/watched_logs.py");
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int KEY_BYTES = 32;

    private final Path program;
    private final Path folder;
    private final Path logs;
    private final ChildProcess agent;
    private final String fingerprint;
    private final NoteKey key;
    private final int port;
    private ChildProcess process;

    private LiteWitness(Path program, Path python, Path folder, Path logs, List<NoteKey> watched)
            throws IOException, InterruptedException {
        this.program = program;
        this.folder = folder;
        this.logs = logs;
        this.port = ChildProcess.freePort();
        Path secret = folder.resolve("key");
        done("ssh-keygen", Map.of(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", secret.toString());
        String[] published = Files.readString(folder.resolve("key.pub")).split(" ", -1);
        byte[] blob = Base64.getDecoder().decode(published[1]);
        this.key = new NoteKey(
                NAME, NoteKey.Kind.COSIGNATURE, Arrays.copyOfRange(blob, blob.length - KEY_BYTES, blob.length));
        this.fingerprint = done("ssh-keygen-l", Map.of(), "ssh-keygen", "-l", "-f", secret.toString())
                .getLast()
                .split(" ", -1)[1];
        this.agent =
                ChildProcess.start("ssh-agent", logs, Map.of(), List.of("ssh-agent", "-D", "-a", socket().toString()));
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(socket())) {
            if (!agent.isAlive() || System.nanoTime() > until) {
                throw new IOException("the ssh-agent did not start: " + agent.lastLines());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        done("ssh-add", Map.of("SSH_AUTH_SOCK", socket().toString()), "ssh-add", "-q", secret.toString());
        List<String> watch = new ArrayList<>(
                List.of(python.toString(), KNOWN_LOGS.toString(), database().toString()));
        watched.forEach(log -> watch.add(log.toString()));
        done("watched-logs", Map.of(), watch.toArray(String[]::new));
        this.process = launch();
    }

    /**
     * Starts one; it answers when this returns.
     *
     * @param program litewitness
     * @param python an interpreter, which writes down the logs that it watches
     * @param folder for its key and its memory, with a short path: a socket stands in it
     * @param logs for what the processes print
     */
    static LiteWitness start(Path program, Path python, Path folder, Path logs, List<NoteKey> watched)
            throws IOException, InterruptedException {
        return new LiteWitness(program, python, folder, logs, watched);
    }

    private List<String> done(String name, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ChildProcess ran = ChildProcess.start(name, logs, environment, List.of(command));
        if (ran.awaitEnd(LIMIT) != 0) {
            throw new IOException(name + " failed: " + ran.lastLines());
        }
        return ran.lines();
    }

    private Path socket() {
        return folder.resolve("agent");
    }

    private Path database() {
        return folder.resolve("witness.db");
    }

    private ChildProcess launch() throws IOException, InterruptedException {
        ChildProcess launched = ChildProcess.start(
                "litewitness",
                logs,
                Map.of(),
                List.of(
                        program.toAbsolutePath().toString(),
                        "-name",
                        NAME,
                        "-db",
                        database().toString(),
                        "-key",
                        fingerprint,
                        "-ssh-agent",
                        socket().toString(),
                        "-listen",
                        "127.0.0.1:" + port));
        launched.awaitReady("http://127.0.0.1:" + port + "/");
        return launched;
    }

    /** By which its cosignatures are known; from the file of the key, not from what the program says. */
    NoteKey key() {
        return key;
    }

    /** Where it is asked. */
    URI address() {
        return URI.create("http://127.0.0.1:" + port + "/add-checkpoint");
    }

    /** SIGKILL, and a new start with what it remembers. */
    void killAndStartAgain() throws IOException, InterruptedException {
        process.kill();
        process = launch();
    }

    /** SIGTERM, and a new start with what it remembers. */
    void restart() throws IOException, InterruptedException {
        process.close();
        process = launch();
    }

    @Override
    public void close() {
        process.close();
        agent.close();
    }
}
