package openledger.audit.charge;

import openledger.audit.CounterSet;
import openledger.audit.CounterSet.Stretch;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.PlacedLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import org.jspecify.annotations.Nullable;

/**
 * Which requests of a lane have ended: whom a header calls ended has an outcome. A number that may be in a batch that was not read is left
 * out. Confined to one thread.
 */
final class EndedCounters {
    private static final int MOST_STRETCHES = 1_000_000;
    /** Games about one header: each of them costs a bond, and asks for the same. */
    private static final int MOST_GAMES = 3;

    private final CounterSet ended = new CounterSet();
    private @Nullable BatchHeader before;
    /** The highest number of a batch that was not read. */
    private long unreadThrough;

    private long highest;
    private boolean isFromTheStart;

    void pass(BatchHeader header) {
        follow(header);
        unreadThrough = Math.max(unreadThrough, highest);
        ended.drop(header.completeThrough());
        before = header;
    }

    void take(MisrouteFinder.Batch batch, RequestPartners partners) {
        BatchHeader header = batch.header;
        BatchHeader last = follow(header);
        for (PlacedLeaf leaf : batch.leaves) {
            if (leaf.leaf().stage() instanceof Stage.Ended) {
                ended.add(leaf.leaf().request().counter());
            }
        }
        long complete = last == null ? 0 : last.completeThrough();
        long from = Math.max(complete, unreadThrough);
        if (isFromTheStart && from < header.completeThrough()) {
            for (Stretch gap :
                    ended.missing(from, header.completeThrough(), MOST_GAMES).first()) {
                batch.add(
                        VaultFault.OUTCOME_MISSING,
                        "Its header calls request " + gap.first() + " ended, of which there is no outcome.",
                        new VaultCall.OpenCounterMissing(
                                last == null ? header : last,
                                header,
                                batch.content.committed().committedAt(),
                                gap.first()));
            }
        }
        ended.drop(header.completeThrough());
        partners.complete(header.completeThrough());
        if (ended.size() > MOST_STRETCHES) {
            ended.clear();
            unreadThrough = highest;
        }
        before = header;
    }

    /** Without all headers nobody knows how high the numbers of earlier batches are. */
    private @Nullable BatchHeader follow(BatchHeader header) {
        if (before == null) {
            isFromTheStart = header.sequence() == 1;
        }
        highest = Math.max(highest, header.lastCounter());
        return before;
    }
}
