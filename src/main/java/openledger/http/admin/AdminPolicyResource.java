package openledger.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemResponse;
import openledger.http.problem.ProblemType;
import openledger.inference.PolicyReload;
import openledger.inference.PolicyReload.Outcome;

/** The policy, for the administrator. */
@Path(AdminAccess.PATH + "/policy")
@Produces(MediaType.APPLICATION_JSON)
@AdminOnly
public final class AdminPolicyResource {
    private final PolicyReload policy;

    @Inject
    AdminPolicyResource(PolicyReload policy) {
        this.policy = policy;
    }

    /** Reads the configuration's file again and puts its providers and routes into force. */
    @POST
    @Path("/reload")
    public Uni<Response> reload() {
        return policy.reload().map(AdminPolicyResource::render);
    }

    private static Response render(Outcome outcome) {
        return switch (outcome) {
            case Outcome.InForce(var hash, var before) ->
                Response.ok(new PolicyInForceJson(hash, before)).build();
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

    /** What is in force now, and what was. */
    @RegisterForReflection
    public record PolicyInForceJson(
            @JsonProperty("policy_hash") String policyHash,
            @JsonProperty("previous_policy_hash") String previousPolicyHash) {}
}
