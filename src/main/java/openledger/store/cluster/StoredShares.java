package openledger.store.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.cluster.share.KeyShares;
import openledger.cluster.share.ShareEngine;
import openledger.store.DatabaseServers;

/**
 * Shares of keys' limits from PostgreSQL: one statement for all rates and one for all places, on a connection of its own. Tables are
 * unlogged, so a grant waits for no disk. Confined to the event loop it is opened on.
 */
public final class StoredShares implements ShareEngine {
    private static final Duration LONGEST_QUESTION = Duration.ofMillis(500);
    private static final ClusterLink.Purpose LINK = new ClusterLink.Purpose(
            "",
            LONGEST_QUESTION,
            "the limits of keys cannot be learnt, so requests of keys that have limits are refused",
            "the limits of keys are shared again");

    static final String RATES =
            "select born, granted, missing, at from take_rates($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    static final String SLOTS = "select granted from take_slots($1, $2, $3, $4, $5, $6, $7, $8)";
    /** Buckets that have been full for long are as good as new ones. */
    private static final List<String> FORGET = List.of(
            "delete from key_rate where name in (select r.name from key_rate r, share_epoch e"
                    + " where r.full_at < share_time(e) - 600000000000 limit 1000 for update of r skip locked)",
            "delete from key_slots s using share_epoch e where s.expires < share_time(e) - 60000000000");

    private final LeaseLink link;

    /** Shares that cannot be had before they are opened. */
    public StoredShares(Vertx vertx, DatabaseServers database) {
        this.link = new LeaseLink(vertx, database, LINK, FORGET, said -> {});
    }

    /**
     * Goes on for as long as it takes; called on the event loop of those who ask.
     *
     * @param whenReached run there each time that the database is in reach again, the first time as well
     */
    public void open(Runnable whenReached) {
        link.open(whenReached);
    }

    /** Called on the same event loop. */
    public void close() {
        link.close();
    }

    @Override
    public Uni<Answer> ask(Question question) {
        return Uni.createFrom().completionStage(() -> answer(question).toCompletionStage());
    }

    /** Both are sent at once, and answered one after the other. */
    private Future<Answer> answer(Question question) {
        Future<RowSet<Row>> rates = link.ask(RATES, rates(question));
        Future<RowSet<Row>> slots =
                question.slots().isEmpty() ? Future.succeededFuture() : link.ask(SLOTS, slots(question));
        return rates.compose(answered -> slots).map(both -> {
            link.followed();
            List<RateGrant> ofRates = new ArrayList<>();
            long born = 0;
            for (Row row : rates.result()) {
                born = row.getLong(0);
                if (row.getLong(1) != null) {
                    ofRates.add(new RateGrant(row.getLong(1), row.getLong(2), row.getLong(3)));
                }
            }
            List<SlotGrant> ofSlots = new ArrayList<>();
            if (slots.result() != null) {
                slots.result().forEach(row -> ofSlots.add(new SlotGrant(row.getInteger(0))));
            }
            return new Answer(born, ofRates, ofSlots);
        });
    }

    static Tuple rates(Question question) {
        List<RateWish> wishes = question.rates();
        return Tuple.tuple()
                .addLong(question.epoch())
                .addArrayOfBuffer(LeaseLink.names(wishes, wish -> wish.name().hex()))
                .addArrayOfLong(LeaseLink.longs(wishes, RateWish::share))
                .addArrayOfLong(LeaseLink.longs(wishes, RateWish::whole))
                .addArrayOfLong(LeaseLink.longs(wishes, RateWish::first))
                .addArrayOfLong(LeaseLink.longs(wishes, RateWish::need))
                .addArrayOfLong(LeaseLink.longs(wishes, RateWish::ahead))
                .addArrayOfLong(LeaseLink.longs(wishes, RateWish::low))
                .addArrayOfLong(LeaseLink.longs(wishes, RateWish::debt))
                .addArrayOfLong(LeaseLink.longs(wishes, RateWish::back))
                .addArrayOfLong(LeaseLink.longs(wishes, RateWish::since));
    }

    private Tuple slots(Question question) {
        List<SlotWish> wishes = question.slots();
        return Tuple.tuple()
                .addUUID(link.router())
                .addLong(KeyShares.SLOT_TERM.toNanos())
                .addArrayOfBuffer(LeaseLink.names(wishes, wish -> wish.name().hex()))
                .addArrayOfInteger(LeaseLink.ints(wishes, SlotWish::most))
                .addArrayOfInteger(LeaseLink.ints(wishes, SlotWish::kept))
                .addArrayOfInteger(LeaseLink.ints(wishes, SlotWish::want))
                .addArrayOfInteger(LeaseLink.ints(wishes, SlotWish::ahead))
                .addArrayOfInteger(LeaseLink.ints(wishes, SlotWish::low));
    }
}
