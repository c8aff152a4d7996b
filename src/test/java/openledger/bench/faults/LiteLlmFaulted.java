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

/** LiteLLM's proxy: a model for each cell's faulty target, which falls back to one for the other. */
final class LiteLlmFaulted implements FaultedGateway {
    @Override
    public String name() {
        return "LiteLLM";
    }

    @Override
    public String version() {
        return "litellm[proxy] 1.105.5";
    }

    @Override
    public String settings() {
        return "num_retries 1, fallbacks from the first target to the second, cooldowns off, stream_timeout 4 s, timeout 60 s, one worker, no"
                + " database, no cache";
    }

    @Override
    public Start start(Path folder, List<FaultCell> cells) throws IOException, InterruptedException {
        Optional<String> absent = PeerPrograms.LITELLM.install();
        if (absent.isPresent()) {
            return new Start.Absent(absent.get());
        }
        int port = ChildProcess.freePort();
        Path config = Files.writeString(Files.createDirectories(folder).resolve("litellm.yaml"), config(cells));
        ChildProcess process = ChildProcess.start(
                "faults-litellm",
                PeersFaults.LOGS,
                Map.of(
                        "LITELLM_LOG",
                        "ERROR",
                        "LITELLM_LOCAL_MODEL_COST_MAP",
                        "True",
                        // Only this machine can reach it, and it has no keys worth keeping.
                        "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY",
                        "true"),
                List.of(
                        PeerPrograms.LITELLM.program("litellm"),
                        "--config",
                        config.toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--num_workers",
                        "1"));
        return SharedStart.await(
                process,
                "http://127.0.0.1:" + port + "/health/liveliness",
                cell -> new Door(port, "m" + cell.firstPort(), Map.of()));
    }

    private static String config(List<FaultCell> cells) {
        StringBuilder models = new StringBuilder();
        StringBuilder fallbacks = new StringBuilder();
        for (FaultCell cell : cells) {
            models.append(model(cell.firstPort())).append(model(cell.secondPort()));
            fallbacks.append("    - { m%d: [ m%d ] }\n".formatted(cell.firstPort(), cell.secondPort()));
        }
        return """
                model_list:
                %srouter_settings:
                  num_retries: 1
                  retry_after: 0
                  disable_cooldowns: true
                  timeout: 60
                  stream_timeout: 4
                  fallbacks:
                %slitellm_settings: { telemetry: false }
                """.formatted(models, fallbacks);
    }

    private static String model(int port) {
        return """
                  - model_name: m%1$d
                    litellm_params: { model: openai/%2$s, api_base: "http://127.0.0.1:%1$d/v1", api_key: sk-none }
                """.formatted(port, ProviderWords.MODEL);
    }
}
