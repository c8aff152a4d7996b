package openledger.stack.retry;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import openledger.demo.LocalStack;
import openledger.stack.Balancer;

/**
 * A request without a key, as an SDK sends it: it leaves its first tries by closing the connection, waits as long as OpenAI's SDKs do, and
 * tries again at the next router, with its number of retries; the last try waits for the answer. Confined to one thread.
 */
final class RetriedRequest {
    /** Departures that count are later than this after the request was sent. */
    static final int SHORTEST_STAY_MILLIS = 60;

    private static final int LONGEST_STAY_MILLIS = 350;
    private static final int LONGEST_ANSWER_MILLIS = 30_000;
    private static final double FIRST_PAUSE_MILLIS = 500;
    private static final double JITTER = 0.25;
    private static final int MOST_TRIES = 4;
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;

    private final URI balancer;
    private final String marker;
    private final int firstRouter;
    private final int departures;
    private final Random random;
    private final List<Try> tries = new ArrayList<>();

    /**
     * A request that was not sent yet.
     *
     * @param marker word in its body
     * @param firstRouter which of the routers gets its first try
     * @param departures after how many tries its client leaves, 1 to 3
     */
    RetriedRequest(URI balancer, String marker, int firstRouter, int departures, Random random) {
        this.balancer = balancer;
        this.marker = marker;
        this.firstRouter = firstRouter;
        this.departures = departures;
        this.random = random;
    }

    /**
     * One try.
     *
     * @param turn of the balancer: which router it went to
     * @param sent monotonic nanoseconds
     * @param ended when its client left, or had the answer
     * @param status 0 if its client left, -1 if the connection was lost
     * @param request name of the request in the answer, empty if there is none
     * @param attempts that the answer's request has made, or was refused; 0 if there is none
     */
    record Try(int turn, long sent, long ended, int status, String request, int attempts) {}

    String marker() {
        return marker;
    }

    List<Try> tries() {
        return List.copyOf(tries);
    }

    /** Until it is answered, or its SDK gives up. */
    void run() throws InterruptedException {
        for (int retry = 0; retry < MOST_TRIES; retry++) {
            if (retry > 0) {
                double pause = FIRST_PAUSE_MILLIS * (1 << (retry - 1)) * (1 - JITTER * random.nextDouble());
                Thread.sleep((long) pause);
            }
            Answer answer = send(retry);
            if (answer.status != 0 && !answer.isWorthARetry()) {
                return;
            }
        }
    }

    private record Answer(int status, String head) {
        /** As SDKs see it. */
        boolean isWorthARetry() {
            return (status >= SERVER_ERROR || status == TOO_MANY || status < 0)
                    && !header("x-should-retry").equals("false");
        }

        String header(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    private Answer send(int retry) {
        boolean leaves = retry < departures;
        int stay = leaves ? random.nextInt(SHORTEST_STAY_MILLIS, LONGEST_STAY_MILLIS) : LONGEST_ANSWER_MILLIS;
        long sent = System.nanoTime();
        Answer answer;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), balancer.getPort())) {
            socket.setTcpNoDelay(true);
            String body = "{\"model\":\"patient\",\"messages\":[{\"role\":\"user\",\"content\":\"" + marker + "\"}]}";
            String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer "
                    + LocalStack.KEY + "\r\ncontent-type: application/json\r\n" + Balancer.TURN + ": "
                    + (firstRouter + retry) + "\r\nx-stainless-retry-count: " + retry + "\r\ncontent-length: "
                    + body.length() + "\r\n\r\n";
            sent = System.nanoTime();
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(stay);
            answer = read(socket.getInputStream());
        } catch (SocketTimeoutException left) {
            answer = new Answer(0, "");
        } catch (IOException lost) {
            answer = new Answer(-1, "");
        }
        String attempts = answer.header("openledger-attempts");
        tries.add(new Try(
                firstRouter + retry,
                sent,
                System.nanoTime(),
                answer.status,
                answer.header("openledger-request"),
                attempts.isEmpty() ? 0 : Integer.parseInt(attempts)));
        return answer;
    }

    /** Whoever gets a first byte in time stays for the rest, so the time counts for that. */
    private static Answer read(InputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return new Answer(-1, "");
        }
        String text = (char) first + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        int head = text.indexOf("\r\n\r\n");
        String[] line = text.split(" ", 3);
        return head < 0 || line.length < 3
                ? new Answer(-1, "")
                : new Answer(Integer.parseInt(line[1]), text.substring(0, head));
    }
}
