package openledger.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import openledger.http.inference.InferenceRoutes;
import openledger.routing.Operation;

/** Requests as nobody should send them, from a seed. */
public final class HostileRequests {
    private static final List<byte[]> SNIPPETS = List.of(
            bytes("\\ud800"),
            bytes("\\udc00\\ud800"),
            bytes("\\u0000"),
            bytes("\\u00"),
            bytes("\\"),
            bytes("\""),
            bytes(","),
            bytes("}"),
            bytes("]]]]"),
            bytes("{\"a\":"),
            bytes("[".repeat(5_000)),
            bytes("{\"a\":".repeat(2_000)),
            bytes("\"model\":\"mixed\","),
            bytes("\"mod\\u0065l\":\"scribe\","),
            bytes("\"stream\":true,"),
            bytes("\"str\\u0065am\":1,"),
            bytes("\"openledger\":{\"mode\":\"fast\"},"),
            bytes("\"openledger\":{\"base_url\":\"http://127.0.0.1:9/\"},"),
            bytes("\"openl\\u0065dger\":{\"mode\":[]},"),
            bytes("\"base_url\":\"http://127.0.0.1:9/\","),
            bytes("\"n\":1e400,"),
            bytes("\"max_tokens\":" + "9".repeat(3_000) + ","),
            bytes("\"temperature\":-0.0e-999999999,"),
            bytes("\"max_tokens\":1e999999999,"),
            bytes("\ufeff"),
            bytes("x".repeat(100_000)),
            new byte[] {0},
            new byte[] {(byte) 0xff, (byte) 0xfe},
            new byte[] {(byte) 0xc0, (byte) 0xaf},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            new byte[] {(byte) 0xf0, (byte) 0x9f, (byte) 0x98});

    private HostileRequests() {}

    /** A body that is as it should be. */
    static String good(Operation operation, Random random) {
        boolean stream = random.nextBoolean();
        return switch (operation) {
            case CHAT ->
                "{\"model\":\"" + (random.nextBoolean() ? "assistant" : "scribe") + "\",\"stream\":" + stream
                        + ",\"max_tokens\":64,\"temperature\":0.5,\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Gr\u00fcezi \ud83d\ude00\"}]}],"
                        + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]}";
            case EMBEDDINGS -> "{\"model\":\"assistant\",\"input\":[\"a\",\"b\"],\"encoding_format\":\"float\"}";
            case RESPONSES ->
                "{\"model\":\"assistant\",\"stream\":" + stream
                        + ",\"input\":[{\"role\":\"user\",\"content\":\"Hello!\"}],\"openledger\":{\"mode\":\"fast\"}}";
            case COUNT_TOKENS -> "{\"model\":\"scribe\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}";
            case MESSAGES ->
                "{\"model\":\"scribe\",\"max_tokens\":64,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}";
        };
    }

    /** A good body with one to four things done to it. */
    public static byte[] mutated(Operation operation, Random random) {
        byte[] body = bytes(good(operation, random));
        for (int i = random.nextInt(4); i >= 0; i--) {
            body = mutated(body, random);
        }
        return body;
    }

    private static byte[] mutated(byte[] body, Random random) {
        int from = random.nextInt(body.length + 1);
        int to = from + random.nextInt(Math.min(24, body.length - from + 1));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(body, 0, from);
        switch (random.nextInt(5)) {
            case 0 -> out.writeBytes(new byte[] {(byte) random.nextInt(256)});
            case 1 -> to = body.length;
            case 2 -> {
                out.write(body, from, to - from);
                to = from;
            }
            case 3 -> out.writeBytes(SNIPPETS.get(random.nextInt(SNIPPETS.size())));
            default -> {
                out.reset();
                out.write('{');
                out.writeBytes(SNIPPETS.get(random.nextInt(SNIPPETS.size())));
                to = Math.min(1, body.length);
            }
        }
        out.write(body, to, body.length - to);
        return out.toByteArray();
    }

    /** Where an operation is asked for. */
    public static String path(Operation operation) {
        return InferenceRoutes.path(operation);
    }

    /** A whole request for one answer. */
    static byte[] request(Operation operation, String headers, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(head(operation, headers + "content-length: " + body.length + "\r\n")));
        out.writeBytes(body);
        return out.toByteArray();
    }

    /** A head with a good key, whose connection ends with its answer; {@code headers} are lines with their ends. */
    static String head(Operation operation, String headers) {
        return "POST " + InferenceRoutes.path(operation)
                + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer " + RouterUnderTest.KEY + "\r\n"
                + headers + "\r\n";
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
