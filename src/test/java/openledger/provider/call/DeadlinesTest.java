package openledger.provider.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.inference.TurnedClock;
import openledger.inference.upstream.AnswerForm;
import openledger.routing.CallTimeouts;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What bounds a call: for a stream its silences, for a document the whole alone. */
final class DeadlinesTest {
    private static final Duration FIRST_TOKEN = Duration.ofSeconds(30);
    private static final Duration FIRST_CONTENT = Duration.ofSeconds(90);
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final Duration TOTAL = Duration.ofMinutes(10);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TurnedClock clock = new TurnedClock();
    private final List<Trigger> missed = new ArrayList<>();

    @Test
    void aDocumentMayTakeAllTheTimeThatACallHas() {
        Deadlines deadlines = sent(AnswerForm.PLAIN, Optional.of(FIRST_CONTENT));

        clock.advance(TOTAL.minusMillis(1));
        assertThat(missed).isEmpty();
        deadlines.answered();
        deadlines.listen();
        clock.advance(Duration.ofMillis(1));

        assertThat(missed).containsExactly(Trigger.TOTAL_TIMEOUT);
    }

    @Test
    void aStreamThatSaysNothingIsGivenUp() {
        sent(AnswerForm.STREAM, Optional.empty());

        clock.advance(FIRST_TOKEN);

        assertThat(missed).containsExactly(Trigger.FIRST_TOKEN_TIMEOUT);
    }

    @Test
    void anyByteIsASignOfLife() {
        Deadlines deadlines = sent(AnswerForm.STREAM, Optional.empty());

        heardEverySecond(deadlines, Duration.ofMinutes(9));
        assertThat(missed).isEmpty();
        heardEverySecond(deadlines, Duration.ofMinutes(1));

        assertThat(missed).containsExactly(Trigger.TOTAL_TIMEOUT);
    }

    @Test
    void signsOfLifeAreNoContentIfThereIsABoundForThat() {
        Deadlines deadlines = sent(AnswerForm.STREAM, Optional.of(FIRST_CONTENT));

        heardEverySecond(deadlines, FIRST_CONTENT.minus(SECOND));
        assertThat(missed).isEmpty();
        heardEverySecond(deadlines, FIRST_TOKEN);

        assertThat(missed).containsExactly(Trigger.FIRST_TOKEN_TIMEOUT);
    }

    @Test
    void afterItsContentHasBegunAStreamMayBeSilentForAWhile() {
        Deadlines deadlines = sent(AnswerForm.STREAM, Optional.of(FIRST_CONTENT));
        deadlines.answered();
        deadlines.listen();

        heardEverySecond(deadlines, Duration.ofMinutes(5));
        clock.advance(IDLE.minus(SECOND));
        assertThat(missed).isEmpty();
        clock.advance(SECOND);

        assertThat(missed).containsExactly(Trigger.IDLE_TIMEOUT);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOverLeavesNoTimer(AnswerForm form) {
        Deadlines deadlines = sent(form, Optional.of(FIRST_CONTENT));
        deadlines.answered();
        deadlines.listen();

        deadlines.stop();

        assertThat(clock.pending()).isZero();
    }

    private Deadlines sent(AnswerForm form, Optional<Duration> firstContent) {
        CallTimeouts timeouts = new CallTimeouts(Duration.ofSeconds(2), FIRST_TOKEN, firstContent, IDLE, TOTAL);
        Deadlines[] made = new Deadlines[1];
        made[0] = new Deadlines(timeouts, form, clock, why -> {
            missed.add(why);
            made[0].stop();
        });
        made[0].start();
        made[0].sent();
        return made[0];
    }

    private void heardEverySecond(Deadlines deadlines, Duration length) {
        for (long second = 0; second < length.toSeconds(); second++) {
            clock.advance(SECOND);
            deadlines.heard();
        }
    }
}
