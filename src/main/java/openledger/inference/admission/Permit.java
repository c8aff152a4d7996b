package openledger.inference.admission;

import java.util.concurrent.atomic.AtomicInteger;
import openledger.access.TokenHold;
import org.jspecify.annotations.Nullable;

/**
 * A request's permit within the limits of requests in flight, of its key and of the router. It is given back when its client is gone and
 * nothing is in flight for it any more: a client that leaves and comes again would otherwise have more calls in flight than it may. The
 * memory that the request's body takes is held as long, and so are the tokens that are reserved for it. Thread-safe.
 */
public final class Permit {
    /** Of requests that nobody counts. */
    public static final Permit UNCOUNTED = new Permit(() -> {});

    private final AtomicInteger holders = new AtomicInteger(1);
    private final Runnable giveBack;
    private final FairPool.@Nullable Share bytes;
    private volatile TokenHold tokens = TokenHold.NONE;

    /** A place that one holds; {@code giveBack} is run once, by the last who lets go. */
    public Permit(Runnable giveBack) {
        this.giveBack = giveBack;
        this.bytes = null;
    }

    /** The same, with a share of the memory for bodies, which is given back with it. */
    public Permit(FairPool.Share bytes, Runnable giveBack) {
        this.giveBack = giveBack;
        this.bytes = bytes;
    }

    /** Takes so many more bytes for the request's body and its copies; false if there are not so many for its tenant. */
    public boolean grow(long more) {
        return bytes == null || bytes.grow(more);
    }

    /** These tokens are reserved for it. */
    public void tokens(TokenHold reserved) {
        tokens = reserved;
    }

    /** The body was dropped before its time: its bytes are given back, and the place is kept. */
    public void giveBytesBack() {
        if (bytes != null) {
            bytes.giveBack();
        }
    }

    /** One more holds it; false if it has been given back. */
    boolean hold() {
        return this == UNCOUNTED || holders.getAndUpdate(held -> held == 0 ? 0 : held + 1) > 0;
    }

    /** Holds one place at most. Confined to one thread. */
    public static final class Holder {
        private Permit held = UNCOUNTED;

        /** Holds that one, if it has not been given back; providers may be called for it now. */
        public void hold(Permit other) {
            held = other.hold() ? other : UNCOUNTED;
            held.tokens.called();
        }

        /**
         * Holds none any more.
         *
         * @param used tokens that its calls have used
         */
        public void letGo(TokenHold.Use used) {
            held.tokens.used(used);
            held.letGo();
            held = UNCOUNTED;
        }
    }

    /** One who held it does so no more. */
    public void letGo() {
        if (this != UNCOUNTED && holders.decrementAndGet() == 0) {
            giveBytesBack();
            tokens.over();
            giveBack.run();
        }
    }
}
