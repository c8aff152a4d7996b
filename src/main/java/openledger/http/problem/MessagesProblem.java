package openledger.http.problem;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import openledger.http.inference.FactsJson;
import openledger.inference.RequestFacts;
import openledger.inference.upstream.UpstreamRejection;

/**
 * A problem in the form of Anthropic's API, where {@code type} is always {@code error}; the members of RFC 9457 stand
 * beside it, the problem's own type as {@code problem}.
 */
public final class MessagesProblem {
    private static final int REQUEST_TOO_LARGE = 413;

    private MessagesProblem() {}

    public static ObjectNode of(Problem problem) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("type", "error");
        ObjectNode error = root.putObject("error");
        error.put(
                "type",
                problem.rejection()
                        .map(UpstreamRejection::type)
                        .filter(type -> !type.isEmpty())
                        .orElse(errorType(problem.status())));
        error.put("message", problem.detail());
        if (!problem.param().isEmpty()) {
            error.put("param", problem.param());
        }
        root.put("problem", problem.type().uri());
        root.put("title", problem.type().title());
        root.put("status", problem.status());
        root.put("detail", problem.detail());
        problem.facts().ifPresent(facts -> facts(root, facts));
        return root;
    }

    private static void facts(ObjectNode root, RequestFacts facts) {
        root.put("request_id", facts.id().toString());
        root.put("instance", "/v1/receipts/" + facts.id());
        root.set("openledger", FactsJson.of(facts));
    }

    private static String errorType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case REQUEST_TOO_LARGE -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }
}
