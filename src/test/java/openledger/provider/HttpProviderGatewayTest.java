package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import openledger.budget.AttemptLedger;
import openledger.budget.AttemptPermit;
import openledger.http.RouterUnderTest;
import openledger.inference.TurnedClock;
import openledger.inference.admission.Permit;
import openledger.inference.admission.RequestBody;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.ClaimedSlot;
import openledger.inference.upstream.MadeNames;
import openledger.inference.upstream.UpstreamRequest;
import openledger.lab.world.CongestionParameters;
import openledger.provider.target.CircuitSettings;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.simulator.ProviderSpec;
import openledger.simulator.SimulatedFleet;
import openledger.simulator.SimulatedProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls of a real server, with a clock that the test turns; Quarkus is there for its guards. Long because what a target's state does
 * to calls is best read as one list.
 */
@QuarkusTest
@Tag("long") // starts the router
@QuarkusTestResource(RouterUnderTest.class)
final class HttpProviderGatewayTest {
    private static final Duration CIRCUIT_DELAY = Duration.ofSeconds(5);
    private static final Duration LONGEST_CLOSURE = Duration.ofSeconds(60);
    private static final String HELLO =
            "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private final Vertx vertx = Vertx.vertx();
    private final io.vertx.core.Context loop = vertx.getOrCreateContext();
    private final TurnedClock clock = new TurnedClock();
    private final Route route = TestRoutes.of(8);
    private final Target target = route.tiers().getFirst().targets().getFirst();
    private SimulatedFleet fleet;
    private HttpProviderGateway gateway;

    @BeforeEach
    void start() throws IOException {
        fleet = SimulatedFleet.start(List.of(ProviderSpec.quick("p0")), CongestionParameters.REFERENCE, 1);
        gateway = new HttpProviderGateway(
                vertx, new CircuitSettings(4, 0.5, CIRCUIT_DELAY, LONGEST_CLOSURE), clock, MadeNames.UNHEARD);
        gateway.learn(policy(Dialect.OPENAI), Map.of(), Map.of());
    }

    private Policy policy(Dialect dialect) {
        URI address = URI.create(provider().baseUrl());
        List<Provider> providers = List.of("p0", "p1", "p2").stream()
                .map(name -> new Provider(name, dialect, dialect.operations(), address, TestRoutes.TIMEOUTS))
                .toList();
        return new Policy(providers, Map.of(route.name(), route));
    }

