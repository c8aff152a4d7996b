package openledger.http.admin;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import openledger.access.KeyDigest;
import openledger.http.Area;
import openledger.http.HttpLimits;
import openledger.http.access.FailedKeyLimiter;
import openledger.http.access.PresentedCredential;
import openledger.http.problem.ProblemResponse;
import openledger.inference.Timekeeper;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Lets only the administrator through to the admin resources; without an administrator's key they answer 404. */
public final class AdminFilter {
    private static final String HINT = "Send 'Authorization: Bearer <key>' with the administrator's key.";
    private static final String ADMITTED = "openledger.administrator";

    private final AdminAccess access;
    private final FailedKeyLimiter wrongKeys;

    @Inject
    AdminFilter(AdminAccess access, Timekeeper time, HttpLimits limits) {
        this.access = access;
        this.wrongKeys = new FailedKeyLimiter(limits.wrongKeysPerMinute(), time);
    }

    /** Whether a resource is the administrator's. */
    public static boolean guards(SimpleResourceInfo resource) {
        return resource.getResourceClass().isAnnotationPresent(AdminOnly.class);
    }

    /** Before a resource is looked for: a stranger is not told which methods and types there are. */
    @ServerRequestFilter(preMatching = true, priority = Priorities.AUTHENTICATION)
    Optional<Response> authenticateArea(ContainerRequestContext context, RoutingContext routing) {
        return Area.of(routing.normalizedPath()) == Area.ADMIN ? authenticate(context) : Optional.empty();
    }

    /** Wherever such a resource is. */
    @ServerRequestFilter
    Optional<Response> authenticateResource(ContainerRequestContext context, SimpleResourceInfo resource) {
        return guards(resource) && context.getProperty(ADMITTED) == null ? authenticate(context) : Optional.empty();
    }

    private Optional<Response> authenticate(ContainerRequestContext context) {
        Optional<KeyDigest> key = access.key();
        if (key.isEmpty()) {
            return Optional.of(ProblemResponse.nothingThere());
        }
        String presented = PresentedCredential.of(context.getHeaderString(HttpHeaders.AUTHORIZATION), null);
        if (!key.get().matches(presented)) {
            return Optional.of(ProblemResponse.of(wrongKeys.refuse(HINT)));
        }
        context.setProperty(ADMITTED, true);
        return Optional.empty();
    }
}
