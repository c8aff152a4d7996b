package openledger.bench.faults;

import static openledger.bench.faults.ProviderWords.DONE;
import static openledger.bench.faults.ProviderWords.FIRST;
import static openledger.bench.faults.ProviderWords.SECOND;
import static openledger.bench.faults.ProviderWords.deltas;
import static openledger.bench.faults.ProviderWords.document;
import static openledger.bench.faults.ProviderWords.event;
import static openledger.bench.faults.ProviderWords.finish;
import static openledger.bench.faults.ProviderWords.role;
import static openledger.bench.faults.ProviderWords.stream;
import static openledger.bench.faults.ProviderWords.streamWithUsage;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import openledger.bench.faults.ClientView.End;
import openledger.bench.faults.FaultVerdict.Result;
import openledger.bench.faults.UpstreamFault.Kind;
import openledger.bench.faults.UpstreamFault.Right;
import openledger.bench.faults.UpstreamFault.Shape;
import org.junit.jupiter.api.Test;

final class FaultVerdictTest {
    private static final String REASON = "the context is too long";
    private static final String ERROR = event("{\"error\":{\"message\":\"" + REASON + "\"}}");

    @Test
    void aGoodAnswerIsLostUnlessItArrivesAsItWasSaid() {
        assertThat(of(Right.ARRIVES, Shape.DOCUMENT, whole(document(FIRST)))).isEqualTo(Result.RIGHT);
        assertThat(of(Right.ARRIVES, Shape.DOCUMENT, whole(document(SECOND)))).isEqualTo(Result.LOST);
        assertThat(of(Right.ARRIVES, Shape.DOCUMENT, whole(document(FIRST + "?"))))
                .isEqualTo(Result.LOST);
        assertThat(of(Right.ARRIVES, Shape.DOCUMENT, status(503, "{}"))).isEqualTo(Result.LOST);
        assertThat(of(Right.ARRIVES, Shape.DOCUMENT, new ClientView(0, "", End.SILENT)))
                .isEqualTo(Result.LOST);
        assertThat(of(Right.ARRIVES, Shape.STREAM, whole(stream(FIRST)))).isEqualTo(Result.RIGHT);
        assertThat(of(Right.ARRIVES, Shape.STREAM, whole(role() + deltas(FIRST))))
                .isEqualTo(Result.LOST);
        assertThat(of(Right.ARRIVES, Shape.STREAM, ended(stream(FIRST), End.BROKEN)))
                .isEqualTo(Result.LOST);
    }

    @Test
    void whatIsNoGoodAnswerIsServedIfAnSdkThrowsNothing() {
        assertThat(of(Right.SECOND_ANSWERS, Shape.DOCUMENT, whole("{}"))).isEqualTo(Result.BAD_SERVED);
        assertThat(of(Right.SECOND_ANSWERS, Shape.DOCUMENT, whole("{\"error\":{\"message\":\"no\"}}")))
                .isEqualTo(Result.BAD_SERVED);
        assertThat(of(Right.SECOND_ANSWERS, Shape.DOCUMENT, whole(document(FIRST))))
                .isEqualTo(Result.BAD_SERVED);
        assertThat(of(Right.SECOND_ANSWERS, Shape.STREAM, whole(DONE))).isEqualTo(Result.BAD_SERVED);
        assertThat(of(Right.SECOND_ANSWERS, Shape.STREAM, whole(stream(SECOND))))
                .isEqualTo(Result.RIGHT);
    }

    @Test
    void anErrorIsAvoidableWhereTheSecondTargetWouldHaveAnswered() {
        assertThat(of(Right.SECOND_ANSWERS, Shape.DOCUMENT, status(502, "{}"))).isEqualTo(Result.AVOIDABLE_ERROR);
        assertThat(of(Right.SECOND_ANSWERS, Shape.DOCUMENT, ended("{", End.BROKEN)))
                .isEqualTo(Result.AVOIDABLE_ERROR);
        assertThat(of(Right.SECOND_ANSWERS, Shape.STREAM, whole(ERROR))).isEqualTo(Result.AVOIDABLE_ERROR);
        assertThat(of(Right.ANY_ANSWER, Shape.DOCUMENT, status(503, "{}"))).isEqualTo(Result.LOST);
        assertThat(of(Right.ANY_ANSWER, Shape.DOCUMENT, whole(document(SECOND))))
                .isEqualTo(Result.RIGHT);
    }

