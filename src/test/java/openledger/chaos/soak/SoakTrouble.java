package openledger.chaos.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import openledger.bench.BenchStack;
import openledger.demo.ChatRequest;

/** What goes wrong beside the load of a soak, so that leaks show: upstreams that fail, and clients that leave in a stream. */
final class SoakTrouble implements AutoCloseable {
    private static final String FAULTS = "status 503\ncut 3\nerror 2\ndrop\ngarbage\nstatus 429\nend 2\n";
    private static final double FAULTS_EVERY_REQUESTS = 700;
    private static final long FAULTS_EVERY_MILLIS = 1_000;
    private static final long LEAVE_EVERY_MILLIS = 100;
    private static final int READ_LIMIT_MILLIS = 2_000;
    private static final Duration POST_LIMIT = Duration.ofSeconds(5);

    private final CountDownLatch stop = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newHttpClient();
    private final byte[] stream = ChatRequest.of("stream20", "true", "");
    private final AtomicLong left = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();

    /** Begins. Faults come once a second, but not with more than one request in a hundred of {@code rate} a second. */
    static SoakTrouble begin(double rate) {
        SoakTrouble trouble = new SoakTrouble();
        long faultsEvery = Math.max(FAULTS_EVERY_MILLIS, (long) (1_000 * FAULTS_EVERY_REQUESTS / rate));
        Thread.ofPlatform().daemon().start(() -> trouble.every(faultsEvery, trouble::fail));
        Thread.ofPlatform().daemon().start(() -> trouble.every(LEAVE_EVERY_MILLIS, trouble::leave));
        return trouble;
    }

    /** Streams whose client left. */
    long left() {
        return left.get();
    }

    /** Troubles that could not be made. */
    long missed() {
        return missed.get();
    }

    private void every(long millis, Runnable trouble) {
        try {
            while (!stop.await(millis, TimeUnit.MILLISECONDS)) {
                attempt(trouble);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt(Runnable trouble) {
        try {
            trouble.run();
        } catch (UncheckedIOException e) {
            missed.incrementAndGet();
        }
    }

    /** In place of what is left: faults that pile up while the circuit is open would meet every probe and keep it open. */
    private void fail() {
        post("reset", "");
        post("script", FAULTS);
    }

    private void post(String to, String text) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + BenchStack.DELAYED_PORT + "/simulator/" + to))
                .timeout(POST_LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build();
        try {
            http.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves after the first bytes: every other time as one who closes, else as one whose machine is gone. */
    private void leave() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), BenchStack.ROUTER_PORT)) {
            socket.setSoTimeout(READ_LIMIT_MILLIS);
            socket.getOutputStream().write(stream);
            if (socket.getInputStream().read() < 0) {
                throw new IOException("no answer");
            }
            if (left.incrementAndGet() % 2 == 0) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop.countDown();
        http.shutdownNow();
    }
}
