package openledger.edge;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The transport of Vert.x, whose HTTP servers get our handlers: one that counts connections as they are accepted, and before each
 * connection's HTTP parser one that reads heads. It is the one place where Vert.x shows a server before it listens; neither its options
 * nor its connection handler come before the first octets of a connection have been parsed.
 */
public final class GuardedTransport implements Transport {
    private static final Logger LOG = Logger.getLogger(GuardedTransport.class);

    /** Octets the system takes for a client that does not read them, and doubles; left alone, it takes megabytes for each. */
    private static final int LARGEST_UNSENT = 128 * 1024;

    private final Transport transport;
    private final Supplier<ConnectionLimits> limits;

    /** Guards what is listened on; the limits are asked for when a server begins to listen. */
    public GuardedTransport(Transport transport, Supplier<ConnectionLimits> limits) {
        this.transport = transport;
        this.limits = limits;
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        transport.configure(options, domainSocket, bootstrap);
        bootstrap.childOption(ChannelOption.SO_SNDBUF, LARGEST_UNSENT);
        bootstrap.handler(new AcceptHandler(limits.get()));
        bootstrap.childHandler(new GuardedChild(options, bootstrap.config().childHandler()));
    }

    /** Every server of this Vert.x speaks HTTP/1, and only that; one with a parser that we do not know takes no connections. */
    @ChannelHandler.Sharable
    private static final class GuardedChild extends ChannelInitializer<Channel> {
        private final ChannelHandler vertx;
        private final boolean parsesLater;
        private final boolean mayNegotiate;
        private final int port;
        private final AtomicBoolean told = new AtomicBoolean();

        private GuardedChild(NetServerOptions options, ChannelHandler vertx) {
            this.vertx = vertx;
            this.parsesLater = options.isSsl() || options.isUseProxyProtocol();
            this.mayNegotiate = options.isUseAlpn();
            this.port = options.getPort();
        }

        @Override
        protected void initChannel(Channel channel) {
            if (channel.isOpen() && channel.isRegistered()) {
                channel.pipeline().addLast(vertx);
            }
            if (!channel.isOpen() || !channel.isRegistered()) {
                // It has been displaced before it was looked at, or the server is closing.
                return;
            }
            RequestGuard guard =
                    new RequestGuard(channel.attr(AcceptHandler.CONNECTION).get());
            var parser = channel.pipeline().context(HttpRequestDecoder.class);
            if (mayNegotiate || (parser == null && !parsesLater)) {
                refuse(channel);
            } else if (parser == null) {
                // Behind TLS, and behind the protocol of a proxy, the parser is added when these are done.
                channel.pipeline().addLast(new PacedOutput(), guard);
            } else {
                channel.pipeline().addBefore(parser.name(), null, new PacedOutput());
                channel.pipeline().addBefore(parser.name(), null, guard);
            }
        }

        /** Whoever connects again and again does not fill the log. */
        private void refuse(Channel channel) {
            if (told.compareAndSet(false, true)) {
                LOG.errorf(
                        "connections are refused: a server with HTTP/2 has no limit of its connections; port=%d", port);
            }
            var _ = channel.close();
        }
    }

    @Override
    public boolean supportsDomainSockets() {
        return transport.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return transport.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return transport.isAvailable();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return transport.unavailabilityCause();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public io.vertx.core.net.@Nullable SocketAddress convert(SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return transport.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return transport.datagramChannel();
    }

    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return transport.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return transport.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return transport.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        transport.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, boolean domainSocket, Bootstrap bootstrap) {
        transport.configure(options, domainSocket, bootstrap);
    }
}
