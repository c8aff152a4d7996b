package openledger.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL on this machine, its data in a folder that outlives it, with {@code fsync} and
 * {@code synchronous_commit} on. Can be killed as a crash would kill it, and started again. Confined to one thread.
 */
public final class LocalPostgres implements AutoCloseable {
    public static final String USER = "postgres";
    public static final String PASSWORD = "postgres";
    public static final String DATABASE = "openledger";
    private static final int LONGEST_END_SECONDS = 20;

    private final Path data;
    private final List<String> addresses;
    private int port;
    private @Nullable EmbeddedPostgres server;

    private LocalPostgres(Path data, int port, List<String> addresses) {
        this.data = data;
        this.addresses = addresses;
        this.port = port;
    }

    /** Starts on {@code port}, 0 for any free one, with the data in {@code data}, which is made if it is not there. */
    public static LocalPostgres start(Path data, int port) throws IOException, SQLException {
        return start(data, port, List.of("127.0.0.1"));
    }

    /** The same, listening on these addresses of the loopback network. */
    public static LocalPostgres start(Path data, int port, List<String> addresses) throws IOException, SQLException {
        LocalPostgres postgres = new LocalPostgres(data.toAbsolutePath(), port, addresses);
        postgres.startAgain();
        return postgres;
    }

    /** Starts again after {@link #kill}, on the same port and data. */
    public void startAgain() throws IOException, SQLException {
        Path unfinished = data.resolveSibling(data.getFileName() + ".unfinished");
        endLeftOver();
        if (Files.exists(unfinished)) {
            // The first start was interrupted, and what is there is half a database that never held anything.
            delete(data);
        } else if (!Files.exists(data.resolve("PG_VERSION"))) {
            Files.createDirectories(data.getParent());
            Files.createFile(unfinished);
        }
        Files.createDirectories(data);
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(Files.createDirectories(data.resolveSibling("postgres-bin"))
                        .toFile())
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("listen_addresses", String.join(",", addresses))
                .setServerConfig("shared_buffers", "128MB")
                .start();
        server = started;
        port = started.getPort();
        createDatabase(started);
        Files.deleteIfExists(unfinished);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** A postmaster of an earlier run that was not stopped holds the data: it is asked to end first. */
    private void endLeftOver() throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (!lines.isEmpty() && lines.getFirst().strip().matches("[0-9]{1,18}")) {
            // The number may be another process's by now.
            Optional<ProcessHandle> left = ProcessHandle.of(
                            Long.parseLong(lines.getFirst().strip()))
                    .filter(process -> List.of(process.info().arguments().orElse(new String[0]))
                            .contains(data.toString()));
            if (left.isPresent()) {
                end(left.get());
            }
        }
        Files.deleteIfExists(pidFile);
    }

    /** SIGINT is the fast shutdown; SIGTERM would wait for clients, which may have been left over as well. */
    private static void end(ProcessHandle postmaster) throws IOException {
        new ProcessBuilder("kill", "-INT", Long.toString(postmaster.pid())).start();
        try {
            postmaster.onExit().get(LONGEST_END_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException late) {
            postmaster.destroyForcibly();
            postmaster.onExit().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an old PostgreSQL ends", e);
        }
    }

    private static void createDatabase(EmbeddedPostgres server) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
            if (!found.next()) {
                statement.execute("create database " + DATABASE);
            }
        }
    }

    /** Kills the server and all its processes with SIGKILL, as a crash of the machine would. */
    public void kill() {
        try {
            ProcessHandle postmaster = postmaster();
            List<ProcessHandle> backends = postmaster.descendants().toList();
            postmaster.destroyForcibly();
            backends.forEach(ProcessHandle::destroyForcibly);
            postmaster.onExit().join();
            backends.forEach(backend -> backend.onExit().join());
            // Nothing is left to stop; this gives back the lock on the data.
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's first process, parent of all others. */
    public ProcessHandle postmaster() throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
    }

    /** Of 127.0.0.1, and the same after {@link #startAgain}. */
    public int port() {
        return port;
    }

    public String reactiveUrl() {
        return "postgresql://127.0.0.1:" + port + "/" + DATABASE;
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
    }

    /** A connection for a test or a benchmark to look with. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), USER, PASSWORD);
    }

    /** What the server says of one of its settings. */
    public String setting(String name) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
    }
}
