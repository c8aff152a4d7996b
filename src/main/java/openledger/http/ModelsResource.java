package openledger.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemResponse;
import openledger.http.problem.ProblemType;
import openledger.inference.CurrentPolicy;
import openledger.inference.admission.ConfirmedDefaults;
import openledger.routing.RetryGrid;
import openledger.routing.Route;
import openledger.routing.RoutingMode;
import org.jspecify.annotations.Nullable;

/** Routes as OpenAI's models: what a client may send as {@code model}, and in which modes. */
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
public final class ModelsResource {
    private final CurrentPolicy policy;
    private final Optional<ConfirmedDefaults> confirmed;

    @Inject
    ModelsResource(CurrentPolicy policy, Optional<ConfirmedDefaults> confirmed) {
        this.policy = policy;
        this.confirmed = confirmed;
    }

    @GET
    public ModelList list() {
        return new ModelList(
                "list", policy.get().routes().values().stream().map(this::model).toList());
    }

    @GET
    @Path("/{id:.+}")
    public Response one(@PathParam("id") String id) {
        return policy.get()
                .route(id)
                .map(route -> Response.ok(model(route)).build())
                .orElseGet(() -> ProblemResponse.of(Problem.of(
                        ProblemType.UNKNOWN_ROUTE,
                        "There is no such route: GET /v1/models lists the routes.",
                        "model")));
    }

    private Model model(Route route) {
        return Model.of(route, confirmed.filter(known -> route.modes().allows(RoutingMode.CONFIRMED)));
    }

    /** OpenAI's list of models. */
    @RegisterForReflection
    record ModelList(String object, List<Model> data) {}

    /** OpenAI's model, with a member of ours; we know no date of creation, so it is 0. */
    @RegisterForReflection
    record Model(String id, String object, long created, String owned_by, RouteModesJson openledger) {
        static Model of(Route route, Optional<ConfirmedDefaults> confirmed) {
            return new Model(route.name(), "model", 0, "openledger", RouteModesJson.of(route, confirmed));
        }
    }

    /** In which modes a route can be asked. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @RegisterForReflection
    record RouteModesJson(
            int budget,
            List<String> modes,
            @JsonProperty("default_mode") String defaultMode,
            @Nullable ConfirmedDefaultsJson confirmed) {
        static RouteModesJson of(Route route, Optional<ConfirmedDefaults> confirmed) {
            return new RouteModesJson(
                    route.budget(),
                    route.modes().allowed().stream().map(RoutingMode::word).toList(),
                    route.modes().byDefault().word(),
                    confirmed
                            .map(known -> ConfirmedDefaultsJson.of(route, known))
                            .orElse(null));
        }
    }

    /** What the mode {@code confirmed} is on a route, where a request does not say otherwise. */
    @RegisterForReflection
    record ConfirmedDefaultsJson(
            @JsonProperty("retry_grid_ms") long retryGrid,
            @JsonProperty("epoch_ms") long epoch,
            String gate,
            String level,
            @JsonProperty("on_unconfirmed") String onUnconfirmed,
            @JsonProperty("max_wait_ms") Map<String, Long> maxWait) {
        static ConfirmedDefaultsJson of(Route route, ConfirmedDefaults known) {
            RetryGrid grid = route.modes().grid();
            Map<String, Long> waits = new LinkedHashMap<>();
            known.waits().forEach((level, wait) -> waits.put(level.name(), wait.toMillis()));
            return new ConfirmedDefaultsJson(
                    grid.step().toMillis(),
                    grid.epoch().toMillis(),
                    known.gate().word(),
                    known.level().name(),
                    known.onUnconfirmed().word(),
                    waits);
        }
    }
}
