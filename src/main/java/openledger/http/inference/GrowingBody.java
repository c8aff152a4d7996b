package openledger.http.inference;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import openledger.inference.admission.Permit;
import org.jspecify.annotations.Nullable;

/**
 * A body as it arrives. Memory is taken for the bytes that have arrived, at most twice their size; a length that was only announced takes
 * none, it only limits the growth. Confined to the event loop of its connection.
 */
final class GrowingBody {
    private static final byte[] NOTHING = new byte[0];

    private final Permit place;
    private final int largest;
    private final long announced;
    private @Nullable Buffer only;
    private byte[] bytes = NOTHING;
    private int length;
    private int taken;

    /**
     * An empty one.
     *
     * @param place takes its bytes
     * @param largest bytes it may have
     * @param announced bytes it is said to have, 0 if nothing was said
     */
    GrowingBody(Permit place, int largest, long announced) {
        this.place = place;
        this.largest = largest;
        this.announced = announced;
    }

    /** Bytes that a request is said to have; 0 if nothing is said, and more than any may have if it is no number. */
    static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return 0;
        }
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** What became of a piece. */
    enum Added {
        TAKEN,
        /** The body has more bytes than it may have. */
        TOO_LARGE,
        /** There is no memory for it now. */
        NO_ROOM
    }

    /** The first piece is kept as it is, which is all there is of a small body; only further pieces make it grow. */
    Added add(Buffer piece) {
        long sum = (long) length + piece.length();
        if (sum > largest) {
            return Added.TOO_LARGE;
        }
        int needed = (int) sum;
        if (length == 0) {
            if (!place.grow(needed)) {
                return Added.NO_ROOM;
            }
            taken = needed;
            only = piece;
        } else {
            if (needed > bytes.length && !grow(capacity(needed))) {
                return Added.NO_ROOM;
            }
            piece.getBytes(0, piece.length(), bytes, length);
        }
        length = needed;
        return Added.TAKEN;
    }

    private int capacity(int needed) {
        long doubled = Math.min(largest, Math.max(needed, 2L * length));
        return (int) (announced >= needed && announced <= doubled ? announced : doubled);
    }

    private boolean grow(int capacity) {
        if (!place.grow(capacity - taken)) {
            return false;
        }
        taken = capacity;
        if (only == null) {
            bytes = Arrays.copyOf(bytes, capacity);
        } else {
            bytes = new byte[capacity];
            only.getBytes(0, length, bytes, 0);
            only = null;
        }
        return true;
    }

    /** All of it, which is let go here. */
    byte[] take() {
        byte[] whole = only != null ? only.getBytes() : bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
        only = null;
        bytes = NOTHING;
        return whole;
    }
}
