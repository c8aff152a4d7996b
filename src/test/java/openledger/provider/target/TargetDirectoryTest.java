package openledger.provider.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import openledger.cluster.News;
import openledger.cluster.TargetKey;
import openledger.cluster.slot.SlotShares;
import openledger.http.RouterUnderTest;
import openledger.inference.TurnedClock;
import openledger.inference.upstream.AnswerForm;
import openledger.provider.Credential;
import openledger.provider.ProviderAccount;
import openledger.provider.ProviderEndpoint;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.unit.TargetId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys change, some every hour: what a provider was asked with before is kept while it may be needed, and closed after that. */
@QuarkusTest
@Tag("long") // starts the router
@QuarkusTestResource(RouterUnderTest.class)
final class TargetDirectoryTest {
    private static final CircuitSettings CIRCUIT =
            new CircuitSettings(100, 0.5, Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final Vertx vertx = Vertx.vertx();
    private final TurnedClock clock = new TurnedClock();
    private final Route route = TestRoutes.of(8);

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aChangedKeyRetiresItsOwnEndpointOnceAndNoOther() {
        TargetDirectory first = with(TargetDirectory.EMPTY, "old");
        TargetDirectory same = with(first, "old");
        TargetDirectory second = with(same, "new");
        TargetDirectory third = with(second, "new");

        assertThat(first.retired()).isEmpty();
        assertThat(same.retired()).isEmpty();
        assertThat(second.retired()).hasSize(1);
        assertThat(third.retired()).isEmpty();
    }

    @Test
    void aClosedEndpointCallsNobody() {
        TargetDirectory first = with(TargetDirectory.EMPTY, "old");
        ProviderEndpoint endpoint =
                first.target(route.tiers().getFirst().targets().getFirst().id()).endpoint();
        endpoint.client();

        endpoint.close();

        assertThatThrownBy(() -> endpoint.client().request(endpoint.request(Operation.CHAT, AnswerForm.PLAIN, "m")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theEndpointsAreThoseOfThePolicyInForce() {
        TargetDirectory first = with(TargetDirectory.EMPTY, "old");
        ProviderEndpoint replaced =
                first.target(route.tiers().getFirst().targets().getFirst().id()).endpoint();

        assertThat(first.endpoints()).hasSize(3).contains(replaced);
        assertThat(with(first, "new").endpoints()).hasSize(3).doesNotContain(replaced);
    }

    @Test
    void aTargetThatIsReachedElsewhereIsAnotherOne() {
        List<TargetKey> told = new ArrayList<>();
        News news = (key, left) -> told.add(key);
        TargetId id = route.tiers().getFirst().targets().getFirst().id();
        TargetDirectory first = with(TargetDirectory.EMPTY, "key", "http://127.0.0.1:1/v1", news);
        TargetDirectory moved = with(first, "key", "http://127.0.0.1:2/v1", news);

        moved.target(id).state().closeFor(Duration.ofSeconds(3));

        TargetKey there = TargetKey.of(
                moved.target(id).endpoint().provider().name(),
                URI.create("http://127.0.0.1:2/v1"),
                moved.target(id).target().model());
        assertThat(moved.target(id).key()).isEqualTo(there);
        assertThat(moved.target(id).state()).isNotSameAs(first.target(id).state());
        assertThat(told).containsExactly(there);
    }

    private TargetDirectory with(TargetDirectory before, String secret) {
        return with(before, secret, "http://127.0.0.1:1/v1", News.NONE);
    }

    private TargetDirectory with(TargetDirectory before, String secret, String baseUrl, News news) {
        List<Provider> providers = List.of("p0", "p1", "p2").stream()
                .map(name -> new Provider(
                        name, Dialect.OPENAI, Dialect.OPENAI.operations(), URI.create(baseUrl), TestRoutes.TIMEOUTS))
                .toList();
        return before.with(
                new Policy(providers, Map.of(route.name(), route)),
                Map.of("p0", new Credential(secret)),
                Map.of(),
                reach -> new ProviderEndpoint(
                        vertx,
                        reach.provider(),
                        reach.credential(),
                        reach.egress(),
                        new ProviderAccount(reach.provider().name(), System::nanoTime)),
                (target, endpoint) -> GuardedTarget.of(target, endpoint, CIRCUIT, clock, news, SlotShares.ALONE));
    }
}
