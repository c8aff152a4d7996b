package openledger.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Requests that are right but for one thing, from a seed. */
final class FramingFaults {
    private static final List<String> SINGLE = List.of(
            "host",
            "content-length",
            "transfer-encoding",
            "authorization",
            "x-api-key",
            "content-type",
            "idempotency-key",
            "openledger-mode",
            "openledger-nonce",
            "openledger-receipt");
    private static final List<String> VERSIONS = List.of(
            "HTTP/2.0",
            "HTTP/2",
            "HTTP/3",
            "HTTP/0.9",
            "HTTP/1.2",
            "HTTP/1.10",
            "HTTP/01.1",
            "http/1.1",
            "HTTP/1.1 ",
            "HTTP /1.1",
            "HTTPS/1.1",
            "HTTP/11",
            "HTTP/1,1",
            "",
            "ICY");
    private static final List<String> ENCODINGS = List.of(
            "xchunked",
            "\"chunked\"",
            "chunked, chunked",
            "gzip, chunked",
            "chunked, identity",
            "identity",
            "Chunked",
            "chunked;q=1",
            "\u000bchunked",
            "chunked\u0000",
            ",chunked",
            "chunked,",
            "",
            "chun ked",
            "'chunked'",
            "cow",
            "chunkedx");
    private static final List<String> LENGTHS = List.of(
            "-1",
            "+2",
            "2, 2",
            "2 2",
            "0x2",
            "2.0",
            "1e1",
            "",
            "two",
            "\uff12",
            "2;",
            "\"2\"",
            "99999999999999999999",
            "2\u0000");
    private static final List<String> NAMES = List.of(
            "", " ", "x y", "x\u0000", "x\t", "(x)", "x@y", "\"x\"", "x\u00e9", "x,y", "x=y", "[x]", "x ", "\u007f",
            "x;y", "{x}");
    private static final List<String> HOSTS = List.of(
            "",
            "a b",
            "a,b",
            "a/b",
            "user@a",
            "a:b",
            "a:1:2",
            "a:123456",
            "[::1",
            "::1]",
            "a\\b",
            "a?b",
            "a#b",
            "a%41",
            "<a>");
    static final List<String> TARGETS = List.of(
            "/v1/../admin",
            "//admin",
            "/%61dmin",
            "/admin;x",
            "/admin;x=y/keys",
            "/./admin",
            "/v1/./../admin",
            "/v1/%2e%2e/admin",
            "/v1/%2E./admin",
            "/v1/..",
            "/.",
            "/..",
            "/admin/",
            "/admin//keys",
            "/admin/./keys",
            "/v1%2fadmin",
            "/admin%2fkeys",
            "/x%2F..%2Fadmin",
            "/v1/..;/admin",
            "/admin%3bx",
            "/admin%00",
            "/admin%5ckeys",
            "\\admin",
            "/\\admin",
            "/%2561dmin",
            "/admin%",
            "/admin%6",
            "/admin%zz",
            "/admi%6e/keys",
            "/v1/chat/completions/",
            "/v1//chat/completions",
            "/v1/chat/completions;a",
            "/v1/chat/%63ompletions",
            "/v1/chat/completions#x",
            "/v1/chat/completions%20x/..",
            "admin",
            "*",
            "http://x/admin",
            "HTTP://x/admin",
            "x:80",
            "/a\u00e9",
            "/a\u0000",
            "/a\u007f",
            "/a|b",
            "/a\"b",
            "/a<b",
            "/a^b",
            "/a?%",
            "/a?%g0",
            "/a?b\u00e9",
            "/a?#",
            "?a",
            "",
            "/%09",
            "/%7f",
            "/%0d%0ax",
            "/v1/%2f");

    private FramingFaults() {}

    /** A request that is right, with a body of two octets. */
    static List<String> good() {
        return new ArrayList<>(
                List.of("POST /v1/x HTTP/1.1", "host: a", "authorization: Bearer b", "content-length: 2"));
    }

    static String text(List<String> lines) {
        return String.join("\r\n", lines) + "\r\n\r\n{}";
    }

    /** One that no reader should have to interpret. */
    static String one(Random random) {
        List<String> lines = good();
        if (random.nextBoolean()) {
            lines.add(1 + random.nextInt(lines.size()), "x-more: " + random.nextInt());
        }
        switch (random.nextInt(12)) {
            case 0 -> twice(lines, random);
            case 1 -> lines.set(0, "POST /v1/x " + any(VERSIONS, random));
            case 2 -> {
                lines.removeIf(line -> line.startsWith("content-length") && random.nextBoolean());
                lines.add(name("transfer-encoding", random) + ":" + any(List.of(" ", "", "\t"), random)
                        + any(ENCODINGS, random));
            }
            case 3 ->
                lines.replaceAll(
                        line -> line.startsWith("content-length") ? "content-length: " + any(LENGTHS, random) : line);
            case 4 -> lines.add(1 + random.nextInt(lines.size()), any(NAMES, random) + ": x");
            case 5 -> lines.set(1, "host: " + any(HOSTS, random));
            case 6 -> lines.removeIf(line -> line.startsWith("host"));
            case 7 -> lines.set(0, "POST " + any(TARGETS, random) + " HTTP/1.1");
            // A folded line, or a space before the first header.
            case 8 -> lines.add(1 + random.nextInt(lines.size()), any(List.of(" folded", "\tfolded: x", " "), random));
            case 9 -> control(lines, random);
            case 10 -> {
                return text(lines).replaceFirst("\r\n", any(List.of("\n", "\r", "\r\r\n", "\n\r"), random));
            }
            default -> {
                lines.add("transfer-encoding: chunked");
                lines.add(name("X-Last", random) + ": y");
            }
        }
        return text(lines);
    }

    private static void twice(List<String> lines, Random random) {
        String name = any(SINGLE, random);
        String value = switch (name) {
            case "transfer-encoding" -> "chunked";
            case "content-length" -> "2";
            default -> "v" + random.nextInt(2);
        };
        lines.removeIf(line -> line.startsWith(name));
        lines.add(1 + random.nextInt(lines.size()), name(name, random) + ": " + value);
        lines.add(1 + random.nextInt(lines.size()), name(name, random) + ":" + value);
    }

    private static void control(List<String> lines, Random random) {
        String octets = "\u0000\u0001\u0008\u000b\u000c\u000e\u001b\u001f\u007f\r";
        char octet = octets.charAt(random.nextInt(octets.length()));
        int line = random.nextInt(lines.size());
        String old = lines.get(line);
        int at = random.nextInt(old.length());
        lines.set(line, old.substring(0, at) + octet + old.substring(at));
    }

    private static String name(String name, Random random) {
        StringBuilder mixed = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            mixed.append(random.nextBoolean() ? String.valueOf(c).toUpperCase(Locale.ROOT) : String.valueOf(c));
        }
        return mixed.toString();
    }

    private static String any(List<String> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
