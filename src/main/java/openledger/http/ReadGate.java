package openledger.http;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import openledger.http.access.CallerFilter;
import openledger.http.inference.Holding;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemResponse;
import openledger.http.problem.ProblemType;
import openledger.http.problem.Refusal;
import openledger.http.receipt.ReceiptsResource;
import openledger.inference.admission.FairPermits;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many of the tenants' queries of records, receipts and batches run at once: they use the same database as the journal and
 * settlement. A query that waits for a level is idle most of the time, so more of those are allowed.
 */
@Singleton
public final class ReadGate {
    private static final String ASKING_NOW = "openledger.asking";
    private static final int MOST_READS = 64;
    private static final int MOST_WAITS = 2_000;
    private static final Refusal FULL = new Refusal(
            Problem.of(ProblemType.OVERLOADED, "Too many read requests are in progress.", ""),
            Optional.of(Duration.ofSeconds(1)));

    public final FairPermits reads = new FairPermits(MOST_READS);
    public final FairPermits waits = new FairPermits(MOST_WAITS);
    /** Those who have waited for their level, and have one more question. */
    private final Deque<Returning> line = new ArrayDeque<>();

    /** After {@link CallerFilter}, which says whose question it is. */
    @BoundedReads
    @ServerRequestFilter(priority = Priorities.USER + 1)
    @Nullable Response enter(ContainerRequestContext context, SimpleResourceInfo resource, RoutingContext routing) {
        String tenant = CallerFilter.tenantOf(context);
        if (isWait(context, resource)) {
            if (!waits.take(tenant)) {
                return ProblemResponse.of(FULL);
            }
            Holding.until(routing, () -> waits.giveBack(tenant));
        }
        if (!reads.take(tenant)) {
            return ProblemResponse.of(FULL);
        }
        context.setProperty(ASKING_NOW, Holding.until(routing, () -> giveBack(tenant)));
        return null;
    }

    /**
     * A wait of a request that was let in: meanwhile its place among those who ask is another's, and it comes back to one, in line
     * if there is none. Completes on any thread.
     */
    public Uni<Void> aside(ContainerRequestContext context, RoutingContext routing, Uni<Void> wait) {
        String tenant = CallerFilter.tenantOf(context);
        return Uni.createFrom()
                .deferred(() -> {
                    if (context.getProperty(ASKING_NOW) instanceof Holding question) {
                        question.letGo();
                    }
                    return wait;
                })
                .chain(() -> Uni.createFrom().emitter(to -> comeBack(new Returning(tenant, routing, to))));
    }

    private void comeBack(Returning request) {
        synchronized (line) {
            line.add(request);
        }
        request.told().onTermination(() -> leave(request));
        serve();
    }

    private void leave(Returning request) {
        synchronized (line) {
            line.remove(request);
        }
    }

    private void giveBack(String tenant) {
        reads.giveBack(tenant);
        serve();
    }

    private void serve() {
        List<Returning> served = new ArrayList<>();
        synchronized (line) {
            for (Iterator<Returning> each = line.iterator(); each.hasNext(); ) {
                Returning next = each.next();
                if (reads.take(next.tenant())) {
                    each.remove();
                    served.add(next);
                }
            }
        }
        for (Returning request : served) {
            Holding.until(request.routing(), () -> giveBack(request.tenant()));
            request.told().complete(null);
        }
    }

    /** A request that has waited for its level. */
    private record Returning(String tenant, RoutingContext routing, UniEmitter<? super Void> told) {}

    /** Only a receipt can be waited for; elsewhere the word says nothing. */
    private static boolean isWait(ContainerRequestContext context, SimpleResourceInfo resource) {
        return ReceiptsResource.class.equals(resource.getResourceClass())
                && context.getUriInfo().getQueryParameters().containsKey("wait");
    }
}
