package openledger.provider;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnection;

/**
 * Sees to it that a connection on which bytes have come that answer nothing is closed before anybody else can get it. Whole answers that
 * nobody asked for, and lines that are no HTTP, Vert.x finds by itself. Part of a head would stay where it is and be read as the
 * beginning of the next answer; so once nothing is in progress it is given its end, which a connection that is clean does not notice
 * (RFC 9112, section 2.2: empty lines before an answer are skipped). Confined to the connection's event loop.
 */
final class SurplusGuard extends ChannelInboundHandlerAdapter {
    private static final String DECODER = "codec";
    /** Of a line, and of a head. */
    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private final HttpClientConnection connection;

    private SurplusGuard(HttpClientConnection connection) {
        this.connection = connection;
    }

    /** Guards a connection that has just been made. */
    static void guard(HttpConnection made) {
        // Without a handler Vert.x puts the provider's words into the log; and it closes without taking the connection
        // out of its pool first.
        made.exceptionHandler(spoilt -> made.close());
        if (made instanceof HttpClientConnection client) {
            client.channelHandlerContext().pipeline().addBefore(DECODER, "surplus", new SurplusGuard(client));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        context.fireChannelRead(bytes);
        if (connection.activeStreams() == 0 && context.channel().isActive()) {
            ByteBuf end = context.alloc().buffer(END.length);
            context.fireChannelRead(end.writeBytes(END));
        }
    }
}
