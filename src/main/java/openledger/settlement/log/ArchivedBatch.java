package openledger.settlement.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.log.HashedEntries;
import openledger.settlement.cut.ReplayEncoding;

/**
 * What an export has of a batch beside its leaves, which are in the bundles of the log: {@code header(640) ‖ u32 length ‖ records}, then
 * {@code u32 length ‖ snapshot} for each snapshot; lengths big-endian.
 *
 * @param records of its leaves, as {@link ReplayEncoding} has them; never changed after construction
 * @param snapshots each as {@link openledger.commitment.SnapshotEncoding} has it; never changed after construction
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
public record ArchivedBatch(BatchHeader header, byte[] records, List<byte[]> snapshots) {
    /** More than any batch has. */
    static final int MOST_BYTES = 80 << 20;

    public ArchivedBatch {
        snapshots = List.copyOf(snapshots);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param header that it must have
     * @throws IllegalArgumentException that says what is wrong, if this is not the batch of that header
     */
    static ArchivedBatch read(BatchHeader header, byte[] bytes) {
        byte[] head = header.encode();
        if (bytes.length < head.length + Integer.BYTES || Arrays.mismatch(bytes, head) != head.length) {
            throw new IllegalArgumentException("it begins with another header");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, head.length, bytes.length - head.length);
        byte[] records = part(in, ReplayEncoding.MOST_BYTES);
        List<byte[]> snapshots = new ArrayList<>();
        for (long number = header.firstSnapshot(); number <= header.lastSnapshot(); number++) {
            snapshots.add(part(in, in.remaining()));
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("it has more than its header says");
        }
        ArchivedBatch batch = new ArchivedBatch(header, records, snapshots);
        batch.check();
        return batch;
    }

    private static byte[] part(ByteBuffer in, int most) {
        int length = in.remaining() < Integer.BYTES ? 0 : in.getInt();
        if (length < 1 || length > most || length > in.remaining()) {
            throw new IllegalArgumentException("a part is empty, cut off or too long");
        }
        byte[] part = new byte[length];
        in.get(part);
        return part;
    }

    /** @throws IllegalArgumentException unless records and snapshots lead to the roots of the header */
    void check() {
        if (!HashedEntries.rootOf(ReplayEncoding.each(records)).equals(header.recordsRoot())) {
            throw new IllegalArgumentException("its records do not match the header");
        }
        if (!BatchHeader.snapshotRoot(snapshots).equals(header.snapshotRoot())) {
            throw new IllegalArgumentException("its snapshots do not match the header");
        }
    }

    /** The one form of it. */
    byte[] encode() {
        byte[] head = header.encode();
        int size = head.length + Integer.BYTES + records.length;
        size += snapshots.stream()
                .mapToInt(snapshot -> Integer.BYTES + snapshot.length)
                .sum();
        ByteBuffer out = ByteBuffer.allocate(size).put(head);
        out.putInt(records.length).put(records);
        snapshots.forEach(snapshot -> out.putInt(snapshot.length).put(snapshot));
        return out.array();
    }
}
