package openledger.bench.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** What an {@link UpstreamFault} writes to its socket, byte for byte. Confined to one thread. */
final class FaultyReply {
    private final Socket socket;
    private final OutputStream out;
    private final Connection connection;
    private final double pace;
    private final Counts counts;
    private boolean over;

    /** @param pace by which each pause is multiplied */
    FaultyReply(Socket socket, Connection connection, double pace, Counts counts) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.connection = connection;
        this.pace = pace;
        this.counts = counts;
    }

    /** Where calls are counted, before they are answered. */
    interface Counts {
        /** This call does not meet the fault. */
        void spare();

        /** The provider has not seen this call. */
        void unsee();
    }

    /** What the connection of a call has seen before it. */
    enum Connection {
        FRESH,
        REUSED
    }

    Connection connection() {
        return connection;
    }

    /** A whole document with its length. */
    void document(String status, String type, String body, String... headers) throws IOException {
        document(status, type, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    void document(String status, String type, byte[] body, String... headers) throws IOException {
        head(status, type, "content-length: " + body.length, String.join("\r\n", headers));
        write(body);
    }

    /** The head; empty headers are left out. */
    void head(String status, String type, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\ncontent-type: " + type + "\r\n");
        for (String header : headers) {
            head.append(header.isEmpty() ? "" : header + "\r\n");
        }
        write(head + "\r\n");
    }

    /** The head of a stream in chunks. */
    void streamHead() throws IOException {
        head("200 OK", "text/event-stream", "transfer-encoding: chunked");
    }

    /** A whole stream in chunks: {@code body} in one of them. */
    void stream(String body) throws IOException {
        streamHead();
        chunk(body);
        endChunks();
    }

    void chunk(String text) throws IOException {
        chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    void chunk(byte[] bytes) throws IOException {
        write(String.format(Locale.ROOT, "%x\r\n", bytes.length));
        write(bytes);
        write("\r\n");
    }

    void endChunks() throws IOException {
        write("0\r\n\r\n");
    }

    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void pause(Duration length) throws InterruptedException {
        Thread.sleep((long) (length.toMillis() * pace));
    }

    /** Ends the connection as a server does that has said all it has to say. */
    void close() throws IOException {
        over = true;
        socket.shutdownOutput();
    }

    /** Ends the connection as one that has forgotten it. */
    void reset() throws IOException {
        over = true;
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** To be said before the first byte. */
    Counts counts() {
        return counts;
    }

    boolean isOver() {
        return over;
    }
}
