package openledger.inference;

import openledger.routing.Policy;

/** The policy in force. A request keeps the version it was admitted under. Thread-safe. */
public final class CurrentPolicy {
    private volatile Policy policy;

    public CurrentPolicy(Policy policy) {
        this.policy = policy;
    }

    /** What new requests are admitted under. */
    public Policy get() {
        return policy;
    }

    /** From now on, new requests are admitted under {@code next}. */
    public void replace(Policy next) {
        policy = next;
    }
}
