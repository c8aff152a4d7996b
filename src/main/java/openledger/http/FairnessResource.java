package openledger.http;

import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.http.access.CallerFilter;
import openledger.http.inference.Holding;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemResponse;
import openledger.http.problem.ProblemType;
import openledger.http.problem.Refusal;
import openledger.inference.admission.FairPermits;
import openledger.inference.fairness.FairnessReader;
import openledger.inference.fairness.FairnessView;
import openledger.inference.fairness.FairnessView.Scope;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestStreamElementType;

/**
 * How fair the router is now, or those of its cluster are together, for everybody it serves: figures of cohorts, in which no tenant has a
 * name.
 */
@Path("/v1/fairness")
public final class FairnessResource {
    private static final Logger LOG = Logger.getLogger(FairnessResource.class);
    private static final Duration PACE = Duration.ofSeconds(2);
    /** Clients that watch at once; more are told to come back, and so is a tenant that has most of them. */
    private static final int MOST_STREAMS = 200;
    /** Whoever goes on watching shows the key again. */
    private static final Duration LONGEST_STREAM = Duration.ofMinutes(10);

    public final FairPermits streams = new FairPermits(MOST_STREAMS);

    private static final String SCOPE = "scope";

    private static final Problem UNKNOWN_SCOPE =
            Problem.of(ProblemType.INVALID_PARAMETER, "'scope' must be one of cluster, router.", SCOPE);

    private static final Refusal FULL =
            new Refusal(Problem.of(ProblemType.OVERLOADED, "Too many clients are watching.", ""), Optional.of(PACE));

    private final FairnessReader fairness;

    @Inject
    FairnessResource(FairnessReader fairness) {
        this.fairness = fairness;
    }

    /** As it stands. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response now(@Context ContainerRequestContext context) {
        Optional<Scope> scope = scope(context);
        return scope.isEmpty()
                ? ProblemResponse.of(UNKNOWN_SCOPE)
                : Response.ok(text(CallerFilter.tenantOf(context), scope.get())).build();
    }

    /** What is asked for: of all routers, unless it is of this one. Empty for anything else. */
    private static Optional<Scope> scope(ContainerRequestContext context) {
        List<String> said = context.getUriInfo().getQueryParameters().getOrDefault(SCOPE, List.of());
        return said.isEmpty()
                ? Optional.of(Scope.CLUSTER)
                : Arrays.stream(Scope.values())
                        .filter(known -> said.equals(List.of(known.word())))
                        .findFirst();
    }

    /** The same every two seconds, as server-sent events, for ten minutes or until the client leaves. */
    @GET
    @Path("/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.TEXT_PLAIN)
    public Multi<String> stream(@Context ContainerRequestContext context, @Context RoutingContext request) {
        String tenant = CallerFilter.tenantOf(context);
        Scope scope = scope(context).orElseThrow(() -> new WebApplicationException(ProblemResponse.of(UNKNOWN_SCOPE)));
        if (!streams.take(tenant)) {
            throw new WebApplicationException(ProblemResponse.of(FULL));
        }
        Holding place = Holding.until(request, () -> streams.giveBack(tenant));
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(0L),
                        Multi.createFrom().ticks().every(PACE).onOverflow().drop())
                // The stream of a client that left before it was subscribed to is not cancelled.
                .select()
                .first(tick -> !Holding.isOver(request))
                .map(tick -> text(tenant, scope))
                .select()
                .first(LONGEST_STREAM)
                .onFailure()
                .invoke(bug -> LOG.error("the fairness stream failed because of a bug", bug))
                .onTermination()
                .invoke(place::letGo);
    }

    private String text(String tenant, Scope scope) {
        FairnessView view = switch (scope) {
            case CLUSTER -> fairness.view();
            case ROUTER -> fairness.ofThisRouter();
        };
        return FairnessJson.of(view, fairness.cohortOf(tenant)).toString();
    }
}
