package openledger.http;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The views that plans of confirmed requests are made from; there are none before that mode exists. */
@Path("/v1/snapshots")
@Produces(MediaType.APPLICATION_JSON)
public final class SnapshotsResource {
    private static final String NONE =
            "There are no snapshots: plans are made from them, in the mode 'confirmed', which this"
                    + " router does not offer. Headers of batches say the same: their last snapshot is one below the first.";

    @GET
    @Path("/{n}")
    public Response snapshot(@PathParam("n") String number) {
        return SequenceText.parse(number).isPresent()
                ? ProblemResponse.notFound(NONE)
                : ProblemResponse.invalid("n", "A snapshot has a number from 1.");
    }
}
