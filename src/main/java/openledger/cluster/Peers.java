package openledger.cluster;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Port: sends requests to other routers. Thread-safe; whoever is told is told on the event loop it has sent from. */
public interface Peers {
    /** Those of a router that is alone. */
    Peers NONE = new Peers() {
        @Override
        public Hop send(Forwarded request, Listener listener) {
            throw new IllegalStateException("a router that is alone forwards nothing");
        }

        @Override
        public void living(Collection<ClusterMember> members) {}
    };

    /** Sends a request whole. Called on an event loop. */
    Hop send(Forwarded request, Listener listener);

    /** These are the holds on lanes now: what was sent to another one is lost. */
    void living(Collection<ClusterMember> members);

    /**
     * A request on its way to another router.
     *
     * @param path its path
     * @param headers as its client sent them
     * @param body whole
     * @param owner to whom it goes
     * @param mapVersion by which version of the map
     * @param longest until the end of the answer
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Forwarded(
            String path,
            List<Map.Entry<String, String>> headers,
            byte[] body,
            ClusterMember owner,
            long mapVersion,
            Duration longest) {}

    /** A hop that is under way. */
    interface Hop {
        /** Reads no more for now. */
        void pause();

        void resume();

        /** The client has left: ends it, and nothing is told any more. */
        void close();
    }

    /** Who is told of an answer: of hints, its head, its pieces, and then one end. */
    interface Listener {
        void hint(List<Map.Entry<String, String>> headers);

        void head(int status, List<Map.Entry<String, String>> headers);

        void chunk(Buffer bytes);

        void end(List<Map.Entry<String, String>> trailers);

        /**
         * It will not be whole; nothing is told after this.
         *
         * @param why {@link HopOutcome#NOT_OWNER}, {@link HopOutcome#UNREACHABLE}, {@link HopOutcome#STRANGER}, {@link HopOutcome#REFUSED}, {@link
         *     HopOutcome#UNPROVED} or {@link HopOutcome#LOST}; only the last may be told after the head
         */
        void failed(HopOutcome why);
    }
}
