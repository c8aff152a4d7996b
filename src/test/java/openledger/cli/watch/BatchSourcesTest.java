package openledger.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import openledger.audit.court.LaneChain.Committed;
import openledger.cli.watch.BatchSources.Answer;
import openledger.cli.watch.BatchSources.Found;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.EntryBundle;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.TilePath;
import openledger.support.lane.HandLane;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Data from routers of which some lie, and some are away. */
final class BatchSourcesTest {
    private static final LaneId LANE = new LaneId(5);

    private final HandLane lane =
            new HandLane(901, Address.of(new byte[Address.BYTES]), LANE, Hash32.ZERO, 1_800_000_000_000L);
    private final HandLane.Batch batch = lane.batch(lane.fast(lane.key(lane.next())), lane.fast(lane.key(lane.next())));
    private final Committed committed = new Committed(batch.header(), 1_800_000_000, 7);
    private final List<HttpServer> servers = new ArrayList<>();

    private URI router(int status, byte[] leaves) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, status, leaves));
        server.start();
        servers.add(server);
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange, int status, byte[] leaves) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        byte[] body = query.contains("trees") ? new byte[0] : query.contains("records") ? batch.records() : leaves;
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    private Found leaves(URI... routers) throws InterruptedException {
        try (BatchSources sources = new BatchSources(LANE, List.of(routers), Optional.empty())) {
            return sources.leaves(committed);
        }
    }

    /** Who is away for good is a mistake of the command line; who refuses is not. */
    @Test
    void whoSaysNothingAtAllIsNamed() throws Exception {
        URI away = URI.create("http://127.0.0.1:1");
        URI gone = URI.create("http://127.0.0.1:2");
        try (BatchSources sources = new BatchSources(LANE, List.of(away, gone), Optional.empty())) {
            assertThat(sources.silent()).containsExactly(away, gone);
            sources.leaves(committed);
            assertThat(sources.hasSpoken()).isFalse();
        }
        for (int status : new int[] {200, 401, 404, 500}) {
            try (BatchSources sources =
                    new BatchSources(LANE, List.of(away, router(status, new byte[0])), Optional.empty())) {
                assertThat(sources.silent()).as("status " + status).isEmpty();
            }
        }
        try (BatchSources sources =
                new BatchSources(LANE, List.of(away, router(200, batch.leaves())), Optional.empty())) {
            sources.leaves(committed);
            assertThat(sources.hasSpoken()).isTrue();
            servers.getLast().stop(0);
            assertThat(sources.silent()).as("it has spoken since").isEmpty();
            assertThat(sources.silent()).hasSize(2);
        }
    }

    @Test
    void whatHelpsAgainstAClosedDoorIsSaid() {
        try (BatchSources without = new BatchSources(LANE, List.of(), Optional.empty());
                BatchSources with = new BatchSources(LANE, List.of(), Optional.of("sk-1"))) {
            assertThat(without.closed("records")).contains("give any key of theirs with --router-key-env");
            assertThat(with.closed("records")).contains("other keys than that of --router-key-env: give another one");
        }
    }

    @Test
    void whoLiesOrIsAwayIsPassedOver() throws Exception {
        byte[] others = batch.leaves().clone();
        others[3] ^= 1;
        URI away = URI.create("http://127.0.0.1:1");

        Found found = leaves(away, router(500, others), router(200, others), router(200, batch.leaves()));
        assertThat(found.answer()).isEqualTo(Answer.SERVED);
        assertThat(found.content().orElseThrow().bytes()).isEqualTo(batch.leaves());
    }

    @Test
    void whatDoesNotLeadToTheRootIsNotServed() throws Exception {
        byte[] others = batch.leaves().clone();
        others[3] ^= 1;

        assertThat(leaves(router(200, others), router(404, others)).answer()).isEqualTo(Answer.MISSING);
        assertThat(leaves(router(200, new byte[7])).answer()).isEqualTo(Answer.MISSING);
        assertThat(leaves(router(200, new byte[1 << 20])).answer()).isEqualTo(Answer.MISSING);
    }

    @Test
    void whoServesOthersDoesNotWithhold() throws Exception {
        assertThat(leaves(router(401, new byte[1])).answer()).isEqualTo(Answer.CLOSED);
        assertThat(leaves(router(401, new byte[1]), router(404, new byte[1])).answer())
                .isEqualTo(Answer.MISSING);
    }

    @Test
    void whoNeverEndsARecordOrAHeadDoesNotKeepUsFromLeaves() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            String asked = exchange.getRequestURI().toString();
            if (asked.contains("records") || !asked.contains("/data")) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
            } else {
                answer(exchange, 200, batch.leaves());
            }
        });
        server.start();
        servers.add(server);
        URI router = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (BatchSources sources = new BatchSources(LANE, List.of(router), Optional.empty(), Duration.ofSeconds(1))) {
            long began = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertThat(sources.leaves(committed).answer()).isEqualTo(Answer.SERVED);
                assertThat(sources.records(batch.header())).isEqualTo(Answer.MISSING);
                assertThat(sources.heads(1)).isEmpty();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void aLogThatIsForEverybodyIsReadWhereBatchesAreNot() throws Exception {
        HandLane.Batch first = batch;
        byte[][] log = new byte[300][];
        System.arraycopy(leaves(first), 0, log, 0, 2);
        List<byte[]> more = new ArrayList<>();
        for (int i = 2; i < 290; i++) {
            more.add(LeafEncoding.encode(lane.fast(lane.key(lane.next()))));
        }
        HandLane.Batch second = lane.batch(more);
        System.arraycopy(leaves(second), 0, log, 2, 288);
        HandLane.Batch third = lane.batch(lane.fast(lane.key(lane.next())));
        System.arraycopy(leaves(third), 0, log, 290, 1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1", exchange -> {
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        server.createContext("/log/5/", exchange -> {
            TilePath path = TilePath.parse(exchange.getRequestURI().getPath().replace("/log/5/", ""))
                    .orElseThrow();
            byte[] body = tile(path, log);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        servers.add(server);
        URI router = URI.create("http://127.0.0.1:" + server.getAddress().getPort());

        for (HandLane.Batch one : List.of(first, second, third)) {
            try (BatchSources sources = new BatchSources(LANE, List.of(router), Optional.empty())) {
                Found found = sources.leaves(new Committed(one.header(), 1, 1));
                assertThat(found.answer()).isEqualTo(Answer.SERVED);
                assertThat(found.content().orElseThrow().bytes()).isEqualTo(one.leaves());
                assertThat(sources.records(one.header())).isEqualTo(Answer.CLOSED);
            }
        }
    }

    private static byte[][] leaves(HandLane.Batch batch) {
        byte[][] leaves = new byte[batch.header().count()][];
        for (int i = 0; i < leaves.length; i++) {
            leaves[i] = Arrays.copyOfRange(batch.leaves(), i * LeafEncoding.BYTES, (i + 1) * LeafEncoding.BYTES);
        }
        return leaves;
    }

    /** Levels above the lowest have no hash before there are 256. */
    private static byte[] tile(TilePath path, byte[][] log) {
        int from = (int) path.index() * TilePath.FULL;
        List<byte[]> entries = Arrays.asList(log).subList(from, from + path.width());
        if (path.level() == TilePath.ENTRIES) {
            return EntryBundle.of(entries);
        }
        LogHasher hasher = new LogHasher();
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        if (path.level() == 0) {
            entries.forEach(entry -> hashes.writeBytes(hasher.entry(entry).bytes()));
        } else {
            hashes.writeBytes(HashedEntries.rootOf(Arrays.asList(log).subList(0, TilePath.FULL))
                    .bytes());
        }
        return hashes.toByteArray();
    }

    @Test
    void recordsLeadToTheirRoot() throws Exception {
        try (BatchSources sources = new BatchSources(LANE, List.of(router(200, batch.leaves())), Optional.empty())) {
            assertThat(sources.records(batch.header())).isEqualTo(Answer.SERVED);
            HandLane.Batch other = lane.batch(lane.fast(lane.key(lane.next())));
            assertThat(sources.records(other.header())).isEqualTo(Answer.MISSING);
        }
    }
}
