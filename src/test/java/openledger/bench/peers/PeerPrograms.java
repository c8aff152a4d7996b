package openledger.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import openledger.access.KeyDigest;

/**
 * Programs of other gateways in a virtual environment of Python, from a list with versions and checksums.
 *
 * @param folder below {@code target/peers}
 * @param list in {@code scripts/peers}
 */
public record PeerPrograms(String folder, String list) {
    /** Envoy, SGLang's gateway, vLLM's router, rolter and Ferro. */
    public static final PeerPrograms COMPILED = new PeerPrograms("routers", "routers.txt");

    public static final PeerPrograms LITELLM = new PeerPrograms("litellm-locked", "litellm.txt");

    private static final Path INSTALLED = Path.of("target/peers");
    private static final Path LISTS = Path.of("scripts/peers");

    /** Installs what is not there yet; why it cannot be had, or empty. */
    public Optional<String> install() throws IOException, InterruptedException {
        Path wanted = LISTS.resolve(list);
        return PeerInstall.run(
                INSTALLED.resolve(folder),
                wanted + " " + KeyDigest.of(Files.readString(wanted)).hex(),
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
                                wanted.toAbsolutePath().toString())));
    }

    /** Where a program is. */
    public String program(String name) {
        return INSTALLED
                .resolve(folder)
                .resolve("venv/bin")
                .resolve(name)
                .toAbsolutePath()
                .toString();
    }
}
