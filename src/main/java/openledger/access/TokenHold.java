package openledger.access;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * Tokens that were reserved for a request by an estimate, until it is known what it has used. Settled once. Thread-safe.
 */
public final class TokenHold {
    /** Of a key that has no such limit. */
    public static final TokenHold NONE = new TokenHold(0, used -> {});

    private final long estimate;
    private final LongConsumer settle;
    private final AtomicBoolean isSettled = new AtomicBoolean();
    private volatile boolean isCalled;

    /**
     * A hold of so many.
     *
     * @param settle is told once what counts instead
     */
    TokenHold(long estimate, LongConsumer settle) {
        this.estimate = estimate;
        this.settle = settle;
    }

    /** A provider may be called from now on: the estimate counts, unless somebody knows better. */
    public void called() {
        isCalled = true;
    }

    /** The calls of the request have used that; only the first time counts. */
    public void used(Use use) {
        if (isSettled.compareAndSet(false, true)) {
            settle.accept(use.isAll ? use.known : Math.max(estimate, use.known));
        }
    }

    /** Nobody will say any more what was used: nothing, if no provider was called. */
    public void over() {
        used(isCalled ? Use.UNKNOWN : Use.NOTHING);
    }

    /**
     * What calls have used.
     *
     * @param known tokens that their providers have told, 0 or more
     * @param isAll whether all of them have that may have used any
     */
    public record Use(long known, boolean isAll) {
        public static final Use NOTHING = new Use(0, true);
        public static final Use UNKNOWN = new Use(0, false);
    }
}
