package openledger.provider;

import io.vertx.core.buffer.Buffer;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.routing.Trigger;

/** A client that hears nothing of an answer but its end. */
record EndOnly(Runnable then) implements UpstreamAnswer.Sink {
    @Override
    public void chunk(Buffer bytes) {
        // Dropped.
    }

    @Override
    public void end() {
        then.run();
    }

    @Override
    public void broken(Trigger why) {
        throw new AssertionError("broken: " + why);
    }
}
