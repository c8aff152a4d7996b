package openledger.provider.answer;

import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Undoes {@code gzip} and {@code deflate} (RFC 1952, RFC 1950), piece by piece. The router requests neither, but some providers send it. An
 * answer that grows too large is abandoned. Holds memory outside of the heap until {@link #close}. Confined to one thread.
 */
public final class ContentDecoding {
    /** What any answer may come to, whatever it was before. */
    private static final long FREE = 16L << 20;
    /** Text comes to a tenth at best; only what repeats itself over and over comes to less than a hundredth. */
    private static final long LARGEST_RATIO = 100;

    private static final int CHUNK = 16 * 1024;
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int DEFLATED = 8;
    private static final int HAS_CRC = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int ZLIB_MASK = 0x0f;

    /** Where in the input it is. */
    private enum Part {
        BEGINNING,
        BODY,
        TRAILER,
        /** A whole member has come, and perhaps another one follows it. */
        BETWEEN,
        DONE
    }

    private final boolean gzip;
    private final CRC32 checksum = new CRC32();
    private @Nullable Inflater inflater;
    private Part part = Part.BEGINNING;
    /** Of a header or trailer that has not come whole. */
    private Buffer kept = Buffer.buffer();

    private long in;
    private long out;
    private boolean closed;

    /** The bytes cannot be decoded, or grow beyond measure. */
    public static final class Undecodable extends Exception {
        Undecodable(String why) {
            super(why, null, false, false);
        }
    }

    public ContentDecoding(String encoding) {
        String word = encoding.strip().toLowerCase(Locale.ROOT);
        this.gzip = !"deflate".equals(word);
        boolean known = "gzip".equals(word) || "x-gzip".equals(word) || "deflate".equals(word);
        this.closed = !known;
    }

    /** True if a body with that {@code Content-Encoding} has to be decoded. */
    public static boolean isNeeded(@Nullable String encoding) {
        return encoding != null && !encoding.isBlank() && !"identity".equalsIgnoreCase(encoding.strip());
    }

    /** True if the encoded bytes have come to their own end. */
    boolean isWhole() {
        return part == Part.DONE || part == Part.BETWEEN;
    }

    /**
     * Takes the next bytes; returns what they come to.
     *
     * @throws Undecodable if the encoding is unknown, the bytes are not of it, or they grow beyond measure
     */
    public Buffer decode(Buffer piece) throws Undecodable {
        if (closed) {
            throw new Undecodable("an encoding that is not read");
        }
        in += piece.length();
        kept.appendBuffer(piece);
        Buffer plain = Buffer.buffer();
        boolean more = true;
        while (more && kept.length() > 0) {
            more = switch (part) {
                case BEGINNING -> begin();
                case BODY -> inflate(plain);
                case TRAILER -> end();
                case BETWEEN -> next();
                case DONE -> false;
            };
        }
        return plain;
    }

    private boolean begin() throws Undecodable {
        if (!gzip) {
            // Some send the bare format of RFC 1951 under this name.
            boolean zlib = (kept.getByte(0) & ZLIB_MASK) == DEFLATED;
            start(!zlib);
            return true;
        }
        int length = headerLength();
        if (length < 0) {
            return false;
        }
        kept = kept.slice(length, kept.length()).copy();
        start(true);
        return true;
    }

    private void start(boolean bare) {
        inflater = new Inflater(bare);
        checksum.reset();
        part = Part.BODY;
    }

    /** Bytes of the header; -1 if it is not here as a whole. */
    private int headerLength() throws Undecodable {
        if (kept.length() > CHUNK) {
            throw new Undecodable("a header that does not end");
        }
        if (kept.length() < HEADER) {
            return -1;
        }
        int flags = kept.getUnsignedByte(3);
        if (kept.getUnsignedByte(0) != 0x1f
                || kept.getUnsignedByte(1) != 0x8b
                || kept.getUnsignedByte(2) != DEFLATED
                || (flags & RESERVED) != 0) {
            throw new Undecodable("no gzip");
        }
        int at = HEADER;
        if ((flags & HAS_EXTRA) != 0) {
            at = kept.length() < at + 2 ? -1 : at + 2 + kept.getUnsignedShortLE(at);
        }
        for (int flag : new int[] {HAS_NAME, HAS_COMMENT}) {
            at = at >= 0 && (flags & flag) != 0 ? behindZero(at) : at;
        }
        if (at >= 0 && (flags & HAS_CRC) != 0) {
            at += 2;
        }
        return at <= kept.length() ? at : -1;
    }

    private int behindZero(int from) {
        for (int i = from; i < kept.length(); i++) {
            if (kept.getByte(i) == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private boolean inflate(Buffer plain) throws Undecodable {
        Inflater working = java.util.Objects.requireNonNull(inflater);
        byte[] input = kept.getBytes();
        working.setInput(input);
        byte[] chunk = new byte[CHUNK];
        try {
            while (!working.finished()) {
                int made = working.inflate(chunk);
                if (made == 0) {
                    if (working.needsDictionary()) {
                        throw new Undecodable("a dictionary that nobody has");
                    }
                    break;
                }
                out += made;
                if (out > FREE + LARGEST_RATIO * in) {
                    throw new Undecodable("it grows beyond measure");
                }
                checksum.update(chunk, 0, made);
                plain.appendBytes(chunk, 0, made);
            }
        } catch (DataFormatException e) {
            throw new Undecodable("spoilt");
        }
        int left = working.getRemaining();
        kept = Buffer.buffer().appendBytes(input, input.length - left, left);
        if (!working.finished()) {
            return false;
        }
        working.end();
        inflater = null;
        part = gzip ? Part.TRAILER : Part.DONE;
        return true;
    }

    /** Checks the trailer. */
    private boolean end() throws Undecodable {
        if (kept.length() < TRAILER) {
            return false;
        }
        if (kept.getUnsignedIntLE(0) != checksum.getValue()) {
            throw new Undecodable("spoilt");
        }
        kept = kept.slice(TRAILER, kept.length()).copy();
        part = Part.BETWEEN;
        return true;
    }

    /** What follows a member and is none is padding. */
    private boolean next() {
        part = kept.getUnsignedByte(0) == 0x1f ? Part.BEGINNING : Part.DONE;
        return part == Part.BEGINNING;
    }

    /** Gives its memory back. Harmless when called again. */
    public void close() {
        closed = true;
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }
}
