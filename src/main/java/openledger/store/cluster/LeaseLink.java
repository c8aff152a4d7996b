package openledger.store.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import openledger.store.DatabaseServers;

/** A connection on which leases are asked for, and what is over is forgotten once a minute. Confined to the event loop it is opened on. */
final class LeaseLink {
    private static final Duration BETWEEN_FORGETTING = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final ClusterLink link;
    private final List<String> forget;
    /** Of this run of this router: whoever comes after it has none of its leases. */
    private final UUID router = UUID.randomUUID();

    private long forgetting = -1;
    private Runnable reached = () -> {};

    /**
     * A link that is not open yet.
     *
     * @param forget statements that delete what is over
     * @param told called with what is said on the purpose's channel
     */
    LeaseLink(
            Vertx vertx,
            DatabaseServers database,
            ClusterLink.Purpose purpose,
            List<String> forget,
            Consumer<String> told) {
        this.vertx = vertx;
        this.forget = forget;
        this.link = new ClusterLink(vertx, database, purpose, () -> reached.run(), told);
    }

    UUID router() {
        return router;
    }

    /** Goes on for as long as it takes; {@code whenReached} is run each time that the database is in reach again, the first time as well. */
    void open(Runnable whenReached) {
        reached = whenReached;
        link.open();
        forgetting = vertx.setPeriodic(
                BETWEEN_FORGETTING.toMillis(),
                due -> forget.forEach(sql -> {
                    if (link.isOpen()) {
                        link.ask(sql, Tuple.tuple());
                    }
                }));
    }

    /** Asks a last thing if the database is in reach, and ends. */
    void close(String last, Tuple values) {
        vertx.cancelTimer(forgetting);
        if (link.isOpen()) {
            link.ask(last, values).onComplete(answered -> link.close());
        } else {
            link.close();
        }
    }

    void close() {
        vertx.cancelTimer(forgetting);
        link.close();
    }

    Future<RowSet<Row>> ask(String sql, Tuple values) {
        return link.ask(sql, values);
    }

    /** Answers are of use again. */
    void followed() {
        link.followed();
    }

    static <W> Buffer[] names(List<W> wishes, Function<W, String> hex) {
        return wishes.stream()
                .map(wish -> Buffer.buffer(HexFormat.of().parseHex(hex.apply(wish))))
                .toArray(Buffer[]::new);
    }

    static <W> Long[] longs(List<W> wishes, ToLongFunction<W> part) {
        return wishes.stream().map(part::applyAsLong).toArray(Long[]::new);
    }

    static <W> Integer[] ints(List<W> wishes, ToIntFunction<W> part) {
        return wishes.stream().map(part::applyAsInt).toArray(Integer[]::new);
    }
}
