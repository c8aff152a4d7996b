package openledger.settlement.cut;

import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.log.LogEdge;
import openledger.unit.Hash32;

/**
 * A batch as it was cut. From here on nothing in it changes, whatever the chain does.
 *
 * @param header what goes on chain
 * @param head hash of the header
 * @param leaves 96 bytes each, plans first; never changed after construction
 * @param counters request counter of each leaf, in order
 * @param records what those who replay need, one record a leaf ({@link ReplayRecord}); never changed after construction
 * @param snapshots those that belong to it, as {@link openledger.commitment.SnapshotEncoding} has them, from the header's first
 *     to its last; never changed after construction
 * @param log of the lane, its leaves included, and the tiles that got some of them
 * @param ended whose outcomes are in the log now
 * @param plansEnd where the next batch begins to read plans
 * @param end where the next batch begins to read outcomes
 */
@SuppressWarnings("ArrayRecordComponent") // hundreds of kilobytes that nobody compares
public record CutBatch(
        BatchHeader header,
        Hash32 head,
        byte[] leaves,
        List<Long> counters,
        byte[] records,
        List<byte[]> snapshots,
        LogEdge.Growth log,
        EndedRequests ended,
        JournalOffset plansEnd,
        JournalOffset end) {
    /** Request counters of its plans. */
    public List<Long> plans() {
        return counters.subList(0, header.count() - header.outcomes());
    }

    /** Request counters of its outcomes. */
    public List<Long> outcomes() {
        return counters.subList(header.count() - header.outcomes(), header.count());
    }
}
