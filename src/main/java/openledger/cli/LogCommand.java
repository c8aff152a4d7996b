package openledger.cli;

import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import openledger.archive.ArchiveAddress;
import openledger.cli.log.CheckpointKey;
import openledger.cli.log.LaneExport;
import openledger.cli.log.LaneExport.Begin;
import openledger.settlement.log.LogArchive;
import openledger.store.LaneDatabase;
import openledger.unit.LaneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The log of a lane, directly from the database. */
@Command(name = "log", mixinStandardHelpOptions = true, description = "Copy the log of a lane out of the database.")
public final class LogCommand {
    private static final String ARCHIVE = "openledger.log.archive";

    @Mixin
    private final Console console = new Console();

    private final Function<String, @Nullable String> environment;

    /** The command as people use it. */
    public LogCommand() {
        this(System::getenv);
    }

    /** With another environment. */
    LogCommand(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** Copies what is not there yet. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            exitCodeOnExecutionException = 1,
            description =
                    "Copy a lane's log, with the records and snapshots of its batches, to a folder or a bucket; goes on where it stopped.",
            footer = {
                "Example:",
                "  openledger log export --config openledger.yaml --to /var/lib/openledger/log",
                "  openledger log export --config openledger.yaml --to s3://audit/log --endpoint https://minio.example:9000",
                "",
                "The folder of the lane is a log as C2SP tlog-tiles has it, which any server of static files can serve. The checkpoint is",
                "signed with the key of openledger.log.key-env if the lane is the one that the configuration settles (openledger.lane and",
                "openledger.settlement: chain-id, registry, lane-opener); if not, the checkpoint of before stays.",
                "Tiles are computed from the leaves again, each batch is held against its header, and each object is read back.",
                "What is there is not written again, and must be the same. It may be ended at any time, and the router may be running.",
                "For buckets, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN) have the keys.",
                "Exit codes: 0 all batches are there; 1 they are not, and the reason is printed; 2 wrong usage."
            })
    int export(
            @Option(
                            names = "--config",
                            required = true,
                            paramLabel = "FILE",
                            description = "The router's configuration; its quarkus.datasource keys name the database.")
                    Path file,
            @Option(
                            names = "--to",
                            paramLabel = "WHERE",
                            description =
                                    "A folder, or s3://bucket/prefix. Default: the configuration's openledger.log.archive.")
                    Optional<String> to,
            @Option(
                            names = "--endpoint",
                            paramLabel = "URL",
                            description = "With --to: address of a service with the API of S3. Default: AWS.")
                    Optional<String> endpoint,
            @Option(
                            names = "--region",
                            paramLabel = "NAME",
                            description = "With --to: region of the bucket. Default: us-east-1.")
                    Optional<String> region,
            @Option(
                            names = "--lane",
                            paramLabel = "N",
                            description = "The lane. Default: the only one in the database.")
                    Optional<Long> lane,
            @Option(
                            names = "--all",
                            description =
                                    "Begin with the first batch: check all that is there, and copy what is missing.")
                    boolean all) {
        if (lane.filter(number -> number < 1).isPresent()) {
            throw console.usage("--lane must be a number from 1.");
        }
        if (to.isEmpty() && (endpoint.isPresent() || region.isPresent())) {
            throw console.usage("--endpoint and --region need --to.");
        }
        SmallRyeConfig config = read(file);
        Optional<LogArchive> archive = archive(config);
        LogArchive target = to.map(where -> open("--to", new ArchiveAddress(where, endpoint, region)))
                .or(() -> archive)
                .orElseThrow(() -> console.usage("--to is missing, and the configuration has no " + ARCHIVE + "."));
        Begin begin = all ? Begin.FIRST_BATCH : Begin.WHERE_IT_STOPPED;
        CheckpointKey key = key(config);
        Vertx vertx = NodeCall.loop();
        try {
            LaneExport export = new LaneExport(database(vertx, file), target, archive.orElse(target), this::say);
            export.run(lane.isPresent() ? new LaneId(lane.get()) : only(export.lanes()), begin, key::of);
            return 0;
        } catch (IOException e) {
            console.complain("The export failed: " + e.getMessage() + ".");
            return 1;
        } finally {
            NodeCall.end(vertx);
        }
    }

    private LaneDatabase database(Vertx vertx, Path file) {
        try {
            return LaneDatabase.at(vertx, ConfiguredDatabase.database(file));
        } catch (IOException e) {
            throw console.usage(String.valueOf(e.getMessage()));
        }
    }

    private Optional<LogArchive> archive(SmallRyeConfig config) {
        return text(config, ARCHIVE)
                .map(where -> open(
                        ARCHIVE,
                        new ArchiveAddress(
                                where, text(config, ARCHIVE + "-endpoint"), text(config, ARCHIVE + "-region"))));
    }

    private LogArchive open(String key, ArchiveAddress address) {
        try {
            return address.open(environment);
        } catch (IllegalArgumentException e) {
            throw console.usage(key + ": " + e.getMessage() + ".");
        }
    }

    private LaneId only(List<LaneId> lanes) throws IOException {
        if (lanes.isEmpty()) {
            throw new IOException("the database has no batches");
        }
        if (lanes.size() > 1) {
            throw console.usage("The database has several lanes, so --lane must be one of "
                    + lanes.stream().map(each -> Long.toString(each.value())).collect(Collectors.joining(", ")) + ".");
        }
        return lanes.getFirst();
    }

    private CheckpointKey key(SmallRyeConfig config) {
        try {
            return new CheckpointKey(config, environment);
        } catch (IllegalArgumentException e) {
            throw console.usage(e.getMessage() + ".");
        }
    }

    private static Optional<String> text(SmallRyeConfig config, String key) {
        return config.getOptionalValue(key, String.class).map(String::strip);
    }

    private SmallRyeConfig read(Path file) {
        try {
            return ConfiguredDatabase.read(file);
        } catch (IOException e) {
            throw console.usage(String.valueOf(e.getMessage()));
        }
    }

    private void say(String line) {
        console.out().println(line);
        console.out().flush();
    }
}
