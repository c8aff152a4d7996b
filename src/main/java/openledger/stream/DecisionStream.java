package openledger.stream;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * Port: one lane's part of the stream. What it holds and how far it has come change together or not at all, so whoever goes on from its
 * cursor streams each record exactly once. One call at a time; each ends within a bounded time, and none blocks its caller.
 */
public interface DecisionStream {
    /**
     * Takes the lane's part from whoever had it, who can write no more, and completes with how far it has come; empty if nothing of the
     * lane was ever streamed. To be called first, and again after any failure, because what has failed may be there nevertheless.
     */
    Uni<Optional<StreamCursor>> begin();

    /** Streams a batch whole; fails with {@link StreamLost} if another has taken the lane's part. */
    Uni<Void> write(StreamBatch batch);

    /** Gives up what it holds here; nothing that was written is lost. Any thread, any time. */
    void end();
}
