package openledger.commitment.state;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import openledger.unit.Hash32;

/**
 * An item of Recursive Length Prefix serialisation (Ethereum yellow paper, appendix B): a string of bytes, or a list. Only the one form
 * that a writer may choose is read, so an item has one encoding. A list's items are read when they are asked for, so depth costs nothing.
 * Immutable, as long as nobody changes the bytes that it was read from.
 */
public final class RlpItem {
    private static final int STRING = 0x80;
    private static final int LONG_STRING = 0xb7;
    private static final int LIST = 0xc0;
    private static final int LONG_LIST = 0xf7;
    /** Longest content whose length fits into the first byte. */
    private static final int SHORT = 55;

    private static final int LONGEST_LENGTH = 3;

    private final byte[] bytes;
    private final int start;
    private final int content;
    private final int end;
    private final boolean isList;

    private RlpItem(byte[] bytes, int start, int content, int end, boolean isList) {
        this.bytes = bytes;
        this.start = start;
        this.content = content;
        this.end = end;
        this.isList = isList;
    }

    /**
     * Reads bytes that are one item and nothing else.
     *
     * @param bytes not copied
     * @throws IllegalArgumentException if they are not
     */
    public static RlpItem parse(byte[] bytes) {
        RlpItem item = at(bytes, 0, bytes.length);
        if (item.end != bytes.length) {
            throw new IllegalArgumentException("RLP: bytes follow the item");
        }
        return item;
    }

    private static RlpItem at(byte[] bytes, int start, int limit) {
        if (start >= limit) {
            throw new IllegalArgumentException("RLP: an item is missing");
        }
        int first = bytes[start] & 0xff;
        if (first < STRING) {
            return new RlpItem(bytes, start, start, start + 1, false);
        }
        boolean isList = first >= LIST;
        int longFrom = isList ? LONG_LIST : LONG_STRING;
        int content = start + 1;
        int length = first - (isList ? LIST : STRING);
        if (first > longFrom) {
            content += first - longFrom;
            length = length(bytes, start + 1, content, limit);
        }
        if (length > limit - content) {
            throw new IllegalArgumentException("RLP: an item is cut off");
        }
        if (!isList && length == 1 && (bytes[content] & 0xff) < STRING) {
            throw new IllegalArgumentException("RLP: a byte has a needless prefix");
        }
        return new RlpItem(bytes, start, content, content + length, isList);
    }

    private static int length(byte[] bytes, int from, int to, int limit) {
        if (to > limit || to - from > LONGEST_LENGTH || bytes[from] == 0) {
            throw new IllegalArgumentException("RLP: a length is malformed");
        }
        int length = 0;
        for (int i = from; i < to; i++) {
            length = (length << Byte.SIZE) | (bytes[i] & 0xff);
        }
        if (length <= SHORT) {
            throw new IllegalArgumentException("RLP: a length is longer than it need be");
        }
        return length;
    }

    public boolean isList() {
        return isList;
    }

    /** Bytes of the whole item, with its prefix. */
    int size() {
        return end - start;
    }

    /** Whether it is a string without bytes. */
    boolean isEmptyString() {
        return !isList && content == end;
    }

    /**
     * The items of a list.
     *
     * @param most of them
     * @throws IllegalArgumentException for a string, a malformed item or more items
     */
    List<RlpItem> items(int most) {
        if (!isList) {
            throw new IllegalArgumentException("RLP: a list is missing");
        }
        List<RlpItem> items = new ArrayList<>();
        for (int at = content; at < end; at = items.getLast().end) {
            if (items.size() == most) {
                throw new IllegalArgumentException("RLP: a list has more than " + most + " items");
            }
            items.add(at(bytes, at, end));
        }
        return items;
    }

    /**
     * A string's bytes, copied.
     *
     * @param most of them
     * @throws IllegalArgumentException for a list or a longer string
     */
    byte[] string(int most) {
        if (isList || end - content > most) {
            throw new IllegalArgumentException("RLP: a string of at most " + most + " bytes is missing");
        }
        return Arrays.copyOfRange(bytes, content, end);
    }

    /** A string of 32 bytes; {@link IllegalArgumentException} for anything else. */
    Hash32 hash() {
        byte[] hash = string(Hash32.BYTES);
        return Hash32.of(hash);
    }

    /** A number of up to 32 bytes as a word, without leading zeros in its encoding; {@link IllegalArgumentException} for anything else. */
    Hash32 word() {
        byte[] number = string(Hash32.BYTES);
        if (number.length > 0 && number[0] == 0) {
            throw new IllegalArgumentException("RLP: a number begins with zeros");
        }
        byte[] word = new byte[Hash32.BYTES];
        System.arraycopy(number, 0, word, Hash32.BYTES - number.length, number.length);
        return Hash32.of(word);
    }

    /** A number from 0 to 2^63 - 1; {@link IllegalArgumentException} for anything else. */
    long number() {
        byte[] number = word().bytes();
        long value = 0;
        for (byte octet : number) {
            if (value >>> (Long.SIZE - 1 - Byte.SIZE) != 0) {
                throw new IllegalArgumentException("RLP: a number has more than 63 bits");
            }
            value = (value << Byte.SIZE) | (octet & 0xff);
        }
        return value;
    }

    /** The encoding of a list of strings. */
    public static byte[] list(List<byte[]> strings) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] string : strings) {
            if (string.length != 1 || (string[0] & 0xff) >= STRING) {
                content.writeBytes(prefix(string.length, STRING, LONG_STRING));
            }
            content.writeBytes(string);
        }
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes(prefix(content.size(), LIST, LONG_LIST));
        list.writeBytes(content.toByteArray());
        return list.toByteArray();
    }

    private static byte[] prefix(int length, int ofShort, int ofLong) {
        if (length <= SHORT) {
            return new byte[] {(byte) (ofShort + length)};
        }
        int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + Byte.SIZE - 1) / Byte.SIZE;
        byte[] prefix = new byte[1 + bytes];
        prefix[0] = (byte) (ofLong + bytes);
        for (int i = 0; i < bytes; i++) {
            prefix[bytes - i] = (byte) (length >>> (Byte.SIZE * i));
        }
        return prefix;
    }
}
