package openledger.wiring;

import io.quarkus.oidc.TenantIdentityProvider;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;
import openledger.access.Callers;
import openledger.access.KeyLimiter;
import openledger.access.KeyRegister;
import openledger.access.KnownCallers;
import openledger.access.ListedCallers;
import openledger.access.TokenCallers;
import openledger.cluster.ResendRanges;
import openledger.cluster.SeenHops;
import openledger.cluster.orphan.Orphans;
import openledger.cluster.share.RateShares;
import openledger.http.AdminPort;
import openledger.http.HttpLimits;
import openledger.http.admin.AdminAccess;
import openledger.identity.OidcCallers;
import openledger.inference.InferenceService;
import openledger.inference.RouterMetrics;
import openledger.inference.ServicePorts;
import openledger.inference.Timekeeper;
import openledger.inference.admission.FairPool;
import openledger.inference.confirmed.ConfirmedPorts;
import openledger.inference.fairness.TwinSettings;
import openledger.inference.origin.Origins;
import openledger.inference.resend.ResendSettings;
import openledger.provider.HttpProviderGateway;
import openledger.provider.target.CircuitSettings;
import openledger.store.DatabaseServers;
import openledger.store.Tables;
import openledger.store.catalog.StoredCatalog;
import openledger.store.catalog.StoredNames;
import openledger.store.decision.DecisionProjector;
import openledger.store.decision.Partitions;
import openledger.store.decision.StoredDecisions;
import openledger.store.journal.FormerRequestReader;
import openledger.store.journal.GroupCommitJournal;
import openledger.store.journal.JournalRecovery;
import openledger.store.journal.JournalSettings;
import openledger.store.key.StoredKeyRegister;
import openledger.store.key.StoredKeys;
import openledger.store.lane.LaneHold;
import openledger.unit.LaneId;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.FormerKeys;
import openledger.wiring.config.OpenLedgerConfig;
import openledger.wiring.config.TelemetryKeys;
import openledger.wiring.lanes.LaneClaim;
import openledger.wiring.loop.VertxEventLoops;
import openledger.wiring.loop.VertxTimekeeper;
import org.flywaydb.core.Flyway;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Makes the objects of the house from the configuration. Everything that is read once at the start blocks here. Long because it is the
 * list of them.
 */
@Singleton
public final class Producers {
    private static final double PERCENT = 100.0;
    /** Of two routers, at most; twice what they refuse each other's requests for. */
    private static final Duration CLOCKS_APART = SeenHops.LONGEST_SKEW.multipliedBy(2);
    /** Exit code, EX_TEMPFAIL. */
    private static final int LANE_LOST = 75;

    private final OpenLedgerConfig config;
    private final FormerKeys former;

    Producers(OpenLedgerConfig config, FormerKeys former) {
        this.config = config;
        this.former = former;
    }

    /** The configuration is checked as a whole before anything else is made of it, then for the lane that there is to be had. */
    @Produces
    @Singleton
    CheckedConfiguration checked(Instance<LaneClaim> claim) {
        FormerKeys.refuse(former);
        CheckedConfiguration checked = CheckedConfiguration.of(config, System.getenv()::get);
        return checked.lanes().pool().isShared()
                ? CheckedConfiguration.of(
                        config,
                        System.getenv()::get,
                        OptionalLong.of(claim.get().take(checked.lanes())))
                : checked;
    }

    @Produces
    @Singleton
    LaneHold hold(CheckedConfiguration checked, LaneClaim claim) {
        return claim.hold(checked.lane());
    }

    @Produces
    @Singleton
    StoredCatalog catalog(CheckedConfiguration checked, Pool pool, Flyway flyway, Partitions partitions)
            throws SQLException {
        Tables.migrate(flyway);
        partitions.maintain(java.time.LocalDate.now(java.time.ZoneOffset.UTC));
        return StoredCatalog.read(pool, checked.lane()).await().indefinitely();
    }

    @Produces
    @Singleton
    Partitions partitions(DataSource database, CheckedConfiguration checked) {
        Partitions partitions = new Partitions(
                database,
                config.retention().journalDays(),
                config.retention().decisionDays(),
                config.settlement().rpcUrls().isPresent() ? Partitions.Settlement.ON : Partitions.Settlement.OFF);
        return checked.stream()
                .map(stream -> partitions.streamed(stream.longestLag()))
                .orElse(partitions);
    }

    @Produces
    @Singleton
    ListedCallers listed(CheckedConfiguration checked) {
        return new ListedCallers(checked.callers());
    }

    @Produces
    @Singleton
    Callers callers(ListedCallers listed, StoredKeys stored) {
        return new KnownCallers(List.of(listed, stored));
    }

    @Produces
    @Singleton
    TokenCallers tokenCallers(CheckedConfiguration checked, Instance<TenantIdentityProvider> oidc, Timekeeper time) {
        return checked.tokens()
                .<TokenCallers>map(rules -> new OidcCallers(oidc.get(), rules, time))
                .orElse(TokenCallers.NONE);
    }

    @Produces
    @Singleton
    AdminAccess admin(CheckedConfiguration checked) {
        return new AdminAccess(checked.adminKey());
    }

