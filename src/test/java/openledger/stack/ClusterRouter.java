package openledger.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import openledger.demo.ChildProcess;
import openledger.demo.LocalStack;
import openledger.support.BlackHole;
import org.jspecify.annotations.Nullable;

/**
 * A router as a process of its own, whose way to the database can be cut. Started again by its supervisor if it ends because it has lost its
 * lane, or half a minute after somebody has killed it; by nobody if {@link #kill} has. Thread-safe.
 */
public final class ClusterRouter implements AutoCloseable {
    /** Exit code of a router whose lane was taken. */
    private static final int LANE_LOST = 75;

    /** 128 and the number of SIGKILL: by somebody who wants to see what happens to its lane. */
    private static final int KILLED = 137;

    private static final Duration AFTER_KILL = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration LONGEST_SCRAPE = Duration.ofSeconds(5);

    private final String name;
    private final int port;
    private final Map<String, String> environment;
    private final Path config;
    private final Path folder;
    private final List<BlackHole> links;
    private volatile @Nullable ChildProcess process;
    private volatile boolean isWanted;
    private volatile int restarts;
    private int starts;

    /** One that is not started. */
    ClusterRouter(
            String name, int port, Map<String, String> environment, Path config, Path folder, List<BlackHole> links) {
        this.name = name;
        this.port = port;
        this.environment = environment;
        this.config = config;
        this.folder = folder;
        this.links = List.copyOf(links);
        Thread.ofPlatform().daemon().name(name + "-supervisor").start(this::supervise);
    }

    public String name() {
        return name;
    }

    /** What it calls the provider with. */
    public String key() {
        return "sk-provider-of-" + name;
    }

    /** The file that it was started from. */
    Path config() {
        return config;
    }

    public int port() {
        return port;
    }

    public String address() {
        return "http://127.0.0.1:" + port;
    }

    /** From now on it does not reach the database, and is told nothing. */
    public void cutOff() {
        links.forEach(BlackHole::cut);
    }

    /** From now on it reaches the database, but for what it shares the limits of keys by. */
    public void cutOffFromLimits() {
        links.forEach(BlackHole::cutWord);
    }

    /** From now on its new connections to the database pass. */
    public void heal() {
        links.forEach(BlackHole::heal);
    }

    /** How often its supervisor has started it again. */
    public int restarts() {
        return restarts;
    }

    /** Stands still until {@link #resume}, and does not know it. */
    public void suspend() throws IOException, InterruptedException {
        running().suspend();
    }

    public void resume() throws IOException, InterruptedException {
        running().resume();
    }

    private ChildProcess running() throws IOException {
        ChildProcess running = process;
        if (running == null) {
            throw new IOException(name + " was never started");
        }
        return running;
    }

    /** The number of its process, -1 if it was never started. */
    public long pid() {
        ChildProcess running = process;
        return running == null ? -1 : running.pid();
    }

    public boolean isAlive() {
        ChildProcess running = process;
        return running != null && running.isAlive();
    }

    /** What a scrape of it says. */
    public String metrics() throws IOException, InterruptedException {
        String port = environment.get("OPENLEDGER_TELEMETRY_SCRAPE_PORT");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest scrape = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .timeout(LONGEST_SCRAPE)
                    .build();
            return http.send(scrape, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    /** What it has said since it was started last. */
    public List<String> lines() throws IOException {
        ChildProcess running = process;
        return running == null ? List.of() : running.lines();
    }

    /** Starts it; {@link #awaitReady} tells when it takes requests. */
    public synchronized void start() throws IOException {
        starts++;
        process = LocalStack.router(name + "-" + starts, environment, config, folder);
        isWanted = true;
    }

    public void awaitReady() throws IOException, InterruptedException {
        ChildProcess running = process;
        if (running != null) {
            running.awaitReady(address() + "/q/health/ready");
        }
    }

    /** As a crash would, with SIGKILL; it stays down. */
    public synchronized void kill() {
        isWanted = false;
        ChildProcess running = process;
        if (running != null) {
            running.kill();
        }
    }

    /** From now on it is not started again, whatever it ends by. */
    void isLeftAlone() {
        isWanted = false;
    }

    /** SIGTERM; returns when it has ended. */
    public synchronized void stop() {
        isWanted = false;
        ChildProcess running = process;
        if (running != null) {
            running.close();
        }
    }

    private void supervise() {
        try {
            while (true) {
                Thread.sleep(BETWEEN_LOOKS);
                ChildProcess running = process;
                if (isWanted && running != null && !running.isAlive()) {
                    again(running);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (IOException broken) {
            System.err.println(name + " cannot be started again: " + broken.getMessage());
        }
    }

    private synchronized void again(ChildProcess ended) throws IOException, InterruptedException {
        if (isWanted) {
            int code = ended.awaitEnd(Duration.ofSeconds(1));
            if (code == KILLED) {
                System.out.println(name + " was killed; it is started again in " + AFTER_KILL.toSeconds() + " s.");
                Thread.sleep(AFTER_KILL);
                if (!isWanted) {
                    return;
                }
            } else if (code != LANE_LOST) {
                throw new IOException("it ended with " + code + ":\n" + ended.lastLines());
            }
            start();
            // Last, because whoever sees the number asks the process that it counts.
            restarts++;
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        for (BlackHole link : links) {
            link.close();
        }
    }
}
