package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.store.BoundedQuery;
import openledger.store.lane.LaneHold.State;
import openledger.unit.LaneId;

/**
 * The lanes of the database: which are to be had at a start, which nobody sees to, and which are done with. Whatever changes hands does so
 * in one statement that names the fence it has seen, so of several who want a lane one gets it. Thread-safe. Long because the statements
 * that move a lane have to be read together.
 */
public final class LaneLeases {
    /** Since its lease has expired, until somebody else sees to a lane: its router may only be slow, and comes back cheaper. */
    private static final String GRACE = "interval '5 seconds'";

    private static final int MOST = 64;
    private static final String FREE = Integer.toString(State.FREE.code());
    private static final String FINISHES = Integer.toString(State.FINISHES.code());

    /**
     * The lanes of $1 in the order in which a router wants them: what was its own, those that are done with, those that were never used,
     * those that nobody has seen to; 0 is not to be had. The first half of a holder is the router's.
     */
    private static final String WANTED = "select c.lane, coalesce(l.fence, 0), case"
            + " when l.lane is null then 3"
            + " when l.expires >= now() then 0"
            + " when left(l.holder::text, 18) = left(($2::uuid)::text, 18) then 1"
            + " when l.state = " + FREE + " then 2"
            + " when l.expires < now() - " + GRACE + " then 4 else 0 end as rank"
            + " from unnest($1::bigint[]) with ordinality as c(lane, place) left join lane_lease l using (lane)"
            + " order by rank, c.place";

    /** As {@link LaneHold#TAKE}, if the lane is still what was seen. */
    private static final String CLAIM =
            LaneHold.TAKE.replace("where l.expires < now()", "where l.expires < now() and l.fence = $6");

    private static final String UNATTENDED = "select lane, fence from lane_lease where expires < now() - " + GRACE
            + " and state <> " + FREE + " order by expires limit " + MOST;

    /** Free lanes that have something that is not in the stream: their router, or who finished them, had no way to it. */
    private static final String UNSTREAMED =
            "select l.lane, l.fence from lane_lease l left join stream_cursor s using (lane)"
                    + " where l.expires < now() - " + GRACE + " and l.state = " + FREE
                    + " and exists (select from journal_chunk c where c.lane = l.lane and c.seq >= coalesce(s.chunk, 0))"
                    + " order by l.expires limit " + MOST;

    /** Takes a lane if all of its taker's own are still its own, and gives the new fence; the last value is for those that are free. */
    private static final String ADOPT = "with own as (select 1 from lane_lease o"
            + " join unnest($4::bigint[], $5::bigint[]) as mine(lane, fence) on o.lane = mine.lane and o.fence = mine.fence"
            + " where o.holder = $2 and o.expires > now() for share of o)"
            + " update lane_lease set holder = $2, fence = fence + 1, state = " + FINISHES
            + ", expires = now() + " + LaneHold.TERM + ", address = '', policy_hash = null, build = $6"
            + " where lane = $1 and fence = $3 and expires < now() - " + GRACE + " and (state <> " + FREE + " or $7)"
            + " and (select count(*) from own) = cardinality($4::bigint[]) returning fence";

    /** What a lane has that is not done with: a request without an end or a row, a decision in no batch, a batch on its way. */
    static final String LEFT = "select exists (select from journal_chunk c where c.lane = l.lane"
            + " and c.seq >= coalesce((select p.low_water from projection p where p.lane = l.lane), 1)) as underived,"
            + " exists (select from journal_chunk c where c.lane = l.lane and c.records > c.planned and c.seq >="
            + " coalesce((select b.end_chunk from batch b where b.lane = l.lane order by b.sequence desc limit 1), 1))"
            + " as uncut, exists (select from batch b where b.lane = l.lane and b.level < "
            + ConfirmationLevel.SEQUENCED.code() + ") as unsequenced,"
            + " exists (select from batch b where b.lane = l.lane and b.level < "
            + ConfirmationLevel.FINALIZED.code() + ") as unfinal,"
            + " exists (select from sequencer_lease s where s.lane = l.lane) as settles";

    private static final String WORK = "select w.* from lane_lease l, lateral (" + LEFT + ") w"
            + " where l.lane = $1 and l.holder = $2 and l.fence = $3";

    private static final String SET_FREE = "update lane_lease as o set state = " + FREE + ", expires = now()"
            + " from lane_lease l, lateral (" + LEFT + ") w"
            + " where l.lane = o.lane and o.lane = $1 and o.holder = $2 and o.fence = $3"
            + " and not w.underived and not w.unfinal and not (w.uncut and (w.settles or $4))";

    /** As if it had expired long ago: others need not wait. */
    private static final String GIVE_UP = "update lane_lease set expires = least(expires, now() - " + GRACE
            + ") where lane = $1 and holder = $2 and fence = $3";

    private final Pool pool;

    public LaneLeases(Pool pool) {
        this.pool = pool;
    }

    /**
     * A lane that was looked at.
     *
     * @param fence at which it was seen
     * @param isFree whether it was free
     */
    public record Seen(LaneId lane, long fence, boolean isFree) {
        /** One that is not free. */
        public Seen(LaneId lane, long fence) {
            this(lane, fence, false);
        }
    }

    /**
     * What is left to do for a lane.
     *
     * @param derived every request has its end and its row
     * @param cut every decision is in a batch
     * @param sequenced every batch is on chain
     * @param finalized for good
     * @param settles it has been settled before
     */
    public record Work(boolean derived, boolean cut, boolean sequenced, boolean finalized, boolean settles) {}

