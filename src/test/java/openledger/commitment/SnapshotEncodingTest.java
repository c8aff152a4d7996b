package openledger.commitment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.RandomSnapshots;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.unit.Hash32;
import openledger.unit.TargetId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SnapshotEncodingTest {
    private static final int SNAPSHOTS = 300;
    /** Bytes before the number of targets. */
    private static final int HEAD = 57;

    @Test
    void readsBackWhatItWrote() {
        Random random = new Random(7);
        for (int i = 0; i < SNAPSHOTS; i++) {
            Snapshot snapshot = RandomSnapshots.next(random);
            byte[] bytes = SnapshotEncoding.encode(snapshot);

            Snapshot read = SnapshotEncoding.decode(bytes);

            assertThat(read).isEqualTo(snapshot);
            assertThat(SnapshotEncoding.encode(read)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void refusesWhatIsCutOffAnywhereOrHasMore(long seed) {
        byte[] bytes = SnapshotEncoding.encode(RandomSnapshots.next(new Random(seed)));

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertRefused(cut);
        }
        assertRefused(Arrays.copyOf(bytes, bytes.length + 1));
    }

    @Test
    void refusesOtherVersions() {
        byte[] bytes = SnapshotEncoding.encode(empty());
        for (byte version : new byte[] {0, 1, 3}) {
            bytes[0] = version;
            assertRefused(bytes);
        }
    }

    /** An allocation for two thousand million tenants or requests would end the process. */
    @Test
    void allocatesNothingForCountsThatCannotBeTrue() {
        int tenants = HEAD + 4;
        int open = tenants + 4;
        for (int at : List.of(tenants, open)) {
            for (int count : List.of(1, Integer.MAX_VALUE, -1)) {
                byte[] bytes = SnapshotEncoding.encode(empty());
                ByteBuffer.wrap(bytes).putInt(at, count);
                assertRefused(bytes);
            }
        }
        byte[] bytes = SnapshotEncoding.encode(empty());
        ByteBuffer.wrap(bytes).putShort(HEAD, (short) -1).putShort(HEAD + 2, (short) -1);
        assertRefused(bytes);
    }

    @Test
    void refusesATargetTwiceAndOneThatIsNeitherHealthyNorNot() {
        TargetView target = new TargetView(new TargetId(3), 1, true);

        assertRefused(SnapshotEncoding.encode(with(List.of(target, target), List.of())));
        byte[] bytes = SnapshotEncoding.encode(with(List.of(target), List.of()));
        assertThat(SnapshotEncoding.decode(bytes).targets()).containsExactly(target);
        bytes[HEAD + 2 + 4] = 2;
        assertRefused(bytes);
    }

    @Test
    void refusesRequestsOfNobodyForNothingOrFromTheFuture() {
        Snapshot snapshot = RandomSnapshots.next(new Random(3));
        OpenRequest request = snapshot.open().getFirst();
        int tenants = snapshot.tenants().size();
        int routes = snapshot.routes().size();

        assertRefused(encoded(snapshot, request, tenants, request.route(), request.arrival()));
        assertRefused(encoded(snapshot, request, -1, request.route(), request.arrival()));
        assertRefused(encoded(snapshot, request, request.tenant(), routes, request.arrival()));
        assertRefused(encoded(snapshot, request, request.tenant(), request.route(), snapshot.number() + 1));
        assertRefused(encoded(snapshot, request, request.tenant(), request.route(), -1));
    }

    private static byte[] encoded(Snapshot of, OpenRequest request, int tenant, int route, long arrival) {
        OpenRequest other =
                new OpenRequest(request.key(), tenant, route, arrival, request.spentBefore(), request.turn());
        return SnapshotEncoding.encode(new Snapshot(
                of.number(),
                of.closedMillis(),
                of.seed(),
                of.seedBlock(),
                of.targets(),
                of.routes(),
                of.tenants(),
                List.of(other)));
    }

    private static Snapshot empty() {
        return with(List.of(), List.of());
    }

    private static Snapshot with(List<TargetView> targets, List<OpenRequest> open) {
        return new Snapshot(1, 0, Hash32.ZERO, 0, targets, List.of(), List.of(), open);
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> SnapshotEncoding.decode(bytes)).isInstanceOf(IllegalArgumentException.class);
    }
}
