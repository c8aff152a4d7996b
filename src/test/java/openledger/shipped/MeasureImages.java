package openledger.shipped;

import static openledger.shipped.NativeRouter.require;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.lab.world.CongestionParameters;
import openledger.simulator.ProviderSpec;
import openledger.simulator.SimulatedFleet;
import openledger.support.CheckFailed;
import openledger.support.ScratchFolder;
import openledger.support.Wrk;
import openledger.support.Wrk.Throughput;

/**
 * {@code make bench-image}: runs each image in turns, hardened as {@code docs/how-to/images.md} has it, beside a real database. Measures how
 * long it takes from {@code podman start} until it is ready, and how long {@code podman start} takes alone; what memory it has when nobody
 * asks anything, and under load.
 */
public final class MeasureImages {
    private static final int STARTS = 5;
    private static final int LOADS = 2;
    private static final int CONNECTIONS = 64;
    private static final int WARM_UP_SECONDS = 5;
    private static final int LOAD_SECONDS = 10;
    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(2);

    private final Path folder;
    private final Map<String, String> environment;
    private final int port;
    private final List<Image> images;

    private MeasureImages(Path folder, Map<String, String> environment, int port, List<String> names) {
        this.folder = folder;
        this.environment = environment;
        this.port = port;
        this.images = names.stream()
                .map(name -> new Image(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>()))
                .toList();
    }

    /** An image, and what it has shown. {@code engine} is in milliseconds. */
    private record Image(String name, List<Double> engine, List<Start> starts, List<Loaded> loads) {}

    private record Start(double millis, ImageMemory idle) {}

    private record Loaded(Throughput throughput, ImageMemory memory) {}

    public static void main(String[] images) throws IOException, SQLException, InterruptedException {
        Podman.requireImages(List.of(images));
        Path folder = ScratchFolder.make("images");
        int port = ChildProcess.freePort();
        try (LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), 0);
                SimulatedFleet fleet = SimulatedFleet.start(
                        List.of(ProviderSpec.quick("north"), ProviderSpec.quick("south")),
                        CongestionParameters.REFERENCE,
                        1)) {
            Files.writeString(
                    Files.createDirectories(folder.resolve("configuration")).resolve("openledger.yaml"),
                    TrainRouter.config(
                            fleet.provider("north").baseUrl(),
                            fleet.provider("south").baseUrl(),
                            ChildProcess.freePort()));
            new MeasureImages(folder, LocalStack.environment(postgres, port), port, List.of(images)).all();
        } catch (CheckFailed e) {
            System.err.println("The images could not be measured: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private void all() throws IOException, InterruptedException, CheckFailed {
        System.out.println("Machine: " + Runtime.getRuntime().availableProcessors() + " cores, load average "
                + Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0] + " before");
        for (int round = 0; round <= STARTS; round++) {
            for (Image image : images) {
                double engine = engine(image.name());
                Start start = start(image.name());
                // The first makes the tables, and reads the image from the disk.
                if (round > 0) {
                    image.engine().add(engine);
                    image.starts().add(start);
                }
            }
        }
        for (int round = 0; round < LOADS; round++) {
            for (Image image : images) {
                image.loads().add(loaded(image.name()));
            }
        }
        images.forEach(MeasureImages::print);
    }

    private static void print(Image image) {
        System.out.printf(
                Locale.ROOT,
                "%s: ready after %s; of that podman start %s%n  idle: %s%n",
                image.name(),
                millis(image.starts().stream().map(Start::millis)),
                millis(image.engine().stream()),
                ImageMemory.most(image.starts().stream().map(Start::idle)));
        image.loads()
                .forEach(load -> System.out.printf(
                        Locale.ROOT,
                        "  %d connections: %.0f requests/s, p99 %.1f ms; %s at most%n",
                        CONNECTIONS,
                        load.throughput().perSecond(),
                        load.throughput().p99(),
                        load.memory()));
    }

    private static String millis(Stream<Double> all) {
        List<Double> sorted = all.sorted().toList();
        return String.format(
                Locale.ROOT,
                "%.0f ms (%.0f to %.0f, %d times)",
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }

    /** How long the engine takes to start a container that has next to nothing to do. */
    private double engine(String image) throws IOException, InterruptedException, CheckFailed {
        try (Podman container = create(image, "--version")) {
            long begin = System.nanoTime();
            container.start();
            return (System.nanoTime() - begin) / 1e6;
        }
    }

    private Start start(String image) throws IOException, InterruptedException, CheckFailed {
        try (Podman container = create(image)) {
            double millis = ready(container);
            NativeRouter router = NativeRouter.at(port);
            HttpResponse<String> answer = router.send(router.chat(LocalStack.KEY, false));
            require(answer.statusCode() == 200, answer);
            Thread.sleep(IDLE);
            return new Start(millis, ImageMemory.now(container.pid()));
        }
    }

    private Loaded loaded(String image) throws IOException, InterruptedException, CheckFailed {
        try (Podman container = create(image)) {
            ready(container);
            Wrk wrk = new Wrk(folder);
            Wrk.Aim aim = Wrk.Aim.at(port, "assistant");
            wrk.load(aim, CONNECTIONS, WARM_UP_SECONDS);
            Throughput throughput = wrk.load(aim, CONNECTIONS, LOAD_SECONDS);
            require(wrk.failures() == 0, "requests have failed under load");
            return new Loaded(throughput, ImageMemory.peak(container.pid()));
        }
    }

    private Podman create(String image, String... command) throws IOException, InterruptedException, CheckFailed {
        return Podman.create(image, folder.resolve("configuration"), environment, command);
    }

    /** Milliseconds from {@code podman start} to the first time that it says it is ready. */
    private double ready(Podman container) throws IOException, InterruptedException, CheckFailed {
        long begin = System.nanoTime();
        container.start();
        NativeRouter router = NativeRouter.at(port);
        while (System.nanoTime() - begin < LONGEST_START.toNanos()) {
            try {
                if (router.get("/q/health/ready", "").statusCode() == 200) {
                    return (System.nanoTime() - begin) / 1e6;
                }
            } catch (IOException notYet) {
                // It does not listen yet.
            }
            Thread.sleep(BETWEEN_QUESTIONS);
        }
        throw new CheckFailed("not ready after " + LONGEST_START.toSeconds() + " s:\n" + container.log());
    }
}
