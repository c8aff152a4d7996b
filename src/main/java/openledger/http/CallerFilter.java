package openledger.http;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import openledger.inference.Tenants;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Lets only known tenants through to the resources, and tells these who it is. */
final class CallerFilter {
    /** Property of the request that holds the tenant's name. */
    static final String TENANT = "openledger.tenant";

    private final Tenants tenants;

    @Inject
    CallerFilter(Tenants tenants) {
        this.tenants = tenants;
    }

    @ServerRequestFilter
    Optional<Response> authenticate(ContainerRequestContext context) {
        String key = PresentedKey.of(
                context.getHeaderString(HttpHeaders.AUTHORIZATION), context.getHeaderString("x-api-key"));
        Optional<String> tenant = tenants.byKey(key);
        if (tenant.isEmpty()) {
            return Optional.of(
                    ProblemResponse.of(Problem.of(ProblemType.UNAUTHENTICATED, PresentedKey.HINT, "authorization")));
        }
        context.setProperty(TENANT, tenant.get());
        return Optional.empty();
    }

    static String tenantOf(ContainerRequestContext context) {
        return String.valueOf(context.getProperty(TENANT));
    }
}
