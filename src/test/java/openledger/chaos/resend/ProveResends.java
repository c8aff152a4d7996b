package openledger.chaos.resend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import openledger.chaos.resend.ResendCluster.Router;
import openledger.demo.LocalPostgres;
import openledger.support.ScratchFolder;

/**
 * {@code make prove-resends}: requests with a key, each sent five times to three routers in turns: while it runs, after it has ended, after its stream has
 * broken, and once with another body. No key may have more calls at the provider than the budget, nor two requests. The first argument is
 * the number of keys.
 */
public final class ProveResends {
    private static final int ROUTERS = 3;
    private static final int AT_ONCE = 40;
    private static final int SHOWN = 20;

    private ProveResends() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        int keys = Integer.parseInt(arguments[0]);
        Path folder = Files.createDirectories(Path.of("target/prove-resends"));
        List<String> faults;
        double hops = 0;
        try (LocalPostgres postgres =
                        LocalPostgres.start(ScratchFolder.make("resends").resolve("postgres"), 0);
                CountingProvider provider = new CountingProvider();
                ResendCluster cluster = new ResendCluster(postgres, provider, folder)) {
            for (int i = 0; i < ROUTERS; i++) {
                cluster.start();
            }
            List<Router> routers = cluster.routers();
            cluster.awaitShared(routers.toArray(Router[]::new));
            long begun = System.nanoTime();
            ResendStorm storm = new ResendStorm(cluster, routers, AT_ONCE);
            faults = storm.run("storm", keys, 1);
            for (Router router : routers) {
                hops += cluster.metric(router, "openledger_forwarded_requests_total{openledger_hop=\"RELAYED\"");
            }
            System.out.println(
                    "answers " + storm.answers() + "; " + (System.nanoTime() - begun) / 1_000_000_000 + " s");
        }
        faults.stream().limit(SHOWN).forEach(System.out::println);
        System.out.println("figure: " + keys + " keys sent five times to " + ROUTERS + " routers, " + (long) hops
                + " hops, faults " + faults.size());
        System.exit(faults.isEmpty() ? 0 : 1);
    }
}
