package openledger.inference.confirmed;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import openledger.commitment.SnapshotSeed;
import openledger.commitment.leaf.LaneSecret;
import openledger.inference.Confirmations;
import openledger.routing.allocation.OpenSet;
import openledger.unit.LaneId;
import openledger.unit.TenantTag;

/** The parts of a lane's snapshots that concern the chain and tenants. Confined to the event loop of {@link EpochScheduler}. */
final class Snapshots {
    private static final long MILLIS_A_DAY = 86_400_000L;

    private final LaneId lane;
    private final LaneSecret secret;
    private final Confirmations chain;
    private final Map<String, TenantTag> tags = new HashMap<>();
    private long tagDay = -1;

    Snapshots(ConfirmedPorts ports) {
        this.lane = ports.lane();
        this.secret = ports.secret();
        this.chain = ports.confirmations();
    }

    /** Of the snapshot of that number, whose epoch ended at that moment, Unix ms. */
    OpenSet.Stamp stamp(long number, long millis) {
        Confirmations.Standing standing = chain.standing();
        return new OpenSet.Stamp(
                number, millis, SnapshotSeed.of(lane, number, standing.newest()), standing.newestNumber());
    }

    /** A tenant's tag of the day, which is another one tomorrow: its deficit begins anew then, as all others' do. */
    TenantTag tag(String tenant, long millis) {
        long day = Math.floorDiv(millis, MILLIS_A_DAY);
        if (day != tagDay) {
            tags.clear();
            tagDay = day;
        }
        return tags.computeIfAbsent(tenant, name -> TenantTag.of(secret.tenantTag(name, LocalDate.ofEpochDay(day))));
    }
}
