package openledger.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import openledger.access.KeyDigest;
import openledger.bench.faults.FaultClient.Door;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.support.ScratchFolder;

/** This router, with a PostgreSQL of its own: a route for each cell, the faulty target its best tier, the other the one below. */
final class OpenLedgerFaulted implements FaultedGateway {
    @Override
    public String name() {
        return "OpenLedger";
    }

    @Override
    public String version() {
        return "this working copy";
    }

    @Override
    public String settings() {
        return "each route: 2 attempts of the first target, then 1 of the second; first-token and idle 4 s, total 60 s; all else as it comes";
    }

    @Override
    public Start start(Path folder, List<FaultCell> cells) throws IOException, SQLException, InterruptedException {
        Path data = ScratchFolder.make("faults");
        LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), 0);
        try {
            return behind(postgres, config(folder, cells));
        } catch (IOException failed) {
            postgres.close();
            throw failed;
        }
    }

    private static Start behind(LocalPostgres postgres, Path config) throws IOException, InterruptedException {
        int port = ChildProcess.freePort();
        ChildProcess router =
                LocalStack.router("faults-router", LocalStack.environment(postgres, port), config, PeersFaults.LOGS);
        router.awaitReady("http://127.0.0.1:" + port + "/q/health/ready");
        return new Start.Running(new Run() {
            @Override
            public Way way(FaultCell cell) {
                return new Way(new Door(port, "route-" + cell.firstPort(), Map.of()), () -> {});
            }

            @Override
            public void close() throws IOException {
                router.close();
                postgres.close();
            }
        });
    }

    private static Path config(Path folder, List<FaultCell> cells) throws IOException {
        StringBuilder providers = new StringBuilder();
        StringBuilder routes = new StringBuilder();
        for (FaultCell cell : cells) {
            providers.append(provider(cell.firstPort())).append(provider(cell.secondPort()));
            routes.append("""
                        - name: route-%1$d
                          tiers:
                            - { name: best, attempts: 2, targets: [ { provider: p%1$d, model: %3$s } ] }
                            - { name: standard, attempts: 1, targets: [ { provider: p%2$d, model: %3$s } ] }
                    """.formatted(cell.firstPort(), cell.secondPort(), ProviderWords.MODEL));
        }
        return Files.writeString(Files.createDirectories(folder).resolve("openledger.yaml"), """
                openledger:
                  tenants:
                    - { name: someone, key-sha256: "%s" }
                  telemetry:
                    scrape: { enabled: false }
                  providers:
                %s  routes:
                %s""".formatted(
                        KeyDigest.of(LocalStack.KEY).hex(), providers, routes));
    }

    private static String provider(int port) {
        return """
                    - { name: p%1$d, base-url: "http://127.0.0.1:%1$d/v1", timeouts: { first-token: 4s, idle: 4s, total: 60s } }
                """.formatted(port);
    }
}
