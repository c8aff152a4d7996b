package openledger.wiring.lanes;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import openledger.chain.Web3jLedger;
import openledger.commitment.BatchCut;
import openledger.commitment.leaf.LaneSecret;
import openledger.inference.Timekeeper;
import openledger.settlement.LaneListener;
import openledger.settlement.Sequencer;
import openledger.settlement.SequencerPorts;
import openledger.settlement.SequencerSettings;
import openledger.settlement.SequencerStatus;
import openledger.settlement.confirm.ConfirmationRegistry;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.ledger.Ledger;
import openledger.settlement.witness.Cosigning;
import openledger.store.catalog.StoredRoutePolicies;
import openledger.store.journal.JournalDecisionSource;
import openledger.store.journal.JournalPlanSource;
import openledger.store.lane.StoredBatches;
import openledger.store.lane.StoredLane;
import openledger.unit.LaneId;
import openledger.wiring.config.SettlementReader.SettlementSettings;
import openledger.wiring.loop.VertxEventLoops;
import openledger.wiring.loop.VertxWorker;

/** Makes what brings a lane to the chain, our own or one that is finished. Thread-safe. */
public final class LaneSequencers {
    /** Nothing more comes to a lane that is finished, so nothing is waited for. */
    private static final Duration NO_WAIT = Duration.ofMillis(100);

    private static final long STOP_MILLIS = 5_000;
    private static final long LOOK_MILLIS = 50;

    private final Vertx vertx;
    private final Pool pool;
    private final Timekeeper time;
    private final LaneCosigners cosigners;

    public LaneSequencers(Vertx vertx, Pool pool, Timekeeper time, LaneCosigners cosigners) {
        this.vertx = vertx;
        this.pool = pool;
        this.time = time;
        this.cosigners = cosigners;
    }

    /** The ports of the sequencer of the settings' lane. */
    public SequencerPorts ports(
            SettlementSettings settings,
            LaneSecret secret,
            StoredBatches batches,
            Ledger ledger,
            ConfirmationRegistry registry,
            LaneListener listener) {
        LaneId lane = settings.lane();
        return new SequencerPorts(
                new JournalDecisionSource(vertx, pool, lane),
                new JournalPlanSource(vertx, pool, lane),
                new BatchAssembly(settings.chain().chainId(), settings.chain().registry(), lane, secret),
                new StoredRoutePolicies(pool, lane),
                new StoredLane(pool, lane, UUID.randomUUID()),
                batches,
                ledger,
                registry,
                listener);
    }

    /** Starts to bring to the chain, and before its witnesses, what a lane has, where nobody waits for it. */
    Running finish(SettlementSettings settings, LaneSecret secret) {
        ConfirmationRegistry nobody = new ConfirmationRegistry(settings.lane(), new ConfirmationRegistry.Bounds(1, 1));
        Web3jLedger ledger = new Web3jLedger(vertx, settings.chain(), settings.account());
        Optional<Cosigning> cosigning = cosigners.finishing(settings);
        LaneListener listener =
                cosigning.map(asking -> LaneListener.of(nobody, asking)).orElse(nobody);
        SequencerPorts ports = ports(settings, secret, new StoredBatches(pool), ledger, nobody, listener);
        Sequencer sequencer = new Sequencer(
                atOnce(settings.sequencer()), ports, time, new VertxEventLoops(vertx), new VertxWorker(vertx));
        Context home = vertx.getOrCreateContext();
        home.runOnContext(go -> sequencer.start());
        return new Running(vertx, sequencer, ledger, cosigning, home);
    }

    private static SequencerSettings atOnce(SequencerSettings of) {
        BatchCut cut = of.cut();
        return new SequencerSettings(
                of.registry(),
                of.accounts(),
                of.lane(),
                new BatchCut(cut.mostLeaves(), cut.planWait(), cut.betweenPlanCuts(), cut.betweenFullCuts(), NO_WAIT),
                of.inFlight(),
                of.leaves(),
                of.evidence(),
                of.pace(),
                of.feeCap(),
                of.warning());
    }

    /**
     * A sequencer at work on a lane that is finished.
     *
     * @param cosigning empty if the lane's log has no witnesses
     */
    record Running(Vertx vertx, Sequencer sequencer, Web3jLedger ledger, Optional<Cosigning> cosigning, Context home) {
        SequencerStatus status() {
            return sequencer.status();
        }

        /** Whether nobody has to be asked for a cosignature any more. */
        boolean isWitnessed() {
            return cosigning.map(Cosigning::isWitnessed).orElse(true);
        }

        /** Stops, gives its lease back, and then calls {@code stopped}; also if that takes too long. */
        void stop(Runnable stopped) {
            home.runOnContext(go -> {
                sequencer.stop();
                cosigning.ifPresent(Cosigning::stop);
            });
            await(System.nanoTime(), stopped);
        }

        private void await(long since, Runnable stopped) {
            boolean late =
                    System.nanoTime() - since > Duration.ofMillis(STOP_MILLIS).toNanos();
            if (late || status().condition() == SequencerStatus.Condition.STOPPED) {
                // The lease is given back a moment after the word.
                vertx.setTimer(LOOK_MILLIS, then -> {
                    ledger.close();
                    stopped.run();
                });
            } else {
                vertx.setTimer(LOOK_MILLIS, again -> await(since, stopped));
            }
        }
    }
}
