package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import openledger.cluster.RangeGates;
import openledger.cluster.RangeMap;
import openledger.cluster.ResendRanges;
import openledger.cluster.orphan.Orphans;
import openledger.inference.InferenceOutcome.OwnedElsewhere;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.admission.FairPool;
import openledger.inference.admission.ResendHint;
import openledger.inference.resend.ResendSettings;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.unit.ResendKey;
import org.junit.jupiter.api.Test;

/** A keyed request counts in its range from its begin to its end, and none begins in a range that is not ours. */
final class OwnedRangesTest {
    private static final ResendHint KEYED = new ResendHint("key-1", 0);
    private static final int RANGE = ResendKey.of("tenant", "key-1").range();
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);
    private final RangeGates gates = new RangeGates();
    private final InferenceService service = new InferenceService(
            new ServicePorts(ports.providers, ports.journal, ports.loops, ports.loops, ports.counted.metrics),
            new ResendSettings(Duration.ofMinutes(30), GRACE, WINDOW, 1_000, 4_000, 6, ResendSettings.FirstCall.EAGER),
            FairPool.unbounded(),
            new ResendRanges() {
                @Override
                public RangeMap map() {
                    return RangeMap.UNKNOWN;
                }

                @Override
                public boolean enter(int range) {
                    return gates.enter(range);
                }

                @Override
                public void leave(int range) {
                    gates.leave(range);
                }

                @Override
                public Uni<RangeMap> refresh() {
                    return Uni.createFrom().item(RangeMap.UNKNOWN);
                }
            },
            Orphans.NONE);

    @Test
    void nothingBeginsOrIsJoinedInARangeThatIsNotOurs() {
        assertThat(infer(KEYED).getItem()).isInstanceOf(OwnedElsewhere.class);
        assertThat(ports.providers.calls).isEmpty();
        assertThat(ports.journal.decisions).isEmpty();

        gates.open(RANGE);
        UniAssertSubscriber<InferenceOutcome> first = infer(KEYED);
        gates.close(RANGE);
        assertThat(infer(KEYED).getItem()).isInstanceOf(OwnedElsewhere.class);
        first.assertNotTerminated();
        assertThat(ports.providers.calls).hasSize(1);
        // Without a key it is nobody's.
        infer(ResendHint.NONE).assertNotTerminated();
        assertThat(ports.providers.calls).hasSize(2);
    }

    @Test
    void aRequestCountsUntilItsEndHoweverOftenItIsSent() {
        gates.open(RANGE);
        UniAssertSubscriber<InferenceOutcome> client = infer(KEYED);
        infer(KEYED).assertNotTerminated();
        assertThat(gates.running(RANGE)).isEqualTo(1);
        serve(client);

        assertThat(ports.journal.decisions).hasSize(1);
        assertThat(gates.running(RANGE)).isZero();
        assertThat(((Served) infer(KEYED).getItem()).answer()).isNotNull();
        assertThat(gates.running(RANGE)).isZero();
        ports.clock.advance(WINDOW);
        assertThat(gates.running(RANGE)).isZero();
        assertThat(gates.closeIfIdle(RANGE)).isTrue();
    }

    @Test
    void aRequestWhoseClientIsAwayStillRunsUntilItIsSealed() {
        gates.open(RANGE);
        infer(KEYED).cancel();
        ports.clock.advance(GRACE);
        assertThat(ports.providers.inFlight()).isZero();
        assertThat(gates.running(RANGE)).isEqualTo(1);
        ports.clock.advance(WINDOW);
        assertThat(ports.journal.decisions).hasSize(1);
        assertThat(gates.running(RANGE)).isZero();
    }

    @Test
    void whatIsKeptOfARangeThatIsGivenAwayIsForgotten() {
        gates.open(RANGE);
        serve(infer(KEYED));
        assertThat(service.waiting().keptBytes()).isPositive();

        service.forgetKeysIn(others());
        assertThat(service.waiting().keptBytes()).isPositive();
        service.forgetKeysIn(Set.of(RANGE));
        assertThat(service.waiting().keptBytes()).isZero();
        assertThat(service.waiting().kept()).isZero();
        // What comes now under that key is another request: whoever has the range has looked at what was there.
        infer(KEYED).assertNotTerminated();
        assertThat(gates.running(RANGE)).isEqualTo(1);
        assertThat(ports.clock.pending()).isPositive();
    }

    private static Set<Integer> others() {
        return IntStream.range(0, ResendKey.RANGES)
                .filter(range -> range != RANGE)
                .boxed()
                .collect(Collectors.toSet());
    }

    private void serve(UniAssertSubscriber<InferenceOutcome> client) {
        FakePorts.Answer answer = new FakePorts.Answer();
        ports.providers.calls.getLast().land(FakePorts.answered(answer));
        ((Served) client.getItem()).answer().drainTo(new RecordedSink());
        answer.sink().chunk(Buffer.buffer("data"));
        answer.sink().end();
    }

    private UniAssertSubscriber<InferenceOutcome> infer(ResendHint resend) {
        return service.infer(ports.request(route, resend)).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
