package openledger.commitment.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entries one behind the other, each behind its length of two bytes, big-endian: C2SP tlog-tiles. */
public final class EntryBundle {
    private static final int LONGEST_ENTRY = 0xffff;

    private EntryBundle() {}

    /**
     * The bytes of a bundle.
     *
     * @throws IllegalArgumentException if an entry is longer than 65,535 bytes, or there are more than 256
     */
    public static byte[] of(List<byte[]> entries) {
        if (entries.size() > TilePath.FULL) {
            throw new IllegalArgumentException("a bundle has at most 256 entries: " + entries.size());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > LONGEST_ENTRY) {
                throw new IllegalArgumentException("an entry has at most 65535 bytes: " + entry.length);
            }
            bytes.write(entry.length >> Byte.SIZE);
            bytes.write(entry.length);
            bytes.writeBytes(entry);
        }
        return bytes.toByteArray();
    }

    /**
     * The bytes of a bundle whose entries have one length.
     *
     * @param entries one behind the other
     * @param length of each in bytes
     */
    public static byte[] of(byte[] entries, int length) {
        List<byte[]> each = new ArrayList<>();
        for (int at = 0; at < entries.length; at += length) {
            each.add(Arrays.copyOfRange(entries, at, at + length));
        }
        return of(each);
    }

    /**
     * The entries of a bundle.
     *
     * @throws IllegalArgumentException if one is cut off, or there are not {@code width}
     */
    public static List<byte[]> entries(byte[] bundle, int width) {
        List<byte[]> entries = new ArrayList<>(width);
        int at = 0;
        while (at < bundle.length) {
            if (bundle.length - at < 2) {
                throw new IllegalArgumentException("a length is cut off");
            }
            int length = Byte.toUnsignedInt(bundle[at]) << Byte.SIZE | Byte.toUnsignedInt(bundle[at + 1]);
            at += 2;
            if (bundle.length - at < length || entries.size() == width) {
                throw new IllegalArgumentException("an entry is cut off, or one too many");
            }
            entries.add(Arrays.copyOfRange(bundle, at, at + length));
            at += length;
        }
        if (entries.size() != width) {
            throw new IllegalArgumentException("the bundle has " + entries.size() + " entries, not " + width);
        }
        return entries;
    }
}
