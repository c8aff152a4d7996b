package openledger.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that sends any bytes at all, and reads until the router closes the connection. */
public final class RawClient {
    /** Longer than any of the router's bounds in tests, so that only a hang is later: ms of silence. */
    private static final int PATIENCE_MILLIS = 15_000;

    private static final int LARGEST_ANSWER = 4 << 20;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3}) [ -~]*\r\n");
    private static final Pattern HEADER_LINE = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t -~]*");

    private final InetAddress host;
    private final int port;

    public RawClient(URI router) throws IOException {
        this.host = InetAddress.getByName(router.getHost());
        this.port = router.getPort();
    }

    /** How a client goes on once it has sent its bytes. */
    enum Manner {
        /** It waits for the answer. */
        WAITS,
        /** It closes its half of the connection. */
        HALF_CLOSES
    }

    /** Something that writes a request. */
    interface Script {
        void write(OutputStream out) throws IOException;
    }

    public Answer send(byte[] request) throws IOException {
        return send(out -> out.write(request), Manner.WAITS);
    }

    /** All that came back; a router that closes before it has read everything is in its right. */
    Answer send(Script script, Manner manner) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                script.write(socket.getOutputStream());
                socket.getOutputStream().flush();
                if (manner == Manner.HALF_CLOSES) {
                    socket.shutdownOutput();
                }
            } catch (SocketException closedByRouter) {
                // What it said before is still to be read.
            }
            return new Answer(read(socket.getInputStream()));
        }
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[16 << 10];
        try {
            for (int n = in.read(piece); n >= 0 && all.size() < LARGEST_ANSWER; n = in.read(piece)) {
                all.write(piece, 0, n);
            }
        } catch (SocketTimeoutException hang) {
            throw new AssertionError("the router hangs; it has said: " + all.toString(StandardCharsets.UTF_8), hang);
        } catch (SocketException reset) {
            // As good as closed.
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** What came back on a connection: nothing, or one answer or more. */
    public record Answer(String text) {
        /** The status of the first answer, 0 if there was none. */
        public int status() {
            List<Integer> all = statuses();
            return all.isEmpty() ? 0 : all.getFirst();
        }

        /** The statuses of all answers; none if the connection was closed without one. */
        List<Integer> statuses() {
            List<Integer> found = new ArrayList<>();
            Matcher line = STATUS_LINE.matcher(text);
            while (line.find()) {
                found.add(Integer.parseInt(line.group(1)));
            }
            return found;
        }

        /** The lines between the first status line and the first empty line. */
        List<String> headers() {
            int end = text.indexOf("\r\n\r\n");
            List<String> lines =
                    end < 0 ? List.of() : text.substring(0, end).lines().toList();
            return lines.isEmpty() ? lines : lines.subList(1, lines.size());
        }

        /** True if it is an answer by the letter of HTTP/1.1, as far as its head goes, or nothing at all. */
        public boolean isHttp() {
            return text.isEmpty()
                    || (STATUS_LINE.matcher(text).lookingAt()
                            && text.contains("\r\n\r\n")
                            && headers().stream()
                                    .allMatch(line -> HEADER_LINE.matcher(line).matches()));
        }
    }
}
