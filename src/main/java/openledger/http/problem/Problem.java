package openledger.http.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import openledger.http.inference.FactsJson;
import openledger.inference.RequestFacts;
import openledger.inference.upstream.UpstreamRejection;

/**
 * An error body that is RFC 9457 and carries OpenAI's {@code error} member, so that one body serves both kinds of
 * clients.
 *
 * @param type which kind
 * @param status HTTP status, usually the type's
 * @param detail what happened here and what to do
 * @param param the header or member to change, empty if none
 * @param rejection the provider's error, if the problem is about one
 * @param facts what is known of the request, if it had got that far
 */
public record Problem(
        ProblemType type,
        int status,
        String detail,
        String param,
        Optional<UpstreamRejection> rejection,
        Optional<RequestFacts> facts) {
    public static final String CONTENT_TYPE = "application/problem+json";
    static final String NOTHING_HERE =
            "There is nothing at this address: check its path; GET /q/openapi lists all addresses.";
    private static final ObjectMapper JSON = new ObjectMapper();

    public static Problem of(ProblemType type, String detail, String param) {
        return new Problem(type, type.status(), detail, param, Optional.empty(), Optional.empty());
    }

    public static Problem of(ProblemType type, String detail, RequestFacts facts) {
        return new Problem(type, type.status(), detail, "", Optional.empty(), Optional.of(facts));
    }

    /** What an error of the framework is called, which has a status and no more. */
    public static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> of(ProblemType.NOT_FOUND, NOTHING_HERE, "");
            case 405 ->
                of(
                        ProblemType.METHOD_NOT_ALLOWED,
                        "This address does not allow this method: use the one that GET /q/openapi lists for it.",
                        "");
            case 406 ->
                of(
                        ProblemType.NOT_ACCEPTABLE,
                        "This address has no answer of a type that 'Accept' allows: leave 'Accept' out, or name the type that GET /q/openapi lists for it.",
                        "accept");
            case 415 ->
                of(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "This address does not take this media type: send JSON in UTF-8, as 'application/json'.",
                        "content-type");
            default -> {
                ProblemType type = status < 500 ? ProblemType.INVALID_PARAMETER : ProblemType.INTERNAL;
                String detail = status < 500 ? "The request cannot be read." : "See the router's log.";
                yield new Problem(type, status, detail, "", Optional.empty(), Optional.empty());
            }
        };
    }

    /** The body, one line. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(toTree());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of strings can be written", impossible);
        }
    }

    /** What else the provider's error has, under the provider's names: clients look for it there. */
    private static void addTo(ObjectNode error, String details) {
        try {
            JSON.readTree(details).properties().stream()
                    .filter(member -> !error.has(member.getKey()))
                    .forEach(member -> error.set(member.getKey(), member.getValue()));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("details are a JSON object", impossible);
        }
    }

    private ObjectNode toTree() {
        ObjectNode root = JSON.createObjectNode();
        root.put("type", type.uri());
        root.put("title", type.title());
        root.put("status", status);
        root.put("detail", detail);
        facts.ifPresent(known -> {
            root.put("instance", "/v1/receipts/" + known.id());
            root.set("openledger", FactsJson.of(known));
        });
        ObjectNode error = root.putObject("error");
        error.put("message", detail);
        error.put(
                "type",
                rejection.map(UpstreamRejection::type).filter(t -> !t.isEmpty()).orElse(type.errorType()));
        error.put(
                "param",
                rejection
                        .map(UpstreamRejection::param)
                        .filter(p -> !p.isEmpty())
                        .orElse(param.isEmpty() ? null : param));
        error.put(
                "code",
                rejection.map(UpstreamRejection::code).filter(c -> !c.isEmpty()).orElse(type.errorCode()));
        rejection.map(UpstreamRejection::details).filter(d -> !d.isEmpty()).ifPresent(details -> addTo(error, details));
        return root;
    }
}
