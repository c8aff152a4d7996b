package openledger.cli.export;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import openledger.cli.ConfiguredDatabase;
import openledger.cli.Console;
import openledger.cli.NodeCall;
import openledger.cli.export.DecisionFile.Format;
import openledger.inference.Catalog;
import openledger.inference.Catalog.LaneNumber;
import openledger.inference.Catalog.Names;
import openledger.inference.record.Decision;
import openledger.inference.record.Decisions.Found;
import openledger.store.DecisionArchive;
import openledger.stream.DecisionForm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies decisions out of the database into a file. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeOnExecutionException = 1,
        description = "Copy decisions of a time out of the database, as a table or as lines of JSON.",
        footer = {
            "",
            "Example:",
            "  openledger export --config openledger.yaml --format parquet --from 2026-01-31T00:00:00Z --to 2026-02-01T00:00:00Z \\",
            "    --out decisions.parquet",
            "  openledger export --config openledger.yaml --format jsonl --from 2026-01-31T12:00:00Z --tenant acme --out acme.jsonl",
            "",
            "A line of JSON is what the stream of decisions has of it: docs/schemas/decision.v1.json. A table has a column for each member;",
            "lists, such as the attempts, are JSON in their column. No prompt, answer or key is in it.",
            "Decisions are those that have been derived, which takes seconds, and are not deleted yet (openledger.retention.decision-days).",
            "They are in the order of their lanes and numbers, day by day. The router may be running.",
            "Exit codes: 0 the file is there; 1 it is not, and the reason is printed; 2 wrong usage."
        })
public final class ExportCommand implements Callable<Integer> {
    @Mixin
    private final Console console = new Console();

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The router's configuration; its quarkus.datasource keys name the database.")
    private Path config = Path.of("");

    @Option(names = "--format", required = true, paramLabel = "FORMAT", description = "parquet or jsonl.")
    private String format = "";

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            description = "Earliest arrival, like 2026-01-31T12:00:00Z.")
    private String from = "";

    @Option(names = "--to", paramLabel = "TIME", description = "The arrival before which it ends. Default: now.")
    private Optional<String> to = Optional.empty();

    @Option(names = "--tenant", paramLabel = "NAME", description = "Only decisions of this tenant. Default: all.")
    private Optional<String> tenant = Optional.empty();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The file to write, which must not be there.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        Format chosen = Arrays.stream(Format.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(format))
                .findFirst()
                .orElseThrow(() -> console.usage("--format must be parquet or jsonl."));
        Instant first = time("--from", from);
        Instant end = to.map(text -> time("--to", text)).orElseGet(Instant::now);
        if (!first.isBefore(end)) {
            throw console.usage("--from must be before --to.");
        }
        if (Files.exists(file)) {
            throw console.usage("--out must not be there yet: " + file + ".");
        }
        Vertx vertx = NodeCall.loop();
        try {
            long written = export(open(vertx), chosen, first, end);
            console.out().println(written + " decisions written to " + file + ".");
            console.out().flush();
            return 0;
        } catch (IOException e) {
            console.err().println("The export failed: " + reason(e) + ".");
            console.err().flush();
            return 1;
        } finally {
            NodeCall.end(vertx);
        }
    }

    /** A file's own exceptions say which file, and nothing else. */
    private static String reason(IOException failure) {
        return failure instanceof FileSystemException
                ? failure.getMessage() + " cannot be written ("
                        + failure.getClass().getSimpleName() + ")"
                : String.valueOf(failure.getMessage());
    }

    private Instant time(String option, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw console.usage(option + " must be a time like 2026-01-31T12:00:00Z.");
        }
    }

    private DecisionArchive open(Vertx vertx) {
        try {
            return DecisionArchive.at(vertx, ConfiguredDatabase.database(config));
        } catch (IOException e) {
            throw console.usage(String.valueOf(e.getMessage()));
        }
    }

    private long export(DecisionArchive decisions, Format chosen, Instant first, Instant end) throws IOException {
        DecisionForm form = new DecisionForm(name -> name);
        Catalog catalog = now(decisions, decisions.names());
        long written = 0;
        try (DecisionFile to = DecisionFile.of(chosen, file)) {
            DecisionArchive.Wanted wanted =
                    new DecisionArchive.Wanted(first.toEpochMilli(), end.toEpochMilli(), tenant);
            for (LocalDate day = wanted.firstDay(); !day.isAfter(wanted.lastDay()); day = day.plusDays(1)) {
                Optional<DecisionArchive.Place> place = Optional.of(DecisionArchive.Place.START);
                while (place.isPresent()) {
                    DecisionArchive.Page page = now(decisions, decisions.after(day, place.get(), wanted));
                    Names names = now(decisions, catalog.names(keys(page.decisions())));
                    for (Decision decision : page.decisions()) {
                        to.add(form.encode(decision, names));
                        written++;
                    }
                    place = page.next();
                }
            }
            to.finish();
        }
        return written;
    }

    private static Set<LaneNumber> keys(List<Decision> decisions) {
        return LaneNumber.of(decisions.stream().<Found>map(Found.Finished::new).toList());
    }

    /** Whatever goes wrong with the database is for people to read. */
    private static <T> T now(DecisionArchive of, Uni<T> answer) throws IOException {
        try {
            return answer.await().indefinitely();
        } catch (RuntimeException e) {
            throw new IOException(of.trouble(e), e);
        }
    }
}
