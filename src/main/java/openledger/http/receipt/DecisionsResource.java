package openledger.http.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.http.BoundedReads;
import openledger.http.HomeContext;
import openledger.http.QueryValues.InvalidQuery;
import openledger.http.access.CallerFilter;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemResponse;
import openledger.http.problem.ProblemType;
import openledger.http.problem.Refusal;
import openledger.inference.Catalog;
import openledger.inference.Catalog.LaneNumber;
import openledger.inference.Catalog.Names;
import openledger.inference.record.Decisions;
import openledger.inference.record.Decisions.Found;
import openledger.inference.record.Decisions.Page;
import org.jspecify.annotations.Nullable;

/** A tenant's own decisions, newest first, filtered and in pages. */
@Path("/v1/decisions")
@Produces(MediaType.APPLICATION_JSON)
@BoundedReads
public final class DecisionsResource {
    private static final Refusal TOO_LONG = new Refusal(
            Problem.of(ProblemType.OVERLOADED, "The query took too long. Choose a shorter time range.", ""),
            Optional.of(Duration.ofSeconds(5)));

    private final Decisions decisions;
    private final Catalog catalog;

    @Inject
    DecisionsResource(Decisions decisions, Catalog catalog) {
        this.decisions = decisions;
        this.catalog = catalog;
    }

    @GET
    public Uni<Response> list(@Context UriInfo uri, @Context ContainerRequestContext context) {
        DecisionsQuery query;
        try {
            query = DecisionsQuery.of(uri.getQueryParameters());
        } catch (InvalidQuery e) {
            return Uni.createFrom().item(ProblemResponse.of(e.problem()));
        }
        HomeContext home = HomeContext.here();
        return decisions
                .list(query.filter(CallerFilter.tenantOf(context)))
                .chain(page -> home.back(catalog.names(keys(page))).map(names -> render(page, names)))
                .onFailure(Decisions.TooLong.class)
                .recoverWithItem(() -> ProblemResponse.of(TOO_LONG));
    }

    private static Set<LaneNumber> keys(Page page) {
        return LaneNumber.of(page.decisions().stream().map(Found.Finished::new).toList());
    }

    private static Response render(Page page, Names names) {
        return Response.ok(new DecisionPageJson(
                        page.decisions().stream()
                                .map(decision -> DecisionJson.of(decision, names))
                                .toList(),
                        page.next().map(DecisionsQuery::cursorText).orElse(null)))
                .build();
    }

    /** One page; {@code next_cursor} is absent on the last. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @RegisterForReflection
    public record DecisionPageJson(
            List<DecisionJson> data,
            @JsonProperty("next_cursor") @Nullable String nextCursor) {}
}
