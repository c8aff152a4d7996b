package openledger.store.decision;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Key of a decision's row; the day is the partition. */
final class DecisionKey implements Serializable {
    private static final long serialVersionUID = 1;

    @Nullable LocalDate day;

    long lane;
    long counter;

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DecisionKey key
                && key.lane == lane
                && key.counter == counter
                && Objects.equals(key.day, day);
    }

    @Override
    public int hashCode() {
        return Objects.hash(day, lane, counter);
    }
}
