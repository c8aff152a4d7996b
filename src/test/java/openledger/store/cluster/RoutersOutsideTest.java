package openledger.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.cluster.ClusterMember;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

final class RoutersOutsideTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final List<ClusterMember> said = new ArrayList<>();
    private final RoutersOutside outside = new RoutersOutside(said::add);

    @Test
    void aRouterThatStaysWithoutAnAddressIsSaidOnce() {
        ClusterMember silent = member(7, 1, "", true);
        outside.look(List.of(silent), 0);
        outside.look(List.of(silent), 9 * SECOND);
        assertThat(said).isEmpty();
        outside.look(List.of(silent), 10 * SECOND);
        outside.look(List.of(silent), 60 * SECOND);
        assertThat(said).containsExactly(silent);
    }

    @Test
    void oneThatSaysItsAddressOrIsGoneOrOnlyFinishesIsNot() {
        outside.look(List.of(member(7, 1, "", true), member(8, 1, "", true), member(9, 1, "", false)), 0);
        outside.look(List.of(member(7, 1, "a:1", true), member(9, 1, "", false)), 5 * SECOND);
        outside.look(List.of(member(7, 1, "a:1", true), member(8, 1, "", true)), 20 * SECOND);
        assertThat(said).isEmpty();
    }

    @Test
    void anotherHoldOnItsLaneBeginsAnew() {
        outside.look(List.of(member(7, 1, "", true)), 0);
        outside.look(List.of(member(7, 2, "", true)), 11 * SECOND);
        assertThat(said).isEmpty();
        outside.look(List.of(member(7, 2, "", true)), 22 * SECOND);
        assertThat(said).hasSize(1);
    }

    private static ClusterMember member(long lane, long fence, String address, boolean serves) {
        return new ClusterMember(new LaneId(lane), fence, address, serves);
    }
}
