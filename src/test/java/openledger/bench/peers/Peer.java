package openledger.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import openledger.bench.BenchStack;
import openledger.demo.ChildProcess;

/** Another gateway that does what we do, run against the same upstreams. */
public interface Peer {
    String name();

    /** What is installed, e.g. {@code npm @portkey-ai/gateway 1.15.2}. */
    String version();

    /** How it runs, in words for the report. */
    String settings();

    /**
     * Installs what is not there yet below {@code folder}, starts on {@code port} of 127.0.0.1 and waits until it answers.
     */
    Start start(Path folder, int port) throws IOException, InterruptedException;

    /** What a request to that upstream names as its model. */
    String model(Upstream upstream);

    /** What a request to that upstream needs besides a key and a content type. */
    Map<String, String> headers(Upstream upstream);

    /** A simulated provider of deploy/bench-fleet.yaml. */
    enum Upstream {
        INSTANT(BenchStack.INSTANT_PORT),
        DELAY20(BenchStack.DELAYED_PORT);

        private final int port;

        Upstream(int port) {
            this.port = port;
        }

        String baseUrl() {
            return "http://127.0.0.1:" + port + "/v1";
        }
    }

    /** Whether a peer runs. */
    sealed interface Start {
        /** It answers. */
        record Running(ChildProcess process) implements Start {}

        /** It cannot be had here, which says nothing of how fast it is. */
        record Absent(String why) implements Start {}
    }
}
