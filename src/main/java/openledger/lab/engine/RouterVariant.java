package openledger.lab.engine;

/** A variant of a router in fast mode. */
public enum RouterVariant {
    /** Waits after every refusal, asks also where its view shows no room, as often as the budget lets it. */
    REFERENCE,
    /** The product's waits and view: another target with room at once, a wait after each round, no call where there is none. */
    ROUNDS,
    /** The same with the product's storm guard. */
    GUARDED;

    /** True if it goes round the targets and does not call where its view shows no room. */
    boolean heedsItsView() {
        return this != REFERENCE;
    }

    /** True if its retries are bounded by a storm guard. */
    boolean isGuarded() {
        return this == GUARDED;
    }
}
