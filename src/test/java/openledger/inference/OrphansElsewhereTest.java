package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.cluster.ResendRanges;
import openledger.cluster.orphan.AnnouncedOrphans.Announced;
import openledger.cluster.orphan.Orphans;
import openledger.inference.InferenceOutcome.OwnedElsewhere;
import openledger.inference.admission.FairPool;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.ResendKind;
import openledger.inference.resend.ResendSettings;
import openledger.routing.Operation;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;

/** What other routers are told of clients that leave, and what becomes of a retry that one of them sends here. */
final class OrphansElsewhereTest {
    private static final ResendHint SDK_RETRY = new ResendHint("", 1);
    private static final ResendHint FORWARDED = SDK_RETRY.forwarded();
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int MOST = 6;

    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);
    private final List<String> told = new ArrayList<>();
    private final Orphans others = new Orphans() {
        @Override
        public void left(String tenant, Operation operation, byte[] digest, Duration joinable) {
            told.add(tenant + " " + operation + " " + digest.length + " " + joinable.toSeconds());
        }

        @Override
        public Elsewhere find(String tenant, Operation operation, byte[] digest) {
            return new Elsewhere.Unknown();
        }

        @Override
        public void gone(Announced one) {}
    };
    private final InferenceService service = new InferenceService(
            new ServicePorts(ports.providers, ports.journal, ports.loops, ports.loops, ports.counted.metrics),
            new ResendSettings(
                    Duration.ofMinutes(30),
                    Duration.ofSeconds(5),
                    WINDOW,
                    1_000,
                    4_000,
                    MOST,
                    ResendSettings.FirstCall.EAGER),
            FairPool.unbounded(),
            ResendRanges.ALONE,
            others);

    @Test
    void whoLeavesWithoutAKeyIsToldOfAtOnceAndAgainEachTimeItLeaves() {
        infer(ResendHint.NONE).cancel();
        assertThat(told).containsExactly("tenant CHAT 32 60");

        infer(FORWARDED).cancel();
        infer(SDK_RETRY).cancel();

        assertThat(told).hasSize(3);
        // All three were one request.
        assertThat(ports.journal.intents).hasSize(1);
        assertThat(ports.providers.calls).hasSize(3);
    }

    @Test
    void whatIsNoOrphanIsNotToldOf() {
        infer(new ResendHint("key-1", 0)).cancel();
        ports.clock.advance(WINDOW);
        UniAssertSubscriber<InferenceOutcome> ends = infer(ResendHint.NONE);
        fail();
        fail();
        fail();
        ends.assertCompleted();

        assertThat(told).isEmpty();
        // Beyond the tenant's share: it is sealed at once, and cannot be joined.
        for (int i = 0; i < MOST; i++) {
            service.infer(ports.request(route, ResendHint.NONE, "{\"model\":\"assistant\",\"n\":" + i + "}"))
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create())
                    .cancel();
        }
        assertThat(told).hasSize(MOST / 2);
    }

    @Test
    void aForwardedRetryIsJoinedOnceAndNeverBegun() {
        assertThat(infer(FORWARDED).getItem()).isInstanceOf(OwnedElsewhere.class);
        infer(ResendHint.NONE).cancel();

        UniAssertSubscriber<InferenceOutcome> first = infer(FORWARDED);
        UniAssertSubscriber<InferenceOutcome> second = infer(FORWARDED);

        first.assertNotTerminated();
        assertThat(second.getItem()).isInstanceOf(OwnedElsewhere.class);
        assertThat(ports.providers.calls).hasSize(2);
        assertThat(ports.journal.intents).hasSize(1);
        assertThat(ports.counted.resends).containsExactly(ResendKind.CONTINUED);
    }

    @Test
    void aForwardedRetryThatAsksSomethingElseIsNotJoined() {
        infer(ResendHint.NONE).cancel();

        assertThat(service.infer(ports.request(route, FORWARDED, "{\"model\":\"assistant\",\"stream\":false}"))
                        .subscribe()
                        .withSubscriber(UniAssertSubscriber.create())
                        .getItem())
                .isInstanceOf(OwnedElsewhere.class);
        assertThat(service.infer(ports.request(
                                "other", route, FORWARDED, "{\"model\":\"assistant\",\"stream\":true}", ""))
                        .subscribe()
                        .withSubscriber(UniAssertSubscriber.create())
                        .getItem())
                .isInstanceOf(OwnedElsewhere.class);
        // Somebody who says nothing of a retry is not joined, wherever it comes from.
        assertThat(infer(ResendHint.NONE.forwarded()).getItem()).isInstanceOf(OwnedElsewhere.class);
        assertThat(ports.providers.calls).hasSize(1);
    }

    @Test
    void whatTheWindowOrAStopHasSealedIsJoinedByNobody() {
        infer(ResendHint.NONE).cancel();
        assertThat(hasOrphan()).isTrue();
        ports.clock.advance(WINDOW);
        assertThat(hasOrphan()).isFalse();
        assertThat(infer(FORWARDED).getItem()).isInstanceOf(OwnedElsewhere.class);

        infer(ResendHint.NONE).cancel();
        service.sealAbandoned();
        assertThat(infer(FORWARDED).getItem()).isInstanceOf(OwnedElsewhere.class);
        int before = told.size();
        infer(ResendHint.NONE).cancel();
        assertThat(told).hasSize(before);
        assertThat(ports.journal.decisions).hasSize(3);
    }

    private boolean hasOrphan() {
        InferenceRequest same = ports.request(route, ResendHint.NONE);
        return service.hasOrphan("tenant", Operation.CHAT, same.body().digest());
    }

    private void fail() {
        ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
    }

    private UniAssertSubscriber<InferenceOutcome> infer(ResendHint hint) {
        return service.infer(ports.request(route, hint)).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
