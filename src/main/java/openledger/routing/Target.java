package openledger.routing;

import openledger.unit.TargetId;

/**
 * One model at one provider.
 *
 * @param id its number in records
 * @param provider name of the provider in the policy
 * @param model what the provider calls the model
 * @param weight its share of the tier's calls in fast mode is its part of the sum of weights, 1 to 1_000
 * @param slots bounds of its adaptive slot limit
 */
public record Target(TargetId id, String provider, String model, int weight, SlotBounds slots) {
    public static final int LARGEST_WEIGHT = 1_000;

    public Target {
        if (weight < 1 || weight > LARGEST_WEIGHT) {
            throw new IllegalArgumentException("a weight must be 1..1000: " + weight);
        }
    }

    /** {@code provider/model}, as clients and dashboards see it. */
    public String name() {
        return provider + "/" + model;
    }
}