    @Test
    void aStreamThatBrokeHasToBeSeenAsBroken() {
        assertThat(of(Right.SEEN_AS_BROKEN, Shape.STREAM, whole(role() + deltas(FIRST) + ERROR)))
                .isEqualTo(Result.RIGHT);
        assertThat(of(Right.SEEN_AS_BROKEN, Shape.STREAM, ended(role() + deltas(FIRST), End.BROKEN)))
                .isEqualTo(Result.RIGHT);
        assertThat(of(Right.SEEN_AS_BROKEN, Shape.STREAM, whole(role() + deltas(FIRST))))
                .isEqualTo(Result.BAD_SERVED);
        assertThat(of(Right.SEEN_AS_BROKEN, Shape.STREAM, whole(role() + deltas(FIRST) + DONE)))
                .isEqualTo(Result.BAD_SERVED);
        assertThat(of(Right.SEEN_AS_BROKEN, Shape.STREAM, whole(role() + deltas(FIRST) + finish("error") + DONE)))
                .isEqualTo(Result.BAD_SERVED);
        assertThat(of(Right.SEEN_AS_BROKEN, Shape.STREAM, whole(role() + "data: {\"choices\":[{\"in\n\n" + ERROR)))
                .isEqualTo(Result.BAD_SERVED);
    }

    @Test
    void aReasonToRefuseHasToArrive() {
        assertThat(of(Right.COMPLAINT_ARRIVES, Shape.DOCUMENT, status(400, REASON)))
                .isEqualTo(Result.RIGHT);
        assertThat(of(Right.COMPLAINT_ARRIVES, Shape.DOCUMENT, status(503, "{}")))
                .isEqualTo(Result.LOST);
        assertThat(of(Right.COMPLAINT_ARRIVES, Shape.DOCUMENT, whole("{\"error\":{\"message\":\"" + REASON + "\"}}")))
                .isEqualTo(Result.BAD_SERVED);
    }

    @Test
    void aPlainLoopOverChoicesMeetsNoChunkWithoutThem() {
        assertThat(of(Right.ARRIVES, Shape.STREAM, whole(streamWithUsage(FIRST))))
                .isEqualTo(Result.LOST);
        assertThat(of(Right.ARRIVES, Shape.STREAM_WITH_USAGE, whole(streamWithUsage(FIRST))))
                .isEqualTo(Result.RIGHT);
        assertThat(of(Right.ARRIVES, Shape.STREAM_WITH_USAGE, whole(stream(FIRST))))
                .isEqualTo(Result.LOST);
        assertThat(of(Right.ARRIVES, Shape.STREAM, whole(stream(FIRST).replaceFirst("chatcmpl-1", "other"))))
                .isEqualTo(Result.LOST);
    }

    @Test
    void eventsAreReadAsTheStandardHasIt() {
        assertThat(EventReading.of("\uFEFF: ping\rdata: a\rdata:b\r\r\nevent: error\r\ndata: c\n\ndata: last\n"))
                .containsExactly(
                        new EventReading.Event("", "a\nb"),
                        new EventReading.Event("error", "c"),
                        new EventReading.Event("", "last"));
    }

    @Test
    void thePageHasEveryFaultAndSaysWhoWasNotRun() {
        List<FaultResults.Cell> cells = FaultCatalogue.all().stream()
                .map(fault -> new FaultResults.Cell(fault, new FaultVerdict(Result.RIGHT, "arrived"), 4))
                .toList();
        FaultResults ran = new FaultResults("one", "1", "as it comes", "", cells);
        FaultResults absent = new FaultResults("two", "2", "as it comes", "no wheel", List.of());

        String page = FaultsPage.of(List.of(ran, absent), "today", "abc");

        assertThat(page).contains("| one | 0 | 0 | 0 | 160 | 4 | 40 |", "| two | not run: no wheel |");
        FaultCatalogue.all().forEach(fault -> assertThat(page).contains("| " + fault.name() + " |"));
        assertThat(FaultResults.figure(List.of(ran, absent))).endsWith(": one 0/0/0/40, two not run");
    }

    private static Result of(Right right, Shape shape, ClientView view) {
        UpstreamFault fault = new UpstreamFault("a fault", Kind.EVENTS, shape, right, REASON, reply -> {});
        return FaultVerdict.of(fault, view).result();
    }

    private static ClientView whole(String body) {
        return ended(body, End.WHOLE);
    }

    private static ClientView ended(String body, End end) {
        return new ClientView(200, body, end);
    }

    private static ClientView status(int status, String body) {
        return new ClientView(status, body, End.WHOLE);
    }
}
