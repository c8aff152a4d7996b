package openledger.edge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows a request's body to its end, by its length or by its chunks (RFC 9112, section 7.1), and refuses chunks that could be read in
 * two ways. Not thread-safe; one is made for each body.
 */
final class BodyFraming {
    /** In place of a length: the body comes in chunks. */
    static final long CHUNKED = -1;

    private static final int MOST_SIZE_DIGITS = 8;
    private static final int LONGEST_LINE = 1_024;
    private static final int MOST_TRAILERS = 4_096;
    private static final String BAD_CHUNK = "A chunk of the body is not framed correctly.";

    private enum Step {
        SIZE,
        EXTENSION,
        SIZE_END,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        TRAILER_LF,
        OVER
    }

    private final boolean chunked;
    private Step step;
    private long left;
    private int digits;
    private int line;
    private int trailers;
    private final byte[] trailer;
    private @Nullable String objection;

    BodyFraming(long length) {
        this.chunked = length == CHUNKED;
        this.left = chunked ? 0 : length;
        this.step = chunked ? Step.SIZE : Step.DATA;
        this.trailer = chunked ? new byte[LONGEST_LINE] : new byte[0];
        if (!chunked && length == 0) {
            step = Step.OVER;
        }
    }

    boolean isOver() {
        return step == Step.OVER;
    }

    /** What is wrong with what was read last, null if nothing is. */
    @Nullable String objection() {
        return objection;
    }

    /** Reads on; gives the position behind the last octet that belongs to the body, or the one that does not fit. */
    int read(ByteBuf in, int from, int to) {
        int at = from;
        while (at < to && step != Step.OVER && objection == null) {
            if (step == Step.DATA) {
                long piece = Math.min(left, to - at);
                at += (int) piece;
                left -= piece;
                if (left == 0) {
                    step = chunked ? Step.DATA_CR : Step.OVER;
                }
            } else {
                octet(in.getByte(at));
                at++;
            }
        }
        return at;
    }

    private void octet(byte octet) {
        switch (step) {
            case SIZE -> size(octet);
            case EXTENSION -> extension(octet);
            case SIZE_END -> expect(octet, '\n', left == 0 ? Step.TRAILER : Step.DATA);
            case DATA_CR -> expect(octet, '\r', Step.DATA_LF);
            case DATA_LF -> {
                expect(octet, '\n', Step.SIZE);
                digits = 0;
            }
            case TRAILER -> trailer(octet);
            case TRAILER_LF -> trailerEnd(octet);
            case DATA, OVER -> throw new IllegalStateException("no octet is looked at here");
        }
    }

    private void size(byte octet) {
        int digit = Octets.hex(octet);
        if (digit >= 0 && digits < MOST_SIZE_DIGITS) {
            left = (digits == 0 ? 0 : left << 4) + digit;
            digits++;
        } else if (digits > 0 && octet == '\r') {
            step = Step.SIZE_END;
        } else if (digits > 0 && octet == ';') {
            step = Step.EXTENSION;
            line = 0;
        } else {
            objection = BAD_CHUNK;
        }
    }

    /** What it says is not for us; that it ends is. */
    private void extension(byte octet) {
        line++;
        if (octet == '\r') {
            step = Step.SIZE_END;
        } else if (!Octets.isValue(octet) || line > LONGEST_LINE) {
            objection = BAD_CHUNK;
        }
    }

    private void expect(byte octet, char wanted, Step next) {
        if (octet == wanted) {
            step = next;
            line = 0;
        } else {
            objection = BAD_CHUNK;
        }
    }

    private void trailer(byte octet) {
        trailers++;
        if (octet == '\r') {
            step = Step.TRAILER_LF;
        } else if (octet == '\n' || line == LONGEST_LINE || trailers > MOST_TRAILERS) {
            objection = BAD_CHUNK;
        } else {
            trailer[line] = octet;
            line++;
        }
    }

    private void trailerEnd(byte octet) {
        if (octet != '\n') {
            objection = BAD_CHUNK;
        } else if (line == 0) {
            step = Step.OVER;
        } else {
            objection = RequestHead.trailerObjection(java.util.Arrays.copyOf(trailer, line));
            step = Step.TRAILER;
            line = 0;
        }
    }
}
