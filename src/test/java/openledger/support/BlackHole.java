package openledger.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to a server that can be cut as a partition cuts it: bytes vanish, and so do the ends of connections, so that neither side
 * is told anything. When it heals, new connections pass; those of before stay dead, as they do where a firewall has forgotten
 * them. Its own end of a connection answers keepalives, so it is harder than a partition for those who rely on them. Connections over which a
 * client has sent a certain word can be cut by themselves.
 *
 * <p>Thread-safe. Listens on a free port of 127.0.0.1.
 */
public final class BlackHole implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final ServerSocket listening;
    private final int target;
    private final byte[] word;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    /** Grows with each hole: connections of before one stay dead after it. */
    private final AtomicInteger era = new AtomicInteger();

    private volatile boolean open;
    private volatile boolean isWordCut;

    private BlackHole(ServerSocket listening, int target, String word) {
        this.listening = listening;
        this.target = target;
        this.word = word.getBytes(StandardCharsets.US_ASCII);
    }

    /** A way to a port of 127.0.0.1. */
    public static BlackHole before(int target) throws IOException {
        return before(target, "");
    }

    /**
     * The same.
     *
     * @param word that tells connections from others; empty for none
     */
    public static BlackHole before(int target, String word) throws IOException {
        BlackHole hole = new BlackHole(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), target, word);
        Thread.ofVirtual().name("black hole").start(hole::accept);
        return hole;
    }

    /** Where it listens. */
    public int port() {
        return listening.getLocalPort();
    }

    /** From now on nothing passes. */
    public void cut() {
        open = true;
        era.incrementAndGet();
    }

    /** From now on nothing passes on those connections on which the word was sent, or is sent now. */
    public void cutWord() {
        isWordCut = true;
    }

    /** From now on new connections pass. */
    public void heal() {
        open = false;
        isWordCut = false;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                sockets.add(client);
                if (!open) {
                    pass(client);
                }
                // Else it is connected, and never hears a word.
            } catch (IOException closing) {
                return;
            }
        }
    }

    private void pass(Socket client) throws IOException {
        Socket server = new Socket();
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        sockets.add(server);
        Passage passage = new Passage(client, era.get());
        Thread.ofVirtual().start(() -> copy(client, server, passage));
        Thread.ofVirtual().start(() -> copy(server, client, passage));
    }

    /** One connection through. */
    private final class Passage {
        private final Socket client;
        private final int born;
        private volatile boolean hasWord;
        private volatile boolean isDead;

        Passage(Socket client, int born) {
            this.client = client;
            this.born = born;
        }

        boolean passes() {
            isDead |= born != era.get() || (hasWord && isWordCut);
            return !isDead;
        }

        void sent(Socket from, byte[] bytes, int length) {
            if (word.length > 0 && !hasWord && from.equals(client)) {
                for (int i = 0; i + word.length <= length && !hasWord; i++) {
                    hasWord = Arrays.equals(bytes, i, i + word.length, word, 0, word.length);
                }
            }
        }
    }

    private void copy(Socket from, Socket to, Passage passage) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                passage.sent(from, buffer, read);
                if (passage.passes()) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException ended) {
            // As any other end: passed on below, or not.
        }
        if (passage.passes()) {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // Then there is nothing to do.
        }
    }

    /** Ends everything, the dead as well. */
    @Override
    public void close() throws IOException {
        listening.close();
        Set.copyOf(sockets).forEach(this::end);
    }
}
