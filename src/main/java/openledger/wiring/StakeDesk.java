package openledger.wiring;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.audit.court.AnswerFinder;
import openledger.audit.court.Defence;
import openledger.audit.court.Detour;
import openledger.audit.court.StakeView;
import openledger.audit.court.StakeWatch;
import openledger.chain.vault.PortalDetour;
import openledger.chain.vault.Web3jCourt;
import openledger.commitment.RegistryDomain;
import openledger.http.StakeAccess;
import openledger.settlement.SequencerStatus;
import openledger.telemetry.StakeMetrics;
import openledger.telemetry.Telemetry;
import openledger.wiring.StakeReader.StakeSettings;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.OpenLedgerConfig;
import openledger.wiring.config.SettlementReader.SettlementSettings;
import openledger.wiring.loop.VertxWorker;
import org.jboss.logging.Logger;

/**
 * Has a router whose lane has a stake watch its vault and answer the games there. Of several routers of one lane the one that holds it
 * answers, because they share an account.
 */
@Singleton
final class StakeDesk {
    private static final Logger LOG = Logger.getLogger(StakeDesk.class);
    private static final long PERIOD_MILLIS = Duration.ofSeconds(10).toMillis();

    private final Vertx vertx;
    private final Optional<Open> open;
    private final AtomicBoolean isWatching = new AtomicBoolean();
    private final AtomicBoolean isAnswering = new AtomicBoolean();
    private String lastReason = "";

    StakeDesk(
            Vertx vertx,
            CheckedConfiguration checked,
            Optional<Settlement> settlement,
            Telemetry telemetry,
            OpenLedgerConfig config) {
        this.vertx = vertx;
        this.open = checked.stake()
                .flatMap(stake -> checked.settlement()
                        .flatMap(lane -> settlement.map(running -> open(stake, lane, running, telemetry, config))));
    }

    private Open open(
            StakeSettings stake,
            SettlementSettings lane,
            Settlement running,
            Telemetry telemetry,
            OpenLedgerConfig config) {
        Web3jCourt court = new Web3jCourt(vertx, stake.court(), Optional.of(stake.account()));
        VaultCheck.check(court, lane, config.retention().batchDays());
        Optional<PortalDetour> portal =
                stake.l1().map(l1 -> new PortalDetour(vertx, l1, stake.court().vault(), stake.account()));
        StakeWatch watch = new StakeWatch(court, lane.lane());
        StakeMetrics metrics = new StakeMetrics(telemetry);
        metrics.show(
                watch::latest,
                () -> running.sequencer().status().backlog().age(),
                lane.anchorWithin(),
                Clock.systemUTC());
        AnswerFinder finder = new AnswerFinder(
                running.ports().batches(),
                court,
                new RegistryDomain(lane.chain().chainId(), lane.chain().registry()),
                lane.lane(),
                lane.anchorWithin().toSeconds(),
                new VertxWorker(vertx));
        Defence defence = new Defence(court, portal.map(way -> (Detour) way), finder, metrics, Clock.systemUTC());
        LOG.infof(
                "stake defended, vault=%s account=%s l1=%s",
                court.vault(), stake.account().address(), portal.isPresent() ? "yes" : "no");
        return new Open(court, portal, watch, defence, running);
    }

    @Produces
    @Singleton
    StakeAccess access() {
        return new StakeAccess(open.map(Open::watch));
    }

    void start(@Observes StartupEvent started) {
        open.ifPresent(desk -> {
            watch(desk);
            vertx.setPeriodic(PERIOD_MILLIS, tick -> watch(desk));
        });
    }

    private void watch(Open desk) {
        if (isWatching.compareAndSet(false, true)) {
            desk.watch
                    .step()
                    .subscribe()
                    .with(
                            view -> {
                                isWatching.set(false);
                                tell("");
                                answer(desk, view);
                            },
                            failure -> {
                                isWatching.set(false);
                                tell(String.valueOf(failure.getMessage()));
                                // What was asked before has to be answered, through L1 if need be.
                                desk.watch.latest().ifPresent(view -> answer(desk, view));
                            });
        }
    }

    /** An answer may wait for its block for minutes; what there is to see is seen meanwhile. */
    private void answer(Open desk, StakeView view) {
        SequencerStatus.Condition condition =
                desk.settlement.sequencer().status().condition();
        boolean isHeld =
                condition != SequencerStatus.Condition.WAITS_FOR_LANE && condition != SequencerStatus.Condition.STOPPED;
        if (isHeld && isAnswering.compareAndSet(false, true)) {
            desk.defence.step(view).subscribe().with(done -> isAnswering.set(false), bug -> {
                isAnswering.set(false);
                LOG.error("the lane's defence failed because of a bug", bug);
            });
        }
    }

    /** The same thing is said once. */
    private void tell(String reason) {
        if (!reason.isEmpty() && !reason.equals(lastReason)) {
            LOG.warnf("the vault cannot be read, reason=%s", reason);
        }
        lastReason = reason;
    }

    void stop(@Observes ShutdownEvent stopping) {
        open.ifPresent(desk -> {
            desk.court.close();
            desk.portal.ifPresent(PortalDetour::close);
        });
    }

    private record Open(
            Web3jCourt court,
            Optional<PortalDetour> portal,
            StakeWatch watch,
            Defence defence,
            Settlement settlement) {}
}
