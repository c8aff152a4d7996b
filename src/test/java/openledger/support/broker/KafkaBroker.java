package openledger.support.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import openledger.demo.ChildProcess;
import openledger.support.ScratchFolder;
import org.jspecify.annotations.Nullable;

/**
 * One real broker, in a process and on a class path of its own, which Maven fetches once. What it was given outlives it: it can be killed
 * and started again. Confined to one thread.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Path LIBRARIES = Path.of("target/kafka-broker");
    private static final Path PROJECT = Path.of("src/test/kafka/pom.xml");
    private static final Duration LONGEST_INSTALL = Duration.ofMinutes(8);
    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final String CLUSTER = "b3BlbmxlZGdlci10ZXN0cw";

    private final Path folder;
    private final Path properties;
    private final int port;
    private final int secured;
    private @Nullable ChildProcess process;

    private KafkaBroker(Path folder, int port, int secured, Path properties) {
        this.folder = folder;
        this.port = port;
        this.secured = secured;
        this.properties = properties;
    }

    /** Starts one that is empty; it answers when this returns. */
    public static KafkaBroker start() throws IOException, InterruptedException {
        return start(Optional.empty());
    }

    /** The same, which also listens with TLS and SASL, at {@link #secured}. */
    public static KafkaBroker start(BrokerLogin login) throws IOException, InterruptedException {
        return start(Optional.of(login));
    }

    private static KafkaBroker start(Optional<BrokerLogin> login) throws IOException, InterruptedException {
        install();
        Path folder = ScratchFolder.make("kafka");
        int port = ChildProcess.freePort();
        int controller = ChildProcess.freePort();
        int secured = login.isPresent() ? ChildProcess.freePort() : 0;
        String also = login.isPresent() ? ",SASL_SSL://localhost:" + secured : "";
        Path properties = Files.writeString(
                folder.resolve("server.properties"),
                """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%d
                controller.listener.names=CONTROLLER
                listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d%s
                advertised.listeners=PLAINTEXT://127.0.0.1:%d%s
                log.dirs=%s
                auto.create.topics.enable=false
                default.replication.factor=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
                group.initial.rebalance.delay.ms=0
                """.formatted(controller, port, controller, also, port, also, folder.resolve("data"))
                        + login.map(BrokerLogin::properties).orElse(""));
        KafkaBroker broker = new KafkaBroker(folder, port, secured, properties);
        broker.format(login.map(BrokerLogin::scram).orElse(List.of()));
        broker.again();
        return broker;
    }

    /** Tests of several processes may want it at once. */
    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(LIBRARIES);
        try (FileChannel file = FileChannel.open(
                        LIBRARIES.resolveSibling("kafka-broker.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            Path done = LIBRARIES.resolve("installed");
            if (Files.exists(done) || !lock.isValid()) {
                return;
            }
            run(
                    LONGEST_INSTALL,
                    "mvn",
                    "-q",
                    "-B",
                    "-ntp",
                    "-f",
                    PROJECT.toString(),
                    "dependency:copy-dependencies",
                    "-DoutputDirectory=" + LIBRARIES.toAbsolutePath());
            Files.createFile(done);
        }
    }

    private static void run(Duration longest, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("failed: " + String.join(" ", command));
        }
    }

    private static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                LIBRARIES.toAbsolutePath() + "/*"));
        command.addAll(List.of(arguments));
        return command;
    }

    private void format(List<String> users) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", properties.toString()));
        arguments.addAll(users);
        ChildProcess format =
                ChildProcess.start("kafka-format", folder, Map.of(), java(arguments.toArray(String[]::new)));
        if (format.awaitEnd(LONGEST_START) != 0) {
            throw new IOException("the broker's folder was not made:\n" + format.lastLines());
        }
    }

    /** Starts it after it was killed, with what it had; it answers when this returns. */
    public void again() throws IOException, InterruptedException {
        ChildProcess started =
                ChildProcess.start("kafka", folder, Map.of(), java("kafka.Kafka", properties.toString()));
        process = started;
        long until = System.nanoTime() + LONGEST_START.toNanos();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() > until) {
                throw new IOException("the broker does not start:\n" + started.lastLines());
            }
            Thread.sleep(100);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** As a crash would. */
    public void kill() {
        ChildProcess running = process;
        if (running != null) {
            running.kill();
        }
    }

    /** {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** {@code host:port} of the listener with TLS and SASL. */
    public String secured() {
        return "localhost:" + secured;
    }

    @Override
    public void close() {
        ChildProcess running = process;
        if (running != null) {
            running.close();
        }
    }
}