    /**
     * Takes the lane that is wanted most of those that nobody holds; completes with its hold, or empty if there is none.
     *
     * @param holds a hold for each lane that may be had, in order of preference
     */
    public Uni<Optional<LaneHold>> claim(List<LaneHold> holds) {
        Long[] lanes = holds.stream().map(hold -> hold.lane().value()).toArray(Long[]::new);
        Tuple values =
                Tuple.tuple().addArrayOfLong(lanes).addUUID(holds.getFirst().holder());
        return rows(WANTED, values).chain(found -> {
            List<Seen> wanted = new ArrayList<>();
            for (Row row : found) {
                if (row.getInteger(2) > 0) {
                    wanted.add(seen(row));
                }
            }
            return claim(holds, wanted);
        });
    }

    private Uni<Optional<LaneHold>> claim(List<LaneHold> holds, List<Seen> wanted) {
        if (wanted.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        Seen first = wanted.getFirst();
        LaneHold hold = holds.stream()
                .filter(each -> each.lane().equals(first.lane()))
                .findFirst()
                .orElseThrow();
        return taken(hold, CLAIM, hold.candidate().addLong(first.fence()))
                .chain(isTaken -> isTaken
                        ? Uni.createFrom().item(Optional.of(hold))
                        // Another was faster.
                        : claim(holds, wanted.subList(1, wanted.size())));
    }

    /** Renews the lease of a lane whose journal does not yet; false if it is another's. */
    public Uni<Boolean> renew(LaneHold hold) {
        return rows(LaneHold.RENEW, hold.renewal()).map(rows -> rows.size() == 1);
    }

    /** Lanes that nobody sees to, the longest of them first; some of them may have nothing left to do. */
    public Uni<List<Seen>> unattended() {
        return rows(UNATTENDED, Tuple.tuple()).map(rows -> {
            List<Seen> lanes = new ArrayList<>();
            rows.forEach(row -> lanes.add(seen(row)));
            return lanes;
        });
    }

    /** Lanes that are free and have something that is not in the stream. */
    public Uni<List<Seen>> unstreamed() {
        return rows(UNSTREAMED, Tuple.tuple()).map(rows -> {
            List<Seen> lanes = new ArrayList<>();
            rows.forEach(row -> lanes.add(new Seen(new LaneId(row.getLong(0)), row.getLong(1), true)));
            return lanes;
        });
    }

    /**
     * Takes a lane that nobody sees to, in order to finish it.
     *
     * @param hold on the lane, by the holder of {@code own}; taken if this completes with true
     * @param at the fence at which it was seen
     * @param build what the router was built from
     * @param own all lanes of the taker; if one of them is another's by now, nothing is taken
     */
    public Uni<Boolean> adopt(LaneHold hold, long at, String build, Collection<LaneHold> own) {
        return adopt(hold, at, build, own, false);
    }

    /** The same of one that is free, and has something that is not in the stream. */
    public Uni<Boolean> adoptFree(LaneHold hold, long at, String build, Collection<LaneHold> own) {
        return adopt(hold, at, build, own, true);
    }

    private Uni<Boolean> adopt(LaneHold hold, long at, String build, Collection<LaneHold> own, boolean isFree) {
        Tuple values = Tuple.tuple()
                .addLong(hold.lane().value())
                .addUUID(hold.holder())
                .addLong(at)
                .addArrayOfLong(own.stream().map(each -> each.lane().value()).toArray(Long[]::new))
                .addArrayOfLong(own.stream().map(LaneHold::fence).toArray(Long[]::new))
                .addString(build)
                .addBoolean(isFree);
        return taken(hold, ADOPT, values);
    }

    /** What is left to do; empty if the lane is not ours any more. */
    public Uni<Optional<Work>> work(LaneHold hold) {
        return rows(WORK, hold.values()).map(rows -> {
            if (rows.size() == 0) {
                return Optional.empty();
            }
            Row row = rows.iterator().next();
            return Optional.of(new Work(
                    !row.getBoolean("underived"),
                    !row.getBoolean("uncut"),
                    !row.getBoolean("unsequenced"),
                    !row.getBoolean("unfinal"),
                    row.getBoolean("settles")));
        });
    }

    /**
     * Lets whoever starts next have a lane; false, and nothing is changed, if something is left to do or the lane is not ours.
     *
     * @param settles whether all of it has to be on chain, though none of it is yet
     */
    public Uni<Boolean> free(LaneHold hold, boolean settles) {
        return rows(SET_FREE, hold.values().addBoolean(settles)).map(rows -> rows.rowCount() == 1);
    }

    /** Lets any other router finish a lane at once. */
    public Uni<Void> giveUp(LaneHold hold) {
        return rows(GIVE_UP, hold.values()).replaceWithVoid();
    }

    private Uni<Boolean> taken(LaneHold hold, String sql, Tuple values) {
        return Uni.createFrom().deferred(() -> {
            long sent = System.nanoTime();
            return rows(sql, values).map(rows -> {
                if (rows.size() == 0) {
                    return false;
                }
                hold.taken(rows.iterator().next().getLong(0), sent);
                return true;
            });
        });
    }

    private static Seen seen(Row row) {
        return new Seen(new LaneId(row.getLong(0)), row.getLong(1));
    }

    private Uni<RowSet<Row>> rows(String sql, Tuple values) {
        return BoundedQuery.rows(pool, sql, values);
    }
}
