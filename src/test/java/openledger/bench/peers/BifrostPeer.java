package openledger.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.bench.BenchStack;
import openledger.demo.ChildProcess;

/**
 * Bifrost, through its npm package. The package downloads the gateway itself when it first runs, from its makers' own
 * server; on a machine that does not reach it, this peer is absent.
 */
final class BifrostPeer implements Peer {
    private static final String VERSION = "1.6.3";
    private static final String GATEWAY = "v1.3.0";

    @Override
    public String name() {
        return "bifrost";
    }

    @Override
    public String version() {
        return "npm @maximhq/bifrost " + VERSION + ", gateway " + GATEWAY;
    }

    @Override
    public String settings() {
        return "one process, no stores, no plugins, no retries, log level error";
    }

    @Override
    public Start start(Path folder, int port) throws IOException, InterruptedException {
        Optional<Start.Absent> absent = PeerInstall.run(
                folder,
                version(),
                List.of(List.of(
                        "npm",
                        "install",
                        "--no-audit",
                        "--no-fund",
                        "--ignore-scripts",
                        "--prefix",
                        ".",
                        "@maximhq/bifrost@" + VERSION)));
        if (absent.isPresent()) {
            return absent.get();
        }
        Path home = Files.createDirectories(folder.resolve("home")).toAbsolutePath();
        Files.writeString(home.resolve("config.json"), config());
        ChildProcess process = ChildProcess.start(
                "peer-bifrost",
                BenchStack.OUT,
                Map.of(
                        "XDG_CACHE_HOME",
                        folder.resolve("cache").toAbsolutePath().toString()),
                List.of(
                        "node",
                        folder.resolve("node_modules/@maximhq/bifrost/bin.js").toString(),
                        "--transport-version",
                        GATEWAY,
                        "-app-dir",
                        home.toString(),
                        "-host",
                        "127.0.0.1",
                        "-port",
                        Integer.toString(port),
                        "-log-level",
                        "error"));
        return PeerInstall.await(process, "http://127.0.0.1:" + port + "/health");
    }

    /** Its base URLs end before /v1. */
    private static String config() {
        return """
                {"config_store": {"enabled": false}, "logs_store": {"enabled": false}, "providers": {
                  "instant": %s,
                  "delay20": %s}}
                """.formatted(provider(Upstream.INSTANT), provider(Upstream.DELAY20));
    }

    private static String provider(Upstream upstream) {
        return """
                {"keys": [{"name": "bench", "value": "sk-none", "models": ["sim-large"], "weight": 1}],
                  "network_config": {"base_url": "%s", "max_retries": 0},
                  "concurrency_and_buffer_size": {"concurrency": 256, "buffer_size": 1024},
                  "custom_provider_config": {"base_provider_type": "openai"}}""".formatted(upstream.baseUrl().replace("/v1", ""));
    }

    @Override
    public String model(Upstream upstream) {
        return switch (upstream) {
            case INSTANT -> "instant/sim-large";
            case DELAY20 -> "delay20/sim-large";
        };
    }

    @Override
    public Map<String, String> headers(Upstream upstream) {
        return Map.of();
    }
}
