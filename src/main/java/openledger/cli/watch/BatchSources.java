package openledger.cli.watch;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.archive.PublicDownload;
import openledger.audit.charge.BatchContent;
import openledger.audit.court.LaneChain.Committed;
import openledger.commitment.BatchHeader;
import openledger.commitment.SignedHead;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.HashedEntries;
import openledger.settlement.cut.ReplayEncoding;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.verifier.ReceiptMembers;
import openledger.verifier.ReceiptReader;
import openledger.verifier.UnreadableReceipt;

/**
 * Those who serve a lane's data. None is believed: what does not lead to the root on chain was not served. Whoever fails or is slow is left
 * alone for a while, longer each time. Blocks. Confined to one thread. Long because what a router can do to whoever asks it is bounded here.
 */
final class BatchSources implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(15);
    /** Whoever takes longer for what is asked beside is asked less often. */
    private static final long SLOW = Duration.ofSeconds(2).toNanos();

    private static final long SHORTEST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final int MOST_DOUBLINGS = 8;
    private static final int LARGEST_LEAVES = BatchHeader.MOST_LEAVES * LeafEncoding.BYTES;
    private static final int LARGEST_TREES = Long.SIZE * Hash32.BYTES;

    private final LaneId lane;
    private final boolean hasKey;
    private final List<Source> sources = new ArrayList<>();

    /** What was had of something. */
    enum Answer {
        SERVED,
        MISSING,
        /** They serve it to whoever has a key, and we have none. */
        CLOSED
    }

    /** Leaves of a batch, or why there are none. */
    record Found(Answer answer, Optional<BatchContent> content) {}

    private static final class Source {
        private final URI router;
        private final PublicDownload download;
        private final Pause leaves = new Pause();
        /** What is asked beside the leaves: who is slow with that must not keep us from them. */
        private final Pause beside = new Pause();

        /** Since it was looked at last, whatever it said. */
        private boolean hasSpoken;

        Source(URI router, PublicDownload download) {
            this.router = router;
            this.download = download;
        }
    }

    /** For whoever fails, or takes long. */
    private static final class Pause {
        private int failures;
        private long closedUntil = System.nanoTime();

        boolean isOpen() {
            return System.nanoTime() - closedUntil >= 0;
        }

        void failed() {
            failures = Math.min(failures + 1, MOST_DOUBLINGS);
            closedUntil = System.nanoTime() + (SHORTEST_PAUSE << failures);
        }

        void answered(long since) {
            if (System.nanoTime() - since > SLOW) {
                failed();
            } else {
                failures = 0;
            }
        }
    }

    BatchSources(LaneId lane, List<URI> routers, Optional<String> key) {
        this(lane, routers, key, LONGEST);
    }

    /** @param longest that the whole of an answer may take */
    BatchSources(LaneId lane, List<URI> routers, Optional<String> key, Duration longest) {
        this.lane = lane;
        this.hasKey = key.isPresent();
        routers.forEach(router -> sources.add(new Source(router, new PublicDownload(router, key, longest))));
    }

    /** The leaves of a batch from the first who has them. */
    Found leaves(Committed committed) throws InterruptedException {
        boolean isClosed = false;
        boolean isMissing = false;
        for (Source source : sources) {
            Found found =
                    source.leaves.isOpen() ? leaves(source, committed) : new Found(Answer.MISSING, Optional.empty());
            if (found.answer == Answer.SERVED) {
                return found;
            }
            isClosed |= found.answer == Answer.CLOSED;
            isMissing |= found.answer == Answer.MISSING;
        }
        return new Found(isClosed && !isMissing ? Answer.CLOSED : Answer.MISSING, Optional.empty());
    }

    private Found leaves(Source source, Committed committed) throws InterruptedException {
        try {
            byte[] trees = data(source, committed.header(), "&part=trees", LARGEST_TREES);
            byte[] leaves = data(source, committed.header(), "", LARGEST_LEAVES);
            source.leaves.failures = 0;
            source.hasSpoken = true;
            Optional<BatchContent> content = BatchContent.of(committed, hashes(trees), leaves);
            return new Found(content.isPresent() ? Answer.SERVED : Answer.MISSING, content);
        } catch (PublicDownload.Closed e) {
            source.hasSpoken = true;
            return tiles(source, committed);
        } catch (PublicDownload.NotThere e) {
            source.hasSpoken = true;
            return new Found(Answer.MISSING, Optional.empty());
        } catch (IOException e) {
            source.leaves.failed();
            return new Found(Answer.MISSING, Optional.empty());
        }
    }

    /** Whoever shows batches to few may still serve the log to everybody. */
    private static Found tiles(Source source, Committed committed) throws InterruptedException {
        try {
            Optional<BatchContent> content = LogTiles.read(source.download, committed);
            return new Found(content.isPresent() ? Answer.SERVED : Answer.CLOSED, content);
        } catch (IOException e) {
            return new Found(Answer.CLOSED, Optional.empty());
        }
    }

    /** All of them, if none says anything, whatever it is asked; else nothing. */
    List<URI> silent() throws InterruptedException {
        boolean isAnyone = hasSpoken();
        sources.forEach(source -> source.hasSpoken = false);
        for (Source source : sources) {
            isAnyone = isAnyone || !isSilent(source);
        }
        return isAnyone
                ? List.of()
                : sources.stream().map(source -> source.router).toList();
    }

    /** Whether one of them has said something since {@link #silent} was asked. */
    boolean hasSpoken() {
        return sources.stream().anyMatch(source -> source.hasSpoken);
    }

    private boolean isSilent(Source source) throws InterruptedException {
        try {
            source.download.get("/v1/batches/1?lane=" + lane.value(), ReceiptReader.LARGEST);
        } catch (PublicDownload.Silent e) {
            return true;
        } catch (IOException said) {
            // Whoever refuses is there.
        }
        return false;
    }

    /** What helps where {@link Answer#CLOSED} is all that was had. */
    String closed(String what) {
        return "The routers show " + what
                + (hasKey
                        ? " to other keys than that of --router-key-env: give another one."
                        : " to whoever has a key: give any key of theirs with --router-key-env.");
    }

    /** What anybody serves as the leaves of a batch by now, whatever it leads to. */
    List<byte[]> versions(BatchHeader header) throws InterruptedException {
        List<byte[]> versions = new ArrayList<>();
        for (Source source : sources) {
            try {
                versions.add(data(source, header, "", LARGEST_LEAVES));
            } catch (IOException e) {
                // Another may have it.
            }
        }
        return versions;
    }

    /** Whether anybody serves records that lead to the records root. */
    Answer records(BatchHeader header) throws InterruptedException {
        boolean isClosed = false;
        boolean isMissing = false;
        for (Source source : sources) {
            long began = System.nanoTime();
            try {
                if (!source.beside.isOpen()) {
                    isMissing = true;
                    continue;
                }
                byte[] records = data(source, header, "&part=records", ReplayEncoding.MOST_BYTES);
                source.beside.answered(began);
                if (areRecords(header, records)) {
                    return Answer.SERVED;
                }
                isMissing = true;
            } catch (PublicDownload.Closed e) {
                isClosed = true;
            } catch (PublicDownload.NotThere e) {
                isMissing = true;
            } catch (IOException e) {
                isMissing = true;
                source.beside.failed();
            }
        }
        return isClosed && !isMissing ? Answer.CLOSED : Answer.MISSING;
    }

    private static boolean areRecords(BatchHeader header, byte[] bytes) {
        try {
            List<byte[]> records = ReplayEncoding.each(bytes);
            return records.size() == header.count()
                    && HashedEntries.rootOf(records).equals(header.recordsRoot());
        } catch (IllegalArgumentException noRecords) {
            return false;
        }
    }

    /** What each of them says that the lane has signed under a number. */
    List<SignedHead> heads(long sequence) throws InterruptedException {
        List<SignedHead> heads = new ArrayList<>();
        for (Source source : sources) {
            if (!source.beside.isOpen()) {
                continue;
            }
            long began = System.nanoTime();
            try {
                ReceiptMembers batch = ReceiptReader.members(source.download.get(
                        "/v1/batches/" + sequence + "?lane=" + lane.value(), ReceiptReader.LARGEST));
                source.beside.answered(began);
                BatchHeader header = ReceiptReader.header(batch);
                ReceiptReader.signedHead(header, batch).ifPresent(heads::add);
            } catch (PublicDownload.Closed | PublicDownload.NotThere | UnreadableReceipt | IllegalArgumentException e) {
                // Whoever shows none proves nothing.
            } catch (IOException e) {
                source.beside.failed();
            }
        }
        return heads;
    }

    private byte[] data(Source source, BatchHeader header, String part, int most)
            throws IOException, InterruptedException {
        return source.download.get("/v1/batches/" + header.sequence() + "/data?lane=" + lane.value() + part, most);
    }

    private static List<Hash32> hashes(byte[] bytes) {
        List<Hash32> hashes = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += Hash32.BYTES) {
            hashes.add(Hash32.of(Arrays.copyOfRange(bytes, at, at + Hash32.BYTES)));
        }
        return hashes;
    }

    @Override
    public void close() {
        sources.forEach(source -> source.download.close());
    }
}
