package openledger.settlement.log;

import java.util.Optional;
import openledger.settlement.witness.WitnessedLog;
import openledger.unit.LaneId;

/**
 * The log that this router publishes.
 *
 * @param lane whose it is
 * @param witnessed empty if no witnesses are configured
 */
public record ServedLog(LaneId lane, LogReads reads, LogSigner signer, Optional<WitnessedLog> witnessed) {}
