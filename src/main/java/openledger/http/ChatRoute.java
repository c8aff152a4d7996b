package openledger.http;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import openledger.inference.Admission;
import openledger.inference.InferenceService;
import openledger.inference.Timekeeper;
import openledger.inference.Turnstile;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/chat/completions} as a Vert.x route: the hot path, which a resource method would slow by a third (see
 * docs/0002-hot-path.md). The route stands before the beans behind it do, so until the start is over it asks to wait.
 */
@Singleton
final class ChatRoute {
    static final String PATH = "/v1/chat/completions";
    private static final int BEFORE_QUARKUS = -1_000;

    private final Provider<Doorkeeper> doorkeeper;
    private final Provider<Turnstile> turnstile;
    private final Provider<Admission> admission;
    private final Provider<InferenceService> service;
    private final Provider<Timekeeper> time;
    private final Provider<HttpLimits> limits;
    private volatile @Nullable ChatDoor door;

    @Inject
    ChatRoute(
            Provider<Doorkeeper> doorkeeper,
            Provider<Turnstile> turnstile,
            Provider<Admission> admission,
            Provider<InferenceService> service,
            Provider<Timekeeper> time,
            Provider<HttpLimits> limits) {
        this.doorkeeper = doorkeeper;
        this.turnstile = turnstile;
        this.admission = admission;
        this.service = service;
        this.time = time;
        this.limits = limits;
    }

    void register(@Observes Router router) {
        router.route(HttpMethod.POST, PATH).order(BEFORE_QUARKUS).handler(this::handle);
    }

    void open(@Observes StartupEvent started) {
        ChatEntrance entrance = new ChatEntrance(doorkeeper.get(), turnstile.get(), time.get());
        door = new ChatDoor(entrance, admission.get(), service.get(), time.get(), limits.get(), new OutcomeRenderer());
    }

    private void handle(RoutingContext context) {
        ChatDoor open = door;
        if (open == null) {
            OutcomeRenderer.renderStarting(context.response());
            return;
        }
        HttpServerRequest request = context.request();
        ChatExchange exchange = new ChatExchange(request, RequestIdHeader.of(request), open);
        open.entrance().enter(request, exchange);
    }
}
