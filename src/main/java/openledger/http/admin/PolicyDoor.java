package openledger.http.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import openledger.cluster.HopFields;
import openledger.cluster.HopSeal;
import openledger.cluster.PolicyMessages;
import openledger.cluster.ResendRanges;
import openledger.cluster.SeenHops;
import openledger.inference.PolicyReload;
import openledger.inference.Timekeeper;
import openledger.inference.policy.PolicySteps;
import org.jboss.logging.Logger;

/**
 * Takes a policy from another router of the cluster, in two steps, on the port for routers. Whoever cannot prove to be one is told nothing,
 * before any of its body is kept; a proof for anything else is none here. Thread-safe.
 */
public final class PolicyDoor {
    private static final Logger LOG = Logger.getLogger(PolicyDoor.class);
    private static final Set<String> PATHS = Set.of(PolicyMessages.CHECK, PolicyMessages.APPLY, PolicyMessages.DROP);
    private static final int MOST_NONCES = 1_000;
    private static final Duration LONGEST_BODY = Duration.ofSeconds(5);
    private static final int UNAUTHENTICATED = 401;
    private static final int MISDIRECTED = 421;
    private static final int TOO_EARLY = 425;
    private static final int INVALID = 400;
    private static final int INTERNAL = 500;

    private final Vertx vertx;
    private final HopSeal seal;
    private final PolicySteps steps;
    private final ResendRanges ranges;
    private final Timekeeper time;
    private final SeenHops seen = new SeenHops(MOST_NONCES);

    /**
     * A door.
     *
     * @param seal of policies ({@link HopSeal#forPolicies})
     */
    public PolicyDoor(Vertx vertx, HopSeal seal, PolicySteps steps, ResendRanges ranges, Timekeeper time) {
        this.vertx = vertx;
        this.seal = seal;
        this.steps = steps;
        this.ranges = ranges;
        this.time = time;
    }

    /** Whether a request on the port for routers is for this door. */
    public static boolean isFor(HttpServerRequest request) {
        String path = Objects.requireNonNullElse(request.uri(), "");
        return PATHS.contains(path);
    }

    /** A request that is. */
    public void handle(HttpServerRequest request) {
        Optional<HopFields> proved = proved(request);
        if (proved.isEmpty()) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            request.response().setStatusCode(UNAUTHENTICATED).end();
            return;
        }
        HopFields hop = proved.get();
        HttpServerResponse response = request.response();
        response.headersEndHandler(before -> response.headers()
                .set(
                        HopFields.ANSWER_PROOF,
                        seal.answered(
                                hop,
                                response.getStatusCode(),
                                response.headers().entries())));
        if (seen.look(hop, time.epochMillis()) != SeenHops.Verdict.FRESH) {
            response.setStatusCode(TOO_EARLY).end();
        } else if (!ranges.map().isOurHold(hop.lane(), hop.fence())) {
            response.setStatusCode(MISDIRECTED).end();
        } else {
            body(request, hop);
        }
    }

    private Optional<HopFields> proved(HttpServerRequest request) {
        List<String> said = request.headers().getAll(HopFields.NAME);
        if (said.size() != 1 || !HttpMethod.POST.equals(request.method())) {
            return Optional.empty();
        }
        return HopFields.read(said.getFirst())
                .filter(fields -> seal.isOurs(
                        fields,
                        HttpMethod.POST.name(),
                        Objects.requireNonNullElse(request.uri(), ""),
                        request.headers().entries()));
    }

    /** What is larger or slower than a policy may be is dropped with its connection. */
    private void body(HttpServerRequest request, HopFields hop) {
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(
                LONGEST_BODY.toMillis(), late -> request.connection().close());
        request.exceptionHandler(lost -> vertx.cancelTimer(timer));
        request.handler(bytes -> {
            if (body.length() + bytes.length() > PolicySteps.MOST_BYTES) {
                request.connection().close();
            } else {
                body.appendBuffer(bytes);
            }
        });
        request.endHandler(whole -> {
            vertx.cancelTimer(timer);
            taken(request, hop, body.getBytes());
        });
    }

    private void taken(HttpServerRequest request, HopFields hop, byte[] body) {
        String from = request.getHeader(PolicyMessages.FROM);
        if (from == null || !HopSeal.digest(body).equals(hop.bodyDigest())) {
            request.response().setStatusCode(INVALID).end();
            return;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        Uni<ObjectNode> answer = switch (Objects.requireNonNullElse(request.uri(), "")) {
            case PolicyMessages.CHECK ->
                steps.check(
                                from,
                                new PolicySteps.Text(
                                        text, PolicyMessages.isProperties(request.getHeader(PolicyMessages.FORM))))
                        .map(PolicyDoor::rendered);
            case PolicyMessages.APPLY -> steps.apply(from, text).map(PolicyDoor::rendered);
            default -> steps.drop(from).map(dropped -> problems(List.of()));
        };
        answer.subscribe().with(said -> answer(request.response(), said.toString()), bug -> {
            LOG.error("a policy of another router could not be taken", bug);
            request.response().setStatusCode(INTERNAL).end();
        });
    }

    /** The digest of the body is a header, so the proof of the answer is one of the body as well. */
    private static void answer(HttpServerResponse response, String body) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(PolicyMessages.DIGEST, HopSeal.digest(body.getBytes(StandardCharsets.UTF_8)))
                .end(body);
    }

    private static ObjectNode rendered(PolicySteps.Check check) {
        return switch (check) {
            case PolicySteps.Check.Usable(var hash) -> said(hash);
            case PolicySteps.Check.Unusable(var problems) -> problems(problems);
        };
    }

    private static ObjectNode rendered(PolicyReload.Outcome outcome) {
        return switch (outcome) {
            case PolicyReload.Outcome.InForce(var hash, var before) -> said(hash);
            case PolicyReload.Outcome.Unusable(var problems) -> problems(problems);
            case PolicyReload.Outcome.NoSource none -> problems(List.of("what was checked is not kept any more"));
        };
    }

    private static ObjectNode said(String hash) {
        return JsonNodeFactory.instance.objectNode().put("policy_hash", hash);
    }

    private static ObjectNode problems(List<String> all) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        all.forEach(node.putArray("problems")::add);
        return node;
    }
}
