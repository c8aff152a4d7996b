package openledger.http;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import openledger.audit.court.StakeJson;
import openledger.audit.court.StakeWatch;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemResponse;
import openledger.http.problem.ProblemType;
import openledger.http.problem.Refusal;

/** What the lane has at risk, for everybody it serves. The chain is read in the background, so no question here reaches it. */
@Path("/v1/stake")
@Produces(MediaType.APPLICATION_JSON)
public final class StakeResource {
    private static final String NONE = "This router's lane has no vault.";
    private static final Refusal UNSEEN = new Refusal(
            Problem.of(ProblemType.OVERLOADED, "The vault has not been read yet.", ""),
            Optional.of(Duration.ofSeconds(10)));

    private final StakeAccess access;

    @Inject
    StakeResource(StakeAccess access) {
        this.access = access;
    }

    /** As it was when the vault was read last: some seconds ago, or at the time that it names if it calls itself stale. */
    @GET
    public Response now() {
        return access.watch().map(StakeResource::seen).orElseGet(() -> ProblemResponse.notFound(NONE));
    }

    private static Response seen(StakeWatch watch) {
        return watch.latest()
                .map(view -> Response.ok(StakeJson.of(view, watch.isStale()).toString())
                        .build())
                .orElseGet(() -> ProblemResponse.of(UNSEEN));
    }
}
