package openledger.http;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Problems as answers of the resources; exceptions that reach the edge become problems too. */
final class ProblemResponse {
    private static final Logger LOG = Logger.getLogger(ProblemResponse.class);

    static Response of(Problem problem) {
        return Response.status(problem.status())
                .type(Problem.CONTENT_TYPE)
                .entity(problem.toJson())
                .build();
    }

    static Response of(WrongKeys.Refusal refusal) {
        Response plain = of(refusal.problem());
        return refusal.retryAfter()
                .map(wait -> Response.fromResponse(plain)
                        .header(HttpHeaders.RETRY_AFTER, OutcomeRenderer.retryAfterSeconds(wait))
                        .build())
                .orElse(plain);
    }

    static Response invalid(String parameter, String detail) {
        return of(Problem.of(ProblemType.INVALID_PARAMETER, detail, parameter));
    }

    static Response notFound(String detail) {
        return of(Problem.of(ProblemType.NOT_FOUND, detail, ""));
    }

    @ServerExceptionMapper
    Response notFound(NotFoundException e) {
        return notFound("There is nothing at this address.");
    }

    @ServerExceptionMapper
    Response notAllowed(NotAllowedException e) {
        return of(Problem.of(ProblemType.METHOD_NOT_ALLOWED, "This address does not take this method.", ""));
    }

    @ServerExceptionMapper
    Response unexpected(RuntimeException bug) {
        LOG.error("request failed on a bug", bug);
        return of(Problem.of(ProblemType.INTERNAL, "See the router's log.", ""));
    }
}
