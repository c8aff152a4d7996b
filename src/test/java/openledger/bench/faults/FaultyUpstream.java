package openledger.bench.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.bench.faults.FaultyReply.Connection;
import openledger.bench.faults.UpstreamFault.Script;

/**
 * A provider on a port of its own that does the same with each call, and counts the calls. Raw sockets, so that no library mends what
 * it sends. Whatever is not a call (health, list of models) is answered well and not counted. One virtual thread a connection.
 */
final class FaultyUpstream implements AutoCloseable, FaultyReply.Counts {
    private static final Pattern LENGTH = Pattern.compile("content-length: *(\\d+)");
    private static final int LARGEST_HEAD = 64 << 10;
    private static final int SILENCE_MILLIS = 60_000;
    private static final String MODELS = "{\"object\":\"list\",\"status\":\"ok\",\"data\":[{\"id\":\""
            + ProviderWords.MODEL + "\",\"object\":\"model\",\"created\":1,\"owned_by\":\"someone\"}]}";

    private final ServerSocket listening;
    private final Script script;
    private final double pace;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger struck = new AtomicInteger();

    private FaultyUpstream(ServerSocket listening, Script script, double pace) {
        this.listening = listening;
        this.script = script;
        this.pace = pace;
    }

    /** @param pace by which each pause of the script is multiplied: 1, or less in tests */
    static FaultyUpstream start(Script script, double pace) throws IOException {
        ServerSocket listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        FaultyUpstream upstream = new FaultyUpstream(listening, script, pace);
        Thread.ofVirtual().start(upstream::accept);
        return upstream;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many calls it has seen. */
    int calls() {
        return calls.get();
    }

    /** How many calls have met the fault. */
    int struck() {
        return struck.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout(SILENCE_MILLIS);
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            Connection connection = Connection.FRESH;
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                dropBody(head, in);
                FaultyReply reply = new FaultyReply(client, connection, pace, this);
                answer(head, reply);
                if (reply.isOver()) {
                    lingerOn(in);
                    return;
                }
                connection = Connection.REUSED;
            }
        } catch (IOException gone) {
            // The gateway may leave at any time.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void answer(String head, FaultyReply reply) throws IOException, InterruptedException {
        if (!head.startsWith("POST ")) {
            reply.document("200 OK", "application/json", MODELS);
            return;
        }
        // Before the script, which may take its time or fail because the gateway has left.
        calls.incrementAndGet();
        struck.incrementAndGet();
        script.play(reply);
    }

    @Override
    public void spare() {
        struck.decrementAndGet();
    }

    @Override
    public void unsee() {
        calls.decrementAndGet();
    }

    /** Unread bytes would turn the end of the connection into a reset. */
    private static void lingerOn(InputStream in) throws IOException {
        byte[] piece = new byte[LARGEST_HEAD];
        while (in.read(piece) >= 0) {
            // What comes now is of no use.
        }
    }

    /** Head of the next request in lower case but for its first line; empty at the end. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > LARGEST_HEAD) {
                return "";
            }
            head.append((char) next);
        }
        int line = head.indexOf("\r\n");
        return head.substring(0, line) + head.substring(line).toLowerCase(Locale.ROOT);
    }

    private static void dropBody(String head, InputStream in) throws IOException {
        if (head.contains("transfer-encoding: chunked")) {
            for (int size = size(in); size > 0; size = size(in)) {
                in.skipNBytes(size + 2L);
            }
            in.skipNBytes(2);
            return;
        }
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
            in.skipNBytes(Integer.parseInt(length.group(1)));
        }
    }

    private static int size(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("a request's body ended early");
            }
            line.append((char) next);
        }
        return Integer.parseInt(line.toString().strip(), 16);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
