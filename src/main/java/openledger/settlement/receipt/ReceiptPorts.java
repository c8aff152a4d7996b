package openledger.settlement.receipt;

import openledger.unit.LaneId;

/**
 * The sources of receipts and lists of batches, on a router that settles.
 *
 * @param lane this router's
 * @param batches of all lanes of the database
 * @param levels for those who wait
 * @param secrets of all lanes of the database
 * @param promises of this router's lane
 * @param heads of this router's lane
 */
public record ReceiptPorts(
        LaneId lane, Batches batches, LevelWatch levels, LaneSecrets secrets, Promises promises, SignedHeads heads) {}
