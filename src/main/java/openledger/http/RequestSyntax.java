package openledger.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.http.header.BodyEncoding;
import openledger.http.header.EntityTags;
import openledger.http.header.MediaRanges;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemResponse;
import openledger.http.problem.ProblemType;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests with invalid negotiating headers, by the name of the header, before the framework reads them: it answers some of them as
 * internal errors. Runs after the keys are checked. Query strings, which the framework reads earlier, are {@link AddressFilter}'s.
 */
final class RequestSyntax {
    private static final String QUERY = "query";
    private static final List<String> TAGS = List.of("if-match", "if-none-match");
    /** As many as any of our addresses could use, and more. */
    private static final int MOST_PARAMETERS = 64;

    @ServerRequestFilter(preMatching = true, priority = Priorities.HEADER_DECORATOR)
    Optional<Response> check(RoutingContext routing) {
        return objectionTo(routing.request().headers()).map(problem -> ProblemResponse.of(problem, routing));
    }

    /** What is wrong with a query string; empty if nothing is. */
    static Optional<Problem> objectionTo(@Nullable String query) {
        return query == null || isQuery(query)
                ? Optional.empty()
                : Optional.of(invalid(
                        QUERY,
                        "The query string has an invalid escape, a control character, or more than " + MOST_PARAMETERS
                                + " parameters."));
    }

    private static Optional<Problem> objectionTo(MultiMap headers) {
        for (String accepted : headers.getAll(HttpHeaders.ACCEPT)) {
            if (!MediaRanges.isList(accepted)) {
                return Optional.of(
                        invalid("accept", "'Accept' must be a list of media types, as in 'application/json'."));
            }
        }
        for (String tag : TAGS) {
            if (!headers.getAll(tag).stream().allMatch(EntityTags::isList)) {
                return Optional.of(
                        invalid(tag, "'" + tag + "' must be a list of entity tags, as in '\"0a1b\"', or '*'."));
            }
        }
        Optional<Problem> encoded = BodyEncoding.objectionTo(headers);
        if (encoded.isPresent()) {
            return encoded;
        }
        List<String> types = headers.getAll(HttpHeaders.CONTENT_TYPE);
        if (types.size() > 1 || !types.stream().allMatch(MediaRanges::isType)) {
            return Optional.of(
                    invalid("content-type", "'Content-Type' must be one media type, as in 'application/json'."));
        }
        return types.stream().allMatch(MediaRanges::isBytewise)
                ? Optional.empty()
                : Optional.of(
                        Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body must be UTF-8.", "content-type"));
    }

    private static boolean isQuery(String query) {
        try {
            Map<String, List<String>> read =
                    new QueryStringDecoder(query, StandardCharsets.UTF_8, false, MOST_PARAMETERS + 1).parameters();
            int all = read.values().stream().mapToInt(List::size).sum();
            return all <= MOST_PARAMETERS
                    && read.entrySet().stream()
                            .allMatch(each -> isText(each.getKey())
                                    && each.getValue().stream().allMatch(RequestSyntax::isText));
        } catch (IllegalArgumentException noEscape) {
            return false;
        }
    }

    /** No database takes a text with a NUL, and nobody else needs a control character. */
    private static boolean isText(String value) {
        return value.chars().noneMatch(c -> c < ' ' || c == 0x7f);
    }

    private static Problem invalid(String parameter, String detail) {
        return Problem.of(ProblemType.INVALID_PARAMETER, detail, parameter);
    }
}
