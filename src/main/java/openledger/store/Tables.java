package openledger.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;

/** The tables belong to a version of the router: a newer one migrates them at its first start, and an older one must leave them alone. Stateless. */
public final class Tables {
    private Tables() {}

    /**
     * Brings them to this version; blocks for as long as the migrations take.
     *
     * @throws IllegalStateException if a newer version has migrated them. Flyway by itself would only warn, and this version would write rows
     *     as if nothing had changed.
     */
    public static void migrate(Flyway flyway) {
        List<MigrationInfo> all = Arrays.asList(flyway.info().all());
        Optional<String> newest = newest(all, true);
        if (newest.isPresent()) {
            throw new IllegalStateException(
                    "A newer version of OpenLedger has migrated the tables of this database (to migration "
                            + newest.get() + "; this version knows them up to "
                            + newest(all, false).orElse("none")
                            + "): start that version again, or restore the backup from before the upgrade and choose another openledger.lane.");
        }
        flyway.migrate();
    }

    private static Optional<String> newest(List<MigrationInfo> all, boolean future) {
        return all.stream()
                .filter(one -> isFuture(one) == future)
                .map(MigrationInfo::getVersion)
                .max(Comparator.naturalOrder())
                .map(MigrationVersion::getVersion);
    }

    private static boolean isFuture(MigrationInfo one) {
        return one.getState() == MigrationState.FUTURE_SUCCESS || one.getState() == MigrationState.FUTURE_FAILED;
    }
}
