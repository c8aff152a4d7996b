package openledger.inference.resend;

import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.function.Consumer;
import openledger.inference.EventLoops.Loop;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.Served;

/** A client that waits for the outcome of a request. Its flags are confined to its own event loop. */
public final class WaitingClient {
    private final Loop loop;
    private final UniEmitter<? super InferenceOutcome> emitter;
    private boolean told;
    private boolean gone;

    /**
     * A client that waits.
     *
     * @param loop the client's
     * @param left what happens, on that loop, if it leaves before it was told
     */
    public WaitingClient(Loop loop, UniEmitter<? super InferenceOutcome> emitter, Consumer<WaitingClient> left) {
        this.loop = loop;
        this.emitter = emitter;
        emitter.onTermination(() -> {
            if (!told) {
                gone = true;
                left.accept(this);
            }
        });
    }

    Loop loop() {
        return loop;
    }

    /** Tells it the outcome, if it is still there; an answer that nobody will read is given back. */
    public void tell(InferenceOutcome outcome) {
        loop.execute(() -> {
            if (!gone) {
                told = true;
                emitter.complete(outcome);
            } else if (outcome instanceof Served(var facts, var answer)) {
                answer.cancel();
            }
        });
    }

    void fail(Throwable bug) {
        loop.execute(() -> {
            told = true;
            emitter.fail(bug);
        });
    }
}
