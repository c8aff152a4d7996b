package openledger.store.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import openledger.cluster.slot.SlotEngine;
import openledger.cluster.slot.TargetSlots;
import openledger.store.DatabaseServers;

/**
 * Slots of targets from PostgreSQL: one statement for all targets, on a connection of its own, on which routers that lack slots are heard
 * as well. Tables are unlogged, so a grant waits for no disk. Confined to the event loop it is opened on.
 */
public final class StoredSlots implements SlotEngine {
    private static final String CHANNEL = "openledger_slots";
    private static final ClusterLink.Purpose LINK = new ClusterLink.Purpose(
            CHANNEL,
            Duration.ofMillis(500),
            "the slots of targets cannot be shared, and no call begins once this router's part is over",
            "the slots of targets are shared again");
    private static final char BETWEEN = ' ';

    static final String TAKE =
            "select granted, share from take_target_slots($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    private static final String LEAVE = "delete from target_lease where router = $1";
    private static final List<String> FORGET = List.of(
            "delete from target_lease where expires < slot_time() - 60000000000",
            "delete from target_total where target in (select target from target_total t where seen < slot_time() - 3600000000000"
                    + " and not exists (select from target_lease l where l.target = t.target) limit 1000 for update skip locked)");

    private final LeaseLink link;
    private final Consumer<String> lacked;

    /**
     * Slots that cannot be had before they are opened.
     *
     * @param lacked told which target other routers lack slots of, by the words of its key; whoever may use the database may say anything
     */
    public StoredSlots(Vertx vertx, DatabaseServers database, Consumer<String> lacked) {
        this.lacked = lacked;
        this.link = new LeaseLink(vertx, database, LINK, FORGET, this::hear);
    }

    /**
     * Goes on for as long as it takes; called on the event loop of who asks.
     *
     * @param whenReached run there each time that the database is in reach again, the first time as well
     */
    public void open(Runnable whenReached) {
        link.open(whenReached);
    }

    /** Gives back what this router has, if the database is in reach; called on the same event loop, once no call begins any more. */
    public void close() {
        link.close(LEAVE, Tuple.of(link.router()));
    }

    private void hear(String said) {
        int end = said.indexOf(BETWEEN);
        if (end > 0 && !said.substring(end + 1).equals(link.router().toString())) {
            lacked.accept(said.substring(0, end));
        }
    }

    @Override
    public Uni<List<Grant>> ask(Question question) {
        return Uni.createFrom()
                .completionStage(() -> link.ask(TAKE, values(question))
                        .map(rows -> grants(question, rows))
                        .toCompletionStage());
    }

    private List<Grant> grants(Question question, RowSet<Row> rows) {
        List<Grant> grants = new ArrayList<>();
        rows.forEach(row -> grants.add(new Grant(row.getInteger(0), row.getInteger(1))));
        if (grants.size() != question.wishes().size()) {
            throw new IllegalStateException(
                    "asked for " + question.wishes().size() + " targets, told of " + grants.size());
        }
        link.followed();
        return grants;
    }

    private Tuple values(Question question) {
        List<Wish> wishes = question.wishes();
        return Tuple.tuple()
                .addUUID(link.router())
                .addLong(question.number())
                .addLong(TargetSlots.TERM.toNanos())
                .addArrayOfBuffer(LeaseLink.names(wishes, wish -> wish.target().hex()))
                .addArrayOfInteger(LeaseLink.ints(wishes, Wish::min))
                .addArrayOfInteger(LeaseLink.ints(wishes, Wish::initial))
                .addArrayOfInteger(LeaseLink.ints(wishes, Wish::max))
                .addArrayOfInteger(LeaseLink.ints(wishes, Wish::kept))
                .addArrayOfInteger(LeaseLink.ints(wishes, Wish::need))
                .addArrayOfInteger(LeaseLink.ints(wishes, Wish::used))
                .addArrayOfInteger(LeaseLink.ints(wishes, Wish::answered))
                .addArrayOfInteger(LeaseLink.ints(wishes, Wish::refused));
    }
}
