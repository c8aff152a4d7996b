package openledger.chaos.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.SignedNote;
import org.jspecify.annotations.Nullable;

/** Has every new checkpoint of a router cosigned, on a thread of its own, whatever becomes of router and witness meanwhile. */
final class Cosigning {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private static final long PAUSE_MILLIS = 20;

    private final ServedTiles log;
    private final WitnessClient witness;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "cosigning");
    private volatile long checkpoints;
    private volatile long size;
    private volatile @Nullable SignedNote newest;
    private volatile @Nullable RuntimeException refusal;

    private Cosigning(ServedTiles log, WitnessClient witness) {
        this.log = log;
        this.witness = witness;
    }

    static Cosigning begin(ServedTiles log, WitnessClient witness) {
        Cosigning cosigning = new Cosigning(log, witness);
        cosigning.thread.setDaemon(true);
        cosigning.thread.start();
        return cosigning;
    }

    private void run() {
        try {
            while (!stop.get()) {
                if (!grown()) {
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException | IllegalArgumentException refused) {
            refusal = refused;
        }
    }

    /** False if there was nothing new, or one of both was away. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private boolean grown() throws InterruptedException {
        try {
            SignedNote note = log.checkpoint();
            long now = Checkpoint.parse(note.text()).size();
            if (now == witness.old()) {
                return false;
            }
            newest = witness.cosigned(note, log.nodes(now));
            size = now;
            checkpoints++;
            return true;
        } catch (IOException | UncheckedIOException away) {
            return false;
        }
    }

    /**
     * Waits until a checkpoint of so many leaves has been cosigned.
     *
     * @throws IllegalStateException if the witness has refused one meanwhile
     */
    void await(long leaves) throws InterruptedException {
        long until = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (size < leaves) {
            RuntimeException why = refusal;
            if (why != null) {
                throw new IllegalStateException("a checkpoint was refused", why);
            }
            if (System.nanoTime() > until) {
                throw new IllegalStateException("only " + size + " of " + leaves + " leaves are cosigned");
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    /** Checkpoints that were cosigned. */
    long checkpoints() {
        return checkpoints;
    }

    /** Leaves under the last of them. */
    long size() {
        return size;
    }

    /** The last of them, once it has stopped. */
    SignedNote end() throws InterruptedException {
        stop.set(true);
        thread.join();
        SignedNote last = newest;
        if (last == null) {
            throw new IllegalStateException("nothing was cosigned");
        }
        return last;
    }
}
