package openledger.chaos.attack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sockets of an attacker, and what the router said to them. Comes from addresses other than the honest tenant's (127.0.0.2 and up).
 * Thread-safe.
 */
final class AttackClient implements AutoCloseable {
    private static final int ADDRESSES = 8;
    /** Sockets held open at once, so that the attack cannot exhaust its own process. */
    private static final int MOST_HELD = 6_000;

    private static final int PATIENCE_MILLIS = 20_000;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int LARGEST_ANSWER = 4 << 20;
    private static final int SMALLEST_WINDOW = 2_048;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

    private final Map<Integer, AtomicLong> statuses = new ConcurrentHashMap<>();
    private final Queue<Socket> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger heldCount = new AtomicInteger();
    private final AtomicInteger nextAddress = new AtomicInteger();

    /** A new connection from one of the attacker's addresses. */
    Socket connect() throws IOException {
        return connect(LARGEST_ANSWER);
    }

    private Socket connect(int receives) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receives);
        int last = 2 + Math.floorMod(nextAddress.getAndIncrement(), ADDRESSES);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), 0));
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), AttackStack.ROUTER_PORT), CONNECT_MILLIS);
        return socket;
    }

    /** Sends bytes, half-closes nothing, reads until the router closes or the first answer is whole; what came back. */
    String send(byte[] request) {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request);
            String answer = read(socket.getInputStream());
            count(answer);
            return answer;
        } catch (IOException lost) {
            count("");
            return "";
        }
    }

    /** Sends bytes and keeps the connection, silent, until {@link #close}. */
    void hold(byte[] request) throws IOException {
        if (heldCount.get() >= MOST_HELD) {
            return;
        }
        // What it never reads is not to use up the machine in its place.
        Socket socket = connect(SMALLEST_WINDOW);
        held.add(socket);
        heldCount.incrementAndGet();
        socket.getOutputStream().write(request);
    }

    /** Sends bytes, reads at most one byte if {@code readsFirst}, and resets the connection. */
    void reset(byte[] request, First first) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request);
            if (first == First.READS_A_BYTE) {
                count(socket.getInputStream().read() < 0 ? "" : "HTTP/1.1 200 ");
            }
        }
    }

    /** What a client does before it resets its connection. */
    enum First {
        NOTHING,
        READS_A_BYTE
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[16 << 10];
        for (int n = in.read(piece); n >= 0 && all.size() < LARGEST_ANSWER; n = in.read(piece)) {
            all.write(piece, 0, n);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    private void count(String answer) {
        Matcher status = STATUS.matcher(answer);
        int code = status.lookingAt() ? Integer.parseInt(status.group(1)) : 0;
        statuses.computeIfAbsent(code, unseen -> new AtomicLong()).incrementAndGet();
    }

    /** How many requests were answered with a status; 0: the connection ended without an answer. */
    long answered(int status) {
        AtomicLong count = statuses.get(status);
        return count == null ? 0 : count.get();
    }

    long answers() {
        return statuses.values().stream().mapToLong(AtomicLong::get).sum();
    }

    Map<Integer, AtomicLong> statuses() {
        return statuses;
    }

    @Override
    public void close() {
        letGo();
    }

    /** Closes what is held. */
    void letGo() {
        for (Socket socket = held.poll(); socket != null; socket = held.poll()) {
            heldCount.decrementAndGet();
            try {
                socket.close();
            } catch (IOException alreadyGone) {
                // That is what was wanted.
            }
        }
    }
}
