package openledger.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * Sends requests at a fixed rate, whether or not the answers keep up, and measures each from the moment it was due: no
 * coordinated omission. Several destinations take turns of a fixed length, so that noise of the machine meets all alike.
 * One thread, bounded in time, rate and connections.
 */
public final class OpenLoop {
    private static final long SECOND = 1_000_000_000L;
    private static final int MOST_CONNECTIONS = 2_000;
    private static final long SPIN_NANOS = 200_000;

    private final List<Destination> destinations;
    private final double rate;
    private final double seconds;
    private final double warmUpSeconds;
    private final double turnSeconds;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final byte[] piece = new byte[64 * 1024];
    private Listener listener = (destination, response) -> {};

    public OpenLoop(
            List<Destination> destinations, double rate, double seconds, double warmUpSeconds, double turnSeconds) {
        this.destinations = destinations;
        this.rate = rate;
        this.seconds = seconds;
        this.warmUpSeconds = warmUpSeconds;
        this.turnSeconds = turnSeconds;
    }

    /** Who hears of each answer. */
    public interface Listener {
        void answered(Destination destination, HttpFraming response);
    }

    public OpenLoop tell(Listener to) {
        listener = to;
        return this;
    }

    /** One destination and what came of it. Latencies in microseconds, up to a minute. */
    public static final class Destination {
        public final String name;
        private final InetSocketAddress address;
        private final IntFunction<byte[]> request;
        private final Histogram latency = new Histogram(60_000_000L, 3);
        private final Deque<Connection> idle = new ArrayDeque<>();
        private final Deque<Long> due = new ArrayDeque<>();
        private int connections;
        private int sent;
        private long failed;

        public Destination(String name, int port, IntFunction<byte[]> request) {
            this.name = name;
            this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            this.request = request;
        }

        /** Latency at a percentile, milliseconds. */
        public double millis(double percentile) {
            return latency.getValueAtPercentile(percentile) / 1e3;
        }

        double meanMillis() {
            return latency.getMean() / 1e3;
        }

        public long measured() {
            return latency.getTotalCount();
        }

        /** Adds what was measured to {@code sum}, in microseconds. */
        public void addTo(Histogram sum) {
            sum.add(latency);
        }

        /** Lost connections, answers other than 2xx, and requests that had no answer when the grace was over. */
        public long failed() {
            return failed;
        }
    }

    private static final class Connection {
        final SocketChannel channel;
        final Destination to;
        final HttpFraming framing = new HttpFraming();
        long dueNanos = -1;

        Connection(SocketChannel channel, Destination to) {
            this.channel = channel;
            this.to = to;
        }
    }

    /** Runs; returns when all answers are there or {@code graceSeconds} after the last request was due. */
    public void run(double graceSeconds) throws IOException {
        try (Selector selector = Selector.open()) {
            long start = System.nanoTime();
            long end = start + (long) (seconds * SECOND);
            long count = 0;
            int open = 0;
            while (true) {
                long now = System.nanoTime();
                long next = start + (long) (count * SECOND / rate);
                while (next <= now && next < end) {
                    turn(next - start).due.add(next);
                    next = start + (long) (++count * SECOND / rate);
                }
                for (Destination destination : destinations) {
                    open += send(selector, destination);
                }
                if (now >= end && (open == 0 || now > end + (long) (graceSeconds * SECOND))) {
                    break;
                }
                open -= receive(selector, now >= end ? now + SECOND / 100 : next, start);
            }
            for (SelectionKey key : new ArrayList<>(selector.keys())) {
                Connection connection = (Connection) key.attachment();
                connection.to.failed += connection.dueNanos >= 0 ? 1 : 0;
                key.channel().close();
            }
            for (Destination destination : destinations) {
                destination.failed += destination.due.size();
            }
        }
    }

    private Destination turn(long sinceStart) {
        long turn = sinceStart / (long) (turnSeconds * SECOND);
        return destinations.get((int) (turn % destinations.size()));
    }

    private static int send(Selector selector, Destination to) throws IOException {
        int begun = 0;
        while (!to.due.isEmpty() && (!to.idle.isEmpty() || to.connections < MOST_CONNECTIONS)) {
            Connection connection = to.idle.isEmpty() ? connect(selector, to) : to.idle.pop();
            connection.dueNanos = to.due.remove();
            connection.framing.reset();
            ByteBuffer request = ByteBuffer.wrap(to.request.apply(to.sent++));
            while (request.hasRemaining()) {
                connection.channel.write(request);
            }
            begun++;
        }
        return begun;
    }

    private static Connection connect(Selector selector, Destination to) throws IOException {
        SocketChannel channel = SocketChannel.open(to.address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Connection connection = new Connection(channel, to);
        channel.register(selector, SelectionKey.OP_READ, connection);
        to.connections++;
        return connection;
    }

    /** Waits for answers until {@code next}, the last stretch awake, since a selector wakes a millisecond late. */
    private int receive(Selector selector, long next, long start) throws IOException {
        long wait = next - System.nanoTime() - SPIN_NANOS;
        int ready = wait >= 1_000_000 ? selector.select(wait / 1_000_000) : selector.selectNow();
        if (ready == 0) {
            return 0;
        }
        int ended = 0;
        for (SelectionKey key : selector.selectedKeys()) {
            Connection connection = (Connection) key.attachment();
            ended += read(connection, start);
        }
        selector.selectedKeys().clear();
        return ended;
    }

    private int read(Connection connection, long start) throws IOException {
        in.clear();
        int count;
        try {
            count = connection.channel.read(in);
        } catch (IOException lost) {
            count = -1;
        }
        Destination from = connection.to;
        if (count < 0) {
            connection.channel.close();
            from.connections--;
            boolean waiting = connection.dueNanos >= 0;
            from.idle.remove(connection);
            from.failed += waiting ? 1 : 0;
            connection.dueNanos = -1;
            return waiting ? 1 : 0;
        }
        in.flip().get(piece, 0, count);
        if (connection.dueNanos < 0 || !connection.framing.accept(piece, count)) {
            return 0;
        }
        if (connection.framing.status() / 100 != 2) {
            from.failed++;
        }
        if (connection.dueNanos - start >= (long) (warmUpSeconds * SECOND)) {
            from.latency.recordValue(Math.min(60_000_000L, (System.nanoTime() - connection.dueNanos) / 1_000));
        }
        connection.dueNanos = -1;
        listener.answered(from, connection.framing);
        if (connection.framing.header("connection").equals("close")) {
            connection.channel.close();
            from.connections--;
        } else {
            from.idle.push(connection);
        }
        return 1;
    }
}
