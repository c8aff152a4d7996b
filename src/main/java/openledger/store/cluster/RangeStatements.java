package openledger.store.cluster;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import openledger.cluster.ClusterMember;
import openledger.cluster.HeldRange;
import openledger.store.lane.HeldLane;
import openledger.unit.LaneId;

/**
 * The statements that change the map of ranges. Each is one statement, asks for the holds of whoever makes it, and counts the version; a
 * range that another has is taken only once the hold that had it is over, which its lane's fence says: fences only grow, so that cannot
 * become untrue.
 */
final class RangeStatements {
    static final String CHANNEL = "openledger_ranges";

    /** Of holds that have gone on without a word: the same as before a lane is adopted. */
    private static final String SILENT = "interval '5 seconds'";

    /** What a request may have begun before that still counts: longer than the longest window of resends. */
    private static final String REMEMBERED = "interval '1 hour'";

    /** How many of our holds, $1 to $3, are still ours; they stay so for as long as the statement lasts. */
    private static final String MINE = "with mine as (select count(*) as held from (select 1 from lane_lease l"
            + " join unnest($1::bigint[], $2::uuid[], $3::bigint[]) as o (lane, holder, fence)"
            + " on l.lane = o.lane and l.holder = o.holder and l.fence = o.fence for share of l) as locked)";

    private static final String TOLD = "told as (select pg_notify('" + CHANNEL + "', '') from map)";
    private static final String LEFT = "insert into resend_range_past (range, lane, left_at)"
            + " select range, lane, now() from before where lane is not null"
            + " on conflict (range, lane) do update set left_at = now()";

    /** All lanes that somebody has or had. */
    static final String MEMBERS = "select lane, fence, address, state = 1 and expires > now() from lane_lease";

    static final String VERSION = "select version from resend_map";

    /** All of one moment. */
    static final String READ = "select m.version, r.range, r.lane, r.fence from resend_map m cross join resend_range r";

    static final String ADDRESS =
            "update lane_lease set address = $4" + " where lane = $1 and holder = $2 and fence = $3 and address <> $4";

    /** Our lane is finished, and gets no range any more. */
    static final String DRAIN =
            "update lane_lease set state = 2" + " where lane = $1 and holder = $2 and fence = $3 and state = 1";

    /**
     * Ends holds that have been silent for so long and have ranges: from then on nothing of theirs becomes durable. Whoever adopts the lane
     * does the same once more.
     */
    static final String FENCE = MINE + " update lane_lease l set fence = l.fence + 1 from mine"
            + " where mine.held = cardinality($1::bigint[]) and l.lane <> all ($1::bigint[])"
            + " and l.expires < now() - " + SILENT
            + " and exists (select from resend_range r where r.lane = l.lane and r.fence = l.fence) returning l.lane";

    /** Takes those of the ranges $4 that are free for the first of our holds, $5 and $6, if the map is still the one of version $7. */
    static final String TAKE = MINE
            + ", map as (update resend_map m set version = m.version + 1 from mine"
            + " where mine.held = cardinality($1::bigint[]) and m.version = $7 returning m.version)"
            + ", before as (select r.range, r.lane from resend_range r cross join map"
            + " where r.range = any ($4::smallint[]) and (r.lane is null or exists"
            + " (select from lane_lease l where l.lane = r.lane and l.fence > r.fence)))"
            + ", taken as (update resend_range r set lane = $5, fence = $6 from before"
            + " where r.range = before.range returning r.range)"
            + ", past as (" + LEFT + "), " + TOLD
            + " select taken.range from taken cross join told";

    /**
     * Gives back those of the ranges $4 that the first of our holds, $5 and $6, has, if the map is still the one of version $7, or that is
     * negative.
     */
    static final String GIVE = MINE
            + ", map as (update resend_map m set version = m.version + 1 from mine"
            + " where mine.held = cardinality($1::bigint[]) and (m.version = $7 or $7 < 0) returning m.version)"
            + ", before as (select r.range, r.lane from resend_range r cross join map"
            + " where r.range = any ($4::smallint[]) and r.lane = $5 and r.fence = $6)"
            + ", given as (update resend_range r set lane = null from before"
            + " where r.range = before.range and r.lane = $5 and r.fence = $6 returning r.range)"
            + ", past as (" + LEFT + "), " + TOLD
            + " select given.range from given cross join told";

    /** Counts the version up, so that whatever was asked of the map before and is still under way becomes nothing. */
    static final String COUNT = "update resend_map set version = version + 1 returning version";

    /** In which lanes ranges were. */
    static final String PAST = "select distinct lane from resend_range_past"
            + " where range = any ($1::smallint[]) and left_at > now() - " + REMEMBERED;

    private RangeStatements() {}

    /** Our holds, the serving one first, as {@link #MINE} wants them. */
    static Tuple holds(List<HeldLane> ours) {
        return Tuple.of(
                ours.stream().map(held -> held.lane().value()).toArray(Long[]::new),
                ours.stream().map(HeldLane::holder).toArray(UUID[]::new),
                ours.stream().map(HeldLane::fence).toArray(Long[]::new));
    }

    /** Of a map of any version. */
    static final long ANY = -1;

    /** Values of {@link #TAKE} and {@link #GIVE}. */
    static Tuple change(List<HeldLane> ours, Set<Integer> ranges, long version) {
        return holds(ours)
                .addArrayOfShort(shorts(ranges))
                .addLong(ours.getFirst().lane().value())
                .addLong(ours.getFirst().fence())
                .addLong(version);
    }

    static Tuple hold(HeldLane ours) {
        return Tuple.of(ours.lane().value(), ours.holder(), ours.fence());
    }

    static Tuple address(HeldLane ours, String address) {
        return Tuple.of(ours.lane().value(), ours.holder(), ours.fence(), address);
    }

    static Tuple ranges(Set<Integer> ranges) {
        return Tuple.tuple().addArrayOfShort(shorts(ranges));
    }

    private static Short[] shorts(Set<Integer> ranges) {
        return ranges.stream().map(Integer::shortValue).toArray(Short[]::new);
    }

    static Set<Integer> ranges(RowSet<Row> rows) {
        Set<Integer> ranges = new HashSet<>();
        rows.forEach(row -> ranges.add((int) row.getShort(0)));
        return ranges;
    }

    static Set<LaneId> lanes(RowSet<Row> rows) {
        Set<LaneId> lanes = new HashSet<>();
        rows.forEach(row -> lanes.add(new LaneId(row.getLong(0))));
        return lanes;
    }

    static List<ClusterMember> members(RowSet<Row> rows) {
        List<ClusterMember> members = new ArrayList<>();
        rows.forEach(row -> members.add(
                new ClusterMember(new LaneId(row.getLong(0)), row.getLong(1), row.getString(2), row.getBoolean(3))));
        return members;
    }

    /** What {@link #READ} has found: the version, and a row for each range. */
    record Rows(long version, List<HeldRange> ranges) {
        static Rows of(RowSet<Row> rows) {
            List<HeldRange> ranges = new ArrayList<>(rows.size());
            long version = 0;
            for (Row row : rows) {
                version = row.getLong(0);
                ranges.add(new HeldRange(
                        row.getShort(1), Optional.ofNullable(row.getLong(2)).map(LaneId::new), row.getLong(3)));
            }
            return new Rows(version, ranges);
        }
    }
}
