package openledger.http;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/** The connections that have presented a valid key: they are displaced after those that have not. Thread-safe. */
public final class KnownClients {
    private static final AttributeKey<Boolean> KNOWN = AttributeKey.valueOf("openledger.known");

    private KnownClients() {}

    /** The request came with a good key. */
    public static void know(HttpServerRequest request) {
        if (request.connection() instanceof ConnectionBase connection) {
            Channel channel = connection.channelHandlerContext().channel();
            if (!isKnown(channel)) {
                channel.attr(KNOWN).set(true);
            }
        }
    }

    /** Whether any request of this connection came with a good key. */
    public static boolean isKnown(Channel channel) {
        return Boolean.TRUE.equals(channel.attr(KNOWN).get());
    }
}
