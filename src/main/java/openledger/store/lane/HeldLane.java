package openledger.store.lane;

import java.util.UUID;
import openledger.unit.LaneId;

/**
 * A hold on a lane, by the values that every statement for it asks for. Immutable.
 *
 * @param fence counts the holds of that lane
 */
public record HeldLane(LaneId lane, UUID holder, long fence) {}
