package openledger.inference.fairness;

import java.util.List;

/**
 * How fair the router is, or the routers of a cluster are together.
 *
 * @param scope of whom the series are
 * @param replicas routers whose parts are all in the figures
 * @param of routers that should be in them: those that serve, and those that ended within the window without a last word
 * @param series by route and mode
 */
public record FairnessView(Scope scope, int replicas, int of, List<FairnessSeries> series) {
    public FairnessView {
        series = List.copyOf(series);
    }

    /** Of whom series are. */
    public enum Scope {
        /** Of this router alone. */
        ROUTER("router"),
        /** Of all routers of the cluster together. */
        CLUSTER("cluster");

        private final String word;

        Scope(String word) {
            this.word = word;
        }

        /** As it is said in answers and metrics. */
        public String word() {
            return word;
        }
    }
}
