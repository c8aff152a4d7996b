package openledger.provider.call;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnection;
import java.util.Optional;

/**
 * Watches the bytes that arrive on a connection to a provider. It knows whether the connection was used before, and whether anything of the
 * answer to its present request has come. And it sees to it that a connection on which bytes have come that answer nothing is closed before
 * anybody else can get it. Whole answers that nobody asked for, and lines that are no HTTP, Vert.x finds by itself. Part of a head would
 * stay where it is and be read as the beginning of the next answer; so once nothing is in progress it is given its end, which a connection
 * that is clean does not notice (RFC 9112, section 2.2: empty lines before an answer are skipped). Confined to the connection's event loop.
 */
public final class ConnectionWatch extends ChannelInboundHandlerAdapter {
    private static final String DECODER = "codec";
    /** Of a line, and of a head. */
    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private final HttpClientConnection connection;
    private boolean used;
    private boolean heard;

    private ConnectionWatch(HttpClientConnection connection) {
        this.connection = connection;
    }

    /** Watches a connection that has just been made. */
    public static void watch(HttpConnection made) {
        // Without a handler Vert.x puts the provider's words into the log; and it closes without taking the connection
        // out of its pool first.
        made.exceptionHandler(spoilt -> made.close());
        if (made instanceof HttpClientConnection client) {
            client.channelHandlerContext().pipeline().addBefore(DECODER, "watch", new ConnectionWatch(client));
        }
    }

    /** Who watches a connection; empty if it has been closed. */
    static Optional<ConnectionWatch> of(HttpConnection watched) {
        return watched instanceof HttpClientConnection client
                ? Optional.ofNullable(client.channelHandlerContext().pipeline().get(ConnectionWatch.class))
                : Optional.empty();
    }

    /** A request begins; true if it is not the first one on this connection. */
    boolean begin() {
        boolean before = used;
        used = true;
        heard = false;
        return before;
    }

    /** Whether anything has come since the last request began. */
    boolean hasHeard() {
        return heard;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        heard = true;
        context.fireChannelRead(bytes);
        if (connection.activeStreams() == 0 && context.channel().isActive()) {
            ByteBuf end = context.alloc().buffer(END.length);
            context.fireChannelRead(end.writeBytes(END));
        }
    }
}
