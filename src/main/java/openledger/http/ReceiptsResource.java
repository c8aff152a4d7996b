package openledger.http;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import openledger.inference.Catalog;
import openledger.inference.Decisions;
import openledger.inference.Decisions.Found;
import openledger.unit.RequestId;

/** What a client gets to see of its own request. */
@Path("/v1/receipts")
@Produces(MediaType.APPLICATION_JSON)
public final class ReceiptsResource {
    private final Decisions decisions;
    private final Catalog catalog;

    @Inject
    ReceiptsResource(Decisions decisions, Catalog catalog) {
        this.decisions = decisions;
        this.catalog = catalog;
    }

    @GET
    @Path("/{id}")
    public Uni<Response> receipt(@PathParam("id") String text, @Context ContainerRequestContext context) {
        Optional<RequestId> id = RequestId.parse(text);
        if (id.isEmpty()) {
            return Uni.createFrom()
                    .item(ProblemResponse.invalid("id", "A request id is 32 lower-case hexadecimal digits."));
        }
        return decisions
                .find(id.get(), CallerFilter.tenantOf(context))
                .map(found -> found.map(this::render)
                        .orElseGet(() -> ProblemResponse.notFound(
                                "You have no request of this name, or its record has expired.")));
    }

    private Response render(Found found) {
        return Response.ok(
                        switch (found) {
                            case Found.Open(var id, var intent) -> DecisionJson.open(id, intent, catalog);
                            case Found.Finished(var decision) -> DecisionJson.of(decision, catalog);
                        })
                .build();
    }
}
