package openledger.wiring;

import java.sql.SQLException;

/** A number asked of the database at the start; without it there is no start. */
@FunctionalInterface
interface Registration {
    int number() throws SQLException;

    static int of(Registration registration) {
        try {
            return registration.number();
        } catch (SQLException e) {
            throw new IllegalStateException("the catalog of ids cannot be written: " + e.getMessage(), e);
        }
    }
}
