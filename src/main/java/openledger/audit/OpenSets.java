package openledger.audit;

import java.util.HashMap;
import java.util.Map;
import openledger.audit.Difference.Kind;
import openledger.routing.RouteShape;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.unit.RequestKey;
import openledger.unit.TenantTag;

/**
 * Follows the requests that wait from one snapshot to the next: who is held stays as it is, who is new has just arrived.
 * Confined to one thread.
 */
final class OpenSets {
    private static final long MILLIS_A_DAY = 86_400_000;

    private final Findings findings;
    private Map<RequestKey, Held> before = Map.of();
    private long lastNumber;
    private long lastDay;
    private long left;

    OpenSets(Findings findings) {
        this.findings = findings;
    }

    /** A request as its snapshot shows it, without indices, which are the snapshot's own. */
    private record Held(long counter, TenantTag tenant, RouteShape route, long arrival, int spentBefore, long turn) {
        Held as(TenantTag other) {
            return new Held(counter, other, route, arrival, spentBefore, turn);
        }

        static Held of(Snapshot snapshot, OpenRequest request) {
            return new Held(
                    request.counter(),
                    snapshot.tenants().get(request.tenant()).tag(),
                    snapshot.routes().get(request.route()),
                    request.arrival(),
                    request.spentBefore(),
                    request.turn());
        }
    }

    /** What is not known any more is not compared: the next snapshot is the first. */
    void beginAnew() {
        before = Map.of();
        lastNumber = 0;
    }

    /** Requests that were held and, in the next snapshot, not there any more. */
    long left() {
        return left;
    }

    /** The next snapshot and what the allocator makes of it. */
    void follow(Snapshot snapshot, Allocation allocation) {
        boolean follows = lastNumber == snapshot.number() - 1;
        // What stands for a tenant changes at midnight, UTC.
        long day = Math.floorDiv(snapshot.closedMillis(), MILLIS_A_DAY);
        boolean sameDay = day == lastDay;
        int seen = 0;
        for (OpenRequest request : snapshot.open()) {
            boolean isNew = request.turn() == OpenRequest.NO_TURN;
            if (isNew != (request.arrival() == snapshot.number())) {
                findings.inSnapshot(
                        Kind.OPEN_SET_UNFOUNDED,
                        snapshot,
                        request,
                        "it has arrived with snapshot " + request.arrival());
            }
            if (!isNew && follows) {
                Held then = before.get(request.key());
                Held now = Held.of(snapshot, request);
                seen += then == null ? 0 : 1;
                if (then == null) {
                    findings.inSnapshot(Kind.OPEN_SET_UNFOUNDED, snapshot, request, "it was not held before");
                } else if (!(sameDay ? then : then.as(now.tenant)).equals(now)) {
                    findings.inSnapshot(Kind.OPEN_SET_DIFFERS, snapshot, request, "it is " + now + " and was " + then);
                }
            }
        }
        left += follows ? before.size() - seen : 0;
        before = new HashMap<>();
        allocation.held().forEach(held -> before.put(held.key(), Held.of(snapshot, held)));
        lastNumber = snapshot.number();
        lastDay = day;
    }
}
