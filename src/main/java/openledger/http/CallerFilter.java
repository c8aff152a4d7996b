package openledger.http;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import openledger.inference.Caller;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Lets only known tenants through to the resources, and tells these who it is. */
final class CallerFilter {
    /** Property of the request that holds the tenant's name. */
    static final String TENANT = "openledger.tenant";

    private final Doorkeeper doorkeeper;

    @Inject
    CallerFilter(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    @ServerRequestFilter
    Optional<Response> authenticate(ContainerRequestContext context, SimpleResourceInfo resource) {
        if (AdminFilter.guards(resource)) {
            return Optional.empty();
        }
        String key = PresentedKey.of(
                context.getHeaderString(HttpHeaders.AUTHORIZATION), context.getHeaderString("x-api-key"));
        Optional<Caller> caller = doorkeeper.byKey(key);
        if (caller.isEmpty()) {
            return Optional.of(ProblemResponse.of(doorkeeper.refuse()));
        }
        context.setProperty(TENANT, caller.get().tenant());
        return Optional.empty();
    }

    static String tenantOf(ContainerRequestContext context) {
        return String.valueOf(context.getProperty(TENANT));
    }
}
