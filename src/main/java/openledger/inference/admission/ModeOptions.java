package openledger.inference.admission;

import java.time.Duration;
import openledger.commitment.PlanLevel;
import openledger.commitment.leaf.LeafMode;
import openledger.routing.Gate;
import openledger.routing.RoutingMode;

/** The resolved options of a request: its mode and the terms of confirmation. Immutable. */
public sealed interface ModeOptions {
    /** Longest wait for a confirmation that may be asked for: no head of an answer is held for longer. */
    Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** Nothing but speed. */
    record Fast() implements ModeOptions {
        @Override
        public LeafMode mode() {
            return LeafMode.FAST;
        }
    }

    /**
     * A pinned route, confirmed.
     *
     * @param gate what waits
     * @param level until the plan has reached this
     * @param maxWait but no longer than this, counted from the pin; 1 ms to {@link #LONGEST_WAIT}
     * @param onUnconfirmed and what then
     */
    record Confirmed(Gate gate, PlanLevel level, Duration maxWait, OnUnconfirmed onUnconfirmed) implements ModeOptions {
        public Confirmed {
            if (maxWait.compareTo(Duration.ofMillis(1)) < 0 || maxWait.compareTo(LONGEST_WAIT) > 0) {
                throw new IllegalArgumentException("the wait must be 1 ms to 10 s: " + maxWait);
            }
        }

        @Override
        public LeafMode mode() {
            return LeafMode.of(RoutingMode.CONFIRMED, gate);
        }
    }

    /** How it stands in the request's record. */
    LeafMode mode();

    /** What becomes of a request whose plan is not confirmed in time. */
    enum OnUnconfirmed {
        /** It fails; an answer that is there is thrown away. */
        FAIL("fail"),
        /** It goes on, and its record says so. */
        RELEASE("release");

        private final String word;

        OnUnconfirmed(String word) {
            this.word = word;
        }

        /** The word a client uses for it. */
        public String word() {
            return word;
        }
    }
}
