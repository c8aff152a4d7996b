package openledger.stream;

import openledger.unit.LaneId;

/** Port: where lanes are streamed to. Thread-safe. */
@FunctionalInterface
public interface DecisionStreams {
    /** The part of a lane; does not connect yet. */
    DecisionStream of(LaneId lane);
}
