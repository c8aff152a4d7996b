package openledger.store.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.inference.fairness.FairnessParts;
import openledger.store.BoundedQuery;

/** Parts of the last minutes, in a table that all routers read. Thread-safe. */
public final class StoredFairnessParts implements FairnessParts {
    private static final long PART_MILLIS = 10_000;
    /** Parts of a window, and a few more, so that none is dropped that somebody may still read. */
    private static final int KEPT = 36;
    /** Parts that are read at once. */
    private static final int MOST = 32;

    private static final String STANDING = "with clock as"
            + " (select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms)"
            + " select c.ms, l.lane, l.fence, null::bigint as part, false as is_last, l.policy_hash"
            + " from clock c left join lane_lease l on l.state = 1 and l.expires > now()"
            + " union all select c.ms, p.lane, p.fence, p.part, p.is_last, null"
            + " from clock c join fairness_part p on p.part > c.ms / " + PART_MILLIS + " - " + KEPT;

    private static final String READ = "select p.part, p.lane, p.fence, p.counts from fairness_part p"
            + " join unnest($1::bigint[], $2::bigint[], $3::bigint[]) as w (part, lane, fence)"
            + " on p.part = w.part and p.lane = w.lane and p.fence = w.fence";

    private static final String WRITE = "with dropped as (delete from fairness_part where part <= $3 - " + KEPT + ")"
            + " insert into fairness_part (lane, fence, part, is_last, counts) values ($1, $2, $3, $4, $5)"
            + " on conflict do nothing";

    private final Pool pool;

    public StoredFairnessParts(Pool pool) {
        this.pool = pool;
    }

    @Override
    public Uni<Standing> standing() {
        return BoundedQuery.rows(pool, STANDING, Tuple.tuple()).map(rows -> {
            long now = 0;
            List<Hold> serving = new ArrayList<>();
            Set<Optional<Buffer>> policies = new HashSet<>();
            List<Known> known = new ArrayList<>();
            for (Row row : rows) {
                now = row.getLong(0);
                if (row.getLong(1) == null) {
                    continue;
                }
                Hold hold = new Hold(row.getLong(1), row.getLong(2));
                Long part = row.getLong(3);
                if (part == null) {
                    serving.add(hold);
                    policies.add(Optional.ofNullable(row.getBuffer(5)));
                } else {
                    known.add(new Known(new Place(hold, part), row.getBoolean(4)));
                }
            }
            policies.remove(Optional.empty());
            return new Standing(now, serving, policies.size(), known);
        });
    }

    @Override
    public Uni<List<Kept>> read(Collection<Place> places) {
        List<Place> some = places.stream().limit(MOST).toList();
        Tuple values = Tuple.of(
                some.stream().map(Place::part).toArray(Long[]::new),
                some.stream().map(place -> place.hold().lane()).toArray(Long[]::new),
                some.stream().map(place -> place.hold().fence()).toArray(Long[]::new));
        return BoundedQuery.rows(pool, READ, values).map(rows -> {
            List<Kept> read = new ArrayList<>(rows.size());
            for (Row row : rows) {
                Place place = new Place(new Hold(row.getLong(1), row.getLong(2)), row.getLong(0));
                read.add(new Kept(place, row.getBuffer(3).getBytes()));
            }
            return read;
        });
    }

    @Override
    public Uni<Void> write(Kept row, boolean isLast) {
        Hold hold = row.place().hold();
        Tuple values = Tuple.of(hold.lane(), hold.fence(), row.place().part(), isLast, Buffer.buffer(row.counts()));
        return BoundedQuery.rows(pool, WRITE, values).replaceWithVoid();
    }
}
