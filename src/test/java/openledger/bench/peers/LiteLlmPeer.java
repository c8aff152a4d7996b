package openledger.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.bench.BenchStack;
import openledger.demo.ChildProcess;

/** LiteLLM's proxy in a virtual environment of Python. */
final class LiteLlmPeer implements Peer {
    private static final String VERSION = "1.105.5";

    @Override
    public String name() {
        return "litellm";
    }

    @Override
    public String version() {
        return "pip litellm[proxy] " + VERSION;
    }

    @Override
    public String settings() {
        return "one worker, no database, no cache, no keys, telemetry off, no retries, LITELLM_LOG=ERROR";
    }

    @Override
    public Start start(Path folder, int port) throws IOException, InterruptedException {
        Optional<Start.Absent> absent = PeerInstall.run(
                folder,
                version(),
                List.of(
                        List.of("python3", "-m", "venv", "venv"),
                        List.of(
                                "venv/bin/pip",
                                "install",
                                "-q",
                                "--disable-pip-version-check",
                                "litellm[proxy]==" + VERSION)));
        if (absent.isPresent()) {
            return absent.get();
        }
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, """
                model_list:
                  - model_name: instant
                    litellm_params: { model: openai/sim-large, api_base: "%s", api_key: sk-none }
                  - model_name: delay20
                    litellm_params: { model: openai/sim-large, api_base: "%s", api_key: sk-none }
                litellm_settings: { telemetry: false, num_retries: 0 }
                """.formatted(Upstream.INSTANT.baseUrl(), Upstream.DELAY20.baseUrl()));
        ChildProcess process = ChildProcess.start(
                "peer-litellm",
                BenchStack.OUT,
                Map.of(
                        "LITELLM_LOG",
                        "ERROR",
                        "LITELLM_LOCAL_MODEL_COST_MAP",
                        "True",
                        // Only this machine can reach it, and it has no keys worth keeping.
                        "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY",
                        "true"),
                List.of(
                        folder.resolve("venv/bin/litellm").toAbsolutePath().toString(),
                        "--config",
                        config.toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--num_workers",
                        "1"));
        return PeerInstall.await(process, "http://127.0.0.1:" + port + "/health/liveliness");
    }

    @Override
    public String model(Upstream upstream) {
        return switch (upstream) {
            case INSTANT -> "instant";
            case DELAY20 -> "delay20";
        };
    }

    @Override
    public Map<String, String> headers(Upstream upstream) {
        return Map.of();
    }
}
