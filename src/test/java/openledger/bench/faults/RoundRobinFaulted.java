package openledger.bench.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.bench.faults.FaultClient.Door;
import openledger.bench.peers.PeerPrograms;
import openledger.demo.ChildProcess;

/**
 * SGLang's gateway and vLLM's router, which was made from it. Both know one list of workers and no order among them: a process for each
 * cell takes turns between the two targets, and the request that is judged is one that met the faulty one.
 */
final class RoundRobinFaulted implements FaultedGateway {
    private final String name;
    private final String version;
    private final List<String> command;

    private RoundRobinFaulted(String name, String version, List<String> command) {
        this.name = name;
        this.version = version;
        this.command = command;
    }

    static RoundRobinFaulted sglang() {
        return new RoundRobinFaulted("SGLang gateway", "sglang-router 0.3.2", List.of("smg", "launch"));
    }

    static RoundRobinFaulted vllm() {
        return new RoundRobinFaulted("vLLM router", "vllm-router 0.1.17", List.of("vllm-router"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String settings() {
        return "both targets as workers, policy round_robin (there is no order among workers), --retry-max-retries 3, which counts the"
                + " first call; request time-out 60 s (a shorter one would end slow answers too)";
    }

    @Override
    public Start start(Path folder, List<FaultCell> cells) throws IOException, InterruptedException {
        Optional<String> absent = PeerPrograms.COMPILED.install();
        return absent.isPresent()
                ? new Start.Absent(absent.get())
                : new Start.Running(new Run() {
                    @Override
                    public Way way(FaultCell cell) throws IOException, InterruptedException {
                        try {
                            return one(cell);
                        } catch (IOException portTaken) {
                            // Somebody may have been faster at a port that was free.
                            return one(cell);
                        }
                    }

                    @Override
                    public void close() {
                        // Each cell ends its own.
                    }
                });
    }

    /** A process for this cell. */
    private Way one(FaultCell cell) throws IOException, InterruptedException {
        int port = ChildProcess.freePort();
        List<String> whole = new ArrayList<>(command);
        whole.set(0, PeerPrograms.COMPILED.program(command.getFirst()));
        whole.addAll(List.of(
                "--worker-urls",
                "http://127.0.0.1:" + cell.firstPort(),
                "http://127.0.0.1:" + cell.secondPort(),
                "--policy",
                "round_robin",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--prometheus-port",
                Integer.toString(ChildProcess.freePort()),
                "--request-timeout-secs",
                "60",
                "--retry-max-retries",
                Integer.toString(BUDGET),
                "--log-level",
                "error"));
        ChildProcess process = ChildProcess.start(
                "faults-" + command.getFirst() + "-" + cell.firstPort(), PeersFaults.LOGS, Map.of(), whole);
        try {
            process.awaitReady("http://127.0.0.1:" + port + "/v1/models");
        } catch (IOException failed) {
            process.close();
            throw failed;
        }
        return new Way(new Door(port, ProviderWords.MODEL, Map.of()), process::close);
    }
}
