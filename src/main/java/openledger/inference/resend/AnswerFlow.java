package openledger.inference.resend;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.routing.Trigger;

/**
 * The state of the provider's side of a {@link ReplayBuffer}.
 *
 * <pre>
 *   Ready ── somebody reads ──▶ Flowing ── end ──▶ Whole
 *     │                            │
 *     └── given up, broken off ────┴── broken ──▶ Broken
 * </pre>
 *
 * A chunk, an end or a break while nothing flows is a bug and throws. What is over keeps no call: it may be kept for long.
 */
sealed interface AnswerFlow {
    /** What can be asked of the answer. */
    UpstreamAnswer answer();

    /** Its first content is here, and nothing has been passed on. */
    record Ready(UpstreamAnswer answer) implements AnswerFlow {}

    /** It comes. Confined to the request's event loop. */
    final class Flowing implements AnswerFlow {
        private final UpstreamAnswer answer;
        private Buffer lastPiece = Buffer.buffer(0);

        Flowing(UpstreamAnswer answer) {
            this.answer = answer;
        }

        @Override
        public UpstreamAnswer answer() {
            return answer;
        }

        void passed(Buffer piece) {
            lastPiece = piece;
        }

        /** What its end says that it took. */
        Optional<TokenUsage> usage() {
            return answer.usage(lastPiece);
        }
    }

    /** All of it has come. */
    record Whole(EndedAnswer answer) implements AnswerFlow {
        static Whole of(UpstreamAnswer answer) {
            return new Whole(EndedAnswer.of(answer));
        }
    }

    /** It will never be whole; {@code why} is {@link Trigger#NONE} if nobody was there to read it. */
    record Broken(EndedAnswer answer, Trigger why) implements AnswerFlow {
        static Broken of(UpstreamAnswer answer, Trigger why) {
            return new Broken(EndedAnswer.of(answer), why);
        }
    }
}
