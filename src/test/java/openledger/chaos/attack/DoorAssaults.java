package openledger.chaos.attack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** What anybody can do who reaches the port: no key is used here. */
final class DoorAssaults {
    private static final int H2_HEADS = 1_000;
    private static final int SILENT = 50;
    private static final int DRIPS = 20;
    private static final int EARLY = 60;
    private static final byte[] H2_PREFACE = bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
    /** 2,000 new connections a second, each with a request, are a part of two cores that the attacker uses as well. */
    private static final int NEW_CONNECTIONS_MILLIS = 40;

    private static final List<String> PATHS = List.of(
            "/",
            "/v1/models",
            "/v1/policy",
            "/v1/decisions",
            "/v1/batches",
            "/v1/receipts/00000000000000010000000000000001",
            "/v1/fairness",
            "/v1/fairness/stream",
            "/v1/snapshots/1",
            "/v1/chat/completions",
            "/admin/keys",
            "/admin/policy/reload",
            "/q/health",
            "/q/health/ready",
            "/q/health/live",
            "/q/openapi",
            "/v1/../admin/keys",
            "//admin/keys",
            "/%61dmin/keys",
            "/nothing");
    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW");
    private static final List<String> TYPES = List.of(
            "text/html",
            "*/*;q=x",
            "a/b/c",
            "/",
            ";;;",
            "application/json;charset=no-such",
            "application/xml, */*;q=0",
            "text/plain;q=2",
            "\u00ff\u00fe",
            "application/json; boundary=\"",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
            "=",
            "q=1",
            "application/*+json");
    private static final List<String> FRAMING = List.of(
            "host: y\r\n",
            "transfer-encoding: xchunked\r\n",
            "transfer-encoding: \"chunked\"\r\ncontent-length: 4\r\n",
            "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
            "transfer-encoding: chunked, identity\r\n",
            "x: y\r\n folded\r\n",
            ": nameless\r\n",
            "a b: c\r\n",
            "content-length: 4\r\ncontent-length: 04\r\n",
            "content-length: +4\r\n",
            "content-length: 0x4\r\n",
            "authorization: Bearer a\r\nauthorization: Bearer b\r\n",
            "x\u0001: y\r\n",
            "expect: 200-ok\r\n",
            "upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n");

    private DoorAssaults() {}

    static List<Assault> all() {
        return List.of(
                new Assault("HTTP/2 heads without an end", 2, 50, DoorAssaults::http2),
                new Assault("connections that stay silent", 2, 20, DoorAssaults::silent),
                new Assault("heads that drip and never end", 2, 20, DoorAssaults::drip),
                new Assault("odd Accept, Content-Type, methods and paths", 4, 2, DoorAssaults::negotiate),
                new Assault("odd framing", 4, 2, DoorAssaults::frame),
                new Assault("answers that nobody reads", 2, 400, DoorAssaults::leaveUnread),
                new Assault(
                        "bodies that never come, of requests that are answered",
                        2,
                        20,
                        NEW_CONNECTIONS_MILLIS,
                        DoorAssaults::leaveOpen),
                new Assault("probes of health", 2, 2, DoorAssaults::probe));
    }

    private static void http2(AttackClient client, Random random) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(H2_PREFACE);
        byte[] block = hpack(":method", "POST", ":scheme", "http", ":path", "/v1/chat/completions", ":authority", "x");
        for (int i = 0; i < H2_HEADS; i++) {
            int stream = 2 * i + 1;
            // HEADERS with END_HEADERS and without END_STREAM.
            out.writeBytes(new byte[] {0, (byte) (block.length >> 8), (byte) block.length, 1, 4});
            out.writeBytes(
                    new byte[] {(byte) (stream >> 24), (byte) (stream >> 16), (byte) (stream >> 8), (byte) stream});
            out.writeBytes(block);
        }
        client.reset(out.toByteArray(), AttackClient.First.NOTHING);
    }

    /** Literal fields without indexing (RFC 7541, 6.2.2), no Huffman code. */
    private static byte[] hpack(String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            out.write(0);
            for (String text : List.of(fields[i], fields[i + 1])) {
                out.write(text.length());
                out.writeBytes(bytes(text));
            }
        }
        return out.toByteArray();
    }

    private static void silent(AttackClient client, Random random) throws IOException {
        for (int i = 0; i < SILENT; i++) {
            client.hold(new byte[0]);
        }
    }

    private static void drip(AttackClient client, Random random) throws IOException {
        for (int i = 0; i < DRIPS; i++) {
            client.hold(bytes("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-" + random.nextInt() + ": "));
        }
    }

    private static void negotiate(AttackClient client, Random random) throws IOException {
        client.send(bytes(pick(METHODS, random) + " " + pick(PATHS, random)
                + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\naccept: " + pick(TYPES, random) + "\r\ncontent-type: "
                + pick(TYPES, random) + "\r\ncontent-length: 2\r\n\r\n{}"));
    }

    private static void frame(AttackClient client, Random random) throws IOException {
        String version = random.nextInt(8) == 0 ? "HTTP/2.0" : "HTTP/1.1";
        client.send(bytes("POST /v1/chat/completions " + version + "\r\nhost: x\r\nconnection: close\r\n"
                + pick(FRAMING, random) + (random.nextBoolean() ? pick(FRAMING, random) : "") + "\r\n0\r\n\r\n"));
    }

    private static void leaveUnread(AttackClient client, Random random) throws IOException {
        byte[] early = bytes("GET /q/openapi HTTP/1.1\r\nhost: x\r\n\r\n".repeat(EARLY));
        for (int i = 0; i < DRIPS; i++) {
            client.hold(early);
        }
    }

    private static void leaveOpen(AttackClient client, Random random) throws IOException {
        for (int i = 0; i < DRIPS; i++) {
            client.hold(bytes("GET " + pick(PATHS, random) + " HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{"));
        }
    }

    private static void probe(AttackClient client, Random random) throws IOException {
        String answer =
                client.send(bytes("GET " + pick(List.of("/q/health", "/q/health/ready", "/q/health/live"), random)
                        + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        if (answer.contains("hostile") || answer.contains("\"shared") || answer.contains("best")) {
            throw new AssertionError("a stranger reads names of routes, tiers or providers");
        }
    }

    /** Waits for the router to close a connection that says nothing; false if it has not after so long. */
    static boolean isClosedByRouter(Socket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            while (socket.getInputStream().read() >= 0) {
                // Whatever it says before it closes.
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static String pick(List<String> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
