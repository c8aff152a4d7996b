package openledger.lab.engine;

import java.util.List;
import java.util.stream.IntStream;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.routing.allocation.SlotLine;

/** The best tier's slots as the router keeps them: a few are left free, and those in line come before newcomers. */
final class MarketSlots {
    private static final double USED = 0.97;

    private final Market market;
    private final CongestionWorld world;
    private final TaskQueue agenda;
    private final int[] inFlight = new int[Market.PROVIDERS];
    private final List<SlotLine> lines;

    MarketSlots(Market market, CongestionWorld world, TaskQueue agenda) {
        this.market = market;
        this.world = world;
        this.agenda = agenda;
        this.lines = IntStream.range(0, Market.PROVIDERS)
                .mapToObj(provider -> new SlotLine(() -> takeFree(provider), () -> giveBack(provider)))
                .toList();
    }

    /** Slots that nobody is in line for, 0 or more. */
    int free(int provider) {
        return lines.get(provider).serve() ? unused(provider) : 0;
    }

    /** Takes one that an allocation has given. */
    void take(int provider) {
        inFlight[provider]++;
    }

    void giveBack(int provider) {
        inFlight[provider]--;
    }

    /** Lines up for one. */
    SlotLine.Place join(int provider, long turn) {
        return lines.get(provider).join(turn);
    }

    private boolean takeFree(int provider) {
        boolean isFree = unused(provider) > 0;
        inFlight[provider] += isFree ? 1 : 0;
        return isFree;
    }

    private int unused(int provider) {
        double capacity = market.capacity(world, provider, agenda.now());
        return (int) Math.max(0, Math.floor(capacity * USED) - inFlight[provider]);
    }
}
