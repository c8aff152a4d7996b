package openledger.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that the demo starts: its log is a file, and it ends with the demo. */
public final class ChildProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    /** What a training run has noted of its classes ({@code scripts/aot}); gone with the next build. */
    private static final Path NOTED = Path.of("target/quarkus-app/openledger.aot");

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final int STOP_SECONDS = 20;
    private static final int LAST_LINES = 15;

    private final String name;
    /** 128 and the number of SIGKILL. */
    private static final int KILLED = 137;

    private final Process process;
    private final Path log;

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts {@code openledger <arguments>} from the built jar. */
    public static ChildProcess openledger(
            String name, Path logs, List<String> jvm, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(jvm);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return start(name, logs, environment, command);
    }

    /** The option by which a router with {@code deploy/jvm.options} takes its classes from the cache of a training run; none if there was none. */
    public static List<String> trained() {
        return Files.exists(NOTED) ? List.of("-XX:AOTCache=" + NOTED) : List.of();
    }

    public static ChildProcess start(String name, Path logs, Map<String, String> environment, List<String> command)
            throws IOException {
        Files.createDirectories(logs);
        Path log = logs.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
        ChildProcess child = new ChildProcess(name, builder.start(), log);
        Runtime.getRuntime().addShutdownHook(new Thread(child::close));
        return child;
    }

    /** Waits until {@code url} answers 200; says what happened if the process ends first or takes too long. */
    public void awaitReady(String url) throws IOException, InterruptedException {
        long until = System.nanoTime() + START_LIMIT.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            while (!answers(client, request)) {
                if (!process.isAlive()) {
                    throw new IOException(name + " ended at its start:\n" + lastLines());
                }
                if (System.nanoTime() > until) {
                    throw new IOException(
                            name + " is not ready after " + START_LIMIT.toSeconds() + " s:\n" + lastLines());
                }
                Thread.sleep(100);
            }
        }
    }

    private static boolean answers(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** A port of 127.0.0.1 that nobody listens on. */
    public static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    String name() {
        return name;
    }

    /** As a crash would. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Stands still until {@link #resume}, as in a pause of its machine. */
    public void suspend() throws IOException, InterruptedException {
        signal("STOP");
    }

    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process sender = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start();
        if (sender.waitFor() != 0) {
            throw new IOException(name + " could not be sent SIG" + signal);
        }
    }

    /** Waits until it ends by itself; its exit code. */
    public int awaitEnd(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            close();
            throw new IOException(name + " has not ended after " + limit.toSeconds() + " s:\n" + lastLines());
        }
        return process.exitValue();
    }

    /** What it has said so far. */
    public List<String> lines() throws IOException {
        return Files.readAllLines(log);
    }

    /** True if it ended after {@link #close} without having to be killed. */
    public boolean endedByItself() {
        return !process.isAlive() && process.exitValue() != KILLED;
    }

    public String lastLines() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
