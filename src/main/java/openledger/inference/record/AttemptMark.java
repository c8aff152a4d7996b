package openledger.inference.record;

import openledger.unit.RequestId;

/**
 * That an attempt was taken: what is left of it if a crash takes the decision along. It says nothing of how it ended.
 *
 * @param number from 1
 * @param tier 0 is the best
 * @param target id of the target, or {@link openledger.unit.TargetId#NONE} if none had room
 */
public record AttemptMark(RequestId id, int number, int tier, int target) {}
