package openledger.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import openledger.audit.charge.Charge;
import openledger.audit.charge.Prosecution;
import openledger.audit.court.ChainTime;
import openledger.audit.court.LaneChain.Committed;
import openledger.commitment.stake.VaultFault;
import openledger.support.LocalVault;
import openledger.support.lane.HandLane;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who shows an auditor nothing, and who shows it all but what it should not see. */
final class MissedBatchesTest {
    private static final LaneId LANE = new LaneId(5);
    private static final long NOW = 1_800_000_000;

    private final HandLane lane =
            new HandLane(901, Address.of(new byte[Address.BYTES]), LANE, Hash32.ZERO, 1_800_000_000_000L);
    private final HandLane.Batch first = lane.batch(lane.fast(lane.key(lane.next())));
    private HttpServer server;
    private BatchSources sources;
    private MissedBatches missed;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        URI router = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        WatchSettings settings = new WatchSettings(
                LANE,
                List.of(router),
                Optional.empty(),
                List.of(),
                Address.of(new byte[Address.BYTES]),
                false,
                Optional.empty(),
                new Prosecution.Limits(Wei.ZERO, Wei.ZERO, true),
                Wei.of(1),
                1,
                0,
                1,
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                false,
                OptionalInt.empty());
        sources = new BatchSources(LANE, List.of(router), Optional.empty());
        missed = new MissedBatches(
                settings,
                LocalVault.TERMS,
                sources,
                new BatchFolder(Optional.empty()),
                WatchState.open(Optional.empty()),
                new WatchReport(new PrintWriter(new StringWriter()), false));
    }

    @AfterEach
    void close() {
        sources.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(401, -1);
        exchange.close();
    }

    private static ChainTime at(long seconds) {
        return new ChainTime(100, seconds, 100, 100);
    }

    private List<Charge> due(long after) {
        return missed.due(at(NOW + after));
    }

    @Test
    void whoRefusesAllIsChargedWithNothing() throws InterruptedException {
        Committed committed = new Committed(first.header(), NOW, 7);
        missed.leaves(committed, sources.leaves(committed).answer(), at(NOW));
        missed.records(committed, at(NOW));

        assertThat(due(7_200)).isEmpty();
    }

    @Test
    void whoRefusesABatchAndShowsAnotherLaterWithholdsIt() throws InterruptedException {
        Committed committed = new Committed(first.header(), NOW, 7);
        missed.leaves(committed, sources.leaves(committed).answer(), at(NOW));
        missed.served(2, at(NOW + 7_200));

        assertThat(due(7_200)).isEmpty();
        assertThat(due(10_800)).extracting(Charge::fault).containsExactly(VaultFault.WITHHELD);
    }

    @Test
    void whatNobodyHasIsWithheld() {
        Committed committed = new Committed(first.header(), NOW, 7);
        missed.leaves(committed, BatchSources.Answer.MISSING, at(NOW));
        missed.served(2, at(NOW));

        assertThat(due(3_599)).isEmpty();
        assertThat(due(3_600)).hasSize(1);
        missed.served(1, at(NOW));
        assertThat(due(3_600)).isEmpty();
    }
}
