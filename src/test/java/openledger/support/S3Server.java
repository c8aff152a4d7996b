package openledger.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server of S3 that is not ours (moto), which checks signatures by AWS's own library; said, not failed, where it cannot be had. */
public final class S3Server implements AutoCloseable {
    private static final Path FOLDER = Path.of("src/test/python/s3");
    private static final Path VENV = Path.of("target/python-s3");
    private static final long MOST_SECONDS = 300;

    private final Process process;
    private final String[] words;

    private S3Server(Process process, String[] words) {
        this.process = process;
        this.words = words;
    }

    /** Starts one with an empty bucket; ends the test that asks if there is no Python, or its packages cannot be had. */
    public static S3Server orSkip() throws IOException, InterruptedException {
        assumeTrue(isInstalled(), "no other server of S3 has read ours: Python 3.11 or its packages cannot be had");
        Process process = new ProcessBuilder(
                        python(), FOLDER.resolve("serve.py").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            process.destroyForcibly();
            throw new IOException("the server of S3 does not start");
        }
        return new S3Server(process, line.split(" "));
    }

    public String endpoint() {
        return words[0];
    }

    public String bucket() {
        return words[1];
    }

    /** Its keys, by the names of AWS. */
    public Map<String, String> keys() {
        return Map.of("AWS_ACCESS_KEY_ID", words[2], "AWS_SECRET_ACCESS_KEY", words[3]);
    }

    private static String python() {
        return VENV.resolve("bin/python").toString();
    }

    private static boolean isInstalled() throws IOException, InterruptedException {
        String list = FOLDER.resolve("requirements.txt").toString();
        Path note = VENV.resolve("installed");
        if (Files.exists(note)) {
            return true;
        }
        boolean made = run(List.of("python3", "-m", "venv", "--clear", VENV.toString()))
                && run(List.of(
                        python(),
                        "-m",
                        "pip",
                        "install",
                        "-q",
                        "--disable-pip-version-check",
                        "--only-binary",
                        ":all:",
                        "--no-deps",
                        "--require-hashes",
                        "-r",
                        list));
        if (made) {
            Files.createFile(note);
        }
        return made;
    }

    private static boolean run(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    /** It ends with its input. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.destroy();
    }
}
