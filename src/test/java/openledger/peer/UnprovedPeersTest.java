package openledger.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import openledger.cluster.ClusterMember;
import openledger.http.CapturedLog;
import openledger.unit.LaneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UnprovedPeersTest {
    private final AtomicLong now = new AtomicLong(-7);
    private final UnprovedPeers peers = new UnprovedPeers(now::get);
    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void end() {
        log.close();
    }

    private List<String> said() {
        return log.text().lines().filter(line -> line.contains("address=")).toList();
    }

    @Test
    void eachIsNamedOnceAMinute() {
        for (int i = 0; i < 3; i++) {
            peers.seen(member(1), 401);
            peers.refused(member(2));
        }
        assertThat(said()).hasSize(2);
        assertThat(said().get(0)).contains("key-env", "lane=2 ", "address=10.0.0.1:8081", "status=401");
        assertThat(said().get(1)).contains("clock", "lane=3 ", "address=10.0.0.2:8081");

        now.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
        peers.seen(member(1), 401);
        assertThat(said()).hasSize(2);
        now.incrementAndGet();
        peers.seen(member(1), 401);
        assertThat(said()).hasSize(3);
    }

    /** Whoever writes to the map of lanes decides how many addresses there are. */
    @Test
    void noMoreAreRememberedThanAClusterHas() {
        for (int i = 0; i < 5_000; i++) {
            peers.seen(member(i), 401);
        }
        assertThat(said()).hasSize(1_024);
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        peers.seen(member(9_999), 401);
        assertThat(said()).hasSize(1_025);
    }

    private static ClusterMember member(int number) {
        return new ClusterMember(new LaneId(number + 1L), 1, "10.0.0." + number + ":8081", true);
    }
}
