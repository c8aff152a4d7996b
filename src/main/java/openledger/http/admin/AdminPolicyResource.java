package openledger.http.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.stream.Collectors;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemResponse;
import openledger.http.problem.ProblemType;
import openledger.inference.PolicyReload;
import openledger.inference.PolicyReload.Outcome;
import openledger.inference.policy.PolicyReloadOfAll;

/** The policy, for the administrator. */
@Path(AdminAccess.PATH + "/policy")
@Produces(MediaType.APPLICATION_JSON)
@AdminOnly
public final class AdminPolicyResource {
    private static final String ALL = "all";

    private final PolicyReload policy;
    private final PolicyReloadOfAll everywhere;

    @Inject
    AdminPolicyResource(PolicyReload policy, PolicyReloadOfAll everywhere) {
        this.policy = policy;
        this.everywhere = everywhere;
    }

    /** Reads the configuration's file again and puts its providers and routes into force, here or at all routers of the cluster. */
    @POST
    @Path("/reload")
    public Uni<Response> reload(@Context UriInfo uri) {
        List<String> all = uri.getQueryParameters().getOrDefault(ALL, List.of("false"));
        if (all.equals(List.of("false"))) {
            return policy.reload().map(AdminPolicyResource::render);
        }
        if (!all.equals(List.of("true"))) {
            return Uni.createFrom()
                    .item(ProblemResponse.of(
                            Problem.of(ProblemType.INVALID_PARAMETER, "'all' must be one of true, false.", ALL)));
        }
        return everywhere
                .reload()
                .chain(outcome -> outcome instanceof PolicyReloadOfAll.Outcome.Alone
                        ? policy.reload().map(AdminPolicyResource::render)
                        : Uni.createFrom().item(render(outcome)));
    }

    private static Response render(PolicyReloadOfAll.Outcome outcome) {
        return switch (outcome) {
            case PolicyReloadOfAll.Outcome.Alone alone -> render(new Outcome.NoSource());
            case PolicyReloadOfAll.Outcome.NoSource none -> render(new Outcome.NoSource());
            case PolicyReloadOfAll.Outcome.Refused(var objections) ->
                ProblemResponse.of(Problem.of(
                        ProblemType.UNUSABLE_POLICY, "No router has changed: " + sentence(objections) + ".", ""));
            case PolicyReloadOfAll.Outcome.InForce(var hash, var before, var routers, var without) ->
                without.isEmpty()
                        ? Response.ok(new PolicyInForceJson(hash, before, routers))
                                .build()
                        : ProblemResponse.of(Problem.of(
                                ProblemType.POLICY_NOT_EVERYWHERE,
                                "Policy " + hash + " is in force at " + String.join(", ", routers) + ", but not at "
                                        + sentence(without) + ".",
                                ""));
        };
    }

    private static String sentence(List<PolicyReloadOfAll.Objection> objections) {
        return objections.stream()
                .map(objection -> objection.router() + ": " + objection.why())
                .collect(Collectors.joining("; "));
    }

    private static Response render(Outcome outcome) {
        return switch (outcome) {
            case Outcome.InForce(var hash, var before) ->
                Response.ok(new PolicyInForceJson(hash, before, List.of())).build();
            case Outcome.Unusable(var problems) ->
                ProblemResponse.of(Problem.of(
                        ProblemType.UNUSABLE_POLICY, "The old policy stays: " + String.join("; ", problems), ""));
            case Outcome.NoSource none ->
                ProblemResponse.of(Problem.of(
                        ProblemType.UNUSABLE_POLICY,
                        "The router was not started from one configuration file, so it cannot reload it.",
                        ""));
        };
    }

    /** What is in force now, and what was; at which routers, if it was to be at all. */
    @RegisterForReflection
    public record PolicyInForceJson(
            @JsonProperty("policy_hash") String policyHash,
            @JsonProperty("previous_policy_hash") String previousPolicyHash,

            @JsonProperty("routers") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<String> routers) {
        public PolicyInForceJson {
            routers = List.copyOf(routers);
        }
    }
}
