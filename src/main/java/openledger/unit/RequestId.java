package openledger.unit;

import java.util.HexFormat;
import java.util.Optional;

/**
 * Name of a request: lane (8 bytes) followed by a gap-free counter (8 bytes), big-endian; 32 lower-case hex digits in
 * text. Nobody picks it, so a hole in a lane's counters is visible to whoever lists them.
 *
 * @param lane the lane that admitted the request, positive
 * @param counter position in that lane, from 1
 */
public record RequestId(long lane, long counter) {
    private static final int TEXT_LENGTH = 32;

    public RequestId {
        if (lane < 1 || counter < 1) {
            throw new IllegalArgumentException("lane and counter start at 1: " + lane + ", " + counter);
        }
    }

    /** Reads the text form; empty for anything else, so that hostile input needs no exception. */
    public static Optional<RequestId> parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        for (int i = 0; i < TEXT_LENGTH; i++) {
            char c = text.charAt(i);
            if (Character.isUpperCase(c) || !HexFormat.isHexDigit(c)) {
                return Optional.empty();
            }
        }
        long lane = HexFormat.fromHexDigitsToLong(text, 0, 16);
        long counter = HexFormat.fromHexDigitsToLong(text, 16, TEXT_LENGTH);
        return lane < 1 || counter < 1 ? Optional.empty() : Optional.of(new RequestId(lane, counter));
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(lane) + hex.toHexDigits(counter);
    }
}
