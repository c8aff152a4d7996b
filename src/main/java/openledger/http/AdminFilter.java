package openledger.http;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import openledger.inference.KeyDigest;
import openledger.inference.Timekeeper;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Lets only the administrator through to the resources that are for that; without one, they are not there. */
final class AdminFilter {
    private static final String HINT = "Send 'Authorization: Bearer <key>' with the administrator's key.";

    private final AdminAccess access;
    private final WrongKeys wrongKeys;

    @Inject
    AdminFilter(AdminAccess access, Timekeeper time, HttpLimits limits) {
        this.access = access;
        this.wrongKeys = new WrongKeys(limits.wrongKeysPerMinute(), time);
    }

    /** Whether a resource is the administrator's. */
    static boolean guards(SimpleResourceInfo resource) {
        return resource.getResourceClass().isAnnotationPresent(AdminOnly.class);
    }

    @ServerRequestFilter
    Optional<Response> authenticate(ContainerRequestContext context, SimpleResourceInfo resource) {
        if (!guards(resource)) {
            return Optional.empty();
        }
        Optional<KeyDigest> key = access.key();
        if (key.isEmpty()) {
            return Optional.of(ProblemResponse.nothingThere());
        }
        String presented = PresentedKey.of(context.getHeaderString(HttpHeaders.AUTHORIZATION), null);
        return key.get().matches(presented)
                ? Optional.empty()
                : Optional.of(ProblemResponse.of(wrongKeys.refuse(HINT)));
    }
}
