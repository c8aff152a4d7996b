package openledger.chaos;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import openledger.demo.LocalPostgres;
import openledger.support.BlackHole;

/** A link to a database that can be cut without either side being told. Confined to one thread. */
interface CutLink extends AutoCloseable {
    /** What the database has to listen on. */
    List<String> ADDRESSES = List.of("127.0.0.1", "127.0.0.2");

    void cut() throws IOException, InterruptedException;

    void heal() throws IOException, InterruptedException;

    /** Where the database is, by this link. */
    String reactiveUrl();

    @Override
    void close() throws IOException;

    /** By a proxy that swallows what it is given. */
    static CutLink byProxy(LocalPostgres postgres) throws IOException {
        BlackHole hole = BlackHole.before(port(postgres));
        return new CutLink() {
            @Override
            public void cut() {
                hole.cut();
            }

            @Override
            public void heal() {
                hole.heal();
            }

            @Override
            public String reactiveUrl() {
                return address(postgres, "127.0.0.1", hole.port());
            }

            @Override
            public void close() throws IOException {
                hole.close();
            }
        };
    }

    /**
     * By a route that drops all packets from and to an address of the loopback network. It changes the network of whoever is in the
     * same namespace, so that has to be one of our own.
     */
    static CutLink byRoute(LocalPostgres postgres) {
        return new CutLink() {
            private static final String ADDRESS = "127.0.0.2";

            @Override
            public void cut() throws IOException, InterruptedException {
                route("add");
            }

            @Override
            public void heal() throws IOException, InterruptedException {
                route("del");
            }

            private static void route(String what) throws IOException, InterruptedException {
                Process ip = new ProcessBuilder("ip", "route", what, "blackhole", ADDRESS + "/32", "table", "local")
                        .inheritIO()
                        .start();
                if (!ip.waitFor(5, TimeUnit.SECONDS) || ip.exitValue() != 0) {
                    throw new IOException("the route to " + ADDRESS + " cannot be changed");
                }
            }

            @Override
            public String reactiveUrl() {
                return address(postgres, ADDRESS, port(postgres));
            }

            @Override
            public void close() {}
        };
    }

    private static int port(LocalPostgres postgres) {
        return URI.create(postgres.reactiveUrl()).getPort();
    }

    private static String address(LocalPostgres postgres, String host, int port) {
        return "postgresql://" + host + ":" + port
                + URI.create(postgres.reactiveUrl()).getPath();
    }
}
