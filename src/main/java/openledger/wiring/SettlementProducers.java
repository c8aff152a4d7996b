package openledger.wiring;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import openledger.chain.LaneSigner;
import openledger.chain.Web3jLedger;
import openledger.commitment.RegistryDomain;
import openledger.commitment.leaf.LaneSecret;
import openledger.http.SettlementAccess;
import openledger.inference.EventLoops;
import openledger.inference.Timekeeper;
import openledger.settlement.LaneListener;
import openledger.settlement.Sequencer;
import openledger.settlement.SequencerPorts;
import openledger.settlement.SequencerStatus;
import openledger.settlement.confirm.ConfirmationRegistry;
import openledger.settlement.confirm.LaneStanding;
import openledger.settlement.confirm.OutcomeWatch;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.receipt.LaneHeads;
import openledger.settlement.receipt.LanePromises;
import openledger.settlement.receipt.ReceiptPorts;
import openledger.settlement.witness.Cosigning;
import openledger.store.lane.StoredBatches;
import openledger.store.lane.StoredLaneSecrets;
import openledger.telemetry.OpenTelemetrySettlementMetrics;
import openledger.telemetry.Telemetry;
import openledger.unit.LaneId;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.OpenLedgerConfig;
import openledger.wiring.config.SettlementReader.SettlementSettings;
import openledger.wiring.lanes.LaneCosigners;
import openledger.wiring.lanes.LaneSequencers;
import openledger.wiring.loop.VertxEventLoops;
import openledger.wiring.loop.VertxWorker;

/** Makes what brings decisions to the chain, if the configuration says where that is. */
@Singleton
final class SettlementProducers {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);
    private static final int MOST_WAITERS = 10_000;
    /** More than may be held and have slots at once. */
    private static final int MOST_PLANS = 100_000;

    /** A chain that was not seen for so many polls says nothing. */
    private static final int QUIET_POLLS = 4;

    private final Vertx vertx;
    private final Pool pool;
    private final Timekeeper time;
    private final Telemetry telemetry;
    private final String profile;

    @Inject
    SettlementProducers(Vertx vertx, Pool pool, Timekeeper time, Telemetry telemetry, OpenLedgerConfig config) {
        this(vertx, pool, time, telemetry, MeasureProducers.profile(config));
    }

    SettlementProducers(Vertx vertx, Pool pool, Timekeeper time, Telemetry telemetry, String profile) {
        this.vertx = vertx;
        this.pool = pool;
        this.time = time;
        this.telemetry = telemetry;
        this.profile = profile;
    }

    @Produces
    @Singleton
    SettlementAccess access(Optional<Settlement> settlement) {
        return new SettlementAccess(settlement.map(Settlement::ports));
    }

    @Produces
    @Singleton
    ConfirmationRegistry registry(CheckedConfiguration checked) {
        return new ConfirmationRegistry(checked.lane(), new ConfirmationRegistry.Bounds(MOST_PLANS, MOST_WAITERS));
    }

    @Produces
    @Singleton
    LaneSequencers sequencers(LaneCosigners cosigners) {
        return new LaneSequencers(vertx, pool, time, cosigners);
    }

    @Produces
    @Singleton
    Optional<Settlement> settlement(
            CheckedConfiguration checked,
            LaneSequencers sequencers,
            StoredLaneSecrets secrets,
            LaneSecret secret,
            ArchivedLog archive,
            ConfirmationRegistry registry,
            Optional<Cosigning> cosigning) {
        return checked.settlement()
                .map(settings -> make(
                        settings, sequencers, secrets, secret, new StoredBatches(pool, archive), registry, cosigning));
    }

    Settlement make(
            SettlementSettings settings,
            LaneSequencers sequencers,
            StoredLaneSecrets secrets,
            LaneSecret secret,
            StoredBatches batches,
            ConfirmationRegistry registry,
            Optional<Cosigning> cosigning) {
        LaneId lane = settings.lane();
        new ChainCheck(vertx, LONGEST_ANSWER)
                .check(settings.chain().rpc().nodes(), settings.chain().chainId());
        EventLoops loops = new VertxEventLoops(vertx);
        LaneStanding standing = new LaneStanding(
                registry,
                time,
                settings.sequencer().pace().poll().multipliedBy(QUIET_POLLS),
                () -> cosigning.flatMap(asking -> asking.standing().since()));
        Web3jLedger ledger = new Web3jLedger(vertx, settings.chain(), settings.account());
        SequencerPorts ports = sequencers.ports(
                settings,
                secret,
                batches,
                ledger,
                registry,
                LaneListener.of(
                        registry,
                        standing,
                        new OpenTelemetrySettlementMetrics(telemetry, profile),
                        cosigning.<LaneListener>map(each -> each).orElse(LaneListener.NONE)));
        LaneSigner signer = new LaneSigner(vertx, settings.signer());
        RegistryDomain domain =
                new RegistryDomain(settings.chain().chainId(), settings.chain().registry());
        Sequencer sequencer = new Sequencer(settings.sequencer(), ports, time, loops, new VertxWorker(vertx));
        LanePromises promises = new LanePromises(
                signer,
                domain.chainId(),
                domain.registry(),
                lane,
                Clock.systemUTC(),
                settings.anchorWithin(),
                () -> sequencer.status().condition() == SequencerStatus.Condition.SHORT);
        return new Settlement(
                sequencer,
                new ReceiptPorts(
                        lane,
                        batches,
                        new OutcomeWatch(registry, batches, time, loops),
                        secrets,
                        promises,
                        new LaneHeads(signer, domain, lane, ledger::view, System::nanoTime)),
                standing,
                secret,
                cosigning,
                vertx.getOrCreateContext());
    }
}
