package openledger.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.archive.PublicDownload;
import openledger.audit.PublishedBatch;
import openledger.commitment.BatchHeader;
import openledger.commitment.LeafEncoding;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.jspecify.annotations.Nullable;

/** Gets the batches of a lane one after another and holds each against its header and the one before. Confined to one thread. */
final class BatchDownload {
    private static final int LARGEST_LEAVES = BatchHeader.MOST_LEAVES * LeafEncoding.BYTES;
    private static final int LARGEST_SNAPSHOTS = 256 << 20;

    private final PublicDownload router;
    private final LaneId lane;
    private @Nullable BatchHeader before;

    BatchDownload(PublicDownload router, LaneId lane) {
        this.router = router;
        this.lane = lane;
    }

    /** Sequence of the lane's newest batch; empty if it has none. */
    OptionalLong newest() throws IOException, InterruptedException, UnreadableReceipt {
        ReceiptMembers list = members("/v1/batches?limit=1&lane=" + lane.value());
        List<ReceiptMembers> batches = list.objects("data", 1);
        return batches.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(batches.getFirst().number("sequence", 1, Long.MAX_VALUE));
    }

    /**
     * The batch of that sequence.
     *
     * @throws IllegalArgumentException that says what does not agree
     */
    PublishedBatch get(long sequence) throws IOException, InterruptedException, UnreadableReceipt {
        String path = "/v1/batches/" + sequence;
        ReceiptMembers batch = members(path + "?lane=" + lane.value());
        BatchHeader header = ReceiptReader.header(batch);
        Hash32 head = batch.hash("head");
        if (header.sequence() != sequence
                || !header.lane().equals(lane)
                || !header.head().equals(head)) {
            throw new IllegalArgumentException("batch " + sequence + ": its header is not what its head stands for");
        }
        if (before != null && !before.head().equals(header.previousHead())) {
            throw new IllegalArgumentException("batch " + sequence + ": it does not hang on the batch before");
        }
        if (before != null && header.firstSnapshot() != before.lastSnapshot() + 1) {
            throw new IllegalArgumentException(
                    "batch " + sequence + ": there are snapshots between it and the batch before");
        }
        before = header;
        byte[] leaves = router.get(path + "/data?lane=" + lane.value(), LARGEST_LEAVES);
        byte[] snapshots = header.snapshotRoot().equals(Hash32.ZERO)
                ? new byte[0]
                : router.get(path + "/data?part=snapshots&lane=" + lane.value(), LARGEST_SNAPSHOTS);
        return PublishedBatch.of(header, leaves, split(snapshots));
    }

    /** Hash of the last header that was read; what the registry must have of that batch. */
    Optional<Hash32> head() {
        return Optional.ofNullable(before).map(BatchHeader::head);
    }

    /** Each behind its length, four bytes. */
    private static List<byte[]> split(byte[] bytes) {
        List<byte[]> parts = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.remaining() >= Integer.BYTES) {
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new IllegalArgumentException("a snapshot is cut off");
            }
            byte[] part = new byte[length];
            in.get(part);
            parts.add(part);
        }
        return parts;
    }

    private ReceiptMembers members(String path) throws IOException, InterruptedException, UnreadableReceipt {
        return ReceiptReader.members(router.get(path, ReceiptReader.LARGEST));
    }
}
