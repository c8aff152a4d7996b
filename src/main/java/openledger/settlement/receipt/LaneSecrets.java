package openledger.settlement.receipt;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import openledger.commitment.leaf.LaneSecret;
import openledger.unit.LaneId;

/** Port: the secrets of the lanes of this database, from which a receipt's salt follows. Safe for several threads. */
public interface LaneSecrets {
    /** The secret of a lane; empty if the lane has none here. */
    Uni<Optional<LaneSecret>> of(LaneId lane);
}
