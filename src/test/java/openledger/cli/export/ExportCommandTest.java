package openledger.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import openledger.demo.LocalPostgres;
import openledger.inference.record.Decision;
import openledger.settlement.TestDecisions;
import openledger.store.SettlementDatabase;
import openledger.store.decision.DecisionProjector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Decisions of a database in files. */
final class ExportCommandTest {
    private static final int DECISIONS = 4_500;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final List<Decision> WANTED = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void fill() throws SQLException {
        Random random = new Random(3);
        for (int i = 1; i <= DECISIONS; i++) {
            WANTED.add(TestDecisions.decision(random, i));
        }
        DATABASE.policy(SettlementDatabase.LANE, 4);
        DATABASE.decide(SettlementDatabase.LANE, 1, WANTED);
        DecisionProjector projector = DATABASE.projector();
        projector.start();
        while (!DATABASE.text("select count(*) from decision").equals(Integer.toString(DECISIONS))) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        projector.stop();
    }

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @Test
    void linesHaveEveryDecisionOnceInOrder() throws IOException {
        Path out = folder.resolve("all.jsonl");
        Ran ran = run(
                "--format",
                "jsonl",
                "--from",
                today().toString(),
                "--to",
                today().plusSeconds(3_600).toString(),
                "--out",
                out.toString());

        assertThat(ran.code).as(ran.said).isZero();
        assertThat(ran.said).contains(DECISIONS + " decisions");
        List<String> ids = new ArrayList<>();
        for (String line : Files.readAllLines(out)) {
            ids.add(JSON.readTree(line).get("request").textValue());
        }
        assertThat(ids)
                .containsExactlyElementsOf(
                        WANTED.stream().map(each -> each.id().toString()).toList());
        assertThat(Files.readString(out)).contains("\"route\":\"route3\"");
    }

    /** From inclusive, to exclusive, of one tenant. */
    @Test
    void aTableHasWhatIsWantedOnly() throws IOException {
        Path out = folder.resolve("some.parquet");
        Ran ran = run(
                "--format", "parquet",
                "--from", today().plusMillis(1_000).toString(),
                "--to", today().plusMillis(4_000).toString(),
                "--tenant", "tenant-7",
                "--out", out.toString());

        assertThat(ran.code).as(ran.said).isZero();
        List<Decision> wanted = WANTED.stream()
                .filter(each -> each.intent().tenant().equals("tenant-7")
                        && each.id().counter() >= 1_000
                        && each.id().counter() < 4_000)
                .toList();
        assertThat(wanted).hasSizeGreaterThan(20);
        List<Long> counters = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(out));
                RowReader rows = reader.rowReader()) {
            while (rows.hasNext()) {
                rows.next();
                Decision of = WANTED.get((int) rows.getLong("counter") - 1);
                counters.add(rows.getLong("counter"));
                assertThat(rows.getString("tenant")).isEqualTo("tenant-7");
                assertThat(rows.getString("status")).isEqualTo(of.status().name());
                assertThat(rows.getTimestamp("arrival").toEpochMilli())
                        .isEqualTo(of.intent().arrivalMillis());
                assertThat(rows.getDouble("time_ms_total"))
                        .isEqualTo(of.timeSplit().total() / 1_000.0);
                JsonNode attempts = JSON.readTree(rows.getString("attempt_list"));
                assertThat(attempts).hasSize(of.attempts().size());
            }
        }
        assertThat(counters)
                .containsExactlyElementsOf(
                        wanted.stream().map(each -> each.id().counter()).toList());
        assertThat(Files.exists(folder.resolve("some.parquet.part"))).isFalse();
    }

    @Test
    void nothingIsATableToo() throws IOException {
        Path out = folder.resolve("none.parquet");
        Ran ran = run(
                "--format",
                "parquet",
                "--from",
                "2020-01-01T00:00:00Z",
                "--to",
                "2020-01-03T00:00:00Z",
                "--out",
                out.toString());

        assertThat(ran.code).as(ran.said).isZero();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(out));
                RowReader rows = reader.rowReader()) {
            assertThat(rows.hasNext()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "csv, 2026-01-01T00:00:00Z, new, --format must be",
        "jsonl, yesterday, new, --from must be a time",
        "jsonl, 2999-01-01T00:00:00Z, new, --from must be before",
        "jsonl, 2026-01-01T00:00:00Z, there, --out must not be there"
    })
    void whatCannotBeDoneIsWrongUsage(String format, String from, String out, String said) throws IOException {
        Files.writeString(folder.resolve("there"), "before");
        Ran ran = run(
                "--format", format, "--from", from, "--out", folder.resolve(out).toString());

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.said).contains(said);
        assertThat(Files.exists(folder.resolve("new"))).isFalse();
        assertThat(Files.readString(folder.resolve("there"))).isEqualTo("before");
    }

    @Test
    void aDatabaseThatIsAwayLeavesNoFile() throws IOException {
        Path config = config("postgresql://127.0.0.1:1/none");
        Ran ran = runWith(
                config,
                "--format",
                "jsonl",
                "--from",
                today().toString(),
                "--out",
                folder.resolve("new").toString());

        assertThat(ran.code).isEqualTo(1);
        assertThat(ran.said)
                .contains("The export failed: the database at 127.0.0.1:1/none does not answer")
                .doesNotContain(LocalPostgres.PASSWORD + "@");
        assertThat(ran.said.lines()).hasSize(1);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(config);
        }
    }

    @Test
    void aDatabaseWithoutARouterIsToldInOneSentence() throws IOException {
        Ran ran = runWith(
                config(DATABASE.url().replaceFirst("/[^/?]+(\\?|$)", "/template1$1")),
                "--format",
                "jsonl",
                "--from",
                today().toString(),
                "--out",
                folder.resolve("new").toString());

        assertThat(ran.code).isEqualTo(1);
        assertThat(ran.said)
                .contains("The export failed: the database at ", "/template1 has no tables of a router")
                .doesNotContain("relation");
        assertThat(ran.said.lines()).hasSize(1);
    }

    /** Of TestDecisions: a millisecond each from the beginning of the day. */
    private static Instant today() {
        return Instant.ofEpochMilli(WANTED.getFirst().intent().arrivalMillis()).truncatedTo(ChronoUnit.DAYS);
    }

    private record Ran(int code, String said) {}

    private Ran run(String... arguments) throws IOException {
        return runWith(config(DATABASE.url()), arguments);
    }

    private static Ran runWith(Path config, String... arguments) {
        StringWriter said = new StringWriter();
        List<String> line = new ArrayList<>(List.of("--config", config.toString()));
        line.addAll(List.of(arguments));
        int code = new CommandLine(new ExportCommand())
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(line.toArray(String[]::new));
        return new Ran(code, said.toString());
    }

    private Path config(String url) throws IOException {
        return Files.writeString(
                folder.resolve("openledger.yaml"), """
                quarkus:
                  datasource:
                    username: %s
                    password: %s
                    reactive: { url: "%s" }
                """.formatted(LocalPostgres.USER, LocalPostgres.PASSWORD, url));
    }
}
