package openledger.inference.admission;

import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A request's place in a distributed trace (W3C Trace Context). The spans themselves are written when the request has ended, from its
 * decision; here is only what has to be known before, because providers are told it.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param parent span of the client that sent it, 0 if it began here
 * @param span the request's own; not 0
 * @param recording whether spans are written
 * @param state the client's {@code tracestate}, empty if none
 */
public record TraceContext(String traceId, long parent, long span, Recording recording, String state) {
    /** A trace id and two span ids with their version, flags and dashes. */
    private static final int LENGTH = 55;

    private static final int TRACE = 3;
    private static final int PARENT = 36;
    private static final int FLAGS = 53;
    private static final int LONGEST_STATE = 512;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final HexFormat HEX = HexFormat.of();

    /** Whether spans are written. */
    public enum Recording {
        RECORDED,
        /** The client does not record the trace, or we do not: its context goes on and nothing is written. */
        PASSED_ON
    }

    /**
     * The context that a client's headers begin.
     *
     * @param traceparent the header as it came; anything but a valid one of version 00 to fe is as if it were not there
     * @param tracestate the header as it came; dropped if it is not printable or longer than 512 characters
     */
    static Optional<TraceContext> of(
            String traceparent, @Nullable String tracestate, Recording ifSampled, RandomGenerator chance) {
        if (!isValid(traceparent)) {
            return Optional.empty();
        }
        boolean sampled = (Character.digit(traceparent.charAt(FLAGS + 1), 16) & 1) != 0;
        return Optional.of(new TraceContext(
                traceparent.substring(TRACE, PARENT - 1),
                HexFormat.fromHexDigitsToLong(traceparent, PARENT, FLAGS - 1),
                id(chance),
                sampled ? ifSampled : Recording.PASSED_ON,
                tracestate != null && isFit(tracestate) ? tracestate : ""));
    }

    /** A recorded trace that begins here. */
    static TraceContext begun(RandomGenerator chance) {
        return new TraceContext(
                HEX.toHexDigits(id(chance)) + HEX.toHexDigits(id(chance)), 0, id(chance), Recording.RECORDED, "");
    }

    /** The span of an attempt, counted from 1; not 0. The same whenever it is asked for. */
    public long attemptSpan(int attempt) {
        long mixed = span + GOLDEN * attempt;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        mixed ^= mixed >>> 31;
        return mixed == 0 ? 1 : mixed;
    }

    /** The {@code traceparent} that a provider gets with an attempt, counted from 1. */
    public String traceparent(int attempt) {
        return "00-" + traceId + '-' + HEX.toHexDigits(attemptSpan(attempt))
                + (recording == Recording.RECORDED ? "-01" : "-00");
    }

    private static long id(RandomGenerator chance) {
        long id = chance.nextLong();
        return id == 0 ? 1 : id;
    }

    private static boolean isValid(String text) {
        if (text.length() < LENGTH || (text.length() > LENGTH && text.charAt(LENGTH) != '-')) {
            return false;
        }
        if (text.startsWith("ff") || (text.startsWith("00") && text.length() > LENGTH)) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            boolean dash = i == TRACE - 1 || i == PARENT - 1 || i == FLAGS - 1;
            char c = text.charAt(i);
            if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return !isZero(text, TRACE, PARENT - 1) && !isZero(text, PARENT, FLAGS - 1);
    }

    private static boolean isZero(String text, int from, int to) {
        return text.substring(from, to).chars().allMatch(c -> c == '0');
    }

    private static boolean isFit(String value) {
        return value.length() <= LONGEST_STATE && value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }
}
