package openledger.http.access;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import openledger.access.Caller;
import openledger.http.Area;
import openledger.http.KnownClients;
import openledger.http.LogAccess;
import openledger.http.admin.AdminFilter;
import openledger.http.log.LogResource;
import openledger.http.problem.ProblemResponse;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Lets only requests with a valid key or token through to the resources, and passes the caller on. */
public final class CallerFilter {
    /** Property of the request that holds the tenant's name. */
    static final String TENANT = "openledger.tenant";
    /** All who read a public log together: no tenant has this name. */
    private static final String EVERYBODY = "";

    private final Authenticator authenticator;
    private final LogAccess log;

    @Inject
    CallerFilter(Authenticator authenticator, LogAccess log) {
        this.authenticator = authenticator;
        this.log = log;
    }

    /** Before a resource is looked for: a stranger is not told which methods and types there are. */
    @ServerRequestFilter(preMatching = true, priority = Priorities.AUTHENTICATION)
    Uni<Response> authenticateArea(ContainerRequestContext context, RoutingContext routing) {
        return Area.of(routing.normalizedPath()) == Area.API
                ? authenticate(context, routing)
                : Uni.createFrom().nullItem();
    }

    /** A resource is closed unless it says otherwise, wherever it is. */
    @ServerRequestFilter
    Uni<Response> authenticateResource(
            ContainerRequestContext context, SimpleResourceInfo resource, RoutingContext routing) {
        if (log.readers() == LogAccess.Readers.EVERYBODY && resource.getResourceClass() == LogResource.class) {
            context.setProperty(TENANT, EVERYBODY);
        }
        boolean open = AdminFilter.guards(resource)
                || resource.getResourceClass().isAnnotationPresent(PublicResource.class)
                || context.getProperty(TENANT) != null;
        return open ? Uni.createFrom().nullItem() : authenticate(context, routing);
    }

    private Uni<Response> authenticate(ContainerRequestContext context, RoutingContext routing) {
        String presented = PresentedCredential.of(
                context.getHeaderString(HttpHeaders.AUTHORIZATION), context.getHeaderString("x-api-key"));
        Optional<Caller> caller = authenticator.known(presented);
        if (caller.isPresent() || !authenticator.isWorthChecking(presented)) {
            return answer(caller, context, routing);
        }
        return authenticator
                .check(presented, routing.request().remoteAddress())
                .chain(checked -> answer(checked, context, routing))
                .onFailure(Authenticator.CannotTell.class)
                .recoverWithItem(() -> ProblemResponse.of(Authenticator.cannotTell(), routing));
    }

    /** The refusal of a stranger; nothing for others, who may go on. */
    private Uni<Response> answer(Optional<Caller> caller, ContainerRequestContext context, RoutingContext routing) {
        if (caller.isEmpty()) {
            return Uni.createFrom().item(ProblemResponse.of(authenticator.refuse(), routing));
        }
        KnownClients.know(routing.request());
        context.setProperty(TENANT, caller.get().tenant());
        return Uni.createFrom().nullItem();
    }

    public static String tenantOf(ContainerRequestContext context) {
        return String.valueOf(context.getProperty(TENANT));
    }
}
