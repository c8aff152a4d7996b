package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.lang.ref.WeakReference;
import java.util.List;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.admission.ResendHint;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import org.junit.jupiter.api.Test;

/**
 * A request with a key is kept for its window. For its body there is no room then, and none for the call that its answer came by: both
 * were paid for only while it was on its way.
 */
final class KeptRequestTest {
    private static final ResendHint KEYED = new ResendHint("key-1", 0);
    private static final int MOST_COLLECTIONS = 100;

    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);

    @Test
    void keepsTheAnswerAndNeitherBodyNorCall() throws InterruptedException {
        List<WeakReference<Object>> asked = serveOne();

        for (WeakReference<Object> each : asked) {
            awaitGone(each);
        }
        UniAssertSubscriber<InferenceOutcome> again = infer(ports.request(route, KEYED));
        RecordedSink late = new RecordedSink();
        ((Served) again.getItem()).answer().drainTo(late);
        assertThat(late.heard).containsExactly("data", "end");
    }

    /** In a frame of its own, so that nothing of it is left on the stack. */
    private List<WeakReference<Object>> serveOne() {
        InferenceRequest request = ports.request(route, KEYED);
        FakePorts.Answer answer = new FakePorts.Answer();
        UniAssertSubscriber<InferenceOutcome> client = infer(request);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        ports.providers.calls.clear();
        ((Served) client.getItem()).answer().drainTo(new RecordedSink());
        answer.sink().chunk(Buffer.buffer("data"));
        answer.sink().end();
        return List.of(new WeakReference<>(request.body()), new WeakReference<>(answer));
    }

    private UniAssertSubscriber<InferenceOutcome> infer(InferenceRequest request) {
        return ports.service.infer(request).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private static void awaitGone(WeakReference<Object> kept) throws InterruptedException {
        for (int i = 0; i < MOST_COLLECTIONS && kept.get() != null; i++) {
            System.gc();
            Thread.sleep(1);
        }
        assertThat(kept.get()).isNull();
    }
}
