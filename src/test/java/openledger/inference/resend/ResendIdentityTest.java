package openledger.inference.resend;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import openledger.commitment.PlanLevel;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.KeyReused;
import openledger.inference.InferenceRequest;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.ResendKind;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

/** What a client asks in headers is part of its request as well: another mode, nonce or language is another request. */
final class ResendIdentityTest {
    private static final ResendHint KEYED = new ResendHint("key-1", 0);
    private static final ResendHint SDK_RETRY = new ResendHint("", 1);

    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);

    @Test
    void aKeyBelongsToWhatIsAskedBesideTheBodyAsWell() {
        infer(KEYED);
        List<InferenceRequest> others = List.of(
                asking(KEYED, new ModeOptions.Fast(), Map.of("anthropic-beta", "x"), route),
                asking(KEYED, confirmed(Gate.RESPONSE, PlanLevel.SEQUENCED), Map.of(), route),
                asking(KEYED, confirmed(Gate.DISPATCH, PlanLevel.FINALIZED), Map.of(), route),
                ports.request(route, KEYED, "{\"model\":\"assistant\",\"stream\":true}", "another nonce"));

        for (InferenceRequest other : others) {
            assertThat(infer(other).getItem()).isInstanceOf(KeyReused.class);
        }

        assertThat(ports.providers.calls).hasSize(1);
        assertThat(ports.journal.intents).hasSize(1);
    }

    @Test
    void anOrphanIsJoinedOnlyByWhoAsksTheSameBesideTheBody() {
        infer(ResendHint.NONE).cancel();

        infer(asking(SDK_RETRY, new ModeOptions.Fast(), Map.of("anthropic-beta", "x"), route));
        assertThat(ports.journal.intents).hasSize(2);

        infer(SDK_RETRY);
        assertThat(ports.journal.intents).hasSize(2);
    }

    @Test
    void aRouteWhoseDefaultsHaveChangedMeanwhileIsStillTheSameRequest() {
        infer(KEYED);
        Route changed = new Route(
                new RouteId(route.id().value() + 1),
                route.name(),
                route.tiers(),
                route.operations(),
                route.backoff(),
                route.hedgeAfter(),
                route.stormLimits(),
                route.modes());

        UniAssertSubscriber<InferenceOutcome> again =
                infer(asking(KEYED, confirmed(Gate.RESPONSE, PlanLevel.SEQUENCED), Map.of(), changed));

        assertThat(again.getItem()).isNull();
        assertThat(ports.counted.resends).containsExactly(ResendKind.JOINED);
    }

    private static ModeOptions confirmed(Gate gate, PlanLevel level) {
        return new ModeOptions.Confirmed(gate, level, Duration.ofSeconds(1), ModeOptions.OnUnconfirmed.FAIL);
    }

    private InferenceRequest asking(ResendHint mark, ModeOptions terms, Map<String, String> headers, Route of) {
        InferenceRequest plain = ports.request(of, mark);
        return new InferenceRequest(
                plain.tenant(),
                of,
                plain.operation(),
                terms,
                plain.body(),
                headers,
                plain.clientRequestId(),
                plain.nonce(),
                mark,
                plain.deadline(),
                plain.arrivalMillis(),
                plain.arrivalNanos(),
                plain.witness(),
                plain.trace(),
                plain.place());
    }

    private UniAssertSubscriber<InferenceOutcome> infer(ResendHint mark) {
        return infer(ports.request(route, mark));
    }

    private UniAssertSubscriber<InferenceOutcome> infer(InferenceRequest request) {
        return ports.service.infer(request).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
