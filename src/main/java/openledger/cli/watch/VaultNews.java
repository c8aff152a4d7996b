package openledger.cli.watch;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court;
import openledger.audit.court.Told;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.LaneId;

/**
 * Games and penalties of a lane, each told once. Blocks that are not FINALIZED are read again each time: a reorganisation may change them,
 * and a node that is asked for what is new may be behind the one that said how far the chain is. Blocks. Confined to one thread.
 */
final class VaultNews {
    /** Blocks of which events are asked for at once, fewer where a node cannot tell so much. */
    private static final long RANGE = 100_000;
    /** Blocks that are read again at most, where nothing becomes FINALIZED. */
    private static final long OVERLAP = 10_000;
    /** Ranges of one round, so that a node that lies about the newest block does not hold it for ever. */
    private static final int MOST_RANGES = 100;

    private final Court court;
    private final LaneId lane;
    private final Set<Told> told = new HashSet<>();
    private long next;
    private long range = RANGE;

    /** @param first block in which the lane cannot have had a stake before */
    VaultNews(Court court, LaneId lane, long first) {
        this.court = court;
        this.lane = lane;
        this.next = first;
    }

    /** Tells what was not told before, oldest first. */
    void read(ChainTime time, Consumer<Told> listener) {
        long notFinal = Math.max(0, Math.max(time.finalized() + 1, time.latest() - OVERLAP));
        next = Math.min(next, notFinal);
        told.removeIf(one -> one.block() < next);
        for (int ranges = 0; next <= time.latest() && ranges < MOST_RANGES; ranges++) {
            long last = Math.min(time.latest(), next + range - 1);
            try {
                for (Told one : Patience.await(court.cases(lane, next, last))) {
                    if (one.block() < notFinal || told.add(one)) {
                        listener.accept(one);
                    }
                }
            } catch (LedgerUnavailable tooMuch) {
                range = Math.max(1, (last - next + 1) / 2);
                throw tooMuch;
            }
            range = Math.min(RANGE, 2 * range);
            next = last + 1;
        }
    }
}
