package openledger.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import openledger.inference.CurrentPolicy;

/** Routes as OpenAI's models: what a client may send as {@code model}. */
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
public final class ModelsResource {
    private final CurrentPolicy policy;

    @Inject
    ModelsResource(CurrentPolicy policy) {
        this.policy = policy;
    }

    @GET
    public ModelList list() {
        return new ModelList(
                "list", policy.get().routes().keySet().stream().map(Model::of).toList());
    }

    @GET
    @Path("/{id:.+}")
    public Response one(@PathParam("id") String id) {
        return policy.get()
                .route(id)
                .map(route -> Response.ok(Model.of(route.name())).build())
                .orElseGet(() -> ProblemResponse.of(Problem.of(
                        ProblemType.UNKNOWN_ROUTE,
                        "There is no such route: GET /v1/models lists the routes.",
                        "model")));
    }

    /** OpenAI's list of models. */
    @RegisterForReflection
    record ModelList(String object, List<Model> data) {}

    /** OpenAI's model; we know no date of creation, so it is 0. */
    @RegisterForReflection
    record Model(String id, String object, long created, String owned_by) {
        static Model of(String route) {
            return new Model(route, "model", 0, "openledger");
        }
    }
}
