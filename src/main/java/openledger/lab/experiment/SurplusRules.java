package openledger.lab.experiment;

import java.util.function.UnaryOperator;
import openledger.routing.allocation.Snapshot;

/**
 * The rules that were compared. Only {@link #PRODUCT} sees the snapshot as it is, and its allocator gives the turns; for the others
 * everybody has a turn already.
 */
public enum SurplusRules implements SurplusRule {
    /** Arrival and lot: who sends much gets much. */
    NONE("none", snapshot -> OtherTurns.withoutDeficits(OtherTurns.ofArrival(snapshot))),
    /** Arrival, then deficit, then lot: no surplus at all. */
    ARRIVAL("arrival, deficit", OtherTurns::ofArrival),
    /** Deficit before arrival. */
    DEFICIT("deficit first", OtherTurns::allTheSame),
    /** The first design's: what is beyond the share waits for the next turn, and its time is counted from there. */
    NEXT_TURN("next turn only", UnaryOperator.identity()) {
        @Override
        public Shown show(Snapshot snapshot) {
            return OtherTurns.nextOnly(snapshot);
        }
    },
    /** A share of each turn from now on, as start-time fair queueing would. */
    AHEAD("a share a turn", OtherTurns::ahead),
    /** The same, made anew for all open requests in every snapshot. */
    ANEW("a share a turn, anew", OtherTurns::anew),
    /** No more in turn than a share at a time, whatever was granted before. */
    AT_A_TIME("a share at a time", OtherTurns::aShareAtATime),
    /** The product's, with twice the mean. */
    TWICE("twice the mean", OtherTurns::twiceTheMean),
    /** The product's turns, and the deficit as it would be if all before had been granted. */
    CHARGED("product, charged", snapshot -> OtherTurns.charged(OtherTurns.ofProduct(snapshot))),
    /** The product's: {@code routing.Turns}. */
    PRODUCT("product", UnaryOperator.identity());

    private final String word;

    @SuppressWarnings("ImmutableEnumChecker") // it holds nothing
    private final UnaryOperator<Snapshot> turns;

    SurplusRules(String word, UnaryOperator<Snapshot> turns) {
        this.word = word;
        this.turns = turns;
    }

    @Override
    public String word() {
        return word;
    }

    @Override
    public Shown show(Snapshot snapshot) {
        return new Shown(turns.apply(snapshot));
    }
}
