package openledger.audit.court;

import openledger.unit.Address;
import openledger.unit.LaneId;

/** What a lane's registry asks before a batch of the lane is committed, as somebody sees it who asks about one vault. Immutable. */
public sealed interface LaneGuard {
    /** The vault: it is the lane's gate, so the lane commits only with a stake. */
    record ThisVault() implements LaneGuard {}

    /** Another contract, so the vault guards nothing of the lane. */
    record Another(Address gate) implements LaneGuard {}

    /** Nobody: the lane commits without a stake. */
    record Nobody() implements LaneGuard {}

    /** The registry has no such lane. */
    record NoLane(Address registry) implements LaneGuard {}

    /** Whether the vault is the lane's gate. */
    default boolean isThisVault() {
        return this instanceof ThisVault;
    }

    /** How it is, as a part of a sentence for a person that begins with a small letter and has no full stop. */
    default String words(LaneId lane) {
        return switch (this) {
            case ThisVault() -> "the vault is the gate of lane " + lane.value();
            case Another(var gate) -> "the gate of lane " + lane.value() + " is " + gate + ", not this vault";
            case Nobody() -> "lane " + lane.value() + " has no gate, so it commits without a stake";
            case NoLane(var registry) -> "nobody has opened lane " + lane.value() + " at the registry " + registry;
        };
    }
}
