package openledger.inference.record;

/**
 * Where the time of a request went, microseconds.
 *
 * @param admit from arrival to the first attempt
 * @param backoff waits between attempts
 * @param upstream at least one call was in flight and nothing had been answered; overlapping hedges count once
 * @param journal the answer was there and waited for its record to be durable
 * @param stream from the first content to the end of the answer
 * @param total from arrival to the end
 * @param hold it waited for its plan, if it is a confirmed one
 * @param confirm everything else was ready, and its plan was not confirmed yet
 */
public record TimeSplit(
        long admit, long backoff, long upstream, long journal, long stream, long total, long hold, long confirm) {
    /** Nothing measured. */
    public static final TimeSplit ZERO = new TimeSplit(0, 0, 0, 0, 0, 0, 0, 0);

    /** What we added ourselves, so far as it was not waiting on purpose. */
    public long overhead() {
        return Math.max(0, total - backoff - upstream - stream - hold - confirm);
    }
}
