package openledger.cli.watch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import openledger.audit.charge.BatchContent;
import openledger.audit.charge.Charge;
import openledger.audit.charge.PromisedLeaves;
import openledger.audit.court.ChainTime;
import openledger.commitment.SignedPromise;
import openledger.unit.LaneId;

/** Takes promises from their folder and holds them against what is read. Blocks. Confined to one thread. */
final class PromiseDesk {
    private static final int MOST_TIMES = 10_000;
    /** A promise has all batches that are kept read again: who puts them there one by one must not take all of our time. */
    private static final long SHARE = 20;

    private final PromisedLeaves promises;
    private final PromiseFolder folder;
    private final BatchFolder shelf;
    /** How far the chain was when we looked, which nobody says of a block that is FINALIZED. */
    private final Deque<ChainTime> times = new ArrayDeque<>();

    private long pausedUntil = System.nanoTime();

    PromiseDesk(LaneId lane, PromiseFolder folder, BatchFolder shelf) {
        this.promises = new PromisedLeaves(lane);
        this.folder = folder;
        this.shelf = shelf;
    }

    /** A batch was read; what differs from a promise. */
    List<Charge> read(BatchContent batch) {
        return promises.read(batch);
    }

    /** A batch was not read. */
    void pass() {
        promises.pass();
    }

    /**
     * Takes new promises, and gives up those that are overdue.
     *
     * @param newest the batch that was read last
     * @param readSince time since which all were read, Unix s
     * @param isAtTheEnd whether all that is SAFE was read
     */
    List<Charge> round(ChainTime time, long newest, long readSince, boolean isAtTheEnd) throws IOException {
        times.addLast(time);
        if (times.size() > MOST_TIMES) {
            times.removeFirst();
        }
        List<Charge> charges = new ArrayList<>();
        long began = System.nanoTime();
        if (began - pausedUntil >= 0) {
            boolean again = false;
            for (SignedPromise promise : folder.news()) {
                again |= promises.add(promise, newest, readSince);
            }
            if (again) {
                backwards(newest, time, charges);
            }
            pausedUntil = System.nanoTime() + SHARE * (System.nanoTime() - began);
        }
        if (isAtTheEnd) {
            finalizedTime(time).ifPresent(then -> charges.addAll(promises.overdue(then.seconds(), then.latest())));
        }
        return charges;
    }

    private void backwards(long newest, ChainTime time, List<Charge> charges) {
        long sequence = newest;
        long since = time.seconds();
        for (Optional<BatchContent> batch = shelf.batch(sequence);
                batch.isPresent() && promises.size() > 0;
                batch = shelf.batch(sequence)) {
            charges.addAll(promises.read(batch.get()));
            since = batch.get().committed().committedAt();
            sequence--;
        }
        promises.readSince(sequence == 0 ? 0 : since);
    }

    /** The newest time that we saw of which the block is FINALIZED by now. */
    private Optional<ChainTime> finalizedTime(ChainTime time) {
        Optional<ChainTime> last = Optional.empty();
        while (!times.isEmpty() && times.getFirst().latest() <= time.finalized()) {
            last = Optional.of(times.removeFirst());
        }
        return last;
    }
}
