package openledger.wiring.cluster;

import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import openledger.cluster.ClusterMember;
import openledger.cluster.News;
import openledger.cluster.Peers;
import openledger.cluster.RangePreparation;
import openledger.cluster.ResendRanges;
import openledger.cluster.orphan.ClusterOrphans;
import openledger.cluster.orphan.Orphans;
import openledger.cluster.share.RateShares;
import openledger.commitment.leaf.LaneSecret;
import openledger.http.admin.PolicyDoor;
import openledger.http.inference.InferenceRoutes;
import openledger.http.inference.PeerDoor;
import openledger.inference.InferenceService;
import openledger.inference.Timekeeper;
import openledger.inference.fairness.ClusterFairness;
import openledger.inference.fairness.DatabaseClock;
import openledger.inference.fairness.FairnessBoard;
import openledger.inference.fairness.FairnessParts;
import openledger.inference.fairness.FairnessReader;
import openledger.inference.policy.PolicyReloadOfAll;
import openledger.inference.policy.PolicySteps;
import openledger.peer.HttpPeers;
import openledger.provider.HttpProviderGateway;
import openledger.store.DatabaseServers;
import openledger.store.catalog.StoredCatalog;
import openledger.store.cluster.RangeKeeper;
import openledger.store.cluster.StoredFairnessParts;
import openledger.store.cluster.StoredMembers;
import openledger.store.cluster.StoredNews;
import openledger.store.journal.FormerRequestReader;
import openledger.store.journal.GroupCommitJournal;
import openledger.store.lane.HeldLane;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.loop.VertxWorker;

/** Makes a router one of several, if it is to be; else it is alone, and nothing of this exists. */
@Singleton
final class ClusterProducers {
    private static final int DIGITS = 16;

