package openledger.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import openledger.inference.SharedPlaces;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many of the tenants' questions about records, receipts and batches are worked on at once: they ask the same database that
 * the journal and settlement live on. Whoever waits for a level does nothing most of the time, so there may be more of those.
 */
@Singleton
final class ReadGate {
    /** All else is in memory. */
    private static final Set<Class<?>> ASKING = Set.of(
            DecisionsResource.class,
            ReceiptsResource.class,
            BatchesResource.class,
            SnapshotsResource.class,
            PolicyResource.class);

    private static final int MOST_READS = 64;
    private static final int MOST_WAITS = 2_000;
    private static final Refusal FULL = new Refusal(
            Problem.of(ProblemType.OVERLOADED, "As many questions are worked on as may be at once.", ""),
            Optional.of(Duration.ofSeconds(1)));

    final SharedPlaces reads = new SharedPlaces(MOST_READS);
    private final SharedPlaces waits = new SharedPlaces(MOST_WAITS);

    /** After {@link CallerFilter}, which says whose question it is; the others are not asked of the database. */
    @ServerRequestFilter(priority = Priorities.USER + 1)
    @Nullable Response enter(ContainerRequestContext context, SimpleResourceInfo resource, RoutingContext routing) {
        if (context.getProperty(CallerFilter.TENANT) == null || !ASKING.contains(resource.getResourceClass())) {
            return null;
        }
        String tenant = CallerFilter.tenantOf(context);
        SharedPlaces places = isWait(context, resource) ? waits : reads;
        if (!places.take(tenant)) {
            return ProblemResponse.of(FULL);
        }
        // Also if the client leaves before it has its answer.
        routing.addEndHandler(over -> places.giveBack(tenant));
        return null;
    }

    /** Only a receipt can be waited for; elsewhere the word says nothing. */
    private static boolean isWait(ContainerRequestContext context, SimpleResourceInfo resource) {
        return ReceiptsResource.class.equals(resource.getResourceClass())
                && context.getUriInfo().getQueryParameters().containsKey("wait");
    }
}
