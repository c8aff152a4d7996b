package openledger.http;

import jakarta.inject.Inject;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Optional;
import openledger.inference.KeyRegister;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Problems as answers of the resources; exceptions that reach the edge become problems too. */
final class ProblemResponse {
    private static final Logger LOG = Logger.getLogger(ProblemResponse.class);

    private final AdminAccess admin;

    @Inject
    ProblemResponse(AdminAccess admin) {
        this.admin = admin;
    }

    static Response of(Problem problem) {
        return Response.status(problem.status())
                .type(Problem.CONTENT_TYPE)
                .entity(problem.toJson())
                .build();
    }

    static Response of(Refusal refusal) {
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

    static Response nothingThere() {
        return notFound("There is nothing at this address.");
    }

    @ServerExceptionMapper
    Response notFound(NotFoundException e) {
        return nothingThere();
    }

    @ServerExceptionMapper
    Response notAllowed(NotAllowedException e, UriInfo uri) {
        if (admin.isOff() && uri.getPath().startsWith(AdminAccess.PATH + "/")) {
            return nothingThere();
        }
        return of(Problem.of(ProblemType.METHOD_NOT_ALLOWED, "This address does not take this method.", ""));
    }

    @ServerExceptionMapper
    Response unavailable(KeyRegister.RegisterUnavailable e) {
        LOG.warnf("the admin API cannot answer, reason=%s", e.getMessage());
        Problem problem = Problem.of(ProblemType.OVERLOADED, "The register of keys does not answer.", "");
        return of(new Refusal(problem, Optional.of(Duration.ofSeconds(1))));
    }

    @ServerExceptionMapper
    Response unexpected(RuntimeException bug) {
        LOG.error("request failed on a bug", bug);
        return of(Problem.of(ProblemType.INTERNAL, "See the router's log.", ""));
    }
}
