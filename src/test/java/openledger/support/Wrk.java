package openledger.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.demo.LocalStack;

/** The closed loop: {@code wrk} with one thread, which sends the next request of a connection when the last is answered. */
public final class Wrk {
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s|m)\\s");
    private static final Pattern FAILED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)|Socket errors: (.*)");
    private static final int GRACE_SECONDS = 30;

    private final Path folder;
    private int failures;

    /** A closed loop whose scripts are written into {@code folder}. */
    public Wrk(Path folder) {
        this.folder = folder;
    }

    /**
     * Whom to ask, and how.
     *
     * @param name of the script's file
     * @param model what the body names
     * @param headers besides key and content type
     */
    public record Aim(String name, int port, String model, Map<String, String> headers) {
        public static Aim at(int port, String model) {
            return new Aim(model, port, model, Map.of());
        }
    }

    /** What got through: requests a second, and the 99th percentile of the latency in ms. */
    public record Throughput(double perSecond, double p99) {}

    /** Requests a second that get through. */
    public double perSecond(Aim aim, int connections, int seconds) throws IOException, InterruptedException {
        return load(aim, connections, seconds).perSecond();
    }

    /** A closed loop of so many connections, and what got through. */
    public Throughput load(Aim aim, int connections, int seconds) throws IOException, InterruptedException {
        Path script = folder.resolve(aim.name() + ".lua");
        Path output = folder.resolve(aim.name() + ".wrk");
        Files.writeString(script, script(aim));
        Process process = new ProcessBuilder(List.of(
                        "wrk",
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "--latency",
                        // Slower than this is a failure; the default of 2 s would call a slow peer a broken one.
                        "--timeout",
                        "20s",
                        "-s",
                        script.toString(),
                        "http://127.0.0.1:" + aim.port() + "/v1/chat/completions"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("wrk did not end");
        }
        return throughput(aim, Files.readString(output));
    }

    private Throughput throughput(Aim aim, String said) throws IOException {
        Matcher failed = FAILED.matcher(said);
        if (failed.find()) {
            failures++;
            System.out.println("  wrk to " + aim.name() + " on port " + aim.port() + ": " + failed.group());
        }
        Matcher rate = RATE.matcher(said);
        Matcher p99 = P99.matcher(said);
        if (!rate.find() || !p99.find()) {
            throw new IOException("wrk said: " + said);
        }
        double millis = Double.parseDouble(p99.group(1))
                * switch (p99.group(2)) {
                    case "us" -> 0.001;
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    default -> 60_000;
                };
        return new Throughput(Double.parseDouble(rate.group(1)), millis);
    }

    private static String script(Aim aim) {
        StringBuilder headers = new StringBuilder();
        aim.headers()
                .forEach((name, value) ->
                        headers.append(String.format(Locale.ROOT, "wrk.headers[\"%s\"] = \"%s\"%n", name, value)));
        return """
                wrk.method = "POST"
                wrk.headers["content-type"] = "application/json"
                wrk.headers["authorization"] = "Bearer %s"
                %swrk.body = '{"model":"%s","messages":[{"role":"system","content":"You are a helpful assistant."},\
                {"role":"user","content":"Hello!"}]}'
                """.formatted(LocalStack.KEY, headers, aim.model());
    }

    /** Runs in which at least one request failed. */
    public int failures() {
        return failures;
    }
}
