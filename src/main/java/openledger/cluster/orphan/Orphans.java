package openledger.cluster.orphan;

import java.time.Duration;
import openledger.cluster.ClusterMember;
import openledger.cluster.orphan.AnnouncedOrphans.Announced;
import openledger.routing.Operation;

/**
 * Port: requests without a key whose clients have left before anything reached them, here and at other routers. Nothing rests on it but
 * that a retry has the budget of its first try: what was not heard is begun anew. Thread-safe; never blocks.
 */
public interface Orphans {
    /** Those of a router that is alone: nobody is told, and there are no others. */
    Orphans NONE = new Orphans() {
        @Override
        public void left(String tenant, Operation operation, byte[] digest, Duration joinable) {}

        @Override
        public Elsewhere find(String tenant, Operation operation, byte[] digest) {
            return new Elsewhere.Unknown();
        }

        @Override
        public void gone(Announced one) {}
    };

    /**
     * A client has left us, and its retry may join what it has left for so long: the others are told.
     *
     * @param digest of its body and nonce, 32 bytes
     */
    void left(String tenant, Operation operation, byte[] digest, Duration joinable);

    /**
     * Which other router has the first try of a retry.
     *
     * @param digest of its body and nonce, 32 bytes
     */
    Elsewhere find(String tenant, Operation operation, byte[] digest);

    /** It was joined, or cannot be any more. */
    void gone(Announced one);

    /** Where the first try of a retry is. */
    sealed interface Elsewhere {
        /** No other router has said that it has it. */
        record Unknown() implements Elsewhere {}

        /**
         * Another router has it.
         *
         * @param by how that is known
         * @param mapVersion of the map in which it stands
         */
        record At(ClusterMember holder, Announced by, long mapVersion) implements Elsewhere {}

        /** A router had it that is not there any more. */
        record Lost(Announced by) implements Elsewhere {}
    }
}
