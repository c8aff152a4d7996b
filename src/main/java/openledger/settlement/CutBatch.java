package openledger.settlement;

import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.unit.Hash32;

/**
 * A batch as it was cut. From here on nothing in it changes, whatever the chain does.
 *
 * @param header what goes on chain
 * @param head hash of the header
 * @param leaves 96 bytes each; never changed after construction
 * @param counters request counter of each leaf, in order
 * @param records what those who replay need, one record a leaf ({@link ReplayRecord}); never changed after construction
 * @param end where the next batch begins to read
 */
@SuppressWarnings("ArrayRecordComponent") // hundreds of kilobytes that nobody compares
public record CutBatch(
        BatchHeader header, Hash32 head, byte[] leaves, List<Long> counters, byte[] records, JournalPlace end) {}
