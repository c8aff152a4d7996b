package openledger.inference.confirmed;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.commitment.SnapshotSeed;
import openledger.commitment.leaf.LaneSecret;
import openledger.inference.Confirmations;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TenantView;
import openledger.routing.allocation.TenantDeficits;
import openledger.unit.LaneId;
import openledger.unit.TenantTag;

/**
 * Writes down what an epoch ends with, and keeps in mind what tenants were granted lately. Confined to the event loop of {@link
 * EpochScheduler}.
 */
final class Snapshots {
    private static final Duration HALVING = Duration.ofSeconds(10);
    private static final long MILLIS_A_DAY = 86_400_000L;

    private final LaneId lane;
    private final LaneSecret secret;
    private final Confirmations chain;
    private final TenantDeficits deficits;
    private final Map<String, TenantTag> tags = new HashMap<>();
    private long tagDay = -1;

    Snapshots(ConfirmedPorts ports) {
        this.lane = ports.lane();
        this.secret = ports.secret();
        this.chain = ports.chain();
        this.deficits = new TenantDeficits(
                Math.max(1, HALVING.toNanos() / ports.settings().epoch().toNanos()));
    }

    /**
     * A snapshot of what is open.
     *
     * @param millis when the epoch ended, Unix ms
     */
    Snapshot take(long number, long millis, Collection<PendingRequest> open, EpochSlots view) {
        List<TenantView> tenants = new ArrayList<>();
        Map<String, Integer> indexes = new HashMap<>();
        List<OpenRequest> requests = new ArrayList<>(open.size());
        for (PendingRequest request : open) {
            int tenant = indexes.computeIfAbsent(request.intent.tenant(), name -> {
                TenantTag tag = tag(name, millis);
                tenants.add(new TenantView(tag, deficits.of(tag)));
                return tenants.size() - 1;
            });
            requests.add(new OpenRequest(
                    request.id.counter(),
                    request.commitment,
                    tenant,
                    view.indexOf(request.route),
                    request.arrival,
                    request.spentBefore,
                    request.turn));
        }
        Confirmations.Standing standing = chain.standing();
        return new Snapshot(
                number,
                millis,
                SnapshotSeed.of(lane, number, standing.newest()),
                standing.newestNumber(),
                view.targets(),
                view.shapes(),
                tenants,
                requests);
    }

    /** An epoch has passed, and these were its grants. */
    void granted(Snapshot snapshot, Allocation allocation) {
        for (Allocation.Pinned pinned : allocation.pinned()) {
            if (pinned.tier() == 0) {
                deficits.charge(
                        snapshot.tenants().get(pinned.request().tenant()).tag());
            }
        }
        deficits.epochPassed();
    }

    /** A tenant's tag of the day, which is another one tomorrow: its deficit begins anew then, as all others' do. */
    private TenantTag tag(String tenant, long millis) {
        long day = Math.floorDiv(millis, MILLIS_A_DAY);
        if (day != tagDay) {
            tags.clear();
            tagDay = day;
        }
        return tags.computeIfAbsent(tenant, name -> TenantTag.of(secret.tenantTag(name, LocalDate.ofEpochDay(day))));
    }
}
