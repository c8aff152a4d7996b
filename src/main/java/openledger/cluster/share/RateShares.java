package openledger.cluster.share;

import openledger.budget.MinuteRate;

/** Port: this router's shares of keys' limits. Thread-safe. */
public interface RateShares {
    /** Of a router that is alone: it has all of each. */
    RateShares WHOLE = new RateShares() {
        @Override
        public Rate rate(ShareName name, int perMinute, long nowNanos) {
            return new WholeRate(perMinute, nowNanos);
        }

        @Override
        public Slots slots(ShareName name, int most, long nowNanos) {
            return new WholeSlots(most);
        }
    };

    /** Requests or tokens a minute: 1 to {@link MinuteRate#LARGEST}. */
    Rate rate(ShareName name, int perMinute, long nowNanos);

    /** Requests in progress, 1 or more. For one name there is one at a time that is not retired. */
    Slots slots(ShareName name, int most, long nowNanos);
}
