package openledger.edge;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The network whose connections share one bound: an IPv4 address, or an IPv6 network of 64 bits, which is what one customer gets.
 *
 * @param bits the address, or the first 64 bits of it
 * @param six whether it is IPv6
 */
record ClientNetwork(long bits, boolean six) {
    /** Where an address cannot be told: the other end of a Unix socket, or of a connection that is closed already. */
    static final ClientNetwork UNKNOWN = new ClientNetwork(0, false);

    static ClientNetwork of(SocketAddress remote) {
        return address(remote)
                .map(known -> known instanceof Inet6Address
                        ? new ClientNetwork(ByteBuffer.wrap(known.getAddress()).getLong(), true)
                        : new ClientNetwork(
                                Integer.toUnsignedLong(
                                        ByteBuffer.wrap(known.getAddress()).getInt()),
                                false))
                .orElse(UNKNOWN);
    }

    static Optional<InetAddress> address(SocketAddress remote) {
        return remote instanceof InetSocketAddress socket ? Optional.ofNullable(socket.getAddress()) : Optional.empty();
    }
}
