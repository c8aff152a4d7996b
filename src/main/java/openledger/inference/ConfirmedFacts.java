package openledger.inference;

import openledger.commitment.ConfirmationLevel;
import openledger.routing.Plan;

/**
 * The facts of an answer about the confirmation of its plan.
 *
 * @param plan the pinned plan
 * @param level that the plan has reached
 * @param holdMicros it waited for its plan
 * @param confirmMicros from the pin until the level was reached, or the wait was given up
 */
public record ConfirmedFacts(Plan plan, ConfirmationLevel level, long holdMicros, long confirmMicros) {}
