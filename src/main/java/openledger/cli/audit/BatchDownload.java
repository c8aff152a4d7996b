package openledger.cli.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.archive.PublicDownload;
import openledger.audit.PublishedBatch;
import openledger.commitment.BatchHeader;
import openledger.commitment.SignedHead;
import openledger.commitment.leaf.LeafEncoding;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.verifier.ReceiptMembers;
import openledger.verifier.ReceiptReader;
import openledger.verifier.UnreadableReceipt;
import org.jspecify.annotations.Nullable;

/** Downloads the batches of a lane one after another and checks each against its header and the one before. Confined to one thread. */
public final class BatchDownload {
    private static final int LARGEST_LEAVES = BatchHeader.MOST_LEAVES * LeafEncoding.BYTES;
    private static final int LARGEST_TREES = Long.SIZE * Hash32.BYTES;
    private static final int LARGEST_SNAPSHOTS = 64 << 20;

    private final PublicDownload router;
    private final LaneId lane;
    private @Nullable BatchHeader before;
    private Optional<SignedHead> signed = Optional.empty();

    public BatchDownload(PublicDownload router, LaneId lane) {
        this.router = router;
        this.lane = lane;
    }

    /** The lane that a router writes itself. */
    public static LaneId ownLane(PublicDownload router) throws IOException, InterruptedException, UnreadableReceipt {
        return new LaneId(members(router, "/v1/batches?limit=1").number("lane", 1, Long.MAX_VALUE));
    }

    /** Sequence of the lane's newest batch; empty if it has none. */
    public OptionalLong newest() throws IOException, InterruptedException, UnreadableReceipt {
        ReceiptMembers list = members("/v1/batches?limit=1&lane=" + lane.value());
        List<ReceiptMembers> batches = list.objects("data", 1);
        return batches.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(batches.getFirst().number("sequence", 1, Long.MAX_VALUE));
    }

    /**
     * The header of that sequence, which is the next to be read from then on, whatever it is.
     *
     * @throws UnreadableReceipt if it cannot be read, or does not belong there
     */
    BatchHeader header(long sequence) throws IOException, InterruptedException, UnreadableReceipt {
        ReceiptMembers batch = members("/v1/batches/" + sequence + "?lane=" + lane.value());
        signed = Optional.empty();
        BatchHeader header = header(batch);
        Hash32 head = batch.hash("head");
        if (header.sequence() != sequence
                || !header.lane().equals(lane)
                || !header.head().equals(head)) {
            throw new UnreadableReceipt("", "its header and its head do not match");
        }
        signed = ReceiptReader.signedHead(header, batch);
        BatchHeader last = before;
        before = header;
        if (last != null && last.sequence() == sequence - 1) {
            if (!last.head().equals(header.previousHead())) {
                throw new UnreadableReceipt("", "it does not name the head of the batch before");
            }
            if (header.firstSnapshot() != last.lastSnapshot() + 1) {
                throw new UnreadableReceipt("", "its first snapshot does not follow the last of the batch before");
            }
        }
        return header;
    }

    private static BatchHeader header(ReceiptMembers batch) throws UnreadableReceipt {
        try {
            return ReceiptReader.header(batch);
        } catch (IllegalArgumentException notAValue) {
            throw new UnreadableReceipt("", "its header has an invalid value");
        }
    }

    /** What is under a header, as far as it can be read. */
    PublishedBatch data(BatchHeader header) throws IOException, InterruptedException {
        String path = "/v1/batches/" + header.sequence();
        byte[] leaves = router.get(path + "/data?lane=" + lane.value(), LARGEST_LEAVES);
        byte[] snapshots = header.snapshotRoot().equals(Hash32.ZERO)
                ? new byte[0]
                : router.get(path + "/data?part=snapshots&lane=" + lane.value(), LARGEST_SNAPSHOTS);
        byte[] trees = router.get(path + "/data?part=trees&lane=" + lane.value(), LARGEST_TREES);
        return PublishedBatch.of(header, hashes(trees), leaves, split(snapshots));
    }

    /** What is left over is one more, so that it is not that of any log. */
    private static List<Hash32> hashes(byte[] bytes) {
        List<Hash32> hashes = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += Hash32.BYTES) {
            hashes.add(Hash32.of(Arrays.copyOfRange(bytes, at, at + Hash32.BYTES)));
        }
        return hashes;
    }

    /** What the router says that the lane has signed of the batch that was read last; empty if nothing. */
    Optional<SignedHead> signed() {
        return signed;
    }

    /** The last header that was read; its head is what the registry must have of that batch. */
    Optional<BatchHeader> last() {
        return Optional.ofNullable(before);
    }

    /** Each behind its length, four bytes; what is left over is one more, so that it is not that of any header. */
    private static List<byte[]> split(byte[] bytes) {
        List<byte[]> parts = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
            if (length < 0 || length > in.remaining()) {
                length = in.remaining();
            }
            byte[] part = new byte[length];
            in.get(part);
            parts.add(part);
        }
        return parts;
    }

    private ReceiptMembers members(String path) throws IOException, InterruptedException, UnreadableReceipt {
        return members(router, path);
    }

    private static ReceiptMembers members(PublicDownload router, String path)
            throws IOException, InterruptedException, UnreadableReceipt {
        return ReceiptReader.members(router.get(path, ReceiptReader.LARGEST));
    }
}
