package openledger.edge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client's end of a connection, octets only. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket = new Socket();

    Wire(int port) throws IOException {
        this(port, "127.0.0.1");
    }

    /** Any address of 127.0.0.0/8 can be one's own. */
    Wire(int port, String own) throws IOException {
        socket.setReceiveBufferSize(64 << 10);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(own), 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    }

    /** Sends; a router that has closed already is in its right. */
    Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1), Integer.MAX_VALUE);
    }

    /** Sends in pieces of so many octets. */
    Wire send(byte[] octets, int piece) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            for (int at = 0; at < octets.length; at += Math.min(piece, octets.length - at)) {
                socket.getOutputStream().write(octets, at, Math.min(piece, octets.length - at));
            }
        } catch (SocketException closed) {
            // What was said before is still to be read.
        }
        return this;
    }

    /** Everything until the other side closes. */
    String readToEnd() throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] piece = new byte[64 << 10];
        try {
            for (int n = socket.getInputStream().read(piece);
                    n >= 0;
                    n = socket.getInputStream().read(piece)) {
                all.append(new String(piece, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketException reset) {
            // As good as closed.
        }
        return all.toString();
    }

    /** Everything until these octets have come. */
    String readUntil(String last) throws IOException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(last) < 0) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new AssertionError("closed after: " + all);
            }
            all.append((char) octet);
        }
        return all.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
