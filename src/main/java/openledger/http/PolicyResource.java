package openledger.http;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HexFormat;
import openledger.commitment.evm.Keccak256;
import openledger.http.problem.ProblemResponse;
import openledger.inference.CurrentPolicy;
import openledger.inference.PolicyVersions;
import openledger.routing.CanonicalPolicy;

/** The public rules in their canonical text, with its keccak-256 beside it: those in force, and all earlier ones. */
@Path("/v1/policy")
@Produces(MediaType.APPLICATION_JSON)
@BoundedReads
public final class PolicyResource {
    private static final String PREFIX = "0x";
    private static final int HASH_DIGITS = 64;

    private final CurrentPolicy policy;
    private final PolicyVersions versions;

    @Inject
    PolicyResource(CurrentPolicy policy, PolicyVersions versions) {
        this.policy = policy;
        this.versions = versions;
    }

    /** The body's bytes are exactly what the hash is of. */
    @GET
    public Response current() {
        return render(CanonicalPolicy.of(policy.get()));
    }

    /** The same for a policy that is or was in force. */
    @GET
    @Path("/{hash}")
    public Uni<Response> version(@PathParam("hash") String text) {
        String digits = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        if (digits.length() != HASH_DIGITS || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            return Uni.createFrom()
                    .item(ProblemResponse.invalid("hash", "A policy's hash is 0x and 64 hexadecimal digits."));
        }
        return versions.canonical(HexFormat.of().parseHex(digits))
                .map(found -> found.map(PolicyResource::render)
                        .orElseGet(() -> ProblemResponse.notFound("No policy of this hash has been in force.")));
    }

    private static Response render(byte[] canonical) {
        String hash = PREFIX + HexFormat.of().formatHex(Keccak256.digest(canonical));
        return Response.ok(canonical)
                .header("openledger-policy-hash", hash)
                .tag(hash)
                .build();
    }
}
