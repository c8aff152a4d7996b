package openledger.cli.guard;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import openledger.verifier.Unproved;

/**
 * Answers that are unproved: the last of them in memory, each as a line for people and as one of a file, which are written on a thread of
 * their own. Whoever makes up many of them fills neither memory nor disk. Thread-safe.
 */
final class UnprovedList implements Consumer<Unproved> {
    static final int MOST_KEPT = 1_000;
    private static final int MOST_LINES = 100_000;
    private static final int MOST_QUEUED = 10_000;
    private static final long LAST_LINES_SECONDS = 5;
    private static final ObjectMapper JSON = JsonMapper.builder()
            // What a router says must not steer a terminal.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final Deque<Unproved> last = new ArrayDeque<>();
    private final Consumer<String> log;
    private final Optional<Writer> file;
    private final ThreadPoolExecutor writing = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_QUEUED),
            Thread.ofPlatform().daemon().name("unproved").factory(),
            // One that is counted and not written: the count is what must be right.
            new ThreadPoolExecutor.DiscardPolicy());
    private int lines;

    private UnprovedList(Consumer<String> log, Optional<Writer> file) {
        this.log = log;
        this.file = file;
    }

    /**
     * An empty list.
     *
     * @param file to which each is added as a line of JSON
     * @throws IOException if the file cannot be written
     */
    static UnprovedList open(Consumer<String> log, Optional<Path> file) throws IOException {
        return new UnprovedList(
                log,
                file.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Files.newBufferedWriter(
                                file.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)));
    }

    @Override
    public void accept(Unproved one) {
        synchronized (last) {
            last.addLast(one);
            if (last.size() > MOST_KEPT) {
                last.removeFirst();
            }
        }
        writing.execute(() -> write(one));
    }

    /** Those that are kept, oldest first. */
    List<Unproved> all() {
        synchronized (last) {
            return new ArrayList<>(last);
        }
    }

    /** The same as a list in JSON. */
    String json() {
        ArrayNode list = JSON.createArrayNode();
        all().forEach(one -> list.add(json(one)));
        return text(list);
    }

    private void write(Unproved one) {
        if (one.reason() != Unproved.Reason.STOPPED) {
            log.accept("unproved: " + line(one));
        }
        if (file.isEmpty() || lines >= MOST_LINES) {
            return;
        }
        try {
            lines++;
            file.get().append(text(json(one))).append('\n').flush();
        } catch (IOException full) {
            lines = MOST_LINES;
            log.accept("The state file cannot be written any more: " + full.getMessage());
        }
    }

    static String line(Unproved one) {
        return one.reason().word() + " " + (one.request().isEmpty() ? "-" : one.request()) + ": " + one.why();
    }

    private static ObjectNode json(Unproved one) {
        ObjectNode node = JSON.createObjectNode();
        node.put("reason", one.reason().word());
        node.put("request", one.request());
        node.put("status", one.status());
        node.put("why", one.why());
        one.anchorBy().ifPresent(until -> node.put("anchor_by", until));
        return node.put("at", one.at().toString());
    }

    private static String text(com.fasterxml.jackson.databind.JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of strings can be written", impossible);
        }
    }

    /** Writes what is queued, some seconds at most. */
    void finish() throws IOException, InterruptedException {
        writing.shutdown();
        writing.awaitTermination(LAST_LINES_SECONDS, TimeUnit.SECONDS);
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
