package openledger.shipped;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import openledger.support.CheckFailed;

/** A container, hardened as {@code docs/how-to/images.md} has it. Closing removes it. */
record Podman(String id) implements AutoCloseable {
    private static final int LIMIT_SECONDS = 60;
    private static final List<String> HARDENED = List.of(
            "--read-only",
            "--tmpfs=/tmp",
            "--cap-drop=all",
            "--security-opt=no-new-privileges",
            "--memory=640m",
            "--pids-limit=256",
            "--network=host");

    /** Ends the program, with a sentence, if there is no podman or one of the images is not there. */
    static void requireImages(List<String> images) throws InterruptedException {
        if (images.isEmpty()) {
            refuse("Name the images, for example openledger:jvm openledger:native.");
        }
        for (String image : images) {
            try {
                if (code(List.of("podman", "image", "exists", image)) != 0) {
                    refuse("There is no image " + image + ": \"make image\" builds what this machine can.");
                }
            } catch (IOException e) {
                refuse("There is no podman here, which starts the images.");
            }
        }
    }

    private static void refuse(String sentence) {
        System.err.println(sentence);
        System.exit(2);
    }

    static Podman create(String image, Path configuration, Map<String, String> environment, String... command)
            throws IOException, InterruptedException, CheckFailed {
        List<String> create = new ArrayList<>(List.of("podman", "create", "-v", configuration + ":/etc/openledger:ro"));
        create.addAll(HARDENED);
        environment.forEach((name, value) -> create.add("--env=" + name + "=" + value));
        create.add("--env=QUARKUS_HTTP_HOST=127.0.0.1");
        create.add(image);
        create.addAll(List.of(command));
        return new Podman(run(create));
    }

    void start() throws IOException, InterruptedException, CheckFailed {
        run(List.of("podman", "start", id));
    }

    String pid() throws IOException, InterruptedException, CheckFailed {
        return run(List.of("podman", "inspect", "--format", "{{.State.Pid}}", id));
    }

    String log() throws IOException, InterruptedException, CheckFailed {
        return run(List.of("podman", "logs", "--tail", "20", id));
    }

    @Override
    public void close() throws IOException, CheckFailed {
        try {
            run(List.of("podman", "rm", "--force", "--time", "15", id));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a container was removed", e);
        }
    }

    private static int code(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** The last line that a command says, for warnings come first. */
    private static String run(List<String> command) throws IOException, InterruptedException, CheckFailed {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new CheckFailed("not within " + LIMIT_SECONDS + " s: " + String.join(" ", command));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.exitValue() != 0) {
            throw new CheckFailed(String.join(" ", command) + ": " + said);
        }
        return command.get(1).equals("logs") ? said : said.substring(said.lastIndexOf('\n') + 1);
    }
}
