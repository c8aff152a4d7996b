package openledger.provider;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.answer.ResponseDecoder.Verdict;

/** Feeds an answer as a call does. */
public final class AnswerPieces {
    private static final int LONGEST = 40;

    private AnswerPieces() {}

    /** What comes out for bytes cut anywhere by that seed; 0 is uncut. Empty if the verdict is an error. */
    public static String drained(byte[] bytes, ResponseDecoder answer, int seed) {
        Random random = new Random(seed);
        Buffer out = Buffer.buffer();
        Verdict verdict = Verdict.NOT_YET;
        for (int at = 0; at < bytes.length && verdict != Verdict.ERROR && !answer.saysItIsOver(); ) {
            int to = seed == 0 ? bytes.length : Math.min(bytes.length, at + 1 + random.nextInt(LONGEST));
            Buffer piece = Buffer.buffer(Arrays.copyOfRange(bytes, at, to));
            if (verdict == Verdict.CONTENT) {
                out.appendBuffer(answer.pass(piece));
            } else {
                verdict = answer.hold(piece);
                if (verdict == Verdict.CONTENT) {
                    out.appendBuffer(answer.released());
                }
            }
            at = to;
        }
        if (verdict == Verdict.CONTENT) {
            out.appendBuffer(answer.last());
        } else if (verdict == Verdict.NOT_YET && answer.finish() == Verdict.CONTENT) {
            out.appendBuffer(answer.released()).appendBuffer(answer.last());
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
