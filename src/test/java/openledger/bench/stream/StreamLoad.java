package openledger.bench.stream;

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
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import org.HdrHistogram.Histogram;

/**
 * Keeps a number of streams open at once and measures how late each chunk arrives after it was sent: provider and client
 * are on one machine and share its monotonic clock. A stream that ends is followed by the next on its connection. One
 * thread, bounded in time and connections.
 */
final class StreamLoad {
    private static final long SECOND = 1_000_000_000L;
    private static final long LONGEST_DELAY_MICROS = 60_000_000L;
    private static final int MOST_STREAMS = 5_000;
    private static final long SEED = 1;

    private final InetSocketAddress address;
    private final byte[] request;
    private final int streams;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final Histogram delays = new Histogram(LONGEST_DELAY_MICROS, 3);
    private long measureFrom;
    private long begun;
    private long whole;
    private long failed;

    StreamLoad(int port, byte[] request, int streams) {
        if (streams < 1 || streams > MOST_STREAMS) {
            throw new IllegalArgumentException("streams must be 1.." + MOST_STREAMS + ": " + streams);
        }
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.request = request;
        this.streams = streams;
    }

    /** Asked while all streams are open, just before they are closed. */
    interface Look {
        void atTheEnd() throws IOException;
    }

    private static final class Connection {
        final SocketChannel channel;
        final StreamFraming framing = new StreamFraming();

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /**
     * Begins the streams at random moments of the first {@code rampSeconds}, so that their chunks do not come in step, and
     * measures for {@code seconds} from then on.
     */
    StreamLoad run(double rampSeconds, double seconds, Look look) throws IOException {
        long start = System.nanoTime();
        measureFrom = start + (long) (rampSeconds * SECOND);
        long end = measureFrom + (long) (seconds * SECOND);
        Deque<Long> starts = starts(start, (long) (rampSeconds * SECOND));
        try (Selector selector = Selector.open()) {
            // What fails is followed by another, but not for ever.
            for (long now = start; now < end && failed <= streams; now = System.nanoTime()) {
                while (!starts.isEmpty() && starts.element() <= now) {
                    starts.remove();
                    begin(connect(selector));
                }
                long next = starts.isEmpty() ? end : Math.min(end, starts.element());
                receive(selector, Math.clamp((next - now) / 1_000_000, 1, 100));
            }
            look.atTheEnd();
            for (SelectionKey key : new ArrayList<>(selector.keys())) {
                key.channel().close();
            }
        }
        return this;
    }

    private Deque<Long> starts(long from, long within) {
        Random random = new Random(SEED);
        long[] moments = new long[streams];
        Arrays.setAll(moments, i -> from + (long) (random.nextDouble() * within));
        Arrays.sort(moments);
        Deque<Long> starts = new ArrayDeque<>();
        for (long moment : moments) {
            starts.add(moment);
        }
        return starts;
    }

    private Connection connect(Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Connection connection = new Connection(channel);
        channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    private void begin(Connection connection) throws IOException {
        begun++;
        ByteBuffer bytes = ByteBuffer.wrap(request);
        while (bytes.hasRemaining()) {
            connection.channel.write(bytes);
        }
    }

    private void receive(Selector selector, long waitMillis) throws IOException {
        selector.select(waitMillis);
        for (SelectionKey key : selector.selectedKeys()) {
            Connection connection = (Connection) key.attachment();
            switch (read(connection)) {
                case OPEN -> {}
                case WHOLE -> {
                    whole++;
                    begin(connection);
                }
                case BROKEN -> {
                    failed++;
                    connection.channel.close();
                    begin(connect(selector));
                }
            }
        }
        selector.selectedKeys().clear();
    }

    private StreamFraming.State read(Connection connection) {
        in.clear();
        try {
            if (connection.channel.read(in) < 0) {
                return StreamFraming.State.BROKEN;
            }
        } catch (IOException lost) {
            return StreamFraming.State.BROKEN;
        }
        long now = System.nanoTime();
        return connection.framing.accept(in.flip(), sent -> {
            if (now >= measureFrom) {
                delays.recordValue(Math.clamp((now - sent) / 1_000, 0, LONGEST_DELAY_MICROS));
            }
        });
    }

    /** How late chunks were at a percentile, milliseconds. */
    double delayMillis(double percentile) {
        return delays.getValueAtPercentile(percentile) / 1e3;
    }

    /** Chunks measured. */
    long chunks() {
        return delays.getTotalCount();
    }

    long begun() {
        return begun;
    }

    long whole() {
        return whole;
    }

    /** Streams that broke off or did not begin. */
    long failed() {
        return failed;
    }
}
