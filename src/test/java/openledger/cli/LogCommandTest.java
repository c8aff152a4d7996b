package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import openledger.chain.LaneAccount;
import openledger.chain.LaneSeed;
import openledger.commitment.BatchHeader;
import openledger.commitment.LaneNumber;
import openledger.commitment.LogOrigin;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.TiledLog;
import openledger.demo.LocalPostgres;
import openledger.identity.NoteSecret;
import openledger.settlement.CutBatches;
import openledger.settlement.cut.CutBatch;
import openledger.store.SettlementDatabase;
import openledger.store.lane.StoredLane;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code openledger log export} from a real database to a folder. Long because each way not to be the settled lane is there. */
final class LogCommandTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final String ACCOUNT_SECRET = "04".repeat(32);
    private static final Address OPENER = LaneAccount.of(ACCOUNT_SECRET).address();
    private static final LaneId LANE = LaneNumber.of(OPENER, 1);
    private static final String FOLDER = LANE.value() + "/";
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final String SECRET = "0d".repeat(NoteSigner.SEED_BYTES);
    private static final LaneSeed SEED = LaneSeed.of("5e".repeat(LaneSeed.BYTES));
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "SEED",
            "5e".repeat(LaneSeed.BYTES),
            "LOG_KEY",
            SECRET,
            "NO_ACCOUNT",
            "word",
            "ACCOUNT_KEY",
            ACCOUNT_SECRET,
            "AWS_ACCESS_KEY_ID",
            "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY",
            "secret-of-the-bucket");

    @TempDir
    Path folder = Path.of("");

    private final CutBatches cut = new CutBatches(901, LANE);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void fill() throws SQLException {
        DATABASE.execute(
                "truncate snapshot, batch, batch_transaction, batch_level, sequencer_lease, lane_secret, log_tile");
        append(LANE, cut.plans(3));
        append(LANE, cut.outcomes(300));
        append(LANE, cut.outcomes(600));
    }

    @Test
    void theFolderOfTheLaneIsALogForAnyReader() throws IOException {
        Ran first = export("--to", folder.toString());
        append(LANE, cut.outcomes(400));
        Ran second = export("--to", folder.toString());

        assertThat(first.out).contains("batches 1 to 3, log of 903 leaves").contains("checkpoint signed");
        assertThat(first.code).isZero();
        assertThat(second.out).contains("batches 4 to 4, log of 1303 leaves");
        assertThat(second.code).isZero();
        assertThat(export("--to", folder.toString()).out)
                .contains("no new batch")
                .contains("0 objects written");

        BatchHeader last = cut.all().getLast().header();
        Path log = folder.resolve(String.valueOf(LANE.value()));
        SignedNote note = SignedNote.parse(Files.readString(log.resolve("checkpoint")));
        NoteSigner key =
                NoteSecret.signer(LogOrigin.of(last.chainId(), last.registry(), LANE), NoteKey.Kind.NOTE, SECRET);
        assertThat(note.standing(key.key())).isEqualTo(SignedNote.Standing.SIGNED);
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        assertThat(checkpoint.size()).isEqualTo(last.size());
        assertThat(new TiledLog(last.size(), path -> bytes(log.resolve(path.toString()))).root(last.size()))
                .isEqualTo(checkpoint.root())
                .isEqualTo(last.root());
    }

    @Test
    void theConfigurationMayNameTheArchiveAndTheLog() throws IOException {
        Ran ran = run("export", "--config", configuration("""
                openledger:
                  log:
                    archive: %s
                    origin: router.example/log/7
                """.formatted(folder)).toString());

        assertThat(ran.code).isZero();
        assertThat(ran.out).contains("the checkpoint is not signed: there is no key of the log");
        assertThat(folder.resolve(FOLDER + "exported")).exists();
        assertThat(folder.resolve(FOLDER + "checkpoint")).doesNotExist();
    }

    /** Two logs under one name would be a fork that the router itself has made. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "lane-opener: \"$OPENER\";chain-id: 901;registry: \"$R\";1;checkpoint signed",
                "key-env: ACCOUNT_KEY;chain-id: 901;registry: \"$R\";1;checkpoint signed",
                "lane-opener: \"$OPENER\";chain-id: 901;registry: \"$R\";2;the checkpoint is not signed: it is of lane",
                "lane-opener: \"$R\";chain-id: 901;registry: \"$R\";1;the checkpoint is not signed: it is of lane",
                "lane-opener: \"$OPENER\";chain-id: 902;registry: \"$R\";1;the checkpoint is not signed: it is of lane",
                "lane-opener: \"$OPENER\";chain-id: 901;registry: \"$OPENER\";1;the checkpoint is not signed: it is of lane",
                "key-env: NOT_SET;chain-id: 901;registry: \"$R\";1;openledger.settlement.lane-opener is missing",
                "key-file: key.txt;chain-id: 901;registry: \"$R\";1;openledger.settlement.lane-opener is missing",
                "lane-opener: \"$OPENER\";max-gwei: 10;registry: \"$R\";1;openledger.settlement.chain-id is missing",
                "lane-opener: \"$OPENER\";chain-id: 901;max-gwei: 10;1;openledger.settlement.registry is missing",
                "key-env: NO_ACCOUNT;chain-id: 901;registry: \"$R\";1;not tell which lane it settles",
            })
    void onlyTheLaneThatTheConfigurationSettlesIsSigned(
            String opener, String chain, String registry, String instance, String said) throws IOException {
        String settlement = String.join("\n    ", opener, chain, registry)
                .replace("$OPENER", OPENER.toString())
                .replace("$R", "0x" + "22".repeat(20));
        Ran ran = run(
                "export",
                "--to",
                folder.toString(),
                "--config",
                configuration("""
                openledger:
                  lane: %s
                  log:
                    key-env: LOG_KEY
                    origin: router.example/log/1
                  settlement:
                    %s
                """.formatted(instance, settlement)).toString());

        assertThat(ran.code).isZero();
        assertThat(ran.out).contains(said).doesNotContain(ACCOUNT_SECRET);
        assertThat(Files.exists(folder.resolve(FOLDER + "checkpoint"))).isEqualTo(said.equals("checkpoint signed"));
        assertThat(folder.resolve(FOLDER + "exported")).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1-6;lane-keys-env: SEED;4;checkpoint signed",
                "1-6;lane-keys-env: SEED;7;the checkpoint is not signed: it is of lane",
                "1-6;lane-keys-env: NOT_SET;4;openledger.settlement.lane-opener is missing",
                "1-6;lane-keys-env: NO_ACCOUNT;4;a seed must have 64 hex digits",
                "1,4;key-envs: { 1: NOT_SET, 4: ACCOUNT_KEY };4;checkpoint signed",
                "1,4;key-envs: { 1: ACCOUNT_KEY, 4: NOT_SET };4;the checkpoint is not signed: it is of lane",
                "many;lane-keys-env: SEED;4;must be numbers and ranges",
            })
    void aLaneOfAPoolIsSignedUnderItsOwnName(String pool, String accounts, long number, String said)
            throws IOException, SQLException {
        Address account =
                accounts.startsWith("lane-keys-env") ? SEED.account(number).address() : OPENER;
        LaneId lane = LaneNumber.of(account, number);
        CutBatches batches = new CutBatches(901, lane);
        DATABASE.execute(
                "truncate snapshot, batch, batch_transaction, batch_level, sequencer_lease, lane_secret, log_tile");
        append(lane, batches.plans(3));
        append(lane, batches.outcomes(300));

        Ran ran = run(
                "export",
                "--to",
                folder.toString(),
                "--config",
                configuration("""
                openledger:
                  lanes: %s
                  log:
                    key-env: LOG_KEY
                  settlement:
                    %s
                    chain-id: 901
                    registry: "0x%s"
                """.formatted(pool, accounts, "22".repeat(20))).toString());

        assertThat(ran.code).isZero();
        assertThat(ran.out).contains(said);
        Path checkpoint = folder.resolve(lane.value() + "/checkpoint");
        assertThat(Files.exists(checkpoint)).isEqualTo(said.equals("checkpoint signed"));
        if (Files.exists(checkpoint)) {
            BatchHeader last = batches.all().getLast().header();
            NoteSigner key =
                    NoteSecret.signer(LogOrigin.of(last.chainId(), last.registry(), lane), NoteKey.Kind.NOTE, SECRET);
            assertThat(SignedNote.parse(Files.readString(checkpoint)).standing(key.key()))
                    .isEqualTo(SignedNote.Standing.SIGNED);
        }
    }

    @Test
    void anExportOfAnotherLogIsRefusedAndStaysAsItIs() throws IOException, SQLException {
        export("--to", folder.toString());
        String before = Files.readString(folder.resolve(FOLDER + "exported"));
        DATABASE.execute(
                "truncate snapshot, batch, batch_transaction, batch_level, sequencer_lease, lane_secret, log_tile");
        CutBatches other = new CutBatches(902, LANE);
        for (int count : List.of(3, 300, 600)) {
            append(LANE, other.outcomes(count));
        }

        Ran ran = export("--to", folder.toString());
        assertThat(ran.code).isOne();
        assertThat(ran.err).contains("export of another log");
        Ran all = export("--to", folder.toString(), "--all");
        assertThat(all.code).isOne();
        assertThat(all.err).contains(FOLDER + "batch/001");
        assertThat(folder.resolve(FOLDER + "exported")).hasContent(before);
    }

    @Test
    void whatIsMissingIsCopiedAgainWithAll() throws IOException {
        export("--to", folder.toString());
        Files.delete(folder.resolve(FOLDER + "batch/002"));
        Files.delete(folder.resolve(FOLDER + "tile/0/001"));

        assertThat(export("--to", folder.toString()).out).contains("0 objects written");
        assertThat(export("--to", folder.toString(), "--all").out).contains("2 objects written");
        assertThat(folder.resolve(FOLDER + "tile/0/001")).exists();
    }

    @Test
    void severalLanesHaveToBeNamed() throws SQLException {
        DATABASE.execute("insert into batch select (jsonb_populate_record(b, '{\"lane\": 8}')).* from batch b");

        Ran ran = export("--to", folder.toString());
        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains("--lane must be one of 8, " + LANE.value());
        assertThat(export("--to", folder.toString(), "--lane", Long.toString(LANE.value())).code)
                .isZero();
        assertThat(export("--to", folder.toString(), "--lane", "9").out).contains("Lane 9: no new batch");
    }

    @Test
    void aWrongCommandLineIsExplained() throws IOException {
        wrong("--to is missing");
        wrong("--lane must be", "--to", folder.toString(), "--lane", "0");
        wrong("need --to", "--region", "eu-central-1");
        wrong("must be like s3://bucket", "--to", "s3://A/../b");
        wrong("must be a folder", "--to", "https://bucket");
        wrong("endpoint must be", "--to", "s3://audit", "--endpoint", "https://user:word@minio");
        Ran none = run("export", "--config", folder.resolve("none.yaml").toString(), "--to", folder.toString());
        assertThat(none.code).isEqualTo(2);
        assertThat(none.err).contains("cannot be read");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Ran ran = export("--to", file.toString());
        assertThat(ran.code).isOne();
        assertThat(ran.err).contains("The export failed");
    }

    @Test
    void aDatabaseThatRefusesAmidAnExportIsSaid() throws SQLException {
        export("--to", folder.toString());
        append(LANE, cut.outcomes(400));
        DATABASE.execute("alter table log_tile rename to log_tile_elsewhere");
        try {
            Ran ran = export("--to", folder.toString());
            assertThat(ran.code).isOne();
            assertThat(ran.err).contains("The export failed: the database at").contains("has no tables of a router");
        } finally {
            DATABASE.execute("alter table log_tile_elsewhere rename to log_tile");
        }
    }

    private void wrong(String reason, String... arguments) {
        Ran ran = export(arguments);
        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains(reason).doesNotContain("secret-of").doesNotContain("word@");
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(LaneId lane, CutBatch batch) {
        StoredLane store = new StoredLane(DATABASE.pool, lane, UUID.randomUUID());
        var lease = get(store.lease(Duration.ofMinutes(1))).orElseThrow();
        get(store.append(lease, batch, List.of(Hash32.ZERO), NOON));
        get(store.release(lease));
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(Duration.ofSeconds(20));
    }

    private Path configuration(String more) throws IOException {
        return Files.writeString(
                folder.resolve("openledger.yaml"),
                """
                quarkus:
                  datasource:
                    username: %s
                    password: %s
                    jdbc:
                      url: jdbc:%s
                """.formatted(LocalPostgres.USER, LocalPostgres.PASSWORD, DATABASE.url()) + more);
    }

    private Ran export(String... arguments) {
        try {
            String file = configuration("""
                    openledger:
                      log:
                        key-env: LOG_KEY
                      settlement:
                        chain-id: 901
                        registry: "0x%s"
                        lane-opener: "%s"
                    """.formatted("22".repeat(20), OPENER)).toString();
            return run(java.util.stream.Stream.concat(
                            java.util.stream.Stream.of("export", "--config", file),
                            java.util.stream.Stream.of(arguments))
                    .toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How a command ended. */
    private record Ran(int code, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(new LogCommand(ENVIRONMENT::get))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        line.setParameterExceptionHandler((wrong, all) -> Misuse.explain(wrong));
        int code = line.execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }
}
