package openledger.inference;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.routing.Trigger;

/** A client that writes down what it hears. */
public final class RecordedSink implements UpstreamAnswer.Sink {
    public final List<String> heard = new ArrayList<>();

    @Override
    public void chunk(Buffer bytes) {
        heard.add(bytes.toString());
    }

    @Override
    public void end() {
        heard.add("end");
    }

    @Override
    public void broken(Trigger why) {
        heard.add("broken " + why);
    }
}
