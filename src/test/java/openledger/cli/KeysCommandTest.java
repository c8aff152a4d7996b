package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import openledger.demo.LocalPostgres;
import openledger.support.ScratchFolder;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code openledger keys} against a real database. */
final class KeysCommandTest {
    private static final LocalPostgres POSTGRES = startDatabase();
    private static final Path CONFIG = configuration(POSTGRES.jdbcUrl());

    private static LocalPostgres startDatabase() {
        try {
            LocalPostgres started =
                    LocalPostgres.start(ScratchFolder.make("cli").resolve("postgres"), 0);
            Flyway.configure()
                    .dataSource(started.jdbcUrl(), LocalPostgres.USER, LocalPostgres.PASSWORD)
                    .load()
                    .migrate();
            return started;
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the database does not start", e);
        }
    }

    private static Path configuration(String jdbcUrl) {
        try {
            Path file = Files.createTempFile("openledger", ".yaml");
            return Files.writeString(file, """
                    quarkus:
                      datasource:
                        username: %s
                        password: %s
                        jdbc:
                          url: %s
                    """.formatted(LocalPostgres.USER, LocalPostgres.PASSWORD, jdbcUrl));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        POSTGRES.close();
    }

    @Test
    void printsAKeyOnceAndNeverAgain() {
        Ran made = run(
                "create", "--config", CONFIG.toString(), "--tenant", "acme", "--label", "ci job", "--expires", "90d");
        String key = made.out.lines().toList().getLast();

        Ran listed = run("list", "--config", CONFIG.toString(), "--tenant", "acme");

        assertThat(made.code).isZero();
        assertThat(key).matches("sk-openledger-[A-Za-z0-9_-]{43}");
        assertThat(listed.code).isZero();
        assertThat(listed.out)
                .startsWith("ID ")
                .contains("ci job")
                .contains(key.substring(0, 18))
                .doesNotContain(key);
    }

    @Test
    void rotatesAndRevokesAndSaysSoToPrograms() {
        Ran made = json(
                "create",
                "--tenant",
                "robots",
                "--requests-per-minute",
                "60",
                "--tokens-per-minute",
                "90000",
                "--default-mode",
                "confirmed");
        String id = made.out.replaceAll("(?s).*\"id\":\"(\\d+)\".*", "$1");

        Ran rotated = json("rotate", id, "--grace", "24h");
        Ran revoked = json("revoke", id);
        Ran again = json("rotate", id);

        assertThat(made.out)
                .contains(
                        "\"limits\":{\"requests_per_minute\":60,\"tokens_per_minute\":90000}",
                        "\"default_mode\":\"confirmed\"",
                        "\"key\":\"sk-");
        assertThat(rotated.code).isZero();
        assertThat(rotated.out).contains("\"key\":\"sk-");
        assertThat(revoked.code).isZero();
        assertThat(revoked.out).contains("\"revoked\":").doesNotContain("\"key\"");
        assertThat(again.code).isOne();
        assertThat(again.err).contains("No such key");
        assertThat(json("list", "--tenant", "robots").out.lines()).hasSize(2);
    }

    @Test
    void saysWhereTheNextPageBegins() {
        json("create", "--tenant", "paged");
        json("create", "--tenant", "paged");

        Ran first = json("list", "--tenant", "paged", "--limit", "1");

        assertThat(first.out.lines()).hasSize(1);
        assertThat(first.err).contains("--before ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create",
                "create --tenant a/b",
                "create --tenant a --requests-per-minute 0",
                "create --tenant a --tokens-per-minute 100000001",
                "create --tenant a --default-mode slow",
                "create --tenant a --expires yesterday",
                "create --tenant a --expires 2001-01-01T00:00:00Z",
                "list --limit 0",
                "rotate 1 --grace forever",
                "rotate 1 --grace 91d",
                "rotate x",
                "revoke",
            })
    void wrongUsageIsTold(String line) {
        Ran ran = json(line.split(" "));

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).isNotBlank();
        assertThat(ran.out).isEmpty();
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsTold() {
        Path nowhere = configuration("jdbc:postgresql://127.0.0.1:1/openledger");

        Ran ran = run("list", "--config", nowhere.toString());

        assertThat(ran.code).isOne();
        assertThat(ran.err)
                .contains("the database at 127.0.0.1:1/openledger does not answer", "quarkus.datasource.reactive.url")
                .doesNotContain("password: ", LocalPostgres.PASSWORD + "@");
        assertThat(ran.err.lines()).hasSize(1);
    }

    @Test
    void aDatabaseWithoutARouterIsTold() {
        String empty = POSTGRES.jdbcUrl().replaceFirst("/[^/?]+(\\?|$)", "/template1$1");

        Ran ran = run("list", "--config", configuration(empty).toString());

        assertThat(ran.code).isOne();
        assertThat(ran.err).contains("/template1 has no tables of a router, which makes them when it starts");
        assertThat(ran.err.lines()).hasSize(1);
    }

    @Test
    void aPasswordThatIsRefusedIsNotRepeated() throws IOException {
        Path config = configuration(POSTGRES.jdbcUrl());
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("username: " + LocalPostgres.USER, "username: nobody-here")
                        .replace("password: " + LocalPostgres.PASSWORD, "password: hush-hush"));

        Ran ran = run("list", "--config", config.toString());

        assertThat(ran.code).isOne();
        assertThat(ran.err).contains("refuses the user: look at").doesNotContain("hush-hush");
    }

    @Test
    void aConfigurationThatIsNotThereIsTold() {
        assertThat(run("list", "--config", "/no/such.yaml").code).isEqualTo(2);
    }

    @Test
    void helpNamesTheCommands() {
        assertThat(run("--help").out).contains("create", "list", "rotate", "revoke", "Exit codes");
        assertThat(run("create", "--help").out).contains("--expires");
    }

    private static Ran json(String... arguments) {
        String[] all = new String[arguments.length + 3];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--json";
        all[arguments.length + 1] = "--config";
        all[arguments.length + 2] = CONFIG.toString();
        return run(all);
    }

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[arguments.length + 1];
        all[0] = "keys";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int code = new CommandLine(new Main())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
        return new Ran(code, out.toString(), err.toString());
    }

    private record Ran(int code, String out, String err) {}
}
