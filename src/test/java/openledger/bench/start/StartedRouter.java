package openledger.bench.start;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import openledger.bench.BenchStack;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.support.CpuTime;
import openledger.support.ProcessFigures;

/** A router that was just started, and what that took. Confined to one thread. */
final class StartedRouter implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int LOOK_MILLIS = 5;
    private static final int ANSWER_MILLIS = 2_000;
    private static final byte[] ASK = "GET /q/health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] READY = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);

    private final ChildProcess process;
    private final Duration ready;
    private final Duration cpu;

    private StartedRouter(ChildProcess process, Duration ready, Duration cpu) {
        this.process = process;
        this.ready = ready;
        this.cpu = cpu;
    }

    /**
     * What a start took.
     *
     * @param readySeconds from the start of its process until it says that it is ready
     * @param cpuSeconds of processor time until then
     * @param restMegabytes resident when the figures were taken
     */
    record Figures(double readySeconds, double cpuSeconds, double restMegabytes) {}

    /** Starts a router with {@code deploy/jvm.options} and {@code more}, and returns once it is ready. */
    static StartedRouter start(LocalPostgres postgres, List<String> more) throws IOException, InterruptedException {
        List<String> jvm =
                Stream.concat(Stream.of("@deploy/jvm.options"), more.stream()).toList();
        long begun = System.nanoTime();
        ChildProcess process = ChildProcess.openledger(
                "start-router",
                BenchStack.OUT,
                jvm,
                LocalStack.environment(postgres, BenchStack.ROUTER_PORT),
                "serve",
                "--config",
                BenchStack.CONFIG.toString());
        while (!isReady()) {
            if (!process.isAlive()) {
                throw new IOException("The router ended at its start:\n" + process.lastLines());
            }
            if (System.nanoTime() - begun > LONGEST.toNanos()) {
                process.close();
                throw new IOException("The router was not ready after " + LONGEST.toSeconds() + " s.");
            }
            Thread.sleep(LOOK_MILLIS);
        }
        Duration ready = Duration.ofNanos(System.nanoTime() - begun);
        return new StartedRouter(process, ready, CpuTime.of(process.pid()).sofar());
    }

    private static boolean isReady() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), BenchStack.ROUTER_PORT), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(ASK);
            return Arrays.equals(socket.getInputStream().readNBytes(READY.length), READY);
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return BenchStack.ROUTER_PORT;
    }

    Figures figures() throws IOException {
        double megabytes = ProcessFigures.of(process.pid()).rssMegabytes();
        return new Figures(seconds(ready), seconds(cpu), megabytes);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    @Override
    public void close() {
        process.close();
    }
}
