package openledger.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import openledger.store.DatabaseLink.End;
import org.jboss.logging.Logger;

/**
 * The servers of one database: one, or several of which one is primary and the others take its place. Thread-safe.
 *
 * <p>Of several, a server counts as primary if it is not in recovery and its timeline, which grows with each promotion, is the highest that
 * was seen. One that was primary before a fail-over, and does not know that it is not any more, is passed by from the moment that its
 * successor was seen, and connections to it are ended then; until then its commits wait for a standby that does not answer, if the standby
 * is synchronous (PostgreSQL, "Synchronous Replication").
 */
public final class DatabaseServers {
    private static final Logger LOG = Logger.getLogger(DatabaseServers.class);

    /** The first 8 digits of a segment's name are the timeline that is written now; a server in recovery writes none. */
    private static final String STANDING = "select case when pg_is_in_recovery() then 0 else"
            + " ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint end,"
            + " current_setting('synchronous_standby_names') <> ''";

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

    private final List<PgConnectOptions> servers;
    private final Set<Open> open = ConcurrentHashMap.newKeySet();
    /** Whom to ask first. */
    private volatile int first;

    private volatile Optional<Primary> primary = Optional.empty();
    private final AtomicInteger failovers = new AtomicInteger();

    private DatabaseServers(List<PgConnectOptions> servers) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("a database has a server");
        }
        this.servers = servers.stream().map(DatabaseLink::bounded).toList();
    }

    /**
     * The primary, as it was seen last.
     *
     * @param server host and port
     * @param timeline 1 or more
     * @param isSynchronous whether it waits for a standby before it says that something is committed
     */
    public record Primary(String server, long timeline, boolean isSynchronous) {}

    /** A connection, and the timeline of its server. */
    private record Open(SqlConnection connection, long timeline) {}

    /** Their primary is meant. */
    public static DatabaseServers primaryOf(List<PgConnectOptions> servers) {
        return new DatabaseServers(servers);
    }

    /**
     * The primary of the servers at these addresses.
     *
     * @param urls {@code postgresql://host:port/database}, several separated by commas
     * @throws IllegalArgumentException if one is none
     */
    public static DatabaseServers at(String urls, Optional<String> user, Optional<String> password) {
        return primaryOf(List.of(urls.split(",", -1)).stream()
                .map(url -> {
                    PgConnectOptions server = PgConnectOptions.fromUri(url.strip());
                    user.ifPresent(server::setUser);
                    password.ifPresent(server::setPassword);
                    return server;
                })
                .toList());
    }

    /**
     * A connection that ends when it is dead, whatever waits for an answer on it; also if nobody has asked anything for so long. Fails if it
     * is not there within {@code longest}, and then the next try begins with another server.
     */
    public Future<PgConnection> connect(Vertx vertx, Duration longest) {
        return connect(
                server -> PgConnection.connect(vertx, new PgConnectOptions(server).setCachePreparedStatements(true)),
                longest);
    }

    /** A pool of connections that end when they are dead. */
    public Pool pool(Vertx vertx, PoolOptions options) {
        return DatabaseLink.pool(vertx, options, servers, connecting -> connect(connecting, LONGEST_CONNECT));
    }

    /** Who the primary is; empty if there is one server only, which nobody asks, or if none was seen yet. */
    public Optional<Primary> primary() {
        return primary;
    }

    /** Whether there is another server to fail over to. */
    public boolean areSeveral() {
        return servers.size() > 1;
    }

    /** Whether the primary, as it was seen last, waits for a standby before it says that something is committed. */
    public boolean isSynchronous() {
        return primary.filter(Primary::isSynchronous).isPresent();
    }

    /** How often another server has become primary since the start. */
    public int failovers() {
        return failovers.get();
    }

    private <C extends SqlConnection> Future<C> connect(Function<PgConnectOptions, Future<C>> by, Duration longest) {
        return servers.size() == 1
                ? DatabaseLink.inTime(by.apply(servers.getFirst()), longest)
                : connect(by, longest.dividedBy(servers.size()), first, List.of());
    }

    private <C extends SqlConnection> Future<C> connect(
            Function<PgConnectOptions, Future<C>> by, Duration longest, int at, List<String> unfit) {
        PgConnectOptions server = servers.get(at);
        int next = (at + 1) % servers.size();
        return DatabaseLink.inTime(by.apply(server).compose(found -> fit(found, server, at)), longest)
                .recover(cause -> {
                    first = next;
                    List<String> now = new ArrayList<>(unfit);
                    now.add(name(server) + ": " + cause.getMessage());
                    return now.size() == servers.size()
                            ? Future.failedFuture("no server of the database is its primary; " + String.join(", ", now))
                            : connect(by, longest, next, now);
                });
    }

    private <C extends SqlConnection> Future<C> fit(C found, PgConnectOptions server, int at) {
        return found.query(STANDING)
                .execute()
                .compose(rows -> {
                    Row row = rows.iterator().next();
                    return taken(found, new Primary(name(server), row.getLong(0), row.getBoolean(1)), at);
                })
                .onFailure(unfit -> DatabaseLink.end(found));
    }

    private <C extends SqlConnection> Future<C> taken(C found, Primary standing, int at) {
        if (standing.timeline == 0) {
            return Future.failedFuture("it is a standby");
        }
        if (!heed(standing)) {
            return Future.failedFuture("another server has been promoted since it was primary");
        }
        Open kept = new Open(found, standing.timeline);
        open.add(kept);
        first = at;
        DatabaseLink.whenGone(found, end -> {
            open.remove(kept);
            // It may be primary no more, or hang; if it is well it is found again.
            if (end == End.LOST && first == at) {
                first = (at + 1) % servers.size();
            }
        });
        // Its successor may have been seen since it was asked.
        primary.filter(now -> now.timeline > standing.timeline).ifPresent(now -> DatabaseLink.end(found));
        return Future.succeededFuture(found);
    }

    /** False if a later primary was seen. */
    private synchronized boolean heed(Primary standing) {
        Optional<Primary> before = primary;
        if (before.filter(last -> last.timeline > standing.timeline).isPresent()) {
            return false;
        }
        primary = Optional.of(standing);
        if (before.isEmpty() || before.get().timeline < standing.timeline) {
            said(before, standing);
            open.stream()
                    .filter(one -> one.timeline < standing.timeline)
                    .forEach(one -> DatabaseLink.end(one.connection));
        }
        return true;
    }

    private void said(Optional<Primary> before, Primary now) {
        if (before.isPresent()) {
            failovers.incrementAndGet();
            LOG.warnf(
                    "another server is primary of the database, server=%s timeline=%d before=%s",
                    now.server, now.timeline, before.get().server);
        }
        if (!now.isSynchronous) {
            LOG.warnf(
                    "the primary of the database waits for no standby: a fail-over loses what was promised last,"
                            + " set synchronous_standby_names; server=%s",
                    now.server);
        }
    }

    /** Where they are, for people: host, port and name of the database, of several with commas between them. */
    public String shown() {
        return servers.stream()
                .map(server -> name(server) + "/" + server.getDatabase())
                .collect(Collectors.joining(", "));
    }

    private static String name(PgConnectOptions server) {
        return server.getHost() + ":" + server.getPort();
    }
}
