package openledger.commitment.log;

import java.util.Arrays;

/**
 * Reads what {@link CborWriter} writes, one value after the other. Takes no more memory than the text has bytes, and goes no deeper than its
 * caller does. Confined to one thread. Every method throws {@link IllegalArgumentException} if something else stands there.
 */
final class CborReader {
    private final byte[] text;
    private int at;

    CborReader(byte[] text) {
        this.text = text;
    }

    long integer() {
        boolean negative = at < text.length && major() == CborWriter.NEGATIVE;
        long value = head(negative ? CborWriter.NEGATIVE : CborWriter.UNSIGNED);
        return negative ? -1 - value : value;
    }

    byte[] bytes() {
        int length = count(CborWriter.BYTES);
        at += length;
        return Arrays.copyOfRange(text, at - length, at);
    }

    String text() {
        int length = count(CborWriter.TEXT);
        at += length;
        return Utf8.text(text, at - length, length);
    }

    /** How many elements follow. */
    int array() {
        return count(CborWriter.ARRAY);
    }

    /** Skips the head of an array of so many elements. */
    void array(int elements) {
        expect(array() == elements, "an array of " + elements);
    }

    /** How many entries follow. */
    int map() {
        return count(CborWriter.MAP);
    }

    /** Skips the head of a map of so many entries. */
    void map(int entries) {
        expect(map() == entries, "a map of " + entries);
    }

    /** Skips a key, or another number that must stand here. */
    CborReader skip(long wanted) {
        expect(integer() == wanted, "the number " + wanted);
        return this;
    }

    void tag(int number) {
        expect(head(CborWriter.TAG) == number, "the tag " + number);
    }

    void nothing() {
        expect(at < text.length && Byte.toUnsignedInt(text[at]) == CborWriter.NULL, "null");
        at++;
    }

    void end() {
        expect(at == text.length, "the end");
    }

    /** Elements, entries or bytes that follow: at least one byte each, so no more than are left. */
    private int count(int major) {
        long count = head(major);
        expect(count <= text.length - at, "as much as is said");
        return (int) count;
    }

    private int major() {
        return Byte.toUnsignedInt(text[at]) >> CborWriter.MAJOR_SHIFT;
    }

    private long head(int major) {
        expect(at < text.length && major() == major, "a value of major type " + major);
        int low = text[at++] & 0x1f;
        return switch (low) {
            case CborWriter.ONE_BYTE -> number(1, CborWriter.ONE_BYTE);
            case CborWriter.TWO_BYTES -> number(Short.BYTES, 0x100);
            case CborWriter.FOUR_BYTES -> number(Integer.BYTES, 0x1_0000);
            case CborWriter.EIGHT_BYTES -> number(Long.BYTES, 0x1_0000_0000L);
            default -> {
                expect(low < CborWriter.ONE_BYTE, "a definite length");
                yield low;
            }
        };
    }

    private long number(int bytes, long least) {
        expect(bytes <= text.length - at, "a number");
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << Byte.SIZE | Byte.toUnsignedInt(text[at++]);
        }
        expect(value >= least, "the shortest way to write a number");
        return value;
    }

    private void expect(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("at byte " + at + ": expected " + what);
        }
    }
}
