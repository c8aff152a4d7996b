package openledger.wiring.lanes;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.Optional;
import java.util.function.Function;
import openledger.store.DatabaseServers;
import openledger.store.journal.JournalSettings;
import openledger.store.lane.LaneLeases;
import openledger.store.lane.StoredLaneSecrets;
import openledger.store.stream.StreamExporters;
import openledger.unit.LaneId;

/**
 * What it takes to finish a lane.
 *
 * @param database that has the lanes
 * @param journal bounds of the journal of any lane
 * @param lanes that this router can settle
 * @param streams where decisions are streamed from; empty if they are not
 */
record FinisherParts(
        Vertx vertx,
        Pool pool,
        DatabaseServers database,
        Function<LaneId, JournalSettings> journal,
        LaneLeases leases,
        StoredLaneSecrets secrets,
        LaneSequencers sequencers,
        LaneSettings lanes,
        Optional<StreamExporters> streams) {}
