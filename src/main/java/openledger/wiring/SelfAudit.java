package openledger.wiring;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.audit.Difference;
import openledger.audit.ReplayVerdicts;
import openledger.audit.StandingAudit;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Verdict;
import openledger.inference.CurrentPolicy;
import openledger.inference.fairness.FairnessBoard;
import openledger.store.catalog.StoredRoutePolicies;
import openledger.telemetry.AuditMetrics;
import openledger.telemetry.Telemetry;
import openledger.unit.RouteId;
import openledger.wiring.config.OpenLedgerConfig;
import openledger.wiring.loop.VertxWorker;
import org.jboss.logging.Logger;

/** Has a router that settles and measures audit its own lane as it goes, for the objective that receipts replay. */
@Singleton
final class SelfAudit {
    private static final Logger LOG = Logger.getLogger(SelfAudit.class);
    private static final long PERIOD_MILLIS = Duration.ofSeconds(1).toMillis();

    private final Vertx vertx;
    private final FairnessBoard board;
    private final CurrentPolicy policy;
    private final Optional<StandingAudit> audit;
    private final AtomicBoolean isBusy = new AtomicBoolean();

    SelfAudit(
            Vertx vertx,
            FairnessBoard board,
            CurrentPolicy policy,
            Optional<Settlement> settlement,
            Pool pool,
            Telemetry telemetry,
            OpenLedgerConfig config) {
        this.vertx = vertx;
        this.board = board;
        this.policy = policy;
        ReplayVerdicts verdicts = verdicts(new AuditMetrics(telemetry));
        this.audit = settlement
                .filter(lane -> config.telemetry().enabled())
                .map(Settlement::ports)
                .map(lane -> new StandingAudit(
                        lane.batches(),
                        new StoredRoutePolicies(pool, lane.lane()),
                        lane.lane(),
                        verdicts,
                        new VertxWorker(vertx)));
    }

    private ReplayVerdicts verdicts(AuditMetrics metrics) {
        return new ReplayVerdicts() {
            @Override
            public void replayed(RouteId route, LeafMode mode, boolean agrees) {
                SelfAudit.this.replayed(route, mode, agrees);
            }

            @Override
            public void found(Difference.Kind kind) {
                metrics.found(kind);
            }
        };
    }

    void start(@Observes StartupEvent started) {
        audit.ifPresent(standing -> vertx.setPeriodic(PERIOD_MILLIS, tick -> {
            if (isBusy.compareAndSet(false, true)) {
                step(standing);
            }
        }));
    }

    /** All batches that there are, one after another. */
    private void step(StandingAudit standing) {
        standing.step()
                .subscribe()
                .with(
                        more -> {
                            if (more) {
                                step(standing);
                            } else {
                                isBusy.set(false);
                            }
                        },
                        failure -> {
                            LOG.warnf("the lane's newest batch could not be audited, reason=%s", failure);
                            isBusy.set(false);
                        });
    }

    private void replayed(RouteId route, LeafMode mode, boolean agrees) {
        policy.get().routes().values().stream()
                .filter(known -> known.id().equals(route))
                .findFirst()
                .ifPresent(known -> board.replayed(known.name(), mode, Verdict.goodIf(agrees)));
    }
}
