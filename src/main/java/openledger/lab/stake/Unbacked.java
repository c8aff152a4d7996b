package openledger.lab.stake;

/**
 * How long a lane that misroutes goes on without losing more than its pool: from the first act to the moment from which it cannot commit
 * without a stake. That is until a stranger has found and proved enough, and the grace of the vault.
 */
enum Unbacked {
    TEN_MINUTES("10 min", 1.0 / 6),
    AN_HOUR("1 h", 1),
    A_DAY("1 day", 24),
    A_WEEK("7 days", 7 * 24),
    TEN_MINUTES_AND_GRACE("10 min + grace of 7 days", 1.0 / 6 + 7 * 24);

    private final String words;
    private final double hours;

    Unbacked(String words, double hours) {
        this.words = words;
        this.hours = hours;
    }

    /** In tables. */
    String words() {
        return words;
    }

    /** The time. */
    double hours() {
        return hours;
    }
}
