package openledger.http.problem;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Optional;
import openledger.access.KeyRegister;
import openledger.http.header.RetryAfterHeader;
import openledger.http.inference.ApiFlavor;
import openledger.http.inference.InferenceRoutes;
import openledger.inference.record.RecordsUnavailable;
import openledger.settlement.log.ArchiveUnavailable;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Problems as answers of the resources; exceptions that reach the edge become problems too. */
public final class ProblemResponse {
    private static final String EXPORT_NOT_READ =
            "These data are no longer in the database: they are in the export of the log (openledger log export)."
                    + " This router does not read it, because it has no 'openledger.log.archive'.";
    private static final String EXPORT_UNREADABLE =
            "These data are in the export of the log, which cannot be read at the moment.";
    private static final Logger LOG = Logger.getLogger(ProblemResponse.class);

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;

    ProblemResponse() {}

    public static Response of(Problem problem) {
        return of(problem, ApiFlavor.CHAT);
    }

    /** In the form that clients of an address read. */
    public static Response of(Problem problem, RoutingContext routing) {
        return of(problem, ApiFlavor.ofPath(routing.normalizedPath()));
    }

    private static Response of(Problem problem, ApiFlavor idiom) {
        return Response.status(problem.status())
                .type(Problem.CONTENT_TYPE)
                .entity(idiom.error(problem))
                .build();
    }

    public static Response of(Refusal refusal) {
        return of(refusal, of(refusal.problem()));
    }

    /** In the form that clients of an address read. */
    public static Response of(Refusal refusal, RoutingContext routing) {
        return of(refusal, of(refusal.problem(), routing));
    }

    private static Response of(Refusal refusal, Response plain) {
        return refusal.retryAfter()
                .map(wait -> Response.fromResponse(plain)
                        .header(HttpHeaders.RETRY_AFTER, RetryAfterHeader.seconds(wait))
                        .build())
                .orElse(plain);
    }

    public static Response invalid(String parameter, String detail) {
        return of(Problem.of(ProblemType.INVALID_PARAMETER, detail, parameter));
    }

    public static Response notFound(String detail) {
        return of(Problem.of(ProblemType.NOT_FOUND, detail, ""));
    }

    public static Response nothingThere() {
        return notFound(Problem.NOTHING_HERE);
    }

    /** What the framework finds wrong keeps its status; what we throw ourselves is whole already. */
    @ServerExceptionMapper
    Response refused(WebApplicationException e, UriInfo uri) {
        Response theirs = e.getResponse();
        if (theirs.hasEntity() || theirs.getStatus() < BAD_REQUEST) {
            return theirs;
        }
        String path = uri.getRequestUri().getPath();
        boolean isOtherMethod = theirs.getStatus() == NOT_FOUND && InferenceRoutes.isOperation(path);
        Response ours = of(Problem.ofStatus(isOtherMethod ? NOT_ALLOWED : theirs.getStatus()), ApiFlavor.ofPath(path));
        String allowed = isOtherMethod ? "POST" : theirs.getHeaderString(HttpHeaders.ALLOW);
        return allowed == null
                ? ours
                : Response.fromResponse(ours).header(HttpHeaders.ALLOW, allowed).build();
    }

    @ServerExceptionMapper
    Response unavailable(KeyRegister.RegisterUnavailable e) {
        LOG.warnf("the admin API cannot answer, reason=%s", e.getMessage());
        Problem problem = Problem.of(ProblemType.OVERLOADED, "The register of keys does not answer.", "");
        return of(new Refusal(problem, Optional.of(Duration.ofSeconds(1))));
    }

    @ServerExceptionMapper
    Response unavailable(RecordsUnavailable e) {
        LOG.warnf("a query of records failed, reason=%s", e.getCause());
        Problem problem = Problem.of(ProblemType.OVERLOADED, "The database of records does not answer.", "");
        return of(new Refusal(problem, Optional.of(Duration.ofSeconds(1))));
    }

    @ServerExceptionMapper
    Response unavailable(ArchiveUnavailable e) {
        LOG.warnf("dropped data of a batch cannot be read, reason=%s", e.getMessage());
        Response answer = switch (e.why()) {
            case NOT_CONFIGURED -> notFound(EXPORT_NOT_READ);
            case UNREADABLE ->
                of(new Refusal(
                        Problem.of(ProblemType.OVERLOADED, EXPORT_UNREADABLE, ""), Optional.of(Duration.ofSeconds(1))));
        };
        return Response.fromResponse(answer)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    @ServerExceptionMapper
    Response unexpected(RuntimeException bug) {
        LOG.error("request failed because of a bug", bug);
        return of(Problem.of(ProblemType.INTERNAL, "See the router's log.", ""));
    }
}
