package openledger.http;

import io.smallrye.mutiny.Uni;
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
    Uni<Response> authenticate(ContainerRequestContext context, SimpleResourceInfo resource) {
        if (AdminFilter.guards(resource) || resource.getResourceClass().isAnnotationPresent(OpenToAll.class)) {
            return Uni.createFrom().nullItem();
        }
        String presented = PresentedKey.of(
                context.getHeaderString(HttpHeaders.AUTHORIZATION), context.getHeaderString("x-api-key"));
        Optional<Caller> caller = doorkeeper.known(presented);
        if (caller.isPresent() || !doorkeeper.isWorthChecking(presented)) {
            return answer(caller, context);
        }
        return doorkeeper
                .check(presented)
                .chain(checked -> answer(checked, context))
                .onFailure(Doorkeeper.CannotTell.class)
                .recoverWithItem(() -> ProblemResponse.of(Doorkeeper.cannotTell()));
    }

    /** The refusal of a stranger; nothing for others, who may go on. */
    private Uni<Response> answer(Optional<Caller> caller, ContainerRequestContext context) {
        if (caller.isEmpty()) {
            return Uni.createFrom().item(ProblemResponse.of(doorkeeper.refuse()));
        }
        context.setProperty(TENANT, caller.get().tenant());
        return Uni.createFrom().nullItem();
    }

    static String tenantOf(ContainerRequestContext context) {
        return String.valueOf(context.getProperty(TENANT));
    }
}
