package openledger.settlement.log;

import openledger.unit.LaneId;

/**
 * The log that this router publishes.
 *
 * @param lane whose it is
 */
public record ServedLog(LaneId lane, LogReads reads, LogSigner signer) {}
