package openledger.settlement;

import io.smallrye.mutiny.Uni;
import openledger.inference.EventLoops.Loop;

/** The event loop that a lane's state lives on. */
public record LoopConfinement(Loop loop) {
    /** The same, completing here. */
    public <T> Uni<T> bring(Uni<T> work) {
        return work.emitOn(loop);
    }
}
