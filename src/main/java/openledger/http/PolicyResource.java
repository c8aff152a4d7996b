package openledger.http;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HexFormat;
import openledger.commitment.Keccak256;
import openledger.routing.CanonicalPolicy;
import openledger.routing.Policy;

/** The public rules in their canonical text, with its keccak-256 beside it. */
@Path("/v1/policy")
@Produces(MediaType.APPLICATION_JSON)
public final class PolicyResource {
    private final byte[] canonical;
    private final String hash;

    @Inject
    PolicyResource(Policy policy) {
        this.canonical = CanonicalPolicy.of(policy);
        this.hash = "0x" + HexFormat.of().formatHex(Keccak256.digest(canonical));
    }

    /** The body's bytes are exactly what the hash is of. */
    @GET
    public Response current() {
        return Response.ok(canonical)
                .header("openledger-policy-hash", hash)
                .tag(hash)
                .build();
    }
}
