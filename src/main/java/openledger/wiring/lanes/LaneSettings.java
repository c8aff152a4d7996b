package openledger.wiring.lanes;

import java.util.Map;
import java.util.Optional;
import openledger.unit.LaneId;
import openledger.unit.LaneNumbers;
import openledger.wiring.config.SettlementReader.SettlementSettings;

/**
 * The lanes that a router may serve.
 *
 * @param pool numbers of {@code openledger.lanes}, or the one of {@code openledger.lane}
 * @param number of the lane that the rest of the configuration is for, one of the pool
 * @param settled how each lane of the pool is settled, by its number; empty if nothing is
 */
public record LaneSettings(LaneNumbers pool, long number, Map<Long, SettlementSettings> settled) {
    public LaneSettings {
        settled = Map.copyOf(settled);
    }

    /** A lane as the database knows it: its number on the registry, or without settlement that of its router. */
    public LaneId id(long of) {
        SettlementSettings settlement = settled.get(of);
        return settlement == null ? new LaneId(of) : settlement.lane();
    }

    /** How a lane of the database is settled; empty if it is not of the pool, or nothing is settled. */
    public Optional<SettlementSettings> of(LaneId lane) {
        return settled.values().stream()
                .filter(settlement -> settlement.lane().equals(lane))
                .findFirst();
    }
}
