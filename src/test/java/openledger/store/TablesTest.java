package openledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import openledger.demo.LocalPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A router of today, one of tomorrow with a migration more, and then the one of today again. */
final class TablesTest {
    private static final String OURS = "classpath:db/migration";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void anOlderVersionDoesNotTouchTablesOfANewerOne() throws IOException, SQLException {
        Path tomorrow = Files.createDirectories(folder.resolve("tomorrow"));
        Files.writeString(tomorrow.resolve("V9999__tomorrow.sql"), "create table tomorrow (id bigint primary key);");
        try (LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), 0)) {
            Flyway today = flyway(postgres, OURS);
            Tables.migrate(today);
            Tables.migrate(today);
            String known = today.info().current().getVersion().getVersion();

            Tables.migrate(flyway(postgres, OURS, "filesystem:" + tomorrow));

            assertThatThrownBy(() -> Tables.migrate(flyway(postgres, OURS)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("to migration 9999; this version knows them up to " + known + ")")
                    .hasMessageContaining("start that version again, or restore the backup from before the upgrade");
            assertThat(flyway(postgres, OURS, "filesystem:" + tomorrow)
                            .info()
                            .current()
                            .getVersion()
                            .getVersion())
                    .isEqualTo("9999");
        }
    }

    private static Flyway flyway(LocalPostgres postgres, String... locations) {
        return Flyway.configure()
                .dataSource(postgres.jdbcUrl(), LocalPostgres.USER, LocalPostgres.PASSWORD)
                .locations(locations)
                .load();
    }
}
