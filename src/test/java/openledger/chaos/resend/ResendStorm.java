package openledger.chaos.resend;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.chaos.resend.CountingProvider.Kind;
import openledger.chaos.resend.ResendCluster.Router;

/**
 * Keyed requests that are sent again and again to all routers in turns: while they run, after they have ended, after their streams have
 * broken, and with another body. The judge is the provider, who counts calls. Thread-safe.
 */
public final class ResendStorm {
    private static final List<Kind> KINDS = List.of(Kind.OK, Kind.SLOW, Kind.FAIL, Kind.STREAM, Kind.BREAK);
    private static final int SENT_AT_ONCE = 2;
    private static final int SENT_LATER = 2;
    private static final int OK = 200;
    private static final int OTHER_BODY = 422;
    private static final int UNAVAILABLE = 503;
    private static final int MOST_AGAIN = 60;

    private final ResendCluster cluster;
    private final List<Router> routers;
    private final Semaphore width;
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();

    /**
     * A storm to come.
     *
     * @param routers that are sent to
     * @param width keys at once
     */
    public ResendStorm(ResendCluster cluster, List<Router> routers, int width) {
        this.cluster = cluster;
        this.routers = routers;
        this.width = new Semaphore(width);
    }

    /** Sends so many keys, each five times; what was wrong with them. */
    public List<String> run(String name, int keys, long seed) throws InterruptedException {
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < keys; i++) {
                String id = name + "-" + i;
                Kind kind = KINDS.get(i % KINDS.size());
                Random random = new Random(seed + i);
                width.acquire();
                workers.execute(() -> {
                    try {
                        one(id, kind, random);
                    } catch (Exception e) {
                        faults.add(id + ": " + e);
                    } finally {
                        width.release();
                    }
                });
            }
        }
        return List.copyOf(faults);
    }

    /** How often each kind of answer was given. */
    public Map<String, Integer> answers() {
        Map<String, Integer> sorted = new TreeMap<>();
        answers.forEach((what, count) -> sorted.put(what, count.get()));
        return sorted;
    }

    private void one(String id, Kind kind, Random random) throws IOException, InterruptedException {
        int turn = random.nextInt(routers.size());
        Set<String> requests = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<HttpResponse<String>>> atOnce = new ArrayList<>();
        for (int i = 0; i < SENT_AT_ONCE; i++) {
            atOnce.add(cluster.http().sendAsync(request(turn++, id, kind, ""), BodyHandlers.ofString()));
            Thread.sleep(random.nextInt(60));
        }
        for (CompletableFuture<HttpResponse<String>> answer : atOnce) {
            try {
                seen(answer.join(), requests);
            } catch (CompletionException broken) {
                count("broken");
            }
        }
        for (int i = 0; i < SENT_LATER; i++) {
            later(id, kind, "", turn++, requests);
        }
        HttpResponse<String> other = later(id, kind, " more", turn, ConcurrentHashMap.newKeySet());
        if (other.statusCode() != OTHER_BODY) {
            faults.add(id + ": another body was answered " + other.statusCode() + " " + other.body());
        }
        int calls = cluster.provider().calls(id);
        if (calls > ResendCluster.BUDGET) {
            faults.add(id + ": " + calls + " calls");
        }
        if (requests.size() > 1) {
            faults.add(id + ": several requests " + requests);
        }
    }

    /** Until it is not told to come back in a moment. */
    private HttpResponse<String> later(String id, Kind kind, String more, int turn, Set<String> requests)
            throws IOException, InterruptedException {
        for (int again = 0; again < MOST_AGAIN; again++) {
            try {
                HttpResponse<String> answer =
                        cluster.http().send(request(turn, id, kind, more), BodyHandlers.ofString());
                seen(answer, requests);
                boolean isToCome =
                        answer.statusCode() == UNAVAILABLE && answer.body().contains("owner-unreachable");
                if (!isToCome) {
                    return answer;
                }
            } catch (IOException broken) {
                count("broken");
            }
            Thread.sleep(100);
        }
        throw new IOException("no answer");
    }

    private HttpRequest request(int turn, String id, Kind kind, String more) {
        return cluster.request(routers.get(turn % routers.size()), "key-" + id, kind, id, more);
    }

    private void seen(HttpResponse<String> answer, Set<String> requests) {
        answer.headers().firstValue("openledger-request").ifPresent(requests::add);
        String body = answer.body();
        int type = body.indexOf("urn:openledger:problem:");
        String problem =
                type < 0 || answer.statusCode() == OK ? "" : " " + body.substring(type + 23, body.indexOf('"', type));
        count(answer.statusCode() + problem);
    }

    private void count(String what) {
        answers.computeIfAbsent(what, first -> new AtomicInteger()).incrementAndGet();
    }
}
