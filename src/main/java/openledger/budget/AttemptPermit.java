package openledger.budget;

/**
 * The right to one attempt. Only an {@link AttemptLedger} makes one, and a call of a provider needs one, so no call can be made outside a
 * budget.
 */
public final class AttemptPermit {
    private final int number;
    private final int tier;

    AttemptPermit(int number, int tier) {
        this.number = number;
        this.tier = tier;
    }

    /** Which attempt of the request this is, from 1. */
    public int number() {
        return number;
    }

    /** The tier it was taken from, 0 is the best. */
    public int tier() {
        return tier;
    }
}
