package openledger.chain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.RpcFailover.Silence;
import openledger.chain.rpc.RpcFailure.Kind;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;

/**
 * Sends web3j's questions to a node over the Vert.x client: never blocks, has an end in time and size, and goes to another node when one
 * fails. Futures complete on an event loop, fail with a reason that is fit for a log, and give the call up when cancelled.
 * Not web3j's own interface of this name: that one needs RxJava. Thread-safe.
 */
public final class VertxWeb3jService {
    private static final String NODE = "a node";

    private final RpcFailover failover;
    private final Duration timeout;
    /** A node that has refused a batch gets its questions one by one. */
    private volatile boolean batchRefused;

    public VertxWeb3jService(Vertx vertx, RpcSettings settings) {
        this.failover = new RpcFailover(vertx, settings);
        this.timeout = settings.timeout();
    }

    /** Asks one thing. */
    public <T extends Response<?>> CompletableFuture<T> sendAsync(Request<?, ?> request, Class<T> responseType) {
        return sendAsync(request, responseType, timeout, Silence.IS_A_FAULT);
    }

    /** With a time-out of its own. */
    public <T extends Response<?>> CompletableFuture<T> sendAsync(
            Request<?, ?> request, Class<T> responseType, Duration longest, Silence silence) {
        CompletableFuture<Buffer> said = failover.post(NodeJson.write(request), longest, silence);
        CompletableFuture<T> answer = said.thenApply(bytes -> {
            T response = NodeJson.read(bytes, responseType, NODE);
            checkId(request, response);
            return response;
        });
        return givingUp(answer, List.of(said));
    }

    /** Asks several things in one trip; answers come in the order of the questions. */
    public CompletableFuture<List<Response<?>>> sendBatchAsync(List<Request<?, ? extends Response<?>>> questions) {
        return batchRefused ? oneByOne(questions) : together(questions);
    }

    private CompletableFuture<List<Response<?>>> together(List<Request<?, ? extends Response<?>>> questions) {
        CompletableFuture<Buffer> said = failover.post(NodeJson.write(questions), timeout, Silence.IS_A_FAULT);
        CompletableFuture<List<Response<?>>> answer = said.thenCompose(bytes -> {
            JsonNode tree = NodeJson.tree(bytes, NODE);
            if (!tree.isArray()) {
                batchRefused = true;
                return oneByOne(questions);
            }
            return CompletableFuture.completedFuture(matched(questions, tree));
        });
        return givingUp(answer, List.of(said));
    }

    /** Answers of a batch come in any order. */
    private static List<Response<?>> matched(List<Request<?, ? extends Response<?>>> questions, JsonNode answers) {
        Map<Long, JsonNode> byId = new HashMap<>();
        for (JsonNode answer : answers) {
            byId.put(answer.path("id").asLong(-1), answer);
        }
        List<Response<?>> matched = new ArrayList<>(questions.size());
        for (Request<?, ? extends Response<?>> question : questions) {
            JsonNode answer = byId.get(question.getId());
            if (answer == null) {
                throw new RpcFailure(Kind.NODE, "a node left out an answer of a batch");
            }
            matched.add(NodeJson.read(answer, question.getResponseType(), NODE));
        }
        return matched;
    }

    private CompletableFuture<List<Response<?>>> oneByOne(List<Request<?, ? extends Response<?>>> questions) {
        List<CompletableFuture<? extends Response<?>>> asked = new ArrayList<>(questions.size());
        for (Request<?, ? extends Response<?>> question : questions) {
            asked.add(sendAsync(question, question.getResponseType()));
        }
        CompletableFuture<List<Response<?>>> answer = CompletableFuture.allOf(
                        asked.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> asked.stream()
                        .<Response<?>>map(CompletableFuture::resultNow)
                        .toList());
        return givingUp(answer, asked);
    }

    private static void checkId(Request<?, ?> request, Response<?> response) {
        if (!response.hasError() && response.getId() != request.getId()) {
            throw new RpcFailure(Kind.NODE, "a node answered another question");
        }
    }

    /** Who cancels a derived future does not cancel what it waits for, unless told. */
    private static <T> CompletableFuture<T> givingUp(
            CompletableFuture<T> answer, List<? extends CompletableFuture<?>> asked) {
        var _ = answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                asked.forEach(one -> one.cancel(true));
            }
        });
        return answer;
    }

    /** Ends the connections. */
    public void close() {
        failover.close();
    }
}
