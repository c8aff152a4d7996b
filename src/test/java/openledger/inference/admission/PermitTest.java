package openledger.inference.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.RecordedSink;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;

/** A place is taken for as long as a client is there or a call is in flight for it, and given back exactly once. */
final class PermitTest {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final ResendHint KEYED = new ResendHint("key-1", 0);

    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);
    private final AtomicInteger given = new AtomicInteger();
    private final Permit place = new Permit(given::incrementAndGet);
    private final FakePorts.Answer answer = new FakePorts.Answer();

    @Test
    void aDepartedClientsCallKeepsItUntilItsGraceIsOver() {
        UniAssertSubscriber<InferenceOutcome> client = infer(KEYED, place);
        client.cancel();
        place.letGo();
        assertThat(given).hasValue(0);

        ports.clock.advance(GRACE);

        assertThat(ports.providers.inFlight()).isZero();
        assertThat(given).hasValue(1);
    }

    @Test
    void aCallThatIsGivenUpAtOnceKeepsNothing() {
        infer(ResendHint.NONE, place).cancel();
        place.letGo();

        assertThat(given).hasValue(1);
    }

    @Test
    void theClientKeepsItAfterTheAnswerHasCome() {
        UniAssertSubscriber<InferenceOutcome> client = infer(KEYED, place);
        finish(client);
        assertThat(given).hasValue(0);

        place.letGo();

        assertThat(given).hasValue(1);
    }

    @Test
    void whoComesBackBringsAPlaceOfItsOwn() {
        infer(KEYED, place).cancel();
        place.letGo();
        ports.clock.advance(GRACE);
        AtomicInteger second = new AtomicInteger();
        Permit own = new Permit(second::incrementAndGet);

        UniAssertSubscriber<InferenceOutcome> back = infer(KEYED, own);
        ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
        back.cancel();
        own.letGo();
        ports.clock.advance(GRACE);

        assertThat(given).hasValue(1);
        assertThat(second).hasValue(1);
    }

    private UniAssertSubscriber<InferenceOutcome> infer(ResendHint mark, Permit with) {
        return ports.service
                .infer(ports.request(route, mark).with(with))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private void finish(UniAssertSubscriber<InferenceOutcome> client) {
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        ((InferenceOutcome.Served) client.getItem()).answer().drainTo(new RecordedSink());
        answer.sink().chunk(Buffer.buffer("data"));
        answer.sink().end();
    }
}
