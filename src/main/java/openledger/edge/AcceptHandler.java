package openledger.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Sees connections as they are accepted, before anything has been made for them, and closes those beyond the limit. */
@Sharable
final class AcceptHandler extends ChannelInboundHandlerAdapter {
    static final AttributeKey<ClientConnection> CONNECTION = AttributeKey.valueOf("openledger.connection");
    private static final Logger LOG = Logger.getLogger(AcceptHandler.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ConnectionLimits limits;
    private final Connections connections;
    private long refused;
    private long toldAt;

    AcceptHandler(ConnectionLimits limits) {
        this.limits = limits;
        this.connections = new Connections(limits);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Channel accepted)) {
            context.fireChannelRead(message);
            return;
        }
        ClientConnection connection = new ClientConnection(accepted, limits, connections);
        if (!connections.isAdmitted(connection)) {
            accepted.unsafe().closeForcibly();
            refused();
            return;
        }
        accepted.attr(CONNECTION).set(connection);
        accepted.closeFuture().addListener(closed -> connection.closed());
        context.fireChannelRead(accepted);
    }

    /** Whoever floods the port does not flood the log. */
    private void refused() {
        refused++;
        long now = System.nanoTime();
        if (refused == 1 || now - toldAt >= QUIET_NANOS) {
            toldAt = now;
            LOG.warnf("connections are refused at the limit, so-far=%d open=%d", refused, connections.size());
        }
    }
}
