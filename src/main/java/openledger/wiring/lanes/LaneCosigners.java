package openledger.wiring.lanes;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.util.Optional;
import openledger.commitment.log.NoteSigner;
import openledger.inference.Timekeeper;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.LogSigner;
import openledger.settlement.log.ServedLog;
import openledger.settlement.witness.Cosignatures;
import openledger.settlement.witness.Cosigning;
import openledger.settlement.witness.CosigningListener;
import openledger.settlement.witness.WitnessSettings;
import openledger.settlement.witness.WitnessedLog;
import openledger.settlement.witness.Witnesses;
import openledger.store.lane.StoredCosignatures;
import openledger.store.lane.StoredLog;
import openledger.unit.LaneId;
import openledger.wiring.LogSettings;
import openledger.wiring.config.SettlementReader.SettlementSettings;
import openledger.wiring.loop.VertxEventLoops;
import openledger.witness.HttpWitnesses;

/**
 * Makes what reads and signs the log of a lane and has it cosigned, be the lane served or finished. All lanes ask over one client, so a
 * witness has {@link WitnessSettings#MOST_WITNESSES} connections from here at most. Thread-safe.
 */
public final class LaneCosigners {
    private final Vertx vertx;
    private final Pool pool;
    private final Timekeeper time;
    private final ArchivedLog archive;
    private final LogSettings log;
    private final CosigningListener heard;
    private final Optional<Witnesses> witnesses;

    /**
     * For the lanes of a configuration.
     *
     * @param heard of every lane
     */
    public LaneCosigners(
            Vertx vertx, Pool pool, Timekeeper time, ArchivedLog archive, LogSettings log, CosigningListener heard) {
        this.vertx = vertx;
        this.pool = pool;
        this.time = time;
        this.archive = archive;
        this.log = log;
        this.heard = heard;
        this.witnesses = log.witnesses().map(settings -> new HttpWitnesses(vertx, settings.timeout()));
    }

    /** The log of a lane under a signer's name. */
    public ServedLog served(LaneId lane, NoteSigner key) {
        StoredLog reads = new StoredLog(pool, lane, archive);
        LogSigner signer = new LogSigner(key, Infrastructure.getDefaultWorkerPool(), Clock.systemUTC());
        return new ServedLog(
                lane,
                reads,
                signer,
                log.witnesses()
                        .map(settings ->
                                new WitnessedLog(settings.quorum(), reads, signer, kept(lane, signer, settings))));
    }

    /**
     * What asks the witnesses of a log; empty if it has none.
     *
     * @param listener of this lane alone
     */
    public Optional<Cosigning> cosigning(ServedLog served, CosigningListener listener) {
        return log.witnesses()
                .flatMap(settings -> witnesses.map(asked -> new Cosigning(
                        settings,
                        served.reads(),
                        served.signer(),
                        asked,
                        kept(served.lane(), served.signer(), settings),
                        time,
                        new VertxEventLoops(vertx),
                        Infrastructure.getDefaultWorkerPool(),
                        CosigningListener.of(heard, listener))));
    }

    /** The same for a lane of the pool that is finished; empty if logs are not signed, or have no witnesses. */
    Optional<Cosigning> finishing(SettlementSettings lane) {
        return log.signer(lane.chain()).flatMap(key -> cosigning(served(lane.lane(), key), CosigningListener.NONE));
    }

    private Cosignatures kept(LaneId lane, LogSigner signer, WitnessSettings settings) {
        return new StoredCosignatures(pool, lane, signer.key().name(), settings.keys(), settings.quorum());
    }
}
