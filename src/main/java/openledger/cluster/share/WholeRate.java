package openledger.cluster.share;

import openledger.budget.MinuteRate;

/** All of a rate. Thread-safe. */
final class WholeRate implements Rate {
    private final int perMinute;
    private final MinuteRate bucket;

    WholeRate(int perMinute, long nowNanos) {
        this.perMinute = perMinute;
        this.bucket = new MinuteRate(perMinute, nowNanos);
    }

    @Override
    public Taken take(long amount, long nowNanos) {
        return switch (bucket.take(Math.min(amount, perMinute), nowNanos)) {
            case MinuteRate.Granted(var standing) -> new Granted(standing, nowNanos);
            case MinuteRate.Refused(var standing, var retryAfter) -> new Refused(standing, retryAfter);
        };
    }

    @Override
    public void settle(long at, long taken, long used, long nowNanos) {
        long more = used - Math.min(taken, perMinute);
        if (more > 0) {
            bucket.charge(more, nowNanos);
        } else {
            bucket.giveBack(-more, at, nowNanos);
        }
    }

    @Override
    public MinuteRate.Standing standing(long nowNanos) {
        return bucket.standingAt(nowNanos);
    }

    @Override
    public boolean isFull(long nowNanos) {
        return bucket.standingAt(nowNanos).reset().isZero();
    }
}
