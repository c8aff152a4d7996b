package openledger.bench.peers;

import openledger.bench.BenchStack;

/** A simulated provider of {@code deploy/bench-fleet.yaml} that gateways are put before. */
enum Upstream {
    /** Answers at once. */
    INSTANT(BenchStack.INSTANT_PORT, 9301, "instant"),
    /** Takes 20 ms. */
    DELAY20(BenchStack.DELAYED_PORT, 9302, "delay20");

    private final int port;
    private final int nginx;
    private final String route;

    Upstream(int port, int nginx, String route) {
        this.port = port;
        this.nginx = nginx;
        this.route = route;
    }

    int port() {
        return port;
    }

    /** Where nginx is before it. */
    int nginxPort() {
        return nginx;
    }

    /** The router's route to it. */
    String route() {
        return route;
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }
}
