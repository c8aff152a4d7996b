package openledger.inference.confirmed;

import openledger.commitment.leaf.LaneSecret;
import openledger.inference.Confirmations;
import openledger.inference.record.PlanJournal;
import openledger.unit.LaneId;

/**
 * The ports that a confirmed request needs beyond those of a fast one.
 *
 * @param plans where snapshots and plans are recorded
 * @param confirmations how far plans have been confirmed
 * @param secret the lane's, for tags of tenants and salts of requests
 * @param lane whose snapshots these are
 * @param settings what all confirmed requests share; its epoch is that of the routes' grids
 */
public record ConfirmedPorts(
        PlanJournal plans, Confirmations confirmations, LaneSecret secret, LaneId lane, ConfirmedSettings settings) {}