    @AfterEach
    void stop() throws InterruptedException, ExecutionException, TimeoutException {
        fleet.close();
        gateway.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatIsLeftOfARetriedAnswerNeverEndsTheNextCallOnItsConnection() throws Exception {
        provider().script("status 500", "slow 300");
        assertThat(call().get(5, TimeUnit.SECONDS)).isInstanceOf(CallResult.Failed.class);
        CompletableFuture<CallResult> next = call();
        awaitCalls(2);

        onLoop(() -> clock.advance(Duration.ofSeconds(5)));

        assertThat(next.get(5, TimeUnit.SECONDS)).isInstanceOf(CallResult.Answered.class);
    }

    @Test
    void aCallThatIsOverLeavesNoTimerAndSoNothingOfALargeBody() throws Exception {
        String text = HELLO.replace("Hi", "x".repeat(1_000_000));
        CompletableFuture<Integer> timersAtTheEnd = new CompletableFuture<>();
        loop.runOnContext(go -> gateway.call(
                        new AttemptLedger(route).take().orElseThrow(), target, request(Operation.CHAT, "tenant", text))
                .subscribe()
                .with(result -> ((CallResult.Answered) result)
                        .answer()
                        .drainTo(new EndOnly(() -> timersAtTheEnd.complete(clock.pending())))));

        assertThat(timersAtTheEnd.get(5, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aRefusedConnectionIsALostOne() throws Exception {
        provider().stopListening().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);

        assertThat(call().get(5, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        CallResult.Failed.class,
                        failed -> assertThat(failed.trigger()).isEqualTo(Trigger.CONNECTION_LOST));
        assertThat(gateway.load(target).inFlight()).isZero();
    }

    @Test
    void aCircuitOpensOnFailuresClosesTheTargetAndComesBackByItself() throws Exception {
        provider().script("status 500", "status 500", "status 500", "status 500");
        for (int i = 0; i < 4; i++) {
            call().get(5, TimeUnit.SECONDS);
        }
        assertThat(gateway.load(target).isOpen()).isFalse();
        assertThat(call().get(5, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        CallResult.Failed.class,
                        refused -> assertThat(refused.trigger()).isEqualTo(Trigger.NO_CAPACITY));
        assertThat(provider().calls()).isEqualTo(4);

        onLoop(() -> clock.advance(CIRCUIT_DELAY));
        assertThat(gateway.load(target).isOpen()).isTrue();

        assertThat(call().get(5, TimeUnit.SECONDS)).isInstanceOf(CallResult.Answered.class);
        assertThat(gateway.load(target).isOpen()).isTrue();
    }

    @Test
    void whatOneTenantProvokesClosesTheTargetForNobodyElse() throws Exception {
        provider().script(Collections.nCopies(9, "status 500").toArray(String[]::new));
        for (int i = 0; i < 4; i++) {
            callOf("poison").get(5, TimeUnit.SECONDS);
        }
        assertThat(gateway.load(target).isOpen()).isFalse();

        onLoop(() -> gateway.asked("honest", route));

        assertThat(gateway.load(target).isOpen()).isTrue();
        for (int i = 0; i < 5; i++) {
            callOf("poison").get(5, TimeUnit.SECONDS);
        }
        assertThat(callOf("honest").get(5, TimeUnit.SECONDS)).isInstanceOf(CallResult.Answered.class);
    }

    @Test
    void aProviderThatAsksToBeLeftAloneForLongIsTriedAfterAWhile() throws Exception {
        provider().script("status 429 retry-after=9999999", "status 429 retry-after=9999999");
        assertThat(call().get(5, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        CallResult.Failed.class,
                        failed -> assertThat(failed.retryAfter()).contains(LONGEST_CLOSURE));
        onLoop(() -> clock.advance(LONGEST_CLOSURE.minusMillis(1)));
        assertThat(gateway.load(target).isOpen()).isFalse();

        onLoop(() -> clock.advance(Duration.ofMillis(1)));
        assertThat(call().get(5, TimeUnit.SECONDS)).isInstanceOf(CallResult.Failed.class);
        assertThat(provider().calls()).isEqualTo(2);
        assertThat(gateway.load(target).isOpen()).isFalse();

        onLoop(() -> clock.advance(LONGEST_CLOSURE));
        assertThat(call().get(5, TimeUnit.SECONDS)).isInstanceOf(CallResult.Answered.class);
        assertThat(gateway.load(target).isOpen()).isTrue();
    }

    @Test
    void aTenantThatHasToLetOthersGoFirstIsRefusedWithoutACall() throws Exception {
        provider().script(Collections.nCopies(5, "status 500").toArray(String[]::new));
        for (String tenant : List.of("one", "other", "one", "other")) {
            callOf(tenant).get(5, TimeUnit.SECONDS);
        }
        onLoop(() -> clock.advance(CIRCUIT_DELAY));
        callOf("one").get(5, TimeUnit.SECONDS);
        onLoop(() -> clock.advance(CIRCUIT_DELAY));

        assertThat(callOf("one").get(5, TimeUnit.SECONDS)).isInstanceOf(CallResult.Failed.class);
        assertThat(provider().calls()).isEqualTo(5);
        await(() -> gateway.load(target).inFlight() == 0);
    }

    @Test
    void aFullProviderOpensNoCircuit() throws Exception {
        provider().script("status 429", "status 429", "status 429", "status 429", "status 429", "status 429");
        for (int i = 0; i < 6; i++) {
            call().get(5, TimeUnit.SECONDS);
        }

        assertThat(gateway.load(target).isOpen()).isTrue();
    }

    @Test
    void aClaimedSlotCountsAsInFlightUntilItIsGivenBackOnce() {
        List<ClaimedSlot> slots = gateway.claim(target, 100);
        int most = gateway.load(target).limit();
        assertThat(slots).hasSize(most);
        assertThat(gateway.load(target).inFlight()).isEqualTo(most);
        assertThat(gateway.claim(target, 1)).isEmpty();

        slots.getFirst().release();
        slots.getFirst().release();

        assertThat(gateway.load(target).inFlight()).isEqualTo(most - 1);
        slots.forEach(ClaimedSlot::release);
        assertThat(gateway.load(target).inFlight()).isZero();
    }

    @Test
    void aCallInAClaimedSlotGivesItBackAndItCannotBeUsedAgain() throws Exception {
        ClaimedSlot slot = gateway.claim(target, 1).getFirst();

        assertThat(callIn(slot).get(5, TimeUnit.SECONDS)).isInstanceOf(CallResult.Answered.class);

        await(() -> gateway.load(target).inFlight() == 0);
        slot.release();
        assertThat(gateway.load(target).inFlight()).isZero();
        assertThat(callIn(slot).get(5, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        CallResult.Failed.class,
                        refused -> assertThat(refused.trigger()).isEqualTo(Trigger.NO_CAPACITY));
        assertThat(provider().calls()).isOne();
    }

    @Test
    void aSlotOfATargetThatClosedMeanwhileIsGivenBackWithoutACall() throws Exception {
        ClaimedSlot slot = gateway.claim(target, 1).getFirst();
        provider().script("status 429 retry-after=60");
        call().get(5, TimeUnit.SECONDS);
        assertThat(gateway.load(target).isOpen()).isFalse();

        assertThat(callIn(slot).get(5, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        CallResult.Failed.class,
                        refused -> assertThat(refused.trigger()).isEqualTo(Trigger.NO_CAPACITY));

        assertThat(provider().calls()).isOne();
        assertThat(gateway.load(target).inFlight()).isZero();
        assertThat(gateway.claim(target, 1)).isEmpty();
    }

    @Test
    void nothingHappensBeforeTheSubscription() {
        ClaimedSlot slot = gateway.claim(target, 1).getFirst();
        UpstreamRequest request = request(Operation.CHAT, "tenant");
        AttemptLedger ledger = new AttemptLedger(route);

        gateway.call(ledger.take().orElseThrow(), target, request);
        slot.call(ledger.take().orElseThrow(), request);

        assertThat(gateway.load(target).inFlight()).isOne();
        slot.release();
        assertThat(gateway.load(target).inFlight()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatCannotBeMadeFailsAndGivesItsSlotBack(In in) throws Exception {
        CompletableFuture<CallResult> result = call(Operation.MESSAGES, in);

        assertThatThrownBy(() -> result.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(gateway.load(target).inFlight()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aProviderThatChangesItsDialectIsAskedInTheOldOneByWhoBeganWithIt(In in) throws Exception {
        UpstreamRequest begun = request(Operation.CHAT, "tenant");
        CompletableFuture<CallResult> result = new CompletableFuture<>();
        Uni<CallResult> call = prepared(in, begun);
        gateway.learn(policy(Dialect.ANTHROPIC), Map.of(), Map.of());

        loop.runOnContext(go -> call.subscribe().with(result::complete, result::completeExceptionally));

        assertThat(result.get(5, TimeUnit.SECONDS)).isInstanceOf(CallResult.Answered.class);
        assertThat(provider().takeSeen()).returns("/v1/chat/completions", SimulatedProvider.SeenCall::path);
    }

    private Uni<CallResult> prepared(In in, UpstreamRequest request) {
        AttemptPermit permit = new AttemptLedger(route).take().orElseThrow();
        return switch (in) {
            case FREE_SLOT -> gateway.call(permit, target, request);
            case CLAIMED_SLOT -> gateway.claim(target, 1).getFirst().call(permit, request);
        };
    }

    /** Where a call is made. */
    enum In {
        FREE_SLOT,
        CLAIMED_SLOT
    }

    private CompletableFuture<CallResult> call(Operation operation, In in) {
        CompletableFuture<CallResult> result = new CompletableFuture<>();
        UpstreamRequest request = request(operation, "tenant");
        loop.runOnContext(
                go -> prepared(in, request).subscribe().with(result::complete, result::completeExceptionally));
        return result;
    }

    private UpstreamRequest request(Operation operation, String tenant) {
        return request(operation, tenant, HELLO);
    }

    private UpstreamRequest request(Operation operation, String tenant, String text) {
        try {
            RequestBody body = RequestBody.of(text.getBytes(StandardCharsets.UTF_8), 8);
            return new UpstreamRequest(
                    operation,
                    body,
                    AnswerForm.PLAIN,
                    Map.of(),
                    "request",
                    gateway.viewOf(route),
                    Optional.empty(),
                    tenant,
                    Permit.UNCOUNTED);
        } catch (RequestBody.MalformedBody e) {
            throw new AssertionError(e);
        }
    }

    private SimulatedProvider provider() {
        return fleet.provider("p0");
    }

    private CompletableFuture<CallResult> call() throws Exception {
        return callOf("tenant");
    }

    private CompletableFuture<CallResult> callOf(String tenant) throws Exception {
        return call(
                tenant, request -> gateway.call(new AttemptLedger(route).take().orElseThrow(), target, request));
    }

    private CompletableFuture<CallResult> callIn(ClaimedSlot slot) throws Exception {
        return call(
                "tenant", request -> slot.call(new AttemptLedger(route).take().orElseThrow(), request));
    }

    private CompletableFuture<CallResult> call(String tenant, Function<UpstreamRequest, Uni<CallResult>> how)
            throws Exception {
        UpstreamRequest request = request(Operation.CHAT, tenant);
        CompletableFuture<CallResult> result = new CompletableFuture<>();
        loop.runOnContext(go -> how.apply(request).subscribe().with(outcome -> {
            if (outcome instanceof CallResult.Answered answered) {
                answered.answer().cancel();
            }
            result.complete(outcome);
        }));
        return result;
    }

    private void onLoop(Runnable task) throws Exception {
        CompletableFuture<Optional<Void>> done = new CompletableFuture<>();
        loop.runOnContext(go -> {
            task.run();
            done.complete(Optional.empty());
        });
        done.get(5, TimeUnit.SECONDS);
    }

    private void awaitCalls(long calls) throws InterruptedException {
        await(() -> provider().calls() == calls);
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it did not come about").isLessThan(until);
            Thread.sleep(10);
        }
    }
}
