package openledger.inference.policy;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** Port: gives the policy of our own file to all routers of the cluster, or to none. One at a time; safe for several threads. */
public interface PolicyReloadOfAll {
    /** That of a router that is alone. */
    PolicyReloadOfAll ALONE = () -> Uni.createFrom().item(new Outcome.Alone());

    /** Has all of them check it, and then put it into force. Never fails but for a bug. */
    Uni<Outcome> reload();

    /**
     * A router and what it did not do.
     *
     * @param why a sentence without a stop
     */
    record Objection(String router, String why) {}

    /** What came of it. */
    sealed interface Outcome {
        /** There are no others. */
        record Alone() implements Outcome {}

        /** Our file cannot be read, or there is none. */
        record NoSource() implements Outcome {}

        /** No router has changed, because some cannot. */
        record Refused(List<Objection> objections) implements Outcome {
            public Refused {
                objections = List.copyOf(objections);
            }
        }

        /**
         * It is in force.
         *
         * @param hash of it, 0x and hex
         * @param before which we followed
         * @param routers that follow it
         * @param without routers that could, and have not said that they do
         */
        record InForce(String hash, String before, List<String> routers, List<Objection> without) implements Outcome {
            public InForce {
                routers = List.copyOf(routers);
                without = List.copyOf(without);
            }
        }
    }
}
