package openledger.inference.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import openledger.inference.admission.TraceContext.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceContextTest {
    private static final String SENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final TraceSampling HALF = new TraceSampling(0.5, Recording.RECORDED);

    @Test
    void aClientsTraceGoesOnWithSpansOfOurOwn() {
        TraceContext trace = of(SENT, "vendor=1").orElseThrow();

        assertThat(trace.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(trace.parent()).isEqualTo(0x00f067aa0ba902b7L);
        assertThat(trace.recording()).isEqualTo(Recording.RECORDED);
        assertThat(trace.state()).isEqualTo("vendor=1");
        assertThat(trace.traceparent(1))
                .matches("00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01")
                .isEqualTo(trace.traceparent(1))
                .isNotEqualTo(trace.traceparent(2))
                .doesNotContain("00f067aa0ba902b7");
    }

    @Test
    void whatTheClientDoesNotRecordIsPassedOnAndNotRecorded() {
        TraceContext trace = of(SENT.replace("-01", "-00"), "").orElseThrow();

        assertThat(trace.recording()).isEqualTo(Recording.PASSED_ON);
        assertThat(trace.traceparent(1)).endsWith("-00");
    }

    @Test
    void withTracesOffAClientsTraceIsPassedOn() {
        TraceContext trace = TraceSampling.OFF.of(SENT, null, new Random(1)).orElseThrow();

        assertThat(trace.recording()).isEqualTo(Recording.PASSED_ON);
        assertThat(TraceSampling.OFF.of(null, null, new Random(1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more"
            })
    void whatIsNoTraceContextIsAsIfItWereNotThere(String text) {
        assertThat(of(text, "")).isEmpty();
    }

    @Test
    void aLaterVersionIsReadAsFarAsItIsKnown() {
        assertThat(of("01" + SENT.substring(2) + "-more", "")).isPresent();
    }

    @Test
    void aStateThatNobodyShouldSeeIsDropped() {
        assertThat(of(SENT, "a\nb").orElseThrow().state()).isEmpty();
        assertThat(of(SENT, "x".repeat(513)).orElseThrow().state()).isEmpty();
    }

    @Test
    void theShareThatSaysNothingIsTracedByChance() {
        Random random = new Random(3);
        long traced = java.util.stream.IntStream.range(0, 10_000)
                .filter(i -> HALF.of(null, null, random).isPresent())
                .count();

        assertThat(traced).isBetween(4_800L, 5_200L);
    }

    private static Optional<TraceContext> of(String parent, String state) {
        return new TraceSampling(0, Recording.RECORDED).of(parent, state, new Random(1));
    }
}
