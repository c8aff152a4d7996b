package openledger.chaos.attack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A provider that does what the text of a request says: {@code do:status-500}, {@code do:retry-after}, {@code do:no-content-with-body},
 * {@code do:own-member}, {@code do:large}, {@code do:surplus}, {@code do:slow}; else it answers well. Raw sockets, so that no library
 * mends what it sends. One virtual thread a connection; keeps connections alive as a good server does.
 */
final class HostileUpstream implements AutoCloseable {
    private static final Pattern WISH = Pattern.compile("do:([a-z0-9-]+)");
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
    private static final int LARGEST_HEAD = 64 << 10;
    private static final int LARGEST_WISH = 64 << 10;
    private static final int LARGE = 1_000_000;
    private static final long SLOW_MILLIS = 3_000;
    private static final int SILENCE_MILLIS = 60_000;

    private final ServerSocket listening;

    private HostileUpstream(ServerSocket listening) {
        this.listening = listening;
    }

    static HostileUpstream start() throws IOException {
        HostileUpstream upstream = new HostileUpstream(new ServerSocket(0, 500, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(upstream::accept);
        return upstream;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket client) {
        try (client) {
            client.setSoTimeout(SILENCE_MILLIS);
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            for (String request = request(in); !request.isEmpty(); request = request(in)) {
                answer(wish(request), client.getOutputStream());
            }
        } catch (IOException gone) {
            // The router may leave at any time.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String wish(String request) {
        Matcher wish = WISH.matcher(request);
        return wish.find() ? wish.group(1) : "";
    }

    private static void answer(String wish, OutputStream out) throws IOException, InterruptedException {
        String text = switch (wish) {
            case "status-500" -> document("500 Oops", "{\"error\":{\"message\":\"told to fail\"}}");
            case "retry-after" -> "HTTP/1.1 429 Wait\r\nretry-after: 9999999\r\ncontent-length: 2\r\n\r\n{}";
            case "no-content-with-body" ->
                "HTTP/1.1 204 No Content\r\ncontent-length: 40\r\n\r\nHTTP/1.1 200 OK\r\nx: \u001b[31mforged line\n\n\n";
            case "own-member" ->
                document("200 OK", chat("Hi.", ",\"openledger\":{\"attempts\":0,\"tier\":\"forged\"}"));
            case "large" -> document("200 OK", chat("x".repeat(LARGE), ""));
            case "surplus" ->
                document("200 OK", chat("Hi.", "")) + "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n\"forged\"";
            default -> document("200 OK", chat("Hello.", ""));
        };
        if (wish.equals("slow")) {
            Thread.sleep(SLOW_MILLIS);
        }
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String document(String status, String body) {
        return "HTTP/1.1 " + status + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private static String chat(String content, String more) {
        return "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"told\",\"choices\":[{\"index\":0,"
                + "\"message\":{\"role\":\"assistant\",\"content\":\"" + content + "\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}" + more + "}";
    }

    /** Head and body of the next request; empty at the end. */
    private static String request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > LARGEST_HEAD) {
                return "";
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head.toString().toLowerCase(Locale.ROOT));
        int announced = length.find() ? Integer.parseInt(length.group(1)) : 0;
        byte[] body = in.readNBytes(Math.min(announced, LARGEST_WISH));
        drop(in, announced - body.length);
        return head + new String(body, StandardCharsets.ISO_8859_1);
    }

    /** Whoever measures shares this process, and must not wait for its garbage. */
    private static void drop(InputStream in, int length) throws IOException {
        byte[] piece = new byte[LARGEST_HEAD];
        int left = length;
        while (left > 0) {
            int read = in.read(piece, 0, Math.min(left, piece.length));
            if (read < 0) {
                return;
            }
            left -= read;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