    private final CheckedConfiguration checked;
    /** What this process calls itself in what it tells the others. */
    private final String ourselves =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(), DIGITS);
    /** Asked for on the event loop of the keeper only. */
    private boolean hasBegun;

    ClusterProducers(CheckedConfiguration checked) {
        this.checked = checked;
    }

    /** What former owners have begun is learnt from their journals. */
    @Produces
    @Singleton
    RangePreparation preparation(FormerRequestReader journals, Provider<InferenceService> service) {
        return (ranges, lanes) -> Multi.createFrom()
                .iterable(lanes)
                .onItem()
                .transformToUniAndConcatenate(lane -> journals.read(lane, ranges))
                .invoke(found -> service.get().learn(found))
                .collect()
                .last()
                .replaceWithVoid();
    }

    @Produces
    @Singleton
    Optional<HttpPeers> httpPeers(Vertx vertx) {
        return checked.cluster().map(settings -> new HttpPeers(vertx, settings, new SecureRandom()));
    }

    @Produces
    @Singleton
    Optional<PolicyDoor> policyDoor(Vertx vertx, PolicySteps steps, ResendRanges ranges, Timekeeper time) {
        return checked.cluster()
                .map(settings -> new PolicyDoor(vertx, settings.seal().forPolicies(), steps, ranges, time));
    }

    /** By connections of its own, which are kept for seconds. */
    @Produces
    @Singleton
    PolicyReloadOfAll reloadOfAll(Vertx vertx, Pool pool, PolicySteps steps, GroupCommitJournal journal) {
        return checked.cluster()
                .<PolicyReloadOfAll>map(settings -> new ClusterReload(
                        vertx,
                        steps,
                        new HttpPeers(vertx, settings.forPolicies(), new SecureRandom()),
                        () -> new StoredMembers(pool).all(),
                        () -> journal.hold()
                                .standing()
                                .map(held -> new ClusterMember(held.lane(), held.fence(), settings.address(), true))))
                .orElse(PolicyReloadOfAll.ALONE);
    }

    @Produces
    @Singleton
    Peers peers(Optional<HttpPeers> http) {
        return http.<Peers>map(there -> there).orElse(Peers.NONE);
    }

    @Produces
    @Singleton
    Optional<RangeKeeper> keeper(
            Vertx vertx,
            DatabaseServers database,
            StoredCatalog migrated,
            GroupCommitJournal journal,
            RangePreparation preparation,
            Peers peers,
            Provider<InferenceService> service) {
        // Each renewal of the lease says it again.
        checked.cluster().ifPresent(settings -> journal.hold().address(settings.address()));
        return checked.cluster()
                .map(settings -> new RangeKeeper(
                        vertx,
                        database,
                        settings.address(),
                        () -> holds(journal),
                        journal::settled,
                        preparation,
                        new RangeKeeper.Followers(left -> service.get().forgetKeysIn(left), peers::living)));
    }

    /** Ours, once the journal is open: whoever cannot record yet answers for no key. */
    private List<HeldLane> holds(GroupCommitJournal journal) {
        hasBegun |= journal.isOpen();
        return hasBegun ? journal.hold().standing().stream().toList() : List.of();
    }

    /** In a cluster the board counts by it. */
    @Produces
    @Singleton
    DatabaseClock clock(Timekeeper time) {
        return new DatabaseClock(time);
    }

    @Produces
    @Singleton
    Optional<ClusterFairness> fairness(
            Vertx vertx,
            Pool pool,
            FairnessBoard board,
            DatabaseClock clock,
            LaneSecret secret,
            GroupCommitJournal journal,
            Timekeeper time) {
        return checked.cluster()
                .map(settings -> new ClusterFairness(
                        board,
                        new StoredFairnessParts(pool),
                        clock,
                        secret::cohortsName,
                        () -> journal.hold()
                                .standing()
                                .map(held -> new FairnessParts.Hold(held.lane().value(), held.fence())),
                        time,
                        new VertxWorker(vertx)));
    }

    @Produces
    @Singleton
    FairnessReader fairnessReader(FairnessBoard board, Optional<ClusterFairness> cluster) {
        return new FairnessReader(board, cluster);
    }

    @Produces
    @Singleton
    ResendRanges ranges(Optional<RangeKeeper> keeper) {
        return keeper.<ResendRanges>map(there -> there).orElse(ResendRanges.ALONE);
    }

    @Produces
    @Singleton
    Optional<SharedLimits> limits(
            Vertx vertx,
            DatabaseServers database,
            StoredCatalog migrated,
            Optional<RangeKeeper> keeper,
            Timekeeper time) {
        return keeper.map(there -> new SharedLimits(vertx, database, time, there::routers));
    }

    @Produces
    @Singleton
    Optional<ClusterOrphans> clusterOrphans(ResendRanges ranges, Timekeeper time) {
        return checked.cluster()
                .map(settings -> new ClusterOrphans(settings.seal(), ourselves, ranges::map, time::nanoTime));
    }

    @Produces
    @Singleton
    Orphans orphans(Optional<ClusterOrphans> there) {
        return there.<Orphans>map(shared -> shared).orElse(Orphans.NONE);
    }

    @Produces
    @Singleton
    Optional<StoredNews> news(
            Vertx vertx,
            DatabaseServers database,
            Optional<ClusterOrphans> orphans,
            Provider<HttpProviderGateway> gateway) {
        return orphans.map(there -> new StoredNews(
                vertx,
                database,
                ourselves,
                there,
                closed -> gateway.get().heardClosed(closed.target(), closed.left())));
    }

    @Produces
    @Singleton
    News told(Optional<StoredNews> news) {
        return news.<News>map(there -> there).orElse(News.NONE);
    }

    @Produces
    @Singleton
    RateShares shares(Optional<SharedLimits> limits) {
        return limits.<RateShares>map(SharedLimits::shares).orElse(RateShares.WHOLE);
    }

    @Produces
    @Singleton
    Optional<PeerDoor> door(InferenceRoutes routes, ResendRanges ranges, Timekeeper time) {
        return checked.cluster().map(settings -> new PeerDoor(routes, settings.seal(), ranges, time));
    }
}
