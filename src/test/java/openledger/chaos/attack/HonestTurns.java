package openledger.chaos.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An honest tenant that works for several short turns: harm is there in most of them, a hiccup of the machine in one. */
final class HonestTurns {
    private final List<HonestTenant> turns = new ArrayList<>();

    /** One more turn. */
    void work(double seconds) throws IOException {
        HonestTenant turn = new HonestTenant();
        turns.add(turn);
        turn.work(seconds);
    }

    /** The median of the turns. */
    double p99Millis() {
        double[] each =
                turns.stream().mapToDouble(HonestTenant::p99Millis).sorted().toArray();
        return each[each.length / 2];
    }

    /** Of all turns. */
    double longestMillis() {
        return turns.stream().mapToDouble(HonestTenant::longestMillis).max().orElse(0);
    }

    /** Of all turns. */
    long failed() {
        return turns.stream().mapToLong(HonestTenant::failed).sum();
    }

    /** The mean of the turns. */
    double bestTierShare() {
        return turns.stream().mapToDouble(HonestTenant::bestTierShare).average().orElse(0);
    }
}
