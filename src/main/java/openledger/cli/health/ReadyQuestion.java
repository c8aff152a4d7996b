package openledger.cli.health;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One question to a router: is it ready? Over a plain socket, because it is asked every few seconds by a process of its own and the JDK's
 * HTTP client takes longer to load than the answer to come.
 */
final class ReadyQuestion {
    private static final String PATH = "/q/health/ready";
    /** A status line is shorter; whoever answers with more is no router. */
    private static final int LONGEST_LINE = 256;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final int READY = 200;
    private static final int UNREADY = 503;

    private ReadyQuestion() {}

    /** What came of it, in words for people. */
    sealed interface Reply {
        /** It takes requests. */
        record Ready(String words) implements Reply {}

        /** It does not, or is not there. */
        record NotReady(String words) implements Reply {}
    }

    /**
     * Asks and waits for the answer's first line.
     *
     * @param within for all of it, 1 ms or more
     */
    static Reply ask(InetSocketAddress router, Duration within) {
        String where = router.getAddress().getHostAddress() + ", port " + router.getPort();
        long end = System.nanoTime() + within.toNanos();
        try (Socket socket = new Socket()) {
            socket.connect(router, left(end));
            socket.getOutputStream().write(request().getBytes(StandardCharsets.US_ASCII));
            return judged(firstLine(socket, end), where);
        } catch (SocketTimeoutException e) {
            return new Reply.NotReady("not ready: no answer from " + where + " within " + within.toMillis() + " ms");
        } catch (ConnectException e) {
            return new Reply.NotReady("not ready: nothing listens at " + where);
        } catch (IOException e) {
            return new Reply.NotReady("not ready: the connection to " + where + " broke");
        }
    }

    private static Reply judged(String line, String where) {
        Matcher status = STATUS.matcher(line);
        if (!status.matches()) {
            return new Reply.NotReady("not ready: what answers at " + where + " does not speak HTTP/1.1");
        }
        return switch (Integer.parseInt(status.group(1))) {
            case READY -> new Reply.Ready("ready: the router at " + where + " takes requests");
            case UNREADY ->
                new Reply.NotReady("not ready: the router at " + where + " takes no requests; its log has the reason");
            default ->
                new Reply.NotReady("not ready: " + where + " answers " + status.group(1) + " to GET " + PATH
                        + ", so it is no router");
        };
    }

    private static String request() {
        return "GET " + PATH + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    /** Without its end; what came of it if the other side closes or sends too much. */
    private static String firstLine(Socket socket, long end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_LINE) {
            // Anew each time: whoever sends a byte now and then must not hold us longer.
            socket.setSoTimeout(left(end));
            int next = in.read();
            if (next == -1 || next == '\n') {
                break;
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    private static int left(long end) throws SocketTimeoutException {
        long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException("the time is over");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
