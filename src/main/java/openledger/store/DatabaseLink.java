package openledger.store;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Time-outs that bound how long a connection to the database may be dead before either side knows. A network partition gives no signal:
 * without these a server keeps the session, and its locks, for two hours, and the router waits for an answer for ever.
 */
public final class DatabaseLink {
    /** No query of ours is silent for so long; one that is has lost its connection, which is closed under it. */
    public static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);
    private static final Duration UNACKNOWLEDGED = Duration.ofSeconds(10);
    /** A session that says nothing for longer than we leave one unused is dead, whatever a proxy answers for it. */
    private static final Duration LONGEST_SESSION_SILENCE = Duration.ofSeconds(15);

    private static final int KEEPALIVE_IDLE_SECONDS = 5;
    private static final int KEEPALIVE_INTERVAL_SECONDS = 2;
    private static final int KEEPALIVES = 3;

    private DatabaseLink() {}

    /** What the server is told about its own end of a connection, by PostgreSQL's names and in its units. */
    public static Map<String, String> serverSettings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("tcp_keepalives_idle", Integer.toString(KEEPALIVE_IDLE_SECONDS));
        settings.put("tcp_keepalives_interval", Integer.toString(KEEPALIVE_INTERVAL_SECONDS));
        settings.put("tcp_keepalives_count", Integer.toString(KEEPALIVES));
        settings.put("tcp_user_timeout", Long.toString(UNACKNOWLEDGED.toMillis()));
        settings.put("client_connection_check_interval", "2000");
        settings.put("idle_session_timeout", Long.toString(LONGEST_SESSION_SILENCE.toMillis()));
        settings.put("idle_in_transaction_session_timeout", Long.toString(LONGEST_SESSION_SILENCE.toMillis()));
        return settings;
    }

    /** The same place, with bounds for both ends of a connection to it. */
    public static PgConnectOptions bounded(PgConnectOptions to) {
        PgConnectOptions options = new PgConnectOptions(to);
        options.setTcpKeepAlive(true)
                .setConnectTimeout((int) LONGEST_CONNECT.toMillis())
                .setTcpKeepAliveIdleSeconds(KEEPALIVE_IDLE_SECONDS)
                .setTcpKeepAliveIntervalSeconds(KEEPALIVE_INTERVAL_SECONDS)
                .setTcpKeepAliveCount(KEEPALIVES)
                .setTcpUserTimeout((int) UNACKNOWLEDGED.toMillis())
                .setReadIdleTimeout((int) LONGEST_SILENCE.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        serverSettings().forEach(options::addProperty);
        return options;
    }

    /**
     * A pool of such connections.
     *
     * @param servers what the client is told of them; each connection is made by {@code connect}
     * @param connect is given how to connect to a server, and decides to which
     */
    @SuppressWarnings("deprecation") // what replaces it gives no way to bound the making of a connection
    static Pool pool(
            Vertx vertx,
            PoolOptions options,
            List<PgConnectOptions> servers,
            Function<Function<PgConnectOptions, Future<SqlConnection>>, Future<SqlConnection>> connect) {
        ConnectionFactory factory = PgDriver.INSTANCE.createConnectionFactory(vertx, servers.getFirst());
        Pool pool = PgBuilder.pool()
                .using(vertx)
                .with(options)
                .connectingTo(servers.getFirst())
                .build();
        return pool.connectionProvider(context -> connect.apply(server -> factory.connect(context, server)));
    }

    /** The connection, which ends when it is silent, if it is there in time. */
    static <C extends SqlConnection> Future<C> inTime(Future<C> connecting, Duration longest) {
        return connecting
                .timeout(longest.toMillis(), TimeUnit.MILLISECONDS)
                // One that comes after all is not waited for any more.
                .onFailure(late -> connecting.onSuccess(DatabaseLink::end))
                .onSuccess(DatabaseLink::life);
    }

    /** How a connection has ended. */
    enum End {
        /** We have closed it, or it was not used for so long that nobody knows whether it lives: nothing is wrong with the server. */
        ORDINARY,
        /** The server has ended it, or was silent when it was asked. */
        LOST
    }

    /** Calls it once when the connection has ended, on an event loop. */
    static void whenGone(SqlConnection connection, Consumer<End> then) {
        DatabaseLinkLife life = life(connection);
        firstOf(connection).channel().closeFuture().addListener(gone -> then.accept(life.end()));
    }

    /**
     * Ends a connection at once. The client's own {@code close} asks the server to end it and waits for that, with a dead link for
     * ever.
     */
    public @SuppressWarnings("FutureReturnValueIgnored") // the close handlers tell
    static void end(SqlConnection connection) {
        ChannelHandlerContext first = firstOf(connection);
        // From the first handler on the way out nothing is left that could hold it up.
        first.executor().execute(first::close);
    }

    /** What ends it when it is silent. */
    private static DatabaseLinkLife life(SqlConnection connection) {
        ChannelPipeline pipeline = firstOf(connection).pipeline();
        DatabaseLinkLife known = pipeline.get(DatabaseLinkLife.class);
        if (known != null) {
            return known;
        }
        DatabaseLinkLife life = new DatabaseLinkLife();
        pipeline.addAfter("idle", "silent", life);
        return life;
    }

    private static ChannelHandlerContext firstOf(SqlConnection connection) {
        SocketConnectionBase base = (SocketConnectionBase)
                ((SqlConnectionInternal) connection).unwrap().unwrap();
        return base.socket().channelHandlerContext().pipeline().firstContext();
    }
}
