package openledger.inference.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import openledger.commitment.leaf.RequestDigest;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.RecordedSink;
import openledger.inference.admission.ResendHint;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;

/** What of an answer is in its record. */
final class AnswerDigestTest {
    private static final ResendHint KEYED = new ResendHint("key-1", 0);
    private static final String BODY = "{\"model\":\"assistant\",\"stream\":true}";

    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);
    private final FakePorts.Answer answer = new FakePorts.Answer();

    @Test
    void isOfAllThatTheProviderSentItsLastEventIncluded() {
        UniAssertSubscriber<InferenceOutcome> client = infer(ResendHint.NONE);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        drain(client);
        answer.lastEvent = Buffer.buffer("data: [DONE]\n\n");

        answer.sink().chunk(Buffer.buffer("da"));
        answer.sink().chunk(Buffer.buffer("ta"));
        answer.sink().end();

        assertThat(recorded()).isEqualTo(sha256("datadata: [DONE]\n\n"));
    }

    @Test
    void isTakenOnceWhateverTheNumberOfClients() {
        UniAssertSubscriber<InferenceOutcome> first = infer(KEYED);
        UniAssertSubscriber<InferenceOutcome> second = infer(KEYED);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        drain(first);
        drain(second);
        answer.sink().chunk(Buffer.buffer("data"));
        drain(infer(KEYED));
        answer.sink().end();
        drain(infer(KEYED));

        assertThat(recorded()).isEqualTo(sha256("data"));
    }

    @Test
    void isReadInPlaceFromAnyPartOfABuffer() {
        UniAssertSubscriber<InferenceOutcome> client = infer(ResendHint.NONE);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        drain(client);

        answer.sink().chunk(Buffer.buffer("xdatax").slice(1, 5));
        answer.sink().end();

        assertThat(recorded()).isEqualTo(sha256("data"));
    }

    @Test
    void isZerosIfNobodyAnswered() {
        infer(ResendHint.NONE);
        for (int i = 0; i < 3; i++) {
            ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
        }

        assertThat(recorded()).containsOnly(0);
    }

    @Test
    void isOfWhatThereWasOfABrokenAnswer() {
        UniAssertSubscriber<InferenceOutcome> client = infer(ResendHint.NONE);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        drain(client);
        answer.sink().chunk(Buffer.buffer("da"));
        answer.sink().broken(Trigger.CONNECTION_LOST);

        assertThat(recorded()).isEqualTo(sha256("da"));
    }

    @Test
    void isOfTheAnswerThatCameInPlaceOfABrokenOne() {
        UniAssertSubscriber<InferenceOutcome> first = infer(KEYED);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        drain(first);
        answer.sink().chunk(Buffer.buffer("da"));
        answer.sink().broken(Trigger.CONNECTION_LOST);
        UniAssertSubscriber<InferenceOutcome> back = infer(KEYED);
        FakePorts.Answer whole = new FakePorts.Answer();
        ports.providers.calls.getLast().land(FakePorts.answered(whole));
        drain(back);
        whole.sink().chunk(Buffer.buffer("other"));
        whole.sink().end();

        assertThat(recorded()).isEqualTo(sha256("other"));
    }

    @Test
    void isOfAnOrphansAnswerThoughNobodyReadIt() {
        infer(KEYED).cancel();
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        answer.sink().chunk(Buffer.buffer("data"));
        answer.sink().end();
        ports.clock.advance(Duration.ofSeconds(70));

        assertThat(recorded()).isEqualTo(sha256("data"));
    }

    @Test
    void aNonceEntersTheDigestOfTheRequestAndIsKept() {
        ports.service
                .infer(ports.request(route, ResendHint.NONE, BODY, "nonce 1"))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        infer(ResendHint.NONE);

        Intent with = ports.journal.intents.getFirst();
        assertThat(with.nonce()).isEqualTo("nonce 1");
        assertThat(with.bodyDigest()).isEqualTo(RequestDigest.of(BODY.getBytes(StandardCharsets.UTF_8), "nonce 1"));
        assertThat(ports.journal.intents.getLast().bodyDigest()).isEqualTo(sha256(BODY));
        assertThat(ports.journal.intents.getLast().nonce()).isEmpty();
    }

    private byte[] recorded() {
        assertThat(ports.journal.decisions).hasSize(1);
        return ports.journal.decisions.getFirst().responseDigest();
    }

    private UniAssertSubscriber<InferenceOutcome> infer(ResendHint mark) {
        return ports.service.infer(ports.request(route, mark)).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private static void drain(UniAssertSubscriber<InferenceOutcome> client) {
        ((Served) client.getItem()).answer().drainTo(new RecordedSink());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
