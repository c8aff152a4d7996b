package openledger.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import openledger.http.problem.Problem;

/**
 * Checks each request that is not an operation before a resource sees it: its port, whether its address is normalized where that matters,
 * and whether its query string is valid. Health is answered here.
 */
@Singleton
final class AddressFilter {
    private static final int BEFORE_RESOURCES = 900;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private final AdminPort admin;
    private final HealthAnswers health;

    @Inject
    AddressFilter(AdminPort admin, HealthAnswers health) {
        this.admin = admin;
        this.health = health;
    }

    void register(@Observes Filters filters) {
        filters.register(this::look, BEFORE_RESOURCES);
    }

    /** What Vert.x refuses by itself has a status and no words; a bug goes on to where bugs are logged. */
    void register(@Observes Router router) {
        router.route().order(-BEFORE_RESOURCES).failureHandler(this::refused);
    }

    private void refused(RoutingContext context) {
        Throwable cause = context.failure();
        boolean whole = cause == null || (cause instanceof HttpException);
        int status = cause instanceof HttpException refusal ? refusal.getStatusCode() : context.statusCode();
        if (whole
                && status >= BAD_REQUEST
                && status < SERVER_ERROR
                && !context.response().headWritten()) {
            DirectAnswer.send(context, Problem.ofStatus(status));
        } else {
            context.next();
        }
    }

    private void look(RoutingContext context) {
        String path = context.normalizedPath();
        Area area = Area.of(path);
        boolean here = admin.took(context.request());
        if (isElsewhere(area, here)
                || (area == Area.ADMIN && !path.equals(context.request().path()))) {
            DirectAnswer.send(context, Problem.ofStatus(404));
            return;
        }
        Optional<Problem> objection =
                RequestSyntax.objectionTo(context.request().query());
        if (objection.isPresent()) {
            DirectAnswer.send(context, objection.get());
        } else if (area == Area.HEALTH) {
            health.answer(context, here);
        } else {
            context.next();
        }
    }

    /** The administrator's port has nothing else, and the public one nothing of the administrator's. */
    private boolean isElsewhere(Area area, boolean here) {
        return here ? area != Area.ADMIN && area != Area.HEALTH : area == Area.ADMIN && admin.isSeparate();
    }
}