    @Produces
    @Singleton
    AdminPort adminPort() {
        return new AdminPort(config.admin().port().isPresent());
    }

    @Produces
    @Singleton
    StoredKeys storedKeys(Vertx vertx, DatabaseServers database, Timekeeper time, StoredCatalog migrated) {
        return new StoredKeys(vertx, database, time, config.keys().maxStaleness());
    }

    @Produces
    @Singleton
    KeyRegister register(Pool pool, StoredCatalog migrated) {
        return new StoredKeyRegister(pool, new SecureRandom());
    }

    @Produces
    @Singleton
    KeyLimiter keyLimiter(RateShares shares, Timekeeper time) {
        return new KeyLimiter(shares, time::nanoTime);
    }

    @Produces
    @Singleton
    Timekeeper timekeeper(Vertx vertx) {
        return new VertxTimekeeper(vertx);
    }

    @Produces
    @Singleton
    HttpLimits limits() {
        return new HttpLimits(
                config.limits().maxBodyBytes(),
                config.limits().bodyTimeout(),
                config.keys().wrongKeysPerMinute(),
                config.limits().maxInFlight(),
                config.limits().maxRequestTime(),
                config.limits().unreadTimeout());
    }

    /** What bodies and answers may take together. */
    @Produces
    @Singleton
    FairPool bytes(CheckedConfiguration checked) {
        return new FairPool(checked.bufferedBytes());
    }

    @Produces
    @Singleton
    GroupCommitJournal journal(
            Vertx vertx,
            Pool pool,
            CheckedConfiguration checked,
            StoredCatalog migrated,
            DatabaseServers database,
            LaneHold hold) {
        return new GroupCommitJournal(
                vertx, database, checked.journal(), new JournalRecovery(pool), hold, Producers::end);
    }

    @Produces
    @Singleton
    FormerRequestReader formerRequests(Vertx vertx, Pool pool, CheckedConfiguration checked, StoredCatalog migrated) {
        ResendSettings settings = checked.resends();
        return new FormerRequestReader(
                vertx,
                pool,
                new FormerRequestReader.Bounds(
                        settings.window(),
                        settings.longestRequest(),
                        settings.mostLedgers(),
                        CLOCKS_APART,
                        config.limits().bodyTimeout().plus(CLOCKS_APART)),
                Clock.systemUTC());
    }

    /** Whoever started us starts us again, and then we wait for a lane. What we have named since is not ours to answer. */
    private static void end() {
        io.quarkus.runtime.Quarkus.asyncExit(LANE_LOST);
    }

    @Produces
    @Singleton
    DecisionProjector projector(
            Vertx vertx, Pool pool, CheckedConfiguration checked, GroupCommitJournal journal, StoredCatalog migrated) {
        return new DecisionProjector(vertx, pool, checked.lane(), journal::durablePosition, journal.ends());
    }

    @Produces
    @Singleton
    StoredNames names(Pool pool, StoredCatalog own) {
        return new StoredNames(pool, own);
    }

    @Produces
    @Singleton
    StoredDecisions decisions(
            Mutiny.SessionFactory sessions, Vertx vertx, Pool pool, StoredNames names, GroupCommitJournal journal) {
        return new StoredDecisions(sessions, vertx, pool, names, journal.ends());
    }

    @Produces
    @Singleton
    InferenceService service(
            Vertx vertx,
            HttpProviderGateway gateway,
            CheckedConfiguration checked,
            GroupCommitJournal journal,
            Optional<Settlement> settlement,
            Timekeeper time,
            RouterMetrics metrics,
            FairPool bytes,
            ResendRanges ranges,
            Orphans orphans,
            Origins origins) {
        Optional<ConfirmedPorts> confirmed = settlement.map(there -> new ConfirmedPorts(
                journal, there.confirmations(), there.secret(), checked.lane(), checked.confirmed()));
        return new InferenceService(
                new ServicePorts(gateway, journal, time, new VertxEventLoops(vertx), metrics, confirmed, origins),
                checked.resends(),
                bytes,
                ranges,
                orphans);
    }

    public static CircuitSettings circuit(OpenLedgerConfig.CircuitKeys keys) {
        return new CircuitSettings(
                keys.requestVolume(), keys.failurePercent() / PERCENT, keys.delay(), keys.maxRetryAfter());
    }

    public static TwinSettings twins(TelemetryKeys.TwinKeys keys) {
        return new TwinSettings(keys.pairsPerMinute(), keys.pairsPerDay());
    }

    public static ResendSettings resends(OpenLedgerConfig config) {
        var keys = config.resends();
        return new ResendSettings(
                config.limits().maxRequestTime(),
                config.orphanGrace(),
                keys.window(),
                keys.maxAnswerBytes(),
                keys.keptBytes(),
                keys.maxLedgers(),
                keys.firstCall());
    }

    public static JournalSettings journal(OpenLedgerConfig config, LaneId lane) {
        var keys = config.journal();
        return new JournalSettings(lane, keys.maxPendingBytes(), keys.maxWait(), keys.flushInterval());
    }
}
