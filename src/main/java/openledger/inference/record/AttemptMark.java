package openledger.inference.record;

import openledger.unit.RequestId;

/**
 * A mark that an attempt was taken: all that remains of it if a crash loses the decision. It does not say how the attempt ended.
 *
 * @param number from 1
 * @param tier 0 is the best
 * @param target id of the target, or {@link openledger.unit.TargetId#NONE} if none had room
 */
public record AttemptMark(RequestId id, int number, int tier, int target) {}
