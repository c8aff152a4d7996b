package openledger.routing.allocation;

import openledger.unit.Hash32;

/** Draws the lots: nobody can choose a lot, everybody can check all. Pure. */
@FunctionalInterface
public interface Lots {
    /** {@code keccak256(seed ‖ commitment)}. */
    Hash32 of(Hash32 seed, Hash32 commitment);
}
