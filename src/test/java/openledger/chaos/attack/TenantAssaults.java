package openledger.chaos.attack;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import openledger.http.HostileRequests;
import openledger.routing.Operation;

/** What a tenant with a good key can try to do to other tenants, itself or through a provider that both use. */
final class TenantAssaults {
    private static final int ANNOUNCED = 16 << 20;
    private static final int LARGE_BODY = 15_000_000;
    private static final int ANNOUNCEMENTS = 10;
    private static final int MESSAGES = 40_000;
    /** Of the machine that attacker, router and providers share: reading megabytes, and collecting them once they are read. */
    private static final int WORK_MILLIS = 200;
    /** Of the route that both use: after a refused attempt of its best tier, whoever's it is, the second waits so long at most. */
    private static final int BACK_OFF_MILLIS = 150;

    private static final List<Operation> OPERATIONS = List.of(Operation.values());

    private TenantAssaults() {}

    static List<Assault> all() {
        return List.of(
                new Assault("bodies announced with 16 MiB, sent with two bytes", 2, 300, TenantAssaults::announce),
                new Assault("honest bodies of 15 MB", 4, 400, WORK_MILLIS, TenantAssaults::large),
                new Assault(
                        "bodies of many messages, for another dialect", 3, 200, WORK_MILLIS, TenantAssaults::translate),
                new Assault("resets of fairness streams", 4, 20, TenantAssaults::resetFairness),
                new Assault("resets of requests and streams", 4, 20, TenantAssaults::resetRequests),
                new Assault("answers of 1 MB kept for a resend", 2, 100, TenantAssaults::keep),
                new Assault("questions that wait for a level", 4, 10, TenantAssaults::waitForLevel),
                new Assault(
                        "requests that take long, as many as get in", 4, 5, BACK_OFF_MILLIS, TenantAssaults::occupy),
                new Assault("a provider that sends our own member", 2, 20, TenantAssaults::forge),
                new Assault("a provider that sends bodies where none may be", 4, 10, told("no-content-with-body")),
                new Assault("a provider that sends more than its answer", 4, 10, told("surplus")),
                new Assault("requests that make the provider fail", 4, 30, told("status-500")),
                new Assault("requests that make the provider say Retry-After", 1, 500, told("retry-after")));
    }

    private static Assault.Strike told(String wish) {
        return (client, random) -> client.send(chat("shared", "do:" + wish, ""));
    }

    private static void announce(AttackClient client, Random random) throws IOException {
        for (int i = 0; i < ANNOUNCEMENTS; i++) {
            client.hold(bytes(head(ANNOUNCED, "") + "{\""));
        }
    }

    private static void large(AttackClient client, Random random) throws IOException {
        String start = "{\"model\":\"shared\",\"messages\":[{\"role\":\"user\",\"content\":\"";
        String end = "\"}]}";
        byte[] piece = bytes("x".repeat(64 << 10));
        int filling = LARGE_BODY / piece.length * piece.length;
        try (Socket socket = client.connect()) {
            socket.getOutputStream().write(bytes(head(start.length() + filling + end.length(), "") + start));
            for (int sent = 0; sent < filling; sent += piece.length) {
                socket.getOutputStream().write(piece);
            }
            socket.getOutputStream().write(bytes(end));
            socket.getInputStream().read();
        }
    }

    /** Its last message cannot be said in the dialect of the route's target, which is found out only once all others are read. */
    private static void translate(AttackClient client, Random random) {
        String body = "{\"model\":\"scribe\",\"messages\":["
                + "{\"role\":\"user\",\"content\":\"x\"},".repeat(MESSAGES)
                + (random.nextBoolean()
                        ? "{\"role\":\"user\",\"content\":\"x\",\"odd\":1}]}"
                        : "{\"role\":\"user\",\"content\":\"x\"}]}");
        client.send(bytes(head(body.length(), "") + body));
    }

    private static void resetFairness(AttackClient client, Random random) throws IOException {
        client.reset(get("/v1/fairness/stream"), first(random));
    }

    private static void resetRequests(AttackClient client, Random random) throws IOException {
        String key = random.nextBoolean() ? "" : "idempotency-key: attack-" + random.nextInt(50) + "\r\n";
        client.reset(chat("shared", random.nextBoolean() ? "do:slow" : "Hello!", key), first(random));
    }

    private static AttackClient.First first(Random random) {
        return random.nextBoolean() ? AttackClient.First.NOTHING : AttackClient.First.READS_A_BYTE;
    }

    private static void keep(AttackClient client, Random random) {
        client.send(chat("shared", "do:large", "idempotency-key: large-" + random.nextLong() + "\r\n"));
    }

    private static void waitForLevel(AttackClient client, Random random) throws IOException {
        client.hold(get("/v1/receipts/0000000000000001" + "%016x".formatted(1 + random.nextInt(200)) + "?wait="
                + (random.nextBoolean() ? "RECORDED" : "SEQUENCED")));
    }

    private static void occupy(AttackClient client, Random random) throws IOException {
        client.hold(chat("shared", "do:slow", ""));
    }

    private static void forge(AttackClient client, Random random) {
        String answer = client.send(chat("shared", "do:own-member", ""));
        if (answer.contains("\"forged\"")) {
            throw new AssertionError("a provider's own 'openledger' member was passed on");
        }
    }

    /** A seeded hostile request with a good key; its body is a good one that things were done to. */
    static void volley(AttackClient client, Random random) {
        Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
        byte[] body = HostileRequests.mutated(operation, random);
        byte[] head = bytes("POST " + HostileRequests.path(operation)
                + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer " + AttackStack.ATTACKER_KEY
                + "\r\ncontent-length: " + body.length + "\r\n\r\n");
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        client.send(request);
    }

    static byte[] chat(String model, String text, String headers) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        return bytes(head(body.length(), headers) + body);
    }

    private static String head(int length, String headers) {
        return "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/json\r\n"
                + "authorization: Bearer " + AttackStack.ATTACKER_KEY + "\r\n" + headers + "content-length: " + length
                + "\r\n\r\n";
    }

    private static byte[] get(String path) {
        return bytes("GET " + path + " HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer " + AttackStack.ATTACKER_KEY
                + "\r\n\r\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
