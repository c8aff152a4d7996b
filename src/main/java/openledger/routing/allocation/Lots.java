package openledger.routing.allocation;

import openledger.unit.Hash32;
import openledger.unit.RequestKey;

/** Draws the lots: nobody can choose a lot, everybody can check all. Pure. */
@FunctionalInterface
public interface Lots {
    /** {@code keccak256(seed ‖ request key)}. */
    Hash32 of(Hash32 seed, RequestKey request);
}
