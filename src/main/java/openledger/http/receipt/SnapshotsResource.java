package openledger.http.receipt;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.OptionalLong;
import openledger.http.BoundedReads;
import openledger.http.HomeContext;
import openledger.http.QueryValues.InvalidQuery;
import openledger.http.SequenceText;
import openledger.http.SettlementAccess;
import openledger.http.problem.ProblemResponse;
import openledger.settlement.receipt.Batches.LocatedSnapshot;
import openledger.settlement.receipt.ReceiptPorts;
import openledger.unit.LaneId;

/** The snapshots that plans of confirmed requests are made from, for everybody who wants to recompute the plans. */
@Path("/v1/snapshots")
@Produces(MediaType.APPLICATION_JSON)
@BoundedReads
public final class SnapshotsResource {
    private static final String OFF = "This router does not settle on a chain: there are no snapshots.";
    private static final String NONE = "No batch of the lane has a snapshot with this number yet.";

    private final SettlementAccess access;

    @Inject
    SnapshotsResource(SettlementAccess access) {
        this.access = access;
    }

    /** A snapshot once it is in a batch, with its proof. */
    @GET
    @Path("/{n}")
    public Uni<Response> snapshot(@PathParam("n") String text, @Context UriInfo uri) {
        OptionalLong number = SequenceText.parse(text);
        if (number.isEmpty()) {
            return answer(ProblemResponse.invalid("n", "A snapshot's number must be at least 1."));
        }
        if (access.ports().isEmpty()) {
            return answer(ProblemResponse.notFound(OFF));
        }
        ReceiptPorts ports = access.ports().get();
        LaneId lane;
        try {
            lane = BatchesQuery.lane(uri.getQueryParameters(), ports.lane());
        } catch (InvalidQuery e) {
            return answer(ProblemResponse.of(e.problem()));
        }
        HomeContext home = HomeContext.here();
        return home.back(ports.batches().snapshot(lane, number.getAsLong()))
                .chain(found -> found.map(there -> home.back(rendered(there)))
                        .orElseGet(() -> answer(ProblemResponse.notFound(NONE))));
    }

    /** The tree of a batch's snapshots takes longer than the event loop has. */
    private static Uni<Response> rendered(LocatedSnapshot snapshot) {
        return Uni.createFrom()
                .item(() -> Response.ok(SnapshotJson.of(snapshot).toString()).build())
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private static Uni<Response> answer(Response response) {
        return Uni.createFrom().item(response);
    }
}
