package openledger.chaos;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.access.KeyDigest;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.support.JavaHeap;
import openledger.support.ScratchFolder;
import openledger.support.ShownThings;

/**
 * {@code make prove-memory}: what large bodies, and announcements of bodies that never come, do to a router with 512 MB and to
 * somebody who asks it for little meanwhile. Bounded: about 40 s, loopback only. Long because the router's surroundings are made here.
 */
final class ProveMemory {
    private static final Path OUT = Path.of("target/prove-memory");
    private static final String HONEST = "sk-honest-0123456789abcdef";
    private static final int LARGE = 15 << 20;
    private static final int LARGEST = 16 << 20;
    private static final int AT_ONCE = 20;
    private static final int ANNOUNCEMENTS = 200;
    private static final int TENANTS = 5;
    private static final int ROUNDS = 3;
    private static final int KEPT = 8;
    private static final long GROWN = 64L << 20;
    private static final long LONGEST_P99_MILLIS = 1_000;
    private static final Duration QUIET = Duration.ofSeconds(4);
    private static final Duration PACE = Duration.ofMillis(20);
    private static final int SILENCE_MILLIS = 60_000;
    private static final long ANSWER_AFTER_MILLIS = 1_000;
    private static final String ANSWER =
            "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"Yes.\"},\"finish_reason\":\"stop\"}]}";

    private final ShownThings shown = new ShownThings();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final List<Socket> open = new ArrayList<>();
    private int port;

    private ProveMemory() {}

    public static void main(String[] arguments) throws Exception {
        System.exit(new ProveMemory().run() ? 0 : 1);
    }

