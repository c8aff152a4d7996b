package openledger.routing.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import openledger.routing.RouteShape;
import openledger.routing.RouteShape.TierShape;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.routing.allocation.Snapshot.TenantView;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;
import org.junit.jupiter.api.Test;

final class TurnsTest {
    private static final long NOW = 100;
    private static final int GRID = 4;
    private static final int ATTEMPTS = 3;
    private static final long BEHIND_ALL = NOW + GRID * ATTEMPTS;

    private final Random random = new Random(1);
    private final List<OpenRequest> open = new ArrayList<>();

    private void newcomers(int tenant, int count) {
        waiting(tenant, count, NOW, OpenRequest.NO_TURN);
    }

    private void waiting(int tenant, int count, long arrival, long turn) {
        for (int i = 0; i < count; i++) {
            open.add(new OpenRequest(
                    RequestKey.of(RandomSnapshots.hash(random).bytes(), open.size() + 1L),
                    tenant,
                    0,
                    arrival,
                    0,
                    turn));
        }
    }

    /** Turns of a tenant's newcomers, sorted. */
    private List<Long> turns(int tenant, int free, long... deficits) {
        List<TenantView> tenants = new ArrayList<>();
        for (long deficit : deficits) {
            byte[] tag = new byte[TenantTag.BYTES];
            tag[0] = (byte) tenants.size();
            tenants.add(new TenantView(TenantTag.of(tag), deficit));
        }
        TargetId target = new TargetId(1);
        RouteShape route = new RouteShape(new RouteId(1), GRID, List.of(new TierShape(ATTEMPTS, List.of(target))));
        Snapshot snapshot = new Snapshot(
                NOW,
                0,
                RandomSnapshots.hash(random),
                1,
                List.of(new TargetView(target, free, true)),
                List.of(route),
                tenants,
                open);
        List<OpenRequest> fresh = open.stream()
                .filter(request -> request.turn() == OpenRequest.NO_TURN)
                .toList();
        return new Turns(snapshot, new int[] {free})
                .give(fresh).stream()
                        .filter(request -> request.tenant() == tenant)
                        .map(OpenRequest::turn)
                        .sorted()
                        .toList();
    }

    @Test
    void givesEverybodyTheEpochOfArrivalWhileThereIsEnough() {
        newcomers(0, 9);
        newcomers(1, 1);

        assertThat(turns(0, 10, 50, 0)).containsOnly(NOW).hasSize(9);
    }

    @Test
    void putsWhatIsBeyondAShareBehindEverybodyAndOneTurnFurtherForEachShare() {
        newcomers(0, 7);
        newcomers(1, 1);

        assertThat(turns(0, 3, 0, 0))
                .containsExactly(NOW, NOW, BEHIND_ALL, BEHIND_ALL, BEHIND_ALL + 1, BEHIND_ALL + 1, BEHIND_ALL + 2);
        assertThat(turns(1, 3, 0, 0)).containsExactly(NOW);
    }

    @Test
    void countsWhatWasGrantedAgainstTheMean() {
        newcomers(0, 3);
        newcomers(1, 3);

        assertThat(turns(0, 0, 10, 6)).containsExactly(BEHIND_ALL, BEHIND_ALL + 1, BEHIND_ALL + 2);
        assertThat(turns(1, 0, 10, 6)).containsOnly(NOW).hasSize(3);
    }

    @Test
    void countsWhatIsOpenInTurnAndWhatIsOpenBehind() {
        waiting(0, 1, NOW - 2, NOW - 2);
        waiting(0, 2, NOW - 2, NOW - 2 + GRID * ATTEMPTS);
        newcomers(0, 2);
        newcomers(1, 1);

        assertThat(turns(0, 0, 0, 0)).containsExactly(BEHIND_ALL + 2, BEHIND_ALL + 3);
        assertThat(turns(1, 0, 0, 0)).containsExactly(NOW);
    }

    @Test
    void leavesWhoIsAloneInTurnWhateverItWasGranted() {
        newcomers(0, 1);

        assertThat(turns(0, 0, 1_000_000)).containsExactly(NOW);
    }

    @Test
    void takesNoNoticeOfTenantsWithoutOpenRequestsOfTheRoute() {
        newcomers(0, 2);

        assertThat(turns(0, 0, 10, 1_000)).containsExactly(NOW, BEHIND_ALL);
    }
}
