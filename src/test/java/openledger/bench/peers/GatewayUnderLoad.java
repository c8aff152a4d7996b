package openledger.bench.peers;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import openledger.bench.BenchStack;
import openledger.demo.ChatRequest;
import openledger.demo.ChildProcess;
import openledger.demo.OpenLoop;
import openledger.support.CpuTime;
import openledger.support.ProcessFigures;
import openledger.support.Wrk;

/** A gateway under the load of part {@code peers}, and what came of it. Confined to one thread. */
final class GatewayUnderLoad {
    private final String name;
    private final Map<Upstream, Side> sides;
    private final Optional<CpuTime> database;
    private final Wrk wrk = new Wrk(BenchStack.OUT);
    private final Map<Integer, List<Double>> perSecond = new LinkedHashMap<>();
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> databaseCpu = new ArrayList<>();
    private final List<OpenLoop.Destination> open = new ArrayList<>();
    private double idleMegabytes;

    /**
     * Nothing was measured yet.
     *
     * @param sides one for each upstream; they may be one process
     * @param database whose processor time is shown apart; empty if it has none
     */
    GatewayUnderLoad(String name, Map<Upstream, Side> sides, Optional<CpuTime> database) {
        this.name = name;
        this.sides = new EnumMap<>(sides);
        this.database = database;
    }

    /**
     * The way to an upstream.
     *
     * @param model what a request names
     */
    record Side(ChildProcess process, int port, String model) {}

    String name() {
        return name;
    }

    private Side side(Upstream upstream) {
        return Objects.requireNonNull(sides.get(upstream));
    }

    double closedLoop(int connections, int seconds) throws IOException, InterruptedException {
        Side side = side(Upstream.INSTANT);
        return wrk.perSecond(new Wrk.Aim("peers-" + name, side.port, side.model, Map.of()), connections, seconds);
    }

    /** What is resident before any load. */
    void atRest() throws IOException {
        idleMegabytes = megabytes();
    }

    void measure(int connections, int seconds) throws IOException, InterruptedException {
        CpuTime time = CpuTime.of(side(Upstream.INSTANT).process.pid());
        Duration before = time.sofar();
        Duration databaseBefore = database.map(CpuTime::sofar).orElse(Duration.ZERO);
        double rate = closedLoop(connections, seconds);
        double thousands = rate * seconds / 1e3;
        cpu.add(seconds(time.sofar().minus(before)) / thousands);
        databaseCpu.add(
                seconds(database.map(CpuTime::sofar).orElse(Duration.ZERO).minus(databaseBefore)) / thousands);
        perSecond.computeIfAbsent(connections, first -> new ArrayList<>()).add(rate);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    /** Where an open loop sends its requests, anew for each. */
    OpenLoop.Destination destination(Upstream upstream, boolean streamed) {
        Side side = side(upstream);
        byte[] request = ChatRequest.of(side.model, Boolean.toString(streamed), "");
        OpenLoop.Destination destination = new OpenLoop.Destination(name, side.port, index -> request);
        open.add(destination);
        return destination;
    }

    double rate(int connections) {
        return BenchStack.median(perSecond.getOrDefault(connections, List.of(0.0)));
    }

    /** Processor seconds for 1,000 requests of the closed loops. */
    double cpuPerThousand() {
        return BenchStack.median(cpu);
    }

    /** The same of its database; 0 if it has none. */
    double databaseCpuPerThousand() {
        return BenchStack.median(databaseCpu);
    }

    /** Resident before any load, MB, of the process that the closed loops ask. */
    double idleMegabytes() {
        return idleMegabytes;
    }

    /** Resident now, MB, of the process that the closed loops ask. */
    double megabytes() throws IOException {
        return ProcessFigures.of(side(Upstream.INSTANT).process.pid()).rssMegabytes();
    }

    /** Runs of the closed loop and requests of the open ones in which something failed. */
    long failures() {
        return wrk.failures()
                + open.stream().mapToLong(OpenLoop.Destination::failed).sum();
    }

    /** Something was answered at each number of connections. */
    boolean answered() {
        return perSecond.keySet().stream().allMatch(connections -> rate(connections) > 0);
    }
}
