package openledger.chain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.RpcFailover.Silence;
import openledger.chain.rpc.RpcFailure.Kind;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;

/**
 * Sends web3j's requests to a node over the Vert.x client: never blocks, is bounded in time and size, and goes to another node when one
 * fails. A call is made for each subscription, completes on an event loop, fails with a reason that is fit for a log, and is dropped when
 * cancelled. Not web3j's own interface of this name: that one needs RxJava. Thread-safe.
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
    public <T extends Response<?>> Uni<T> send(Request<?, ?> request, Class<T> responseType) {
        return send(request, responseType, timeout, Silence.IS_A_FAULT);
    }

    /** With a time-out of its own. */
    public <T extends Response<?>> Uni<T> send(
            Request<?, ?> request, Class<T> responseType, Duration longest, Silence silence) {
        return failover.post(NodeJson.write(request), longest, silence).map(bytes -> {
            T response = NodeJson.read(bytes, responseType, NODE);
            checkId(request, response);
            return response;
        });
    }

    /** Asks several things in one trip, at least one; answers come in the order of the questions. */
    public Uni<List<Response<?>>> sendBatch(List<Request<?, ? extends Response<?>>> questions) {
        return Uni.createFrom().deferred(() -> batchRefused ? oneByOne(questions) : together(questions));
    }

    private Uni<List<Response<?>>> together(List<Request<?, ? extends Response<?>>> questions) {
        return failover.post(NodeJson.write(questions), timeout, Silence.IS_A_FAULT)
                .chain(bytes -> {
                    JsonNode tree = NodeJson.tree(bytes, NODE);
                    if (!tree.isArray()) {
                        batchRefused = true;
                        return oneByOne(questions);
                    }
                    return Uni.createFrom().item(matched(questions, tree));
                });
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

    private Uni<List<Response<?>>> oneByOne(List<Request<?, ? extends Response<?>>> questions) {
        List<Uni<? extends Response<?>>> asked = new ArrayList<>(questions.size());
        for (Request<?, ? extends Response<?>> question : questions) {
            asked.add(send(question, question.getResponseType()));
        }
        return Uni.combine()
                .all()
                .unis(asked)
                .with(answers -> answers.stream()
                        .<Response<?>>map(answer -> (Response<?>) answer)
                        .toList());
    }

    private static void checkId(Request<?, ?> request, Response<?> response) {
        if (!response.hasError() && response.getId() != request.getId()) {
            throw new RpcFailure(Kind.NODE, "a node returned the answer to another request");
        }
    }

    /** Ends the connections. */
    public void close() {
        failover.close();
    }
}
