package openledger.store.key;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import openledger.access.ApiKey;
import openledger.access.KeyGrant;
import openledger.access.KeyRegister;
import openledger.inference.record.RecordsUnavailable;
import openledger.routing.RoutingMode;
import openledger.store.BoundedQuery;
import openledger.store.DatabaseServers;
import org.jspecify.annotations.Nullable;

/**
 * The register of keys in the database; the clock that counts is the database's. By SqlClient, not Hibernate Reactive: {@code openledger
 * keys} uses the same register without Quarkus, and without Quarkus there is no Hibernate. Thread-safe.
 */
public final class StoredKeyRegister implements KeyRegister {
    private static final String COLUMNS = "id, tenant, prefix, label, created, expires, revoked, requests_per_minute,"
            + " concurrent_requests, default_mode, tokens_per_minute";
    private static final String INSERT = "insert into api_key (tenant, digest, prefix, label, expires,"
            + " requests_per_minute, concurrent_requests, default_mode, tokens_per_minute)"
            + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning "
            + COLUMNS;
    private static final String LIST = "select " + COLUMNS
            + " from api_key where ($1::text is null or tenant = $1) and id < $2 order by id desc limit $3";
    private static final String END_AFTER_GRACE =
            "update api_key set revoked = least(revoked, now() + $2 * interval '1 ms')"
                    + " where id = $1 and coalesce(revoked > now(), true) and coalesce(expires > now(), true) returning "
                    + COLUMNS;
    private static final String END =
            "update api_key set revoked = least(revoked, now()) where id = $1 returning " + COLUMNS;

    private final Pool pool;
    private final RandomGenerator random;

    /** A register in the database of {@code pool}; {@code random} must be fit for secrets. */
    public StoredKeyRegister(Pool pool, RandomGenerator random) {
        this.pool = pool;
        this.random = random;
    }

    /** A register in the database of some servers, for a process that has no pool; its connection ends with {@code vertx}. */
    public static StoredKeyRegister at(Vertx vertx, DatabaseServers servers, RandomGenerator random) {
        PoolOptions one = new PoolOptions().setMaxSize(1);
        return new StoredKeyRegister(servers.pool(vertx, one), random);
    }

    @Override
    public Uni<Issued> create(KeyGrant grant) {
        return ask(() -> insert(pool, grant));
    }

    @Override
    public Uni<Optional<Issued>> rotate(long id, Duration grace) {
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("a grace is 0 to " + LONGEST_GRACE.toDays() + " days");
        }
        return ask(() -> pool.withTransaction(on -> on.preparedQuery(END_AFTER_GRACE)
                .execute(Tuple.of(id, (double) grace.toMillis()))
                .compose(rows -> first(rows)
                        .map(old -> insert(on, old.grant()).map(Optional::of))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())))));
    }

    @Override
    public Uni<Optional<Entry>> revoke(long id) {
        return ask(() -> pool.preparedQuery(END).execute(Tuple.of(id)).map(StoredKeyRegister::first));
    }

    @Override
    public Uni<Page> list(Filter filter) {
        Tuple values = Tuple.of(filter.tenant().orElse(null), filter.before(), (long) filter.limit() + 1);
        return ask(() -> pool.preparedQuery(LIST).execute(values).map(rows -> page(rows, filter.limit())));
    }

    private static Page page(RowSet<Row> rows, int limit) {
        List<Entry> found = new ArrayList<>();
        rows.forEach(row -> found.add(entry(row)));
        if (found.size() <= limit) {
            return new Page(found, Optional.empty());
        }
        List<Entry> page = List.copyOf(found.subList(0, limit));
        return new Page(page, Optional.of(page.getLast().id()));
    }

    private Future<Issued> insert(SqlClient on, KeyGrant grant) {
        ApiKey key = ApiKey.draw(random);
        Tuple values = Tuple.tuple()
                .addString(grant.tenant())
                .addBuffer(Buffer.buffer(key.digest().bytes()))
                .addString(key.prefix())
                .addString(grant.label())
                .addOffsetDateTime(
                        grant.expires().map(end -> end.atOffset(ZoneOffset.UTC)).orElse(null))
                .addInteger(boxed(grant.limits().requestsPerMinute()))
                .addInteger(boxed(grant.limits().concurrentRequests()))
                .addInteger(grant.defaultMode().map(RoutingMode::code).orElse(null))
                .addInteger(boxed(grant.limits().tokensPerMinute()));
        return on.preparedQuery(INSERT)
                .execute(values)
                .map(rows -> new Issued(first(rows).orElseThrow(), key));
    }

    private static Optional<Entry> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(entry(rows.iterator().next()));
    }

    private static Entry entry(Row row) {
        Integer mode = row.getInteger("default_mode");
        KeyGrant grant = new KeyGrant(
                row.getString("tenant"),
                row.getString("label"),
                KeyRows.limits(row),
                mode == null ? Optional.empty() : Optional.of(RoutingMode.ofCode(mode)),
                instant(row, "expires"));
        return new Entry(
                row.getLong("id"),
                grant,
                row.getString("prefix"),
                instant(row, "created").orElseThrow(),
                instant(row, "revoked"));
    }

    private static Optional<Instant> instant(Row row, String column) {
        return Optional.ofNullable(row.getOffsetDateTime(column)).map(time -> time.toInstant());
    }

    private static @Nullable Integer boxed(OptionalInt limit) {
        return limit.isPresent() ? limit.getAsInt() : null;
    }

    private static <T> Uni<T> ask(Supplier<Future<T>> question) {
        return BoundedQuery.of(question).onFailure().transform(StoredKeyRegister::unavailable);
    }

    private static RegisterUnavailable unavailable(Throwable failure) {
        Throwable cause = Optional.ofNullable(failure.getCause())
                .filter(lost -> failure instanceof RecordsUnavailable)
                .orElse(failure);
        return new RegisterUnavailable("the register of keys does not answer: " + cause.getMessage(), failure);
    }
}
