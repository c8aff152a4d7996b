package openledger.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import openledger.bench.BenchStack;
import openledger.bench.peers.Peer.Upstream;
import openledger.demo.ChatRequest;
import openledger.demo.ChildProcess;
import openledger.demo.OpenLoop;
import openledger.support.Wrk;

/** A gateway under the load of part {@code peers}, and what came of it. Confined to one thread. */
final class GatewayUnderLoad {
    final String name;
    final ChildProcess process;
    final int port;
    final Map<Upstream, String> models;
    final Map<Upstream, Map<String, String>> headers;
    final Wrk wrk = new Wrk(BenchStack.OUT);
    final Map<Integer, List<Double>> perSecond = new LinkedHashMap<>();
    final OpenLoop.Destination open;

    GatewayUnderLoad(
            String name,
            ChildProcess process,
            int port,
            Map<Upstream, String> models,
            Map<Upstream, Map<String, String>> headers) {
        this.name = name;
        this.process = process;
        this.port = port;
        this.models = models;
        this.headers = headers;
        byte[] request = ChatRequest.of(model(Upstream.DELAY20), "false", headerLines());
        this.open = new OpenLoop.Destination(name, port, index -> request);
    }

    private String headerLines() {
        StringBuilder lines = new StringBuilder();
        headers.getOrDefault(Upstream.DELAY20, Map.of())
                .forEach((name, value) ->
                        lines.append(name).append(": ").append(value).append("\r\n"));
        return lines.toString();
    }

    private String model(Upstream upstream) {
        return models.getOrDefault(upstream, "");
    }

    double closedLoop(int connections, int seconds) throws IOException, InterruptedException {
        Wrk.Aim aim = new Wrk.Aim(
                "peers-" + name, port, model(Upstream.INSTANT), headers.getOrDefault(Upstream.INSTANT, Map.of()));
        return wrk.perSecond(aim, connections, seconds);
    }

    void measure(int connections, int seconds) throws IOException, InterruptedException {
        perSecond.computeIfAbsent(connections, first -> new ArrayList<>()).add(closedLoop(connections, seconds));
    }

    double rate(int connections) {
        return BenchStack.median(perSecond.getOrDefault(connections, List.of(0.0)));
    }

    /** Something was answered at each number of connections. */
    boolean answered() {
        return perSecond.keySet().stream().allMatch(connections -> rate(connections) > 0);
    }

    /** Runs of the closed loop and requests of the open one in which something failed. */
    long failures() {
        return wrk.failures() + open.failed();
    }
}
