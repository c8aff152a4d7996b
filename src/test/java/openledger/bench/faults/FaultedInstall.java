package openledger.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import openledger.access.KeyDigest;
import openledger.bench.faults.FaultClient.Door;
import openledger.bench.faults.FaultedGateway.Run;
import openledger.bench.faults.FaultedGateway.Start;
import openledger.bench.faults.FaultedGateway.Way;
import openledger.bench.peers.Peer;
import openledger.bench.peers.PeerInstall;
import openledger.demo.ChildProcess;

/** Peers of {@code make peers-faults} in virtual environments of Python, from lists with versions and checksums, and their starts. */
final class FaultedInstall {
    private static final Path FOLDER = Path.of("target/peers");
    private static final Path LISTS = Path.of("scripts/peers");
    private static final String ROUTERS = "routers";
    private static final String LITELLM = "litellm-locked";

    private FaultedInstall() {}

    /** Envoy, SGLang's gateway and vLLM's router; why they cannot be had, or empty. */
    static Optional<String> routers() throws IOException, InterruptedException {
        return install(ROUTERS, LISTS.resolve("routers.txt"));
    }

    static Optional<String> liteLlm() throws IOException, InterruptedException {
        return install(LITELLM, LISTS.resolve("litellm.txt"));
    }

    /** A program of {@link #routers}. */
    static String program(String name) {
        return bin(ROUTERS, name);
    }

    static String liteLlmProgram() {
        return bin(LITELLM, "litellm");
    }

    private static String bin(String folder, String name) {
        return FOLDER.resolve(folder)
                .resolve("venv/bin")
                .resolve(name)
                .toAbsolutePath()
                .toString();
    }

    private static Optional<String> install(String folder, Path list) throws IOException, InterruptedException {
        String marker = list + " " + KeyDigest.of(Files.readString(list)).hex();
        return PeerInstall.run(
                        FOLDER.resolve(folder),
                        marker,
                        List.of(
                                List.of("python3", "-m", "venv", "--clear", "venv"),
                                List.of(
                                        "venv/bin/pip",
                                        "install",
                                        "-q",
                                        "--disable-pip-version-check",
                                        "--only-binary",
                                        ":all:",
                                        "--require-hashes",
                                        "--no-deps",
                                        "-r",
                                        list.toAbsolutePath().toString())))
                .map(Peer.Start.Absent::why);
    }

    /** Waits for a gateway that serves all cells; one that does not come up is absent, with its own last words. */
    static Start await(ChildProcess process, String url, Function<FaultCell, Door> doors) throws InterruptedException {
        return switch (PeerInstall.await(process, url)) {
            case Peer.Start.Absent(String why) -> new Start.Absent(why);
            case Peer.Start.Running(ChildProcess running) ->
                new Start.Running(new Run() {
                    @Override
                    public Way way(FaultCell cell) {
                        return new Way(doors.apply(cell), () -> {});
                    }

                    @Override
                    public void close() {
                        running.close();
                    }
                });
        };
    }
}
