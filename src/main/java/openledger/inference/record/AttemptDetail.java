package openledger.inference.record;

import java.util.List;
import java.util.Optional;
import openledger.inference.upstream.ConnectionFault;

/**
 * Details of a call beside its result; no decision depends on them, and no leaf has them.
 *
 * @param connection what went wrong with its connection, if that is why it failed
 * @param isSentAgain a reused connection broke before any octet of an answer, so the request was sent once more, on a new one
 * @param model the model that the provider names in its answer, at most 128 printable ASCII characters, empty if it does not say
 * @param usage what the provider says that it took, known once its answer was whole
 * @param leftOut members of the request that its language cannot say and that do not change what is asked; at most 32, unmodifiable
 */
public record AttemptDetail(
        ConnectionFault connection,
        boolean isSentAgain,
        String model,
        Optional<TokenUsage> usage,
        List<String> leftOut) {
    /** Nothing is known. */
    public static final AttemptDetail NONE =
            new AttemptDetail(ConnectionFault.NONE, false, "", Optional.empty(), List.of());

    private static final int MOST_LEFT_OUT = 32;

    public AttemptDetail {
        leftOut = List.copyOf(leftOut.size() > MOST_LEFT_OUT ? leftOut.subList(0, MOST_LEFT_OUT) : leftOut);
    }

    public AttemptDetail with(Optional<TokenUsage> took) {
        return new AttemptDetail(connection, isSentAgain, model, took, leftOut);
    }
}