    private boolean run() throws IOException, SQLException, InterruptedException, ExecutionException {
        Path folder = ScratchFolder.make("memory");
        port = ChildProcess.freePort();
        Vertx vertx = Vertx.vertx();
        System.out.println("Starting PostgreSQL, two providers and a router with 512 MB ...");
        try (LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), 0);
                ChildProcess router = LocalStack.router(
                        "memory",
                        LocalStack.environment(postgres, port),
                        config(folder, provider(vertx, 1), provider(vertx, ANSWER_AFTER_MILLIS)),
                        OUT)) {
            router.awaitReady("http://127.0.0.1:" + port + "/q/health/ready");
            prove(router);
        } finally {
            vertx.close();
            threads.shutdownNow();
            for (Socket socket : open) {
                socket.close();
            }
        }
        shown.print();
        System.out.println("figure: large bodies by status " + statuses);
        return shown.allAsExpected();
    }

    private void prove(ChildProcess router) throws IOException, InterruptedException, ExecutionException {
        // So that the classes are there and the compiler is done with the worst.
        beside(() -> TimeUnit.MILLISECONDS.sleep(QUIET.toMillis()));
        long heap = JavaHeap.afterCollection(router.pid());
        Seen quiet = beside(() -> TimeUnit.MILLISECONDS.sleep(QUIET.toMillis()));
        shown.note("an honest tenant, before: p99", quiet.p99() + " ms of " + quiet.millis().length);
        judge(ANNOUNCEMENTS + " announcements of 16 MB, two bytes each", beside(this::announce));
        judge(AT_ONCE + " bodies of 15 MB of one tenant", beside(() -> large(1)));
        for (int round = 1; round <= ROUNDS; round++) {
            judge(AT_ONCE + " bodies of 15 MB of four tenants, round " + round, beside(() -> large(TENANTS - 1)));
        }
        judge(KEPT + " bodies of 15 MB with a key, their answers kept and connections left open", beside(this::keep));
        shown.note("large bodies by status", statuses.toString());
        shown.atLeast("large bodies that were served", AT_ONCE, statuses.getOrDefault(200, 0));
        int other = statuses.entrySet().stream()
                .filter(entry -> entry.getKey() != 200 && entry.getKey() != 503)
                .mapToInt(Map.Entry::getValue)
                .sum();
        shown.expect("large bodies that got neither 200 nor 503 with Retry-After", 0, other);
        shown.expect("the router is alive", "true", Boolean.toString(router.isAlive()));
        long mentions =
                router.lines().stream().filter(line -> line.contains("OutOf")).count();
        shown.expect("lines of its log about memory", 0, mentions);
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        long grown = JavaHeap.afterCollection(router.pid()) - heap;
        shown.expect("heap that was not given back, over 64 MB", "false", Boolean.toString(grown > GROWN));
        shown.note("heap before and what it has grown by", (heap >> 20) + " MB, " + (grown >> 20) + " MB");
    }

    private void judge(String what, Seen seen) {
        shown.note(what + ": p99 beside them", seen.p99() + " ms of " + seen.millis().length);
        shown.expect("  honest requests that were not answered 200", 0, seen.failed());
        shown.expect("  p99 over a second", "false", Boolean.toString(seen.p99() > LONGEST_P99_MILLIS));
    }

    /** What an honest tenant sees while something happens. */
    private Seen beside(Happening happening) throws InterruptedException, ExecutionException {
        AtomicBoolean over = new AtomicBoolean();
        Future<Seen> honest = threads.submit(() -> ask(over));
        try {
            happening.happen();
        } catch (IOException e) {
            throw new ExecutionException(e);
        } finally {
            over.set(true);
        }
        return honest.get();
    }

    private Seen ask(AtomicBoolean over) throws InterruptedException {
        List<Long> millis = new ArrayList<>();
        int failed = 0;
        HttpRequest request = HttpRequest.newBuilder(
                        java.net.URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .header("authorization", "Bearer " + HONEST)
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!over.get()) {
                long began = System.nanoTime();
                try {
                    failed += http.send(request, HttpResponse.BodyHandlers.discarding())
                                            .statusCode()
                                    == 200
                            ? 0
                            : 1;
                } catch (IOException e) {
                    failed++;
                }
                millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
                TimeUnit.MILLISECONDS.sleep(PACE.toMillis());
            }
        }
        return new Seen(millis.stream().mapToLong(Long::longValue).sorted().toArray(), failed);
    }

    private void announce() throws IOException, InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < ANNOUNCEMENTS; i++) {
            Socket socket = connect();
            sockets.add(socket);
            socket.getOutputStream().write(head(1 + i % (TENANTS - 1), LARGEST));
            socket.getOutputStream().write("{ ".getBytes(StandardCharsets.US_ASCII));
        }
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        for (Socket socket : sockets) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private static byte[] body() {
        byte[] start = "{\"model\":\"large\",\"messages\":[{\"role\":\"user\",\"content\":\""
                .getBytes(StandardCharsets.US_ASCII);
        byte[] body = new byte[LARGE];
        Arrays.fill(body, (byte) 'x');
        System.arraycopy(start, 0, body, 0, start.length);
        byte[] end = "\"}]}".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(end, 0, body, LARGE - end.length, end.length);
        return body;
    }

    private void large(int tenants) throws IOException, InterruptedException {
        byte[] body = body();
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            int tenant = 1 + i % tenants;
            all.add(threads.submit(() -> send(tenant, body)));
        }
        for (Future<Integer> each : all) {
            try {
                statuses.merge(each.get(), 1, Integer::sum);
            } catch (ExecutionException e) {
                throw new IOException(e);
            }
        }
    }

    /** Neither a kept answer nor an idle connection may keep what was asked: the heap is looked at afterwards. */
    private void keep() throws IOException {
        byte[] body = body();
        for (int i = 0; i < KEPT; i++) {
            Socket socket = connect();
            open.add(socket);
            String key = "connection: keep-alive\r\nidempotency-key: kept-" + i + "\r\n";
            socket.getOutputStream().write(head(1, body.length, key));
            socket.getOutputStream().write(body);
            statuses.merge(statusOnly(socket.getInputStream()), 1, Integer::sum);
        }
    }

    /** The status of the answer; that of a 503 without {@code Retry-After} is negative, and 0 stands for no answer. */
    private int send(int tenant, byte[] body) throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            try {
                out.write(head(tenant, body.length));
                out.write(body);
            } catch (SocketException refused) {
                // What was said before is still to be read.
            }
            return status(socket.getInputStream());
        } catch (SocketException | SocketTimeoutException gone) {
            return 0;
        }
    }

    private static int status(InputStream in) throws IOException {
        int status = statusOnly(in);
        String rest =
                status == 503 ? new String(in.readAllBytes(), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT) : "";
        return status == 503 && !rest.contains("retry-after: ") ? -status : status;
    }

    private static int statusOnly(InputStream in) throws IOException {
        String head = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
        return head.length() < 12 ? 0 : Integer.parseInt(head.substring(9));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(SILENCE_MILLIS);
        return socket;
    }

    private static byte[] head(int tenant, int length) {
        return head(tenant, length, "connection: close\r\n");
    }

    private static byte[] head(int tenant, int length, String headers) {
        return ("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\n" + headers + "authorization: Bearer "
                        + key(tenant) + "\r\ncontent-length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String key(int tenant) {
        return "sk-heavy-" + tenant + "-0123456789abcdef";
    }

    /** A provider that reads all of a body, keeps none of it, and answers after a while; returns its port. */
    private static int provider(Vertx vertx, long millis) throws InterruptedException, ExecutionException {
        return vertx.createHttpServer()
                .requestHandler(request -> answer(vertx, request, millis))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }

    private static void answer(Vertx vertx, HttpServerRequest request, long millis) {
        request.handler(dropped -> {});
        request.endHandler(whole -> vertx.setTimer(
                millis,
                due -> request.response()
                        .putHeader("content-type", "application/json")
                        .end(ANSWER)));
    }

    private static Path config(Path folder, int quick, int slow) throws IOException {
        StringBuilder yaml = new StringBuilder("openledger:\n  telemetry:\n    enabled: false\n  tenants:\n");
        yaml.append("    - {name: honest, key-sha256: ")
                .append(KeyDigest.of(HONEST).hex())
                .append("}\n");
        for (int tenant = 1; tenant < TENANTS; tenant++) {
            yaml.append("    - {name: heavy-%d, key-sha256: %s}%n"
                    .formatted(tenant, KeyDigest.of(key(tenant)).hex()));
        }
        yaml.append("""
                  providers:
                    - {name: quick, base-url: "http://127.0.0.1:%d/v1"}
                    - {name: slow, base-url: "http://127.0.0.1:%d/v1"}
                  routes:
                    - name: small
                      tiers: [{name: best, attempts: 1, targets: [{provider: quick, model: sim}]}]
                    - name: large
                      tiers: [{name: best, attempts: 1, targets: [{provider: slow, model: sim}]}]
                """.formatted(quick, slow).indent(0));
        Path file = folder.resolve("openledger.yaml");
        Files.writeString(file, yaml);
        return file;
    }

    /** Something that takes a while. */
    private interface Happening {
        void happen() throws IOException, InterruptedException;
    }

    /**
     * What an honest tenant has seen.
     *
     * @param millis of its requests, sorted
     * @param failed those that were not answered 200
     */
    @SuppressWarnings("ArrayRecordComponent") // read here alone
    private record Seen(long[] millis, int failed) {
        long p99() {
            return millis[(int) Math.ceil(millis.length * 0.99) - 1];
        }
    }
}
