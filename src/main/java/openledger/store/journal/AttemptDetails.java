package openledger.store.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.ConnectionFault;

/**
 * The binary form of the details of a decision's attempts: nothing at all if none has any, else for each a byte that shows what follows.
 */
final class AttemptDetails {
    private static final int SENT_AGAIN = 1;
    private static final int CONNECTION = 2;
    private static final int MODEL = 4;
    private static final int USAGE = 8;
    private static final int LEFT_OUT = 16;
    private static final long UNKNOWN_TOKENS = 0xffff_ffffL;

    private AttemptDetails() {}

    /** @param more something stands behind them, so they have to be there even if nothing is known */
    static void write(RecordWriter out, List<AttemptRecord> attempts, boolean more) {
        if (more || areKnown(attempts)) {
            for (AttemptRecord attempt : attempts) {
                write(out, attempt.detail());
            }
        }
    }

    private static boolean areKnown(List<AttemptRecord> attempts) {
        for (AttemptRecord attempt : attempts) {
            if (!attempt.detail().equals(AttemptDetail.NONE)) {
                return true;
            }
        }
        return false;
    }

    private static void write(RecordWriter out, AttemptDetail detail) {
        boolean broke = detail.connection() != ConnectionFault.NONE;
        out.u8((detail.isSentAgain() ? SENT_AGAIN : 0)
                | (broke ? CONNECTION : 0)
                | (detail.model().isEmpty() ? 0 : MODEL)
                | (detail.usage().isPresent() ? USAGE : 0)
                | (detail.leftOut().isEmpty() ? 0 : LEFT_OUT));
        if (broke) {
            out.text(detail.connection().name());
        }
        if (!detail.model().isEmpty()) {
            out.text(detail.model());
        }
        detail.usage().ifPresent(usage -> write(out, usage));
        if (!detail.leftOut().isEmpty()) {
            out.u8(detail.leftOut().size());
            detail.leftOut().forEach(out::text);
        }
    }

    private static void write(RecordWriter out, TokenUsage usage) {
        tokens(out, usage.input());
        tokens(out, usage.cached());
        tokens(out, usage.cacheWritten());
        tokens(out, usage.output());
        tokens(out, usage.reasoning());
    }

    private static void tokens(RecordWriter out, long tokens) {
        out.u32((int) (tokens == TokenUsage.UNKNOWN ? UNKNOWN_TOKENS : Math.min(tokens, UNKNOWN_TOKENS - 1)));
    }

    static List<AttemptRecord> read(RecordReader in, List<AttemptRecord> attempts) {
        if (!in.hasMore()) {
            return attempts;
        }
        List<AttemptRecord> whole = new ArrayList<>(attempts.size());
        for (AttemptRecord attempt : attempts) {
            whole.add(attempt.with(read(in)));
        }
        return List.copyOf(whole);
    }

    private static AttemptDetail read(RecordReader in) {
        int has = in.u8();
        return new AttemptDetail(
                (has & CONNECTION) == 0 ? ConnectionFault.NONE : ConnectionFault.valueOf(in.text()),
                (has & SENT_AGAIN) != 0,
                (has & MODEL) == 0 ? "" : in.text(),
                (has & USAGE) == 0 ? Optional.empty() : Optional.of(usage(in)),
                (has & LEFT_OUT) == 0 ? List.of() : texts(in));
    }

    private static TokenUsage usage(RecordReader in) {
        return new TokenUsage(tokens(in), tokens(in), tokens(in), tokens(in), tokens(in));
    }

    private static long tokens(RecordReader in) {
        long tokens = Integer.toUnsignedLong(in.u32());
        return tokens == UNKNOWN_TOKENS ? TokenUsage.UNKNOWN : tokens;
    }

    private static List<String> texts(RecordReader in) {
        int count = in.u8();
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(in.text());
        }
        return texts;
    }
}
