package openledger.commitment;

import java.util.Optional;

/**
 * What the plan of a confirmed request must have reached for the request to count as confirmed. These are terms of a request, and stand in
 * no leaf, snapshot or policy. {@link #WITNESSED} is no rung of the ladder of {@link ConfirmationLevel}: it says nothing of the chain, and a
 * batch may be witnessed before or after it is on it.
 */
public enum PlanLevel {
    /** A quorum of the log's witnesses has cosigned a checkpoint of the log with the plan's leaf in it. */
    WITNESSED,
    PRECONFIRMED,
    SEQUENCED,
    SAFE,
    FINALIZED;

    /** The level of the plan's batch that is meant, of the same name; empty if the chain has no part in it. */
    public Optional<ConfirmationLevel> onChain() {
        return switch (this) {
            case WITNESSED -> Optional.empty();
            case PRECONFIRMED -> Optional.of(ConfirmationLevel.PRECONFIRMED);
            case SEQUENCED -> Optional.of(ConfirmationLevel.SEQUENCED);
            case SAFE -> Optional.of(ConfirmationLevel.SAFE);
            case FINALIZED -> Optional.of(ConfirmationLevel.FINALIZED);
        };
    }
}
