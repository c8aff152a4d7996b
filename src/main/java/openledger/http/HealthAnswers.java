package openledger.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import openledger.http.access.Authenticator;
import openledger.http.access.PresentedCredential;
import openledger.http.admin.AdminAccess;
import openledger.http.header.RetryAfterHeader;
import openledger.http.problem.Problem;
import openledger.http.problem.Refusal;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Whether the router lives, has started, and is ready; in the form of MicroProfile Health. A client without a key sees no details. The
 * checks read memory only, so they run on the event loop, where no hanging worker can delay them.
 */
@Singleton
final class HealthAnswers {
    private static final String JSON = "application/json; charset=UTF-8";
    private static final int UNAVAILABLE = 503;

    private final Instance<HealthCheck> liveness;
    private final Instance<HealthCheck> readiness;
    private final Instance<HealthCheck> startup;
    private final AdminPort port;
    private final Provider<AdminAccess> admin;
    private final Provider<Authenticator> authenticator;
    private volatile boolean open;

    @Inject
    HealthAnswers(
            @Liveness Instance<HealthCheck> liveness,
            @Readiness Instance<HealthCheck> readiness,
            @Startup Instance<HealthCheck> startup,
            AdminPort port,
            Provider<AdminAccess> admin,
            Provider<Authenticator> authenticator) {
        this.liveness = liveness;
        this.readiness = readiness;
        this.startup = startup;
        this.port = port;
        this.admin = admin;
        this.authenticator = authenticator;
    }

    /** @param waitsForStart whether the checks look at what is made during the start */
    private record Asked(List<Instance<HealthCheck>> checks, boolean waitsForStart) {}

    /** What the checks look at is there from now on. */
    void open(@Observes @Priority(Integer.MAX_VALUE) StartupEvent started) {
        open = true;
    }

    /** Answers a request below {@code /q/health}; {@code privately} if it came to the administrator's port. */
    void answer(RoutingContext context, boolean privately) {
        HttpServerRequest request = context.request();
        Optional<Asked> asked = asked(context.normalizedPath());
        if (asked.isEmpty()) {
            DirectAnswer.send(context, Problem.ofStatus(404));
        } else if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
            DirectAnswer.send(context, Problem.ofStatus(405));
        } else if (privately) {
            send(context, asked.get(), true);
        } else if (port.isSeparate() || !open) {
            send(context, asked.get(), false);
        } else {
            answerByKey(context, asked.get());
        }
    }

    private void answerByKey(RoutingContext context, Asked asked) {
        HttpServerRequest request = context.request();
        String presented = PresentedCredential.of(request.getHeader("authorization"), request.getHeader("x-api-key"));
        boolean known = authenticator.get().known(presented).isPresent()
                || admin.get().key().filter(key -> key.matches(presented)).isPresent();
        // A token that was not checked before would have to wait for its issuer.
        if (known || presented.isEmpty() || authenticator.get().isWorthChecking(presented)) {
            send(context, asked, known);
        } else {
            Refusal refusal = authenticator.get().refuse();
            refusal.retryAfter()
                    .ifPresent(wait -> RetryAfterHeader.add(request.response().headers(), wait));
            DirectAnswer.send(context, refusal.problem());
        }
    }

    private Optional<Asked> asked(String path) {
        return switch (path) {
            case "/q/health", "/q/health/" -> Optional.of(new Asked(List.of(liveness, readiness, startup), true));
            case "/q/health/live" -> Optional.of(new Asked(List.of(liveness), false));
            case "/q/health/ready" -> Optional.of(new Asked(List.of(readiness), true));
            case "/q/health/started" -> Optional.of(new Asked(List.of(startup), true));
            default -> Optional.empty();
        };
    }

    private void send(RoutingContext context, Asked asked, boolean detailed) {
        boolean possible = open || !asked.waitsForStart();
        List<HealthCheckResponse> checks =
                possible ? asked.checks().stream().flatMap(HealthAnswers::made).toList() : List.of();
        boolean up = possible && checks.stream().allMatch(check -> check.getStatus() == Status.UP);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", word(up));
        ArrayNode each = body.putArray("checks");
        if (detailed) {
            checks.forEach(check -> each.add(rendered(check)));
        }
        DirectAnswer.send(context, up ? 200 : UNAVAILABLE, JSON, body.toString());
    }

    private static Stream<HealthCheckResponse> made(Instance<HealthCheck> checks) {
        List<HealthCheckResponse> made = new ArrayList<>();
        for (HealthCheck check : checks) {
            try {
                made.add(check.call());
            } catch (RuntimeException bug) {
                made.add(HealthCheckResponse.named(check.getClass().getSimpleName())
                        .down()
                        .withData("reason", bug.getClass().getName())
                        .build());
            }
        }
        return made.stream();
    }

    private static ObjectNode rendered(HealthCheckResponse check) {
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        one.put("name", check.getName());
        one.put("status", word(check.getStatus() == Status.UP));
        check.getData().filter(data -> !data.isEmpty()).ifPresent(data -> {
            ObjectNode all = one.putObject("data");
            data.forEach((name, value) -> {
                switch (value) {
                    case Long number -> all.put(name, number);
                    case Boolean flag -> all.put(name, flag);
                    default -> all.put(name, String.valueOf(value));
                }
            });
        });
        return one;
    }

    private static String word(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
