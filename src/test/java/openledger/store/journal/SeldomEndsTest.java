package openledger.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import openledger.inference.record.Decisions.Filter;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.store.SettlementDatabase;
import openledger.store.decision.StoredDecisions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A page of what is seldom is found without a look at what is not. */
final class SeldomEndsTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final String ORDER = " order by arrival desc, lane desc, counter desc limit 101";

    @BeforeAll
    static void fill() throws SQLException {
        DATABASE.execute("insert into decision select current_date, 1, n,"
                + " (extract(epoch from current_date) * 1000)::bigint + n, 'one', 0, 1,"
                + " case when n % 5000 = 0 then 3 else 1 end, case when n % 5000 = 0 then 1 else 0 end, 0, 0, 0, 1, 1, ''"
                + " from generate_series(1, 30000) as n");
        DATABASE.execute("analyze decision");
    }

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    /** The query as it is written, with values that no plan may know beforehand. */
    private static String plan(Optional<DecisionStatus> status, Optional<Trigger> trigger) throws SQLException {
        Map<String, Object> values = new HashMap<>();
        String query = StoredDecisions.query(
                new Filter("one", Optional.empty(), status, trigger, 0, Long.MAX_VALUE, Optional.empty(), 100),
                Optional.empty(),
                values);
        String sql = query.substring(0, query.indexOf(" order by"))
                .replace("from DecisionEntity", "select * from decision")
                .replace("lastTrigger", "last_trigger")
                .replace(":tenant", "$1")
                .replaceAll(":status|:trigger", "\\$2");
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set plan_cache_mode = force_generic_plan");
            statement.execute("prepare page (text, smallint) as " + sql + ORDER);
            StringBuilder plan = new StringBuilder();
            try (ResultSet rows = statement.executeQuery("explain analyze execute page ('one', 3)")) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }

    @Test
    void byStatus() throws SQLException {
        assertThat(plan(Optional.of(DecisionStatus.EXHAUSTED), Optional.empty()))
                .contains("tenant_status")
                .doesNotContain("Rows Removed by Filter");
    }

    @Test
    void byTrigger() throws SQLException {
        assertThat(plan(Optional.empty(), Optional.of(Trigger.RATE_LIMITED)))
                .contains("tenant_last_trigger")
                .doesNotContain("Rows Removed by Filter");
    }
}
