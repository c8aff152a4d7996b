package openledger.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.audit.Difference.Kind;
import openledger.commitment.BatchHeader;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.CompactRange;
import openledger.commitment.log.LogHasher;
import openledger.routing.allocation.Snapshot;
import openledger.unit.Hash32;

/**
 * A batch as far as it can be read: whoever published it may have put anything under its header, and one leaf that is none must not hide
 * the others. Immutable.
 *
 * @param header what is on chain
 * @param before roots of the complete trees that the lane's log was made of before it, largest first
 * @param leaves those that can be read, in order
 * @param snapshots of the header's numbers, those that can be read, in order
 * @param unreadable what cannot be read or is not what the header is of
 * @param plans whether plans can be held against these snapshots
 */
public record PublishedBatch(
        BatchHeader header,
        List<Hash32> before,
        List<Leaf> leaves,
        List<Snapshot> snapshots,
        List<Difference> unreadable,
        Plans plans) {
    public PublishedBatch {
        before = List.copyOf(before);
        leaves = List.copyOf(leaves);
        snapshots = List.copyOf(snapshots);
        unreadable = List.copyOf(unreadable);
    }

    /** Whether a batch's snapshots and plans are all there. */
    public enum Plans {
        /** They are. */
        WHOLE,
        /** Some cannot be read: what follows from them cannot be told. */
        IN_PIECES
    }

    /**
     * Reads a batch's data and holds them against its header; data of any content and length have a result.
     *
     * @param before roots of the complete trees that the log was made of before it: with the leaves they lead to the header's root, or they
     *     were others
     * @param leaves 96 bytes each
     * @param snapshots {@link SnapshotEncoding} each
     */
    public static PublishedBatch of(BatchHeader header, List<Hash32> before, byte[] leaves, List<byte[]> snapshots) {
        return new Reading(header, before).read(leaves, snapshots);
    }

    /** The root of the log before it; empty if what was given as its trees are none. */
    Optional<Hash32> rootBefore() {
        return header.firstIndex() < 0 || before.size() != Long.bitCount(header.firstIndex())
                ? Optional.empty()
                : Optional.of(new CompactRange(header.firstIndex(), before).root());
    }

    /** What has been read of a batch so far. */
    private static final class Reading {
        private final BatchHeader header;
        private final List<Hash32> before;
        private final List<Leaf> readable = new ArrayList<>();
        private final List<Snapshot> views = new ArrayList<>();
        private final List<Difference> problems = new ArrayList<>();
        private boolean plansAreWhole = true;

        Reading(BatchHeader header, List<Hash32> before) {
            this.header = header;
            this.before = before;
        }

        void problem(long snapshot, Hash32 request, String text) {
            problems.add(
                    new Difference(Kind.UNREADABLE, snapshot, request, "batch " + header.sequence() + ": " + text));
        }

        PublishedBatch result(Plans plans) {
            return new PublishedBatch(header, before, readable, views, problems, plans);
        }

        PublishedBatch read(byte[] leaves, List<byte[]> snapshots) {
            Optional<String> others = notOfTheHeader(leaves);
            if (others.isPresent()) {
                problem(0, Hash32.ZERO, others.get());
                return result(Plans.IN_PIECES);
            }
            leaves(leaves);
            if (BatchHeader.snapshotRoot(snapshots).equals(header.snapshotRoot())) {
                snapshots(snapshots);
            } else {
                broken(0, "its snapshots do not match the header");
            }
            return result(plansAreWhole ? Plans.WHOLE : Plans.IN_PIECES);
        }

        private void broken(long snapshot, String text) {
            plansAreWhole = false;
            problem(snapshot, Hash32.ZERO, text);
        }

        private Optional<String> notOfTheHeader(byte[] leaves) {
            boolean isCounted = header.count() >= 1
                    && header.count() <= BatchHeader.MOST_LEAVES
                    && leaves.length == header.count() * LeafEncoding.BYTES;
            if (!isCounted) {
                return Optional.of("its header counts " + header.count() + " leaves, there are "
                        + leaves.length / LeafEncoding.BYTES);
            }
            if (header.firstIndex() < 0 || before.size() != Long.bitCount(header.firstIndex())) {
                return Optional.of(
                        "what it says of the log before it fits no log of " + header.firstIndex() + " leaves");
            }
            CompactRange log = new CompactRange(header.firstIndex(), before);
            LogHasher hasher = new LogHasher();
            for (int at = 0; at < leaves.length; at += LeafEncoding.BYTES) {
                log.append(hasher.entry(leaves, at, LeafEncoding.BYTES), (level, index, root) -> {});
            }
            return log.root().equals(header.root())
                    ? Optional.empty()
                    : Optional.of("its leaves do not match the header");
        }

        private void leaves(byte[] bytes) {
            int outcomes = 0;
            int unknown = 0;
            for (int i = 0; i < header.count(); i++) {
                byte[] leaf = Arrays.copyOfRange(bytes, i * LeafEncoding.BYTES, (i + 1) * LeafEncoding.BYTES);
                try {
                    readable.add(LeafEncoding.decode(leaf));
                    outcomes += readable.getLast().stage() instanceof Leaf.Stage.Ended ? 1 : 0;
                } catch (IllegalArgumentException notALeaf) {
                    unknown++;
                    problem(0, Hash32.of(leaf, 0), "leaf " + i + " is invalid: " + notALeaf.getMessage());
                }
            }
            // One that is none may have been counted as an outcome or not.
            if (header.outcomes() < outcomes || header.outcomes() > outcomes + unknown) {
                problem(0, Hash32.ZERO, "its header counts " + header.outcomes() + " outcomes, there are " + outcomes);
            }
        }

        private void snapshots(List<byte[]> snapshots) {
            for (int i = 0; i < snapshots.size(); i++) {
                long number = header.firstSnapshot() + i;
                try {
                    Snapshot snapshot = SnapshotEncoding.decode(snapshots.get(i));
                    if (snapshot.number() == number) {
                        views.add(snapshot);
                    } else {
                        broken(number, "snapshot " + snapshot.number() + " is in the place of " + number);
                    }
                } catch (IllegalArgumentException noSnapshot) {
                    broken(number, "snapshot " + number + " is invalid: " + noSnapshot.getMessage());
                }
            }
            if (snapshots.size() != header.lastSnapshot() - header.firstSnapshot() + 1) {
                broken(0, "it does not have the snapshots that its header counts");
            }
        }
    }
}
