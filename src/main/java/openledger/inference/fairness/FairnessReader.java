package openledger.inference.fairness;

import java.util.Optional;
import openledger.inference.fairness.FairnessView.Scope;

/** How fair it is now, for whoever asks: of all routers if this is one of several, else of this one. Thread-safe. */
public final class FairnessReader {
    private final FairnessBoard board;
    private final Optional<ClusterFairness> cluster;

    /**
     * A reader.
     *
     * @param cluster empty if this router is alone
     */
    public FairnessReader(FairnessBoard board, Optional<ClusterFairness> cluster) {
        this.board = board;
        this.cluster = cluster;
    }

    /** Of all; of this router alone while there are no figures of all of the last minute. */
    public FairnessView view() {
        return cluster.map(all -> all.view().orElseGet(all::alone)).orElseGet(this::ofThisRouter);
    }

    /** Of this router alone. */
    public FairnessView ofThisRouter() {
        return new FairnessView(Scope.ROUTER, 1, 1, board.series());
    }

    /** The cohort of a tenant now. */
    public int cohortOf(String tenant) {
        return board.cohortOf(tenant);
    }

    /** This router's part in the figures of all; empty if it is alone. */
    public Optional<ClusterFairness> cluster() {
        return cluster;
    }

    /**
     * What this router exports: nothing but its own counters if another of the cluster exports the figures of all, or if there are none.
     * So each figure is exported by one router, and a query over all of them finds it once.
     */
    public boolean exportsFigures() {
        return cluster.map(ClusterFairness::speaks).orElse(true);
    }
}
