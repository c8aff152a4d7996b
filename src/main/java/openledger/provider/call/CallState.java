package openledger.provider.call;

import openledger.inference.upstream.UpstreamAnswer.Sink;
import openledger.inference.upstream.UpstreamRejection;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.error.ErrorAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Where an {@link UpstreamCall} stands.
 *
 * <pre>
 *   from      event                                              to
 *   ────────  ─────────────────────────────────────────────────  ───────────────────────────────────────
 *   Prepared  it is started                                      Sending
 *   Sending   the head of an answer                              Holding
 *             the head of an error, whose body gives the reason  Hearing
 *             any other head                                     Closed, failed
 *   Hearing   the body has come, or was waited for long enough   Closed, rejected or failed
 *   Holding   the first content                                  Offered
 *             an error, or the end                               Closed, rejected or failed
 *   Offered   it is drained                                      Flowing
 *   Flowing   its end                                            Closed; the sink is told of it
 *             an error within it                                 Closed; the sink is told that it broke
 *
 *   a deadline passes, or the connection is lost:
 *   Sending, Hearing, Holding                                    Closed, failed
 *   Offered   (what has come can still be read, if it was lost)  Closed, and broken for who drains it later
 *   Flowing   (and read on, if it was paused when it was lost)   Closed; the sink is told
 *
 *   nobody waits for the result any more, or the answer is cancelled:
 *   any                                                          Closed; a sink is told nothing
 * </pre>
 *
 * The result is given on the way to {@link Offered} or to {@link Closed}, the slot is given back on the way to {@link Closed}. An event
 * that the table does not give a state is a bug and throws; after the end it changes nothing.
 */
sealed interface CallState {
    /** It has its slot, and has not begun. */
    record Prepared() implements CallState {}

    /** The request is on its way, or its connection is. */
    record Sending() implements CallState {}

    /** The status tells of an error, and the body is waited for, which says whose it is. */
    record Hearing(ErrorAnswer error) implements CallState {}

    /** An answer comes, without content so far. */
    record Holding(ResponseDecoder answer) implements CallState {}

    /** Its first content is the result, and nothing more is read. */
    record Offered(ResponseDecoder answer) implements CallState {}

    /** Its bytes go to its sink, unless that has paused it. */
    record Flowing(ResponseDecoder answer, Sink sink, boolean paused) implements CallState {}

    /**
     * The slot is given back.
     *
     * @param answer for what its end says; null if its head has not come
     * @param complaint what the provider said where the answer broke off
     */
    record Closed(@Nullable ResponseDecoder answer, UpstreamRejection complaint) implements CallState {}

    /** The result is not given yet. */
    default boolean isWaitedFor() {
        return switch (this) {
            case Prepared _, Sending _, Hearing _, Holding _ -> true;
            case Offered _, Flowing _, Closed _ -> false;
        };
    }

    /** The sink wants no more for now. */
    default boolean isPaused() {
        return this instanceof Flowing(var _, var _, var paused) && paused;
    }

    /** As what the answer is read; null without the head of one. */
    default @Nullable ResponseDecoder decoder() {
        return switch (this) {
            case Holding(var answer) -> answer;
            case Offered(var answer) -> answer;
            case Flowing(var answer, var _, var _) -> answer;
            case Closed(var answer, var _) -> answer;
            case Prepared _, Sending _, Hearing _ -> null;
        };
    }
}
